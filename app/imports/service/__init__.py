"""The use cases of imports: preview, then commit, all or nothing, then undo if unwanted."""
