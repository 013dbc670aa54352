"""Opportunities and what happened on each.

Revision ID: 0003
Revises: "0002"
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations.tenancy import protect_v1

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

OWN_OPPORTUNITY = (
    "exists (select from opportunity o where o.practice_id = {table}.practice_id and o.id = {table}.opportunity_id "
    "and o.client_id = (select current_client()))"
)
SEEN_INTERACTION = (
    "exists (select from interaction i where i.practice_id = interaction_revision.practice_id "
    "and i.id = interaction_revision.interaction_id)"
)
#: A client login sees the companies and contacts of its own opportunities.
OWN_LINKS = {
    "company": (
        "exists (select from opportunity o where o.practice_id = company.practice_id and o.company_id = company.id "
        "and o.client_id = (select current_client()))"
    ),
    "contact": (
        "exists (select from opportunity_contact oc join opportunity o on o.practice_id = oc.practice_id "
        "and o.id = oc.opportunity_id where oc.practice_id = contact.practice_id and oc.contact_id = contact.id "
        "and o.client_id = (select current_client()))"
    ),
}


def upgrade() -> None:
    op.create_table(
        "opportunity",
        sa.Column("practice_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("title_key", sa.Text(collation="C"), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=True),
        sa.Column("location", sa.Text(), nullable=True),
        sa.Column("requisition_id", sa.Text(), nullable=True),
        sa.Column("salary_min", sa.BigInteger(), nullable=True),
        sa.Column("salary_max", sa.BigInteger(), nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=True),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind in ('permanent', 'contract', 'gig', 'internship')", name="ck_opportunity_kind"),
        sa.CheckConstraint(
            "source in ('applied', 'referral', 'recruiter', 'networking', 'job_board', 'other')",
            name="ck_opportunity_source",
        ),
        sa.CheckConstraint("char_length(location) <= 200", name="ck_opportunity_location_length"),
        sa.CheckConstraint("char_length(requisition_id) <= 100", name="ck_opportunity_requisition_id_length"),
        sa.CheckConstraint("char_length(title) <= 200", name="ck_opportunity_title_length"),
        sa.CheckConstraint("char_length(url) <= 2048", name="ck_opportunity_url_length"),
        sa.CheckConstraint(
            "currency is not null or (salary_min is null and salary_max is null)", name="ck_opportunity_salary_currency"
        ),
        sa.CheckConstraint(
            "salary_min >= 0 and salary_max >= 0 and salary_min <= salary_max", name="ck_opportunity_salary"
        ),
        sa.ForeignKeyConstraint(
            ["practice_id", "client_id"], ["client.practice_id", "client.id"], name="fk_opportunity_client"
        ),
        sa.ForeignKeyConstraint(
            ["practice_id", "company_id"], ["company.practice_id", "company.id"], name="fk_opportunity_company"
        ),
        sa.ForeignKeyConstraint(["practice_id"], ["practice.id"], name="fk_opportunity_practice"),
        sa.PrimaryKeyConstraint("practice_id", "id", name="pk_opportunity"),
    )
    op.create_index("ix_opportunity_practice_id_client_id", "opportunity", ["practice_id", "client_id"], unique=False)
    op.create_index("ix_opportunity_practice_id_company_id", "opportunity", ["practice_id", "company_id"], unique=False)
    op.create_index(
        "ix_opportunity_practice_id_created_at_id", "opportunity", ["practice_id", "created_at", "id"], unique=False
    )
    op.create_index(
        "ix_opportunity_practice_id_updated_at_id", "opportunity", ["practice_id", "updated_at", "id"], unique=False
    )
    protect_v1("opportunity", client_rows="client_id = (select current_client())")
    op.create_table(
        "opportunity_contact",
        sa.Column("practice_id", sa.Uuid(), nullable=False),
        sa.Column("opportunity_id", sa.Uuid(), nullable=False),
        sa.Column("contact_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["practice_id", "contact_id"], ["contact.practice_id", "contact.id"], name="fk_opportunity_contact_contact"
        ),
        sa.ForeignKeyConstraint(
            ["practice_id", "opportunity_id"],
            ["opportunity.practice_id", "opportunity.id"],
            name="fk_opportunity_contact_opportunity",
        ),
        sa.ForeignKeyConstraint(["practice_id"], ["practice.id"], name="fk_opportunity_contact_practice"),
        sa.PrimaryKeyConstraint("practice_id", "opportunity_id", "contact_id", name="pk_opportunity_contact"),
    )
    op.create_index(
        "ix_opportunity_contact_practice_id_contact_id",
        "opportunity_contact",
        ["practice_id", "contact_id"],
        unique=False,
    )
    protect_v1("opportunity_contact", client_rows=OWN_OPPORTUNITY.format(table="opportunity_contact"))
    op.create_table(
        "interaction",
        sa.Column("practice_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("opportunity_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("arranged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reply_by", sa.Date(), nullable=True),
        sa.Column("stage", sa.Text(), nullable=True),
        sa.Column("contact_id", sa.Uuid(), nullable=True),
        sa.Column("channel", sa.Text(), nullable=True),
        sa.Column("summary", sa.Text(), nullable=True),
        sa.Column("visibility", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_type", sa.Text(), nullable=False),
        sa.Column("recorded_by_id", sa.Uuid(), nullable=False),
        sa.Column("voided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "channel in ('email', 'phone', 'video', 'in_person', 'message', 'portal', 'letter', 'other')",
            name="ck_interaction_channel",
        ),
        sa.CheckConstraint(
            "kind in ('application', 'outreach', 'introduction', 'employer_message', 'hold', 'interview', 'meeting', 'no_show', 'request', 'verbal_offer', 'offer', 'reply', 'submission', 'candidate_message', 'thank_you', 'follow_up', 'acknowledgement', 'note', 'bounce', 'rejection', 'position_closed', 'withdrawal', 'acceptance', 'decline')",
            name="ck_interaction_kind",
        ),
        sa.CheckConstraint(
            "recorded_by_type in ('member', 'client', 'import')", name="ck_interaction_recorded_by_type"
        ),
        sa.CheckConstraint(
            "stage in ('lead', 'applied', 'screening', 'interviewing', 'final_round', 'offer')",
            name="ck_interaction_stage",
        ),
        sa.CheckConstraint("visibility in ('shared', 'coaches')", name="ck_interaction_visibility"),
        sa.CheckConstraint("arranged_at <= occurred_at", name="ck_interaction_arranged_before"),
        sa.CheckConstraint("char_length(summary) <= 10000", name="ck_interaction_summary_length"),
        sa.CheckConstraint("ends_at >= occurred_at", name="ck_interaction_ends_after_it_began"),
        sa.ForeignKeyConstraint(
            ["practice_id", "contact_id"], ["contact.practice_id", "contact.id"], name="fk_interaction_contact"
        ),
        sa.ForeignKeyConstraint(
            ["practice_id", "opportunity_id"],
            ["opportunity.practice_id", "opportunity.id"],
            name="fk_interaction_opportunity",
        ),
        sa.ForeignKeyConstraint(["practice_id"], ["practice.id"], name="fk_interaction_practice"),
        sa.PrimaryKeyConstraint("practice_id", "id", name="pk_interaction"),
    )
    op.create_index("ix_interaction_practice_id_contact_id", "interaction", ["practice_id", "contact_id"], unique=False)
    op.create_index(
        "ix_interaction_practice_id_opportunity_id_occurred_at_id",
        "interaction",
        ["practice_id", "opportunity_id", "occurred_at", "id"],
        unique=False,
    )
    protect_v1("interaction", client_rows=OWN_OPPORTUNITY.format(table="interaction"))
    op.execute(
        "CREATE POLICY coaches_only ON interaction AS RESTRICTIVE TO app_tenant "
        "USING (visibility = 'shared' OR (select current_actor() IN ('owner', 'admin', 'coach', 'system')))"
    )
    op.create_table(
        "interaction_revision",
        sa.Column("practice_id", sa.Uuid(), nullable=False),
        sa.Column("interaction_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("former", postgresql.JSONB(), nullable=False),
        sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("replaced_by_type", sa.Text(), nullable=False),
        sa.Column("replaced_by_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["practice_id", "interaction_id"],
            ["interaction.practice_id", "interaction.id"],
            name="fk_interaction_revision_interaction",
        ),
        sa.ForeignKeyConstraint(["practice_id"], ["practice.id"], name="fk_interaction_revision_practice"),
        sa.PrimaryKeyConstraint("practice_id", "interaction_id", "version", name="pk_interaction_revision"),
    )
    protect_v1("interaction_revision", verbs=("SELECT", "INSERT", "DELETE"), client_rows=SEEN_INTERACTION)
    op.execute(
        f"CREATE POLICY coaches_only ON interaction_revision AS RESTRICTIVE TO app_tenant USING ({SEEN_INTERACTION})"
    )
    for table, condition in OWN_LINKS.items():
        op.execute(
            f"CREATE POLICY own_rows ON {table} FOR SELECT TO app_tenant USING ((select current_actor() = 'client') AND {condition})"
        )


def downgrade() -> None:
    for table in OWN_LINKS:
        op.execute(f"DROP POLICY own_rows ON {table}")
    op.drop_table("interaction_revision")
    op.drop_table("interaction")
    op.drop_table("opportunity_contact")
    op.drop_table("opportunity")
