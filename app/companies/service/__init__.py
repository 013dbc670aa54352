"""The use cases of companies and contacts, and what this room does for others."""
