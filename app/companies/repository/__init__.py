"""Companies and contacts in Postgres; this room alone writes `company` and `contact`."""
