"""The bundled Postgres for laptops and tests; knows nothing of the product and imports none of it."""
