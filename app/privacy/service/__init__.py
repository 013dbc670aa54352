"""What a person may ask of those who keep their data: a copy, and an end."""
