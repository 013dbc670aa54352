"""Following what changes: for devices that were away, and for copies kept elsewhere."""
