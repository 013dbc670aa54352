"""The feed in Postgres, read only: triggers write it (migration 0013)."""
