"""The practice (the tenant), its members, and what they prove themselves with."""

from sqlalchemy import (
    ARRAY,
    CheckConstraint,
    Column,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    String,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
)

from app.db.base import PERSONAL, at_most, belongs_to, instant, metadata, one_of, record_table, tenant_table, values
from app.db.vocabulary import CoachAccess, MemberRole, MemberStatus

practice = Table(
    "practice",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("name", Text, nullable=False),
    Column("time_zone", Text, nullable=False),
    Column("region", Text),
    Column("coach_access", Text, nullable=False, server_default=CoachAccess.PRACTICE.value),
    Column("weekly_target", SmallInteger, nullable=False, server_default="5"),
    Column("version", Integer, nullable=False, server_default="1"),
    Column("created_at", instant, nullable=False),
    Column("updated_at", instant, nullable=False),
    at_most("name", 200),
    one_of("coach_access", values(CoachAccess)),
    CheckConstraint("weekly_target between 0 and 50", name="weekly_target"),
)

member = record_table(
    "member",
    Column("name", Text, nullable=False, info=PERSONAL),
    Column("email", Text, nullable=False, info=PERSONAL),
    Column("email_key", Text, nullable=False, info=PERSONAL),
    Column("role", Text, nullable=False),
    Column("time_zone", Text, nullable=False),
    Column("status", Text, nullable=False),
    at_most("name", 200),
    at_most("email", 254),
    one_of("role", values(MemberRole)),
    one_of("status", values(MemberStatus)),
    # In the change feed the practice's own id stands for everybody.
    CheckConstraint("id <> practice_id", name="id_free"),
    UniqueConstraint("practice_id", "email_key"),
    Index(None, "practice_id", "created_at", "id"),
)

invitation = tenant_table(
    "invitation",
    Column("id", Uuid, primary_key=True),
    Column("member_id", Uuid),
    Column("client_id", Uuid),
    Column("token_hash", LargeBinary, nullable=False),
    Column("expires_at", instant, nullable=False),
    Column("accepted_at", instant),
    Column("created_at", instant, nullable=False),
    CheckConstraint("num_nonnulls(member_id, client_id) = 1", name="one_person"),
    belongs_to("member", "member_id"),
    belongs_to("client", "client_id", goes_with_it=True),
    Index(None, "practice_id", "member_id"),
    Index(None, "practice_id", "client_id"),
    Index("ix_invitation_token_hash", "token_hash"),
)

api_key = record_table(
    "api_key",
    Column("member_id", Uuid, nullable=False),
    Column("name", Text, nullable=False),
    Column("key_hash", LargeBinary, nullable=False),
    Column("last4", String(4), nullable=False),
    Column("scopes", ARRAY(Text), nullable=False),
    Column("expires_at", instant, nullable=False),
    Column("last_used_at", instant),
    Column("revoked_at", instant),
    at_most("name", 100),
    belongs_to("member", "member_id"),
    Index(None, "practice_id", "member_id"),
    # The one index that does not lead with the practice: a key is looked up before a tenant is known.
    Index("ix_api_key_key_hash", "key_hash"),
)
