"""Background jobs; no answer depends on one having run."""
