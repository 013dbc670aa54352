"""How much of its limit each caller has used; not a tenant's table, and worth a minute only."""

from sqlalchemy import Column, Integer, LargeBinary, Table

from app.db.base import instant, metadata

rate_window = Table(
    "rate_window",
    metadata,
    # A digest: what is limited may be an address or an e-mail.
    Column("bucket", LargeBinary, primary_key=True),
    Column("started_at", instant, nullable=False, index=True),
    Column("spent", Integer, nullable=False),
    prefixes=["UNLOGGED"],
)
