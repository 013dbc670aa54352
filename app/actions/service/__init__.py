"""What to do next: the advice of the rules, what people set themselves, and what they decide about both."""
