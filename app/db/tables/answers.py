"""What was answered to requests with an Idempotency-Key; sealed, for it may hold secrets and anybody's data."""

from sqlalchemy import ARRAY, Column, Index, LargeBinary, Table, Uuid

from app.db.base import instant, metadata, tenant_table

kept_answer = tenant_table(
    "kept_answer",
    Column("key_digest", LargeBinary, primary_key=True),
    Column("caller_id", Uuid, nullable=False),
    # The records that it speaks of: an erasure goes by these, since nobody can look inside.
    Column("about", ARRAY(Uuid), nullable=False),
    # Null after an erasure: then it is only known that the request was done.
    Column("sealed", LargeBinary),
    Column("kept_until", instant, nullable=False),
    Index(None, "practice_id", "kept_until"),
)

# Not a tenant's: who signs in, or resets a password, has no practice yet.
visitor_answer = Table(
    "visitor_answer",
    metadata,
    Column("key_digest", LargeBinary, primary_key=True),
    Column("sealed", LargeBinary, nullable=False),
    Column("kept_until", instant, nullable=False, index=True),
)
