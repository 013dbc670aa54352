"""How people sign in: a login for each member or client, its sign-ins, and the tokens of each (only hashes of them)."""

from sqlalchemy import (
    CheckConstraint,
    Column,
    Index,
    Integer,
    LargeBinary,
    Text,
    UniqueConstraint,
    Uuid,
)

from app.db.base import PERSONAL, at_most, belongs_to, instant, one_of, tenant_table, values
from app.db.vocabulary import TokenKind

login = tenant_table(
    "login",
    Column("id", Uuid, primary_key=True),
    Column("member_id", Uuid),
    Column("client_id", Uuid),
    Column("email", Text, nullable=False, info=PERSONAL),
    Column("email_key", Text, nullable=False, info=PERSONAL),
    # Null until the invitation is accepted. app_tenant may write it and cannot read it.
    Column("password_hash", Text),
    # Which password this is: a sign-in that was checked against a former one is refused at its end.
    Column("password_number", Integer, nullable=False, server_default="0"),
    Column("last_used_at", instant),
    Column("created_at", instant, nullable=False),
    Column("updated_at", instant, nullable=False),
    at_most("email", 254),
    CheckConstraint("num_nonnulls(member_id, client_id) = 1", name="one_person"),
    belongs_to("member", "member_id"),
    belongs_to("client", "client_id", goes_with_it=True),
    UniqueConstraint("practice_id", "member_id"),
    UniqueConstraint("practice_id", "client_id"),
    UniqueConstraint("practice_id", "email_key"),
    # An address is looked up before a tenant is known, and so are the hashes below.
    Index("ix_login_email_key", "email_key"),
)

login_session = tenant_table(
    "login_session",
    Column("id", Uuid, primary_key=True),
    Column("login_id", Uuid, nullable=False),
    Column("created_at", instant, nullable=False),
    Column("expires_at", instant, nullable=False),
    belongs_to("login", "login_id", goes_with_it=True),
    Index(None, "practice_id", "login_id"),
)

login_token = tenant_table(
    "login_token",
    Column("id", Uuid, primary_key=True),
    Column("session_id", Uuid, nullable=False),
    Column("kind", Text, nullable=False),
    Column("token_hash", LargeBinary, nullable=False),
    Column("expires_at", instant, nullable=False),
    Column("used_at", instant),
    Column("created_at", instant, nullable=False),
    one_of("kind", values(TokenKind)),
    belongs_to("login_session", "session_id", goes_with_it=True),
    Index(None, "practice_id", "session_id"),
    Index("ix_login_token_token_hash", "token_hash"),
)

password_reset = tenant_table(
    "password_reset",
    Column("id", Uuid, primary_key=True),
    Column("login_id", Uuid, nullable=False),
    Column("token_hash", LargeBinary, nullable=False),
    Column("expires_at", instant, nullable=False),
    Column("created_at", instant, nullable=False),
    belongs_to("login", "login_id", goes_with_it=True),
    Index(None, "practice_id", "login_id"),
    Index("ix_password_reset_token_hash", "token_hash"),
)
