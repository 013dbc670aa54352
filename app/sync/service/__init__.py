"""The use case of the change feed."""
