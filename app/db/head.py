"""Which revision of the schema this code was written for; a test holds it against the migrations."""

SCHEMA_HEAD = "0023"
