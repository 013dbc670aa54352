"""Waiting periods, and the steps computed with them.

Revision ID: 0004
Revises: "0003"
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations.tenancy import protect_v1

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

OWN_OPPORTUNITY = (
    "exists (select from opportunity o where o.practice_id = ghosting_step.practice_id and o.id = ghosting_step.opportunity_id "
    "and o.client_id = (select current_client()))"
)


def upgrade() -> None:
    op.create_table(
        "policy",
        sa.Column("practice_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("document", postgresql.JSONB(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["practice_id"], ["practice.id"], name="fk_policy_practice"),
        sa.PrimaryKeyConstraint("practice_id", "number", name="pk_policy"),
    )
    protect_v1("policy", verbs=("SELECT", "INSERT"))
    op.create_table(
        "ghosting_step",
        sa.Column("practice_id", sa.Uuid(), nullable=False),
        sa.Column("opportunity_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("status_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("status_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("wait", sa.Text(), nullable=True),
        sa.Column("silent_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("silent_on", sa.Date(), nullable=True),
        sa.Column("follow_up_used", sa.Boolean(), nullable=False),
        sa.Column("opens_on", sa.Date(), nullable=True),
        sa.Column("closes_on", sa.Date(), nullable=True),
        sa.Column("ghosted_on", sa.Date(), nullable=True),
        sa.Column("reply_by", sa.Date(), nullable=True),
        sa.Column("ghost_kind", sa.Text(), nullable=True),
        sa.Column("was_ghosted", sa.Boolean(), nullable=False),
        sa.Column("action_kind", sa.Text(), nullable=True),
        sa.Column("action_due_on", sa.Date(), nullable=True),
        sa.Column("action_key", sa.Text(), nullable=True),
        sa.Column("action_interaction_ids", sa.ARRAY(sa.Uuid()), nullable=True),
        sa.Column("action_alternative", sa.Text(), nullable=True),
        sa.Column("action_source", sa.Text(), nullable=True),
        sa.Column("reasons", postgresql.JSONB(), nullable=False),
        sa.Column("rules_version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "outcome in ('accepted', 'declined', 'rejected', 'withdrawn', 'position_closed')",
            name="ck_ghosting_step_outcome",
        ),
        sa.CheckConstraint(
            "stage in ('lead', 'applied', 'screening', 'interviewing', 'final_round', 'offer')",
            name="ck_ghosting_step_stage",
        ),
        sa.CheckConstraint(
            "status in ('not_started', 'your_move', 'scheduled', 'waiting', 'on_hold', 'follow_up_due', 'follow_up_overdue', 'ball_in_their_court', 'ghosted', 'closed')",
            name="ck_ghosting_step_status",
        ),
        sa.CheckConstraint(
            "wait in ('application', 'outreach', 'introduction', 'contact', 'assessment', 'screening', 'interviewing', 'final_round', 'verbal_offer')",
            name="ck_ghosting_step_wait",
        ),
        sa.CheckConstraint("starts_at < ends_at", name="ck_ghosting_step_half_open"),
        sa.ForeignKeyConstraint(
            ["practice_id", "opportunity_id"],
            ["opportunity.practice_id", "opportunity.id"],
            name="fk_ghosting_step_opportunity",
        ),
        sa.ForeignKeyConstraint(["practice_id"], ["practice.id"], name="fk_ghosting_step_practice"),
        sa.PrimaryKeyConstraint("practice_id", "opportunity_id", "seq", name="pk_ghosting_step"),
    )
    op.create_index(
        "ix_ghosting_step_practice_id_status_starts_at",
        "ghosting_step",
        ["practice_id", "status", "starts_at"],
        unique=False,
    )
    protect_v1("ghosting_step", verbs=("SELECT", "INSERT", "DELETE"), client_rows=OWN_OPPORTUNITY)


def downgrade() -> None:
    op.drop_table("ghosting_step")
    op.drop_table("policy")
