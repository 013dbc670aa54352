"""Logins of members and clients: passwords, sign-ins, tokens, invitations.

Everything here is looked up by a secret or an address before a tenant is known, so app_auth reads it; changes are made
inside the practice that it finds. The tenant's own role may write a password's hash and cannot read one.

Revision ID: 0007
Revises: 0006
"""

import sqlalchemy as sa
from alembic import op

from migrations.tenancy import protect_v1, unlock_for_auth_v1

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

READABLE = (
    "practice_id, id, member_id, client_id, email, email_key, password_number, last_used_at, created_at, updated_at"
)
WRITTEN = ("INSERT", "UPDATE", "DELETE")


def upgrade() -> None:
    op.create_table(
        "login",
        sa.Column("practice_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=True),
        sa.Column("client_id", sa.Uuid(), nullable=True),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("email_key", sa.Text(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=True),
        sa.Column("password_number", sa.Integer(), server_default="0", nullable=False),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("char_length(email) <= 254", name=op.f("ck_login_email_length")),
        sa.CheckConstraint("num_nonnulls(member_id, client_id) = 1", name=op.f("ck_login_one_person")),
        sa.ForeignKeyConstraint(
            ["practice_id", "client_id"],
            ["client.practice_id", "client.id"],
            name="fk_login_client",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["practice_id", "member_id"], ["member.practice_id", "member.id"], name="fk_login_member"
        ),
        sa.ForeignKeyConstraint(["practice_id"], ["practice.id"], name="fk_login_practice"),
        sa.PrimaryKeyConstraint("practice_id", "id", name="pk_login"),
        sa.UniqueConstraint("practice_id", "client_id", name="uq_login_practice_id_client_id"),
        sa.UniqueConstraint("practice_id", "email_key", name="uq_login_practice_id_email_key"),
        sa.UniqueConstraint("practice_id", "member_id", name="uq_login_practice_id_member_id"),
    )
    op.create_index("ix_login_email_key", "login", ["email_key"], unique=False)
    protect_v1("login", verbs=WRITTEN)
    op.execute(f"GRANT SELECT ({READABLE}) ON login TO app_tenant")
    unlock_for_auth_v1("login")
    op.create_table(
        "login_session",
        sa.Column("practice_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("login_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["practice_id", "login_id"],
            ["login.practice_id", "login.id"],
            name="fk_login_session_login",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["practice_id"], ["practice.id"], name="fk_login_session_practice"),
        sa.PrimaryKeyConstraint("practice_id", "id", name="pk_login_session"),
    )
    op.create_index("ix_login_session_practice_id_login_id", "login_session", ["practice_id", "login_id"], unique=False)
    protect_v1("login_session")
    unlock_for_auth_v1("login_session")
    op.create_table(
        "login_token",
        sa.Column("practice_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind in ('access', 'refresh')", name=op.f("ck_login_token_kind")),
        sa.ForeignKeyConstraint(
            ["practice_id", "session_id"],
            ["login_session.practice_id", "login_session.id"],
            name="fk_login_token_login_session",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["practice_id"], ["practice.id"], name="fk_login_token_practice"),
        sa.PrimaryKeyConstraint("practice_id", "id", name="pk_login_token"),
    )
    op.create_index("ix_login_token_practice_id_session_id", "login_token", ["practice_id", "session_id"], unique=False)
    op.create_index("ix_login_token_token_hash", "login_token", ["token_hash"], unique=False)
    protect_v1("login_token")
    unlock_for_auth_v1("login_token")
    op.create_table(
        "password_reset",
        sa.Column("practice_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("login_id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["practice_id", "login_id"],
            ["login.practice_id", "login.id"],
            name="fk_password_reset_login",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["practice_id"], ["practice.id"], name="fk_password_reset_practice"),
        sa.PrimaryKeyConstraint("practice_id", "id", name="pk_password_reset"),
    )
    op.create_index(
        "ix_password_reset_practice_id_login_id", "password_reset", ["practice_id", "login_id"], unique=False
    )
    op.create_index("ix_password_reset_token_hash", "password_reset", ["token_hash"], unique=False)
    protect_v1("password_reset")
    unlock_for_auth_v1("password_reset")
    _invite_clients_too()
    # What is asked of a client when a token of their login comes in; nothing else of them is open here.
    op.execute("CREATE POLICY auth ON client FOR SELECT TO app_auth USING (true)")
    op.execute("GRANT SELECT (practice_id, id, name, login_status) ON client TO app_auth")
    op.create_index("ix_member_practice_id_created_at_id", "member", ["practice_id", "created_at", "id"], unique=False)


def _invite_clients_too() -> None:
    op.alter_column("invitation", "member_id", nullable=True)
    op.add_column("invitation", sa.Column("client_id", sa.Uuid(), nullable=True))
    op.create_foreign_key(
        "fk_invitation_client",
        "invitation",
        "client",
        ["practice_id", "client_id"],
        ["practice_id", "id"],
        ondelete="CASCADE",
    )
    op.create_check_constraint(op.f("ck_invitation_one_person"), "invitation", "num_nonnulls(member_id, client_id) = 1")
    op.create_index("ix_invitation_practice_id_client_id", "invitation", ["practice_id", "client_id"], unique=False)
    op.create_index("ix_invitation_token_hash", "invitation", ["token_hash"], unique=False)
    op.execute("GRANT DELETE ON invitation TO app_tenant")
    unlock_for_auth_v1("invitation")


def downgrade() -> None:
    op.drop_index("ix_member_practice_id_created_at_id", "member")
    op.execute("REVOKE SELECT (practice_id, id, name, login_status) ON client FROM app_auth")
    op.execute("DROP POLICY auth ON client")
    op.execute("REVOKE SELECT ON invitation FROM app_auth")
    op.execute("DROP POLICY auth ON invitation")
    op.execute("REVOKE DELETE ON invitation FROM app_tenant")
    op.drop_index("ix_invitation_token_hash", "invitation")
    op.drop_index("ix_invitation_practice_id_client_id", "invitation")
    op.drop_constraint(op.f("ck_invitation_one_person"), "invitation")
    op.drop_constraint("fk_invitation_client", "invitation")
    op.execute("ALTER TABLE invitation NO FORCE ROW LEVEL SECURITY")
    op.execute("DELETE FROM invitation WHERE member_id IS NULL")
    op.execute("ALTER TABLE invitation FORCE ROW LEVEL SECURITY")
    op.drop_column("invitation", "client_id")
    op.alter_column("invitation", "member_id", nullable=False)
    op.drop_table("password_reset")
    op.drop_table("login_token")
    op.drop_table("login_session")
    op.drop_table("login")
