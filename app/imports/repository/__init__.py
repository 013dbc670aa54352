"""Imports in Postgres; this room alone writes `import_file` and `import_row`."""
