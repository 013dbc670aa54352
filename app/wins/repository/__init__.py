"""Wins in Postgres; this room alone writes `win`."""
