"""What was to be done, what went well, and what was learned."""

from typing import Annotated

from pydantic import Field

from app.db.vocabulary import ActionState, ActivityKind, ActivityStatus, Assignee, RecorderType
from app.ghosting.vocabulary import Stage, WinKind
from app.kit import shown
from app.kit.fields import Day, Id, Instant
from app.kit.schema import Out


class ExportedDecision(Out):
    """What was decided about an action that the rules advise."""

    id: Id = Field(description="That of the action.")
    opportunity_id: Id
    assignee: Assignee
    state: ActionState
    snoozed_until: Day | None
    dismiss_reason: shown.Note | None
    accepted_at: Instant | None
    accepted_by_type: RecorderType | None
    accepted_by_id: Id | None
    version: shown.Version
    created_at: Instant
    updated_at: Instant


class ExportedAction(Out):
    """An action that was set by hand."""

    id: Id
    opportunity_id: Id | None
    title: shown.Name
    due_on: Day | None
    assignee: Assignee
    state: ActionState
    snoozed_until: Day | None
    dismiss_reason: shown.Note | None
    accepted_at: Instant | None
    accepted_by_type: RecorderType | None
    accepted_by_id: Id | None
    version: shown.Version
    created_at: Instant
    updated_at: Instant


class ExportedWin(Out):
    """A win that somebody noted."""

    id: Id
    opportunity_id: Id | None
    title: shown.Name
    note: shown.Note | None
    occurred_on: Day
    version: shown.Version
    created_at: Instant
    updated_at: Instant


class ExportedDerivedWin(Out):
    """A small success that follows from a timeline."""

    opportunity_id: Id
    kind: WinKind = Field(description="`further_stage`: any rise on this opportunity.")
    interaction_id: Id
    stage: Stage
    occurred_on: Day
    retracted_at: Instant | None = Field(description="When it showed that it was none after all.")


class ExportedActivity(Out):
    """A development activity."""

    id: Id
    kind: ActivityKind
    title: shown.Name
    status: ActivityStatus
    started_on: Day | None
    due_on: Day | None
    finished_on: Day | None
    hours_per_week: shown.Hours | None
    evidence_url: shown.Url | None
    credential: shown.Name | None
    notes: shown.Note | None
    opportunity_ids: Annotated[list[Id], shown.Unlimited]
    version: shown.Version
    created_at: Instant
    updated_at: Instant
