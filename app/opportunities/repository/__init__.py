"""Opportunities in Postgres; this room alone writes `opportunity` and `opportunity_contact`."""
