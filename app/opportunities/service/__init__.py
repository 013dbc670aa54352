"""The use cases of opportunities."""
