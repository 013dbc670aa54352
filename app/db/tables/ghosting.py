"""The waiting periods of a practice, and the steps computed with them: the calendar, not the verdict."""

from sqlalchemy import ARRAY, Boolean, CheckConstraint, Column, Computed, Date, Index, Integer, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB

from app.db.base import belongs_to, instant, one_of, tenant_table, values
from app.ghosting.vocabulary import Outcome, Stage, Status, Wait

policy = tenant_table(
    "policy",
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("document", JSONB, nullable=False),
    Column("created_at", instant, nullable=False),
    Column("created_by", Uuid),
)

#: One row per stretch of time in which nothing about an opportunity changes; half-open, contiguous, from year 1 on.
ghosting_step = tenant_table(
    "ghosting_step",
    Column("opportunity_id", Uuid, primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("starts_at", instant, nullable=False),
    Column("ends_at", instant),
    Column("status", Text, nullable=False),
    Column("status_since", instant),
    Column("status_until", instant),
    Column("stage", Text, nullable=False),
    Column("outcome", Text),
    Column("wait", Text),
    Column("silent_since", instant),
    Column("silent_on", Date),
    Column("follow_up_used", Boolean, nullable=False),
    Column("opens_on", Date),
    Column("closes_on", Date),
    Column("ghosted_on", Date),
    Column("reply_by", Date),
    Column("ghost_kind", Text),
    Column("was_ghosted", Boolean, nullable=False),
    Column("action_kind", Text),
    Column("action_due_on", Date),
    Column("action_key", Text),
    Column("action_interaction_ids", ARRAY(Uuid)),
    Column("action_alternative", Text),
    Column("action_source", Text),
    # The id of the advice as a next action: the same while the key is.
    Column("action_id", Uuid, Computed("derived_id(practice_id, opportunity_id, action_key)")),
    Column("reasons", JSONB, nullable=False),
    Column("rules_version", Integer, nullable=False),
    one_of("status", values(Status)),
    one_of("stage", values(Stage)),
    one_of("outcome", values(Outcome)),
    one_of("wait", values(Wait)),
    CheckConstraint("starts_at < ends_at", name="half_open"),
    belongs_to("opportunity", "opportunity_id"),
    # By the end, as most have ended. With all that tells whose the step is and whether it holds: lists by status need
    # not look at the table (docs/adr/0018).
    Index(None, "practice_id", "status", "ends_at", postgresql_include=["starts_at", "opportunity_id"]),
    Index(None, "practice_id", "action_id"),
)
