"""Who did what: append-only, names of fields and never their values, each entry a link of its practice's chain."""

from sqlalchemy import ARRAY, BigInteger, Column, Index, LargeBinary, Text, Uuid

from app.db.base import instant, one_of, tenant_table, values
from app.db.vocabulary import ActorType

audit_event = tenant_table(
    "audit_event",
    Column("id", Uuid, primary_key=True),
    Column("occurred_at", instant, nullable=False),
    Column("actor_type", Text, nullable=False),
    Column("actor_id", Uuid),
    Column("api_key_id", Uuid),
    Column("action", Text, nullable=False),
    Column("resource_type", Text, nullable=False),
    Column("resource_id", Uuid),
    Column("changed_fields", ARRAY(Text), nullable=False),
    Column("request_id", Uuid),
    one_of("actor_type", values(ActorType)),
    Index(None, "practice_id", "occurred_at", "id"),
    Index("ix_audit_event_actor", "practice_id", "actor_id", "occurred_at"),
    Index("ix_audit_event_resource", "practice_id", "resource_id", "occurred_at"),
)

# Both are written by the database alone, as it commits an entry (migration 0008): nobody can leave one out.
audit_link = tenant_table(
    "audit_link",
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("event_id", Uuid, nullable=False),
    Column("hash", LargeBinary, nullable=False),
)
audit_head = tenant_table(
    "audit_head",
    Column("seq", BigInteger, nullable=False),
    Column("hash", LargeBinary, nullable=False),
)
