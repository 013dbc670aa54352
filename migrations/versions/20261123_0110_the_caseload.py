"""The people coached, the companies they talk to, and the people there.

Revision ID: 0002
Revises: "0001"
"""

import sqlalchemy as sa
from alembic import op

from migrations.tenancy import protect_v1

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "client",
        sa.Column("practice_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_key", sa.Text(collation="C"), nullable=False),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("time_zone", sa.Text(), nullable=False),
        sa.Column("region", sa.Text(), nullable=True),
        sa.Column("employment_status", sa.Text(), nullable=False),
        sa.Column("hours_free_per_week", sa.Integer(), nullable=True),
        sa.Column("goals", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("target_titles", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("archived", sa.Boolean(), nullable=False),
        sa.Column("login_status", sa.Text(), server_default="none", nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "employment_status in ('employed', 'underemployed', 'unemployed', 'freelance', 'student')",
            name="ck_client_employment_status",
        ),
        sa.CheckConstraint("login_status in ('none', 'invited', 'active')", name="ck_client_login_status"),
        sa.CheckConstraint(
            "timezone(time_zone, timestamptz '2000-01-01 00:00Z') is not null", name="ck_client_time_zone_known"
        ),
        sa.CheckConstraint("char_length(email) <= 254", name="ck_client_email_length"),
        sa.CheckConstraint("char_length(name) <= 200", name="ck_client_name_length"),
        sa.CheckConstraint("hours_free_per_week between 0 and 168", name="ck_client_hours_free_per_week"),
        sa.ForeignKeyConstraint(["practice_id"], ["practice.id"], name="fk_client_practice"),
        sa.PrimaryKeyConstraint("practice_id", "id", name="pk_client"),
    )
    op.create_index("ix_client_practice_id_created_at_id", "client", ["practice_id", "created_at", "id"], unique=False)
    op.create_index("ix_client_practice_id_name_key_id", "client", ["practice_id", "name_key", "id"], unique=False)
    protect_v1("client", client_rows="id = (select current_client())")
    op.create_table(
        "client_coach",
        sa.Column("practice_id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["practice_id", "client_id"], ["client.practice_id", "client.id"], name="fk_client_coach_client"
        ),
        sa.ForeignKeyConstraint(
            ["practice_id", "member_id"], ["member.practice_id", "member.id"], name="fk_client_coach_member"
        ),
        sa.ForeignKeyConstraint(["practice_id"], ["practice.id"], name="fk_client_coach_practice"),
        sa.PrimaryKeyConstraint("practice_id", "client_id", "member_id", name="pk_client_coach"),
    )
    op.create_index(
        "ix_client_coach_practice_id_member_id_client_id",
        "client_coach",
        ["practice_id", "member_id", "client_id"],
        unique=False,
    )
    protect_v1("client_coach", client_rows="client_id = (select current_client())")
    op.create_table(
        "company",
        sa.Column("practice_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_key", sa.Text(collation="C"), nullable=False),
        sa.Column("search_key", sa.Text(collation="C"), nullable=False),
        sa.Column("domain", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("char_length(name) <= 200", name="ck_company_name_length"),
        sa.ForeignKeyConstraint(["practice_id"], ["practice.id"], name="fk_company_practice"),
        sa.PrimaryKeyConstraint("practice_id", "id", name="pk_company"),
        sa.UniqueConstraint("practice_id", "name_key", name="uq_company_practice_id_name_key"),
    )
    op.create_index(
        "ix_company_practice_id_created_at_id", "company", ["practice_id", "created_at", "id"], unique=False
    )
    protect_v1("company")
    op.create_table(
        "contact",
        sa.Column("practice_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("company_id", sa.Uuid(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_key", sa.Text(collation="C"), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("phone", sa.Text(), nullable=True),
        sa.Column("title", sa.Text(), nullable=True),
        sa.Column("profile_url", sa.Text(), nullable=True),
        sa.Column("notes", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "role in ('hiring_manager', 'recruiter', 'agency_recruiter', 'interviewer', 'executive', 'referrer', 'other')",
            name="ck_contact_role",
        ),
        sa.CheckConstraint("char_length(email) <= 254", name="ck_contact_email_length"),
        sa.CheckConstraint("char_length(name) <= 200", name="ck_contact_name_length"),
        sa.CheckConstraint("char_length(notes) <= 4000", name="ck_contact_notes_length"),
        sa.CheckConstraint("char_length(phone) <= 32", name="ck_contact_phone_length"),
        sa.CheckConstraint("char_length(profile_url) <= 2048", name="ck_contact_profile_url_length"),
        sa.CheckConstraint("char_length(title) <= 200", name="ck_contact_title_length"),
        sa.ForeignKeyConstraint(
            ["practice_id", "company_id"], ["company.practice_id", "company.id"], name="fk_contact_company"
        ),
        sa.ForeignKeyConstraint(["practice_id"], ["practice.id"], name="fk_contact_practice"),
        sa.PrimaryKeyConstraint("practice_id", "id", name="pk_contact"),
    )
    op.create_index("ix_contact_practice_id_company_id", "contact", ["practice_id", "company_id"], unique=False)
    op.create_index(
        "ix_contact_practice_id_created_at_id", "contact", ["practice_id", "created_at", "id"], unique=False
    )
    op.create_index("ix_contact_practice_id_name_key_id", "contact", ["practice_id", "name_key", "id"], unique=False)
    protect_v1("contact")


def downgrade() -> None:
    op.drop_table("contact")
    op.drop_table("company")
    op.drop_table("client_coach")
    op.drop_table("client")
