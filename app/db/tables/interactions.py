"""The timeline of an opportunity: the only truth that statuses derive from."""

from sqlalchemy import CheckConstraint, Column, Date, Index, Integer, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB

from app.db.base import PERSONAL, at_most, belongs_to, instant, one_of, record_table, tenant_table, values
from app.db.vocabulary import Channel, RecorderType, Visibility
from app.ghosting.vocabulary import Kind, Stage

interaction = record_table(
    "interaction",
    Column("opportunity_id", Uuid, nullable=False),
    Column("kind", Text, nullable=False),
    Column("occurred_at", instant, nullable=False),
    Column("ends_at", instant),
    Column("arranged_at", instant),
    Column("reply_by", Date),
    Column("stage", Text),
    Column("contact_id", Uuid),
    Column("channel", Text),
    Column("summary", Text, info=PERSONAL),
    Column("visibility", Text, nullable=False),
    Column("recorded_at", instant, nullable=False),
    Column("recorded_by_type", Text, nullable=False),
    Column("recorded_by_id", Uuid, nullable=False),
    Column("voided_at", instant),
    at_most("summary", 10_000),
    one_of("kind", values(Kind)),
    one_of("stage", values(Stage)),
    one_of("channel", values(Channel)),
    one_of("visibility", values(Visibility)),
    one_of("recorded_by_type", values(RecorderType)),
    CheckConstraint("ends_at >= occurred_at", name="ends_after_it_began"),
    CheckConstraint("arranged_at <= occurred_at", name="arranged_before"),
    belongs_to("opportunity", "opportunity_id"),
    belongs_to("contact", "contact_id"),
    Index(None, "practice_id", "opportunity_id", "occurred_at", "id"),
    Index(None, "practice_id", "contact_id"),
)

interaction_revision = tenant_table(
    "interaction_revision",
    Column("interaction_id", Uuid, primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("former", JSONB, nullable=False, info=PERSONAL),
    Column("replaced_at", instant, nullable=False),
    Column("replaced_by_type", Text, nullable=False),
    Column("replaced_by_id", Uuid),
    belongs_to("interaction", "interaction_id"),
)
