"""What people make of advice, and what they set themselves: actions, wins, and what builds credentials."""

from collections.abc import Iterator

from sqlalchemy import Column, Computed, Date, Index, SmallInteger, Text, Uuid, text
from sqlalchemy.schema import SchemaItem

from app.db.base import PERSONAL, at_most, belongs_to, instant, one_of, record_table, tenant_table, values
from app.db.vocabulary import ActionState, ActivityKind, ActivityStatus, Assignee, RecorderType
from app.ghosting.vocabulary import Stage, WinKind


def _decided() -> Iterator[SchemaItem]:
    """Give what a person can make of an action, computed or set by hand."""
    yield Column("assignee", Text, nullable=False)
    yield Column("state", Text, nullable=False)
    yield Column("snoozed_until", Date)
    yield Column("dismiss_reason", Text, info=PERSONAL)
    yield Column("accepted_at", instant)
    yield Column("accepted_by_type", Text)
    yield Column("accepted_by_id", Uuid)
    yield at_most("dismiss_reason", 2_000)
    yield one_of("assignee", values(Assignee))
    yield one_of("state", values(ActionState))
    yield one_of("accepted_by_type", values(RecorderType))


#: Actions set by hand; the computed ones are steps' own (`ghosting_step.action_…`).
next_action = record_table(
    "next_action",
    Column("client_id", Uuid, nullable=False),
    Column("opportunity_id", Uuid),
    Column("title", Text, nullable=False, info=PERSONAL),
    Column("due_on", Date),
    *_decided(),
    at_most("title", 200),
    belongs_to("client", "client_id"),
    belongs_to("opportunity", "opportunity_id"),
    Index(None, "practice_id", "client_id", "due_on"),
    Index(None, "practice_id", "opportunity_id"),
    # The queue asks for what is due and not done, whatever has piled up behind it.
    Index(
        "ix_next_action_undone",
        *("practice_id", "due_on", "client_id"),
        postgresql_where=text("state in ('open', 'snoozed')"),
    ),
)

#: What was decided about a computed action. Its `id` is the action's, which follows from opportunity and key: so it
#: outlives every recomputation, and a new spell with its new key knows nothing of it.
action_decision = record_table(
    "action_decision",
    Column("opportunity_id", Uuid, nullable=False),
    Column("action_key", Text, nullable=False),
    *_decided(),
    belongs_to("opportunity", "opportunity_id"),
    Index(None, "practice_id", "opportunity_id"),
)

#: Small successes that follow from a timeline, written with its steps; `further_stage` is any rise, and whether the
#: client had never been as far is asked where it is read.
derived_win = tenant_table(
    "derived_win",
    Column("opportunity_id", Uuid, primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("interaction_id", Uuid, primary_key=True),
    Column(
        "id",
        Uuid,
        Computed("derived_id(practice_id, opportunity_id, (kind || ':'::text) || interaction_id::text)"),
        nullable=False,
    ),
    Column("stage", Text, nullable=False),
    Column("occurred_at", instant, nullable=False),
    Column("occurred_on", Date, nullable=False),
    # When something showed that it was none: asked about the time before, it still is one.
    Column("retracted_at", instant),
    one_of("kind", values(WinKind)),
    one_of("stage", values(Stage)),
    belongs_to("opportunity", "opportunity_id"),
    Index(None, "practice_id", "id"),
)

#: Successes noted by a person.
win = record_table(
    "win",
    Column("client_id", Uuid, nullable=False),
    Column("opportunity_id", Uuid),
    Column("title", Text, nullable=False, info=PERSONAL),
    Column("note", Text, info=PERSONAL),
    Column("occurred_on", Date, nullable=False),
    at_most("title", 200),
    at_most("note", 2_000),
    belongs_to("client", "client_id"),
    belongs_to("opportunity", "opportunity_id"),
    Index(None, "practice_id", "client_id", "occurred_on"),
    Index(None, "practice_id", "opportunity_id"),
)

development_activity = record_table(
    "development_activity",
    Column("client_id", Uuid, nullable=False),
    Column("kind", Text, nullable=False),
    Column("title", Text, nullable=False, info=PERSONAL),
    Column("status", Text, nullable=False),
    Column("started_on", Date),
    Column("due_on", Date),
    Column("finished_on", Date),
    Column("hours_per_week", SmallInteger),
    Column("evidence_url", Text, info=PERSONAL),
    Column("credential", Text, info=PERSONAL),
    Column("notes", Text, info=PERSONAL),
    at_most("title", 200),
    at_most("evidence_url", 2048),
    at_most("credential", 200),
    at_most("notes", 4_000),
    one_of("kind", values(ActivityKind)),
    one_of("status", values(ActivityStatus)),
    belongs_to("client", "client_id"),
    Index(None, "practice_id", "client_id"),
    Index(None, "practice_id", "created_at", "id"),
)

#: For which opportunities an activity is meant to help.
activity_opportunity = tenant_table(
    "activity_opportunity",
    Column("activity_id", Uuid, primary_key=True),
    Column("opportunity_id", Uuid, primary_key=True),
    Column("position", SmallInteger, nullable=False),
    belongs_to("development_activity", "activity_id"),
    belongs_to("opportunity", "opportunity_id"),
    Index(None, "practice_id", "opportunity_id"),
)
