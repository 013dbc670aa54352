"""Who belongs to the practice, and how they get in."""
