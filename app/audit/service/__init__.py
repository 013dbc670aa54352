"""Reading the audit log, and proving that nobody has rewritten it."""
