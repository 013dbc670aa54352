"""The practice and its doors: tenants, members, credentials, and the audit log.

Row level security stands from the first table on: a policy reads who is calling from settings of the transaction, and
says nothing about anyone when they are not set.

Revision ID: 0001
Revises: nothing
"""

import sqlalchemy as sa
from alembic import op

from migrations.tenancy import protect_v1, unlock_for_auth_v1

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

SETTINGS = {"practice": ("practice_id", "uuid"), "actor": ("actor", "text"), "client": ("client_id", "uuid")}


def upgrade() -> None:
    for name, (setting, kind) in SETTINGS.items():
        # After a transaction a custom setting is '' and not null, hence the nullif.
        op.execute(
            f"CREATE FUNCTION current_{name}() RETURNS {kind} LANGUAGE sql STABLE PARALLEL SAFE "
            f"AS $$ select nullif(current_setting('app.{setting}', true), '')::{kind} $$"
        )
    op.create_table(
        "practice",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("time_zone", sa.Text(), nullable=False),
        sa.Column("region", sa.Text(), nullable=True),
        sa.Column("coach_access", sa.Text(), server_default="practice", nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("coach_access in ('practice', 'assigned')", name="ck_practice_coach_access"),
        sa.CheckConstraint("char_length(name) <= 200", name="ck_practice_name_length"),
        sa.PrimaryKeyConstraint("id", name="pk_practice"),
    )
    protect_v1("practice", verbs=("SELECT", "INSERT", "UPDATE"), client_rows="true", practice_column="id")
    unlock_for_auth_v1("practice")
    op.create_table(
        "member",
        sa.Column("practice_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("email_key", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("time_zone", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("role in ('owner', 'admin', 'coach', 'assistant')", name="ck_member_role"),
        sa.CheckConstraint("status in ('invited', 'active', 'deactivated')", name="ck_member_status"),
        sa.CheckConstraint("char_length(email) <= 254", name="ck_member_email_length"),
        sa.CheckConstraint("char_length(name) <= 200", name="ck_member_name_length"),
        sa.ForeignKeyConstraint(["practice_id"], ["practice.id"], name="fk_member_practice"),
        sa.PrimaryKeyConstraint("practice_id", "id", name="pk_member"),
        sa.UniqueConstraint("practice_id", "email_key", name="uq_member_practice_id_email_key"),
    )
    protect_v1("member", verbs=("SELECT", "INSERT", "UPDATE"))
    unlock_for_auth_v1("member")
    op.create_table(
        "invitation",
        sa.Column("practice_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["practice_id", "member_id"], ["member.practice_id", "member.id"], name="fk_invitation_member"
        ),
        sa.ForeignKeyConstraint(["practice_id"], ["practice.id"], name="fk_invitation_practice"),
        sa.PrimaryKeyConstraint("practice_id", "id", name="pk_invitation"),
    )
    op.create_index("ix_invitation_practice_id_member_id", "invitation", ["practice_id", "member_id"], unique=False)
    protect_v1("invitation", verbs=("SELECT", "INSERT", "UPDATE"))
    op.create_table(
        "api_key",
        sa.Column("practice_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("key_hash", sa.LargeBinary(), nullable=False),
        sa.Column("last4", sa.String(length=4), nullable=False),
        sa.Column("scopes", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("char_length(name) <= 100", name="ck_api_key_name_length"),
        sa.ForeignKeyConstraint(
            ["practice_id", "member_id"], ["member.practice_id", "member.id"], name="fk_api_key_member"
        ),
        sa.ForeignKeyConstraint(["practice_id"], ["practice.id"], name="fk_api_key_practice"),
        sa.PrimaryKeyConstraint("practice_id", "id", name="pk_api_key"),
    )
    op.create_index("ix_api_key_key_hash", "api_key", ["key_hash"], unique=False)
    op.create_index("ix_api_key_practice_id_member_id", "api_key", ["practice_id", "member_id"], unique=False)
    protect_v1("api_key", verbs=("SELECT", "INSERT", "UPDATE"))
    unlock_for_auth_v1("api_key")
    op.execute("GRANT UPDATE (last_used_at) ON api_key TO app_auth")
    op.create_table(
        "audit_event",
        sa.Column("practice_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_type", sa.Text(), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("api_key_id", sa.Uuid(), nullable=True),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("resource_type", sa.Text(), nullable=False),
        sa.Column("resource_id", sa.Uuid(), nullable=True),
        sa.Column("changed_fields", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint("actor_type in ('member', 'client', 'system')", name="ck_audit_event_actor_type"),
        sa.ForeignKeyConstraint(["practice_id"], ["practice.id"], name="fk_audit_event_practice"),
        sa.PrimaryKeyConstraint("practice_id", "id", name="pk_audit_event"),
    )
    op.create_index(
        "ix_audit_event_practice_id_occurred_at_id", "audit_event", ["practice_id", "occurred_at", "id"], unique=False
    )
    op.create_index(
        "ix_audit_event_resource",
        "audit_event",
        ["practice_id", "resource_type", "resource_id", "occurred_at"],
        unique=False,
    )
    protect_v1("audit_event", verbs=("SELECT", "INSERT"))
    op.execute(
        "CREATE POLICY own_rows ON audit_event FOR INSERT TO app_tenant "
        "WITH CHECK ((select current_actor() = 'client') AND actor_id = (select current_client()))"
    )
    op.execute("GRANT SELECT ON alembic_version TO app_auth")


def downgrade() -> None:
    op.execute("REVOKE SELECT ON alembic_version FROM app_auth")
    op.drop_table("audit_event")
    op.drop_table("api_key")
    op.drop_table("invitation")
    op.drop_table("member")
    op.drop_table("practice")
    for name in SETTINGS:
        op.execute(f"DROP FUNCTION current_{name}()")
