"""Next actions on the wire (API.md, next action)."""

from enum import StrEnum
from typing import Annotated, Any, ClassVar

from pydantic import MISSING, Field

from app.assessments.schemas import InteractionIn, WarningOut
from app.db.vocabulary import ActionOrigin, ActionState, Assignee, NextActionKind, RecorderType
from app.ghosting.vocabulary import Kind
from app.kit import shown
from app.kit.fields import Day, Id, Instant, Items, Line, Text
from app.kit.lists import MAX_CHOICES, ListQuery
from app.kit.schema import In, Out, Patch
from app.kit.shown import Shown

Title = Annotated[str, Line(200)]
Words = Annotated[str, Text(2_000)]

_CLIENT = "01981d3c-5f0e-7c3a-9b1e-6a1d2f3c4b10"
_OPPORTUNITY = "01981d3c-5f0e-7c3a-9b1e-6a1d2f3c4b5a"


class ManualKind(StrEnum):
    """What an action set by hand is."""

    CUSTOM = "custom"


class ActionIn(In):
    """An action to be set by hand."""

    id: Id | None = Field(default=None, description="An id of the caller's own, to work offline.")
    client_id: Id
    opportunity_id: Id | None = Field(default=None, description="On which of the client's opportunities.")
    kind: ManualKind = Field(default=ManualKind.CUSTOM, description="The other kinds are computed.")
    title: Title
    due_on: Day | None = None
    assignee: Assignee = Assignee.CLIENT

    example: ClassVar[dict[str, Any]] = {
        "client_id": _CLIENT,
        "title": "Ask Kim for a word with the design lead",
        "due_on": "2026-03-12",
    }


class ActionPatch(Patch):
    """What to change of an action set by hand; it stays with its client."""

    opportunity_id: Id | None | MISSING = MISSING
    title: Title | MISSING = MISSING
    due_on: Day | None | MISSING = MISSING
    assignee: Assignee | MISSING = MISSING

    example: ClassVar[dict[str, Any]] = {"due_on": "2026-03-13", "assignee": "coach"}


class DoneIn(In):
    """That an action was done, and perhaps what was done."""

    may_be_missing = True

    interaction: InteractionIn | None = Field(
        default=None,
        description="What to record on the opportunity's timeline in the same breath; needs pipeline:write too.",
    )

    example: ClassVar[dict[str, Any]] = {
        "interaction": {"kind": "follow_up", "occurred_at": "2026-03-09T09:00:00Z", "channel": "email"}
    }


class SnoozeIn(In):
    """Until when to leave an action alone."""

    until: Day = Field(description="The client's local date on which it is open again.")

    example: ClassVar[dict[str, Any]] = {"until": "2026-03-12"}


class DismissIn(In):
    """That an action will not be done, and perhaps why."""

    may_be_missing = True

    reason: Words | None = None

    example: ClassVar[dict[str, Any]] = {"reason": "She knows the recruiter and will call instead."}


class Acceptor(Out):
    """Who took an action on."""

    type: RecorderType
    id: Id


class ActionOut(Out):
    """Something to do, advised by the rules or set by hand."""

    id: Id = Field(description="That of a computed one is the same as long as its `key` is.")
    origin: ActionOrigin
    key: shown.Key | None = Field(
        description="What a computed one answers, as in the assessment; null for a manual one."
    )
    client_id: Id
    opportunity_id: Id | None
    kind: NextActionKind
    title: shown.Name
    due_on: Day | None
    assignee: Assignee
    state: ActionState
    snoozed_until: Day | None = Field(description="While it is snoozed, when it will be open again.")
    reason: shown.Sentence | None = Field(description="Why it is advised; null for a manual one.")
    dismiss_reason: Annotated[str, Shown(Words)] | None = Field(description="Why it was dismissed.")
    accepted_at: Instant | None = Field(description="When somebody took it on.")
    accepted_by: Acceptor | None
    interaction_kind: Kind | None = Field(
        description="What it amounts to on the timeline once it is done: an `interaction` of this kind fits `done`."
    )
    version: shown.Version = Field(description="Of a computed one: 1, and one more for each decision about it.")
    created_at: Instant | None = Field(description="Null for a computed one.")
    updated_at: Instant | None = Field(description="Null for a computed one about which nothing was decided.")

    example: ClassVar[dict[str, Any]] = {
        "id": "5f0e7c3a-9b1e-8a1d-8f3c-4b5a01981d3c",
        "origin": "computed",
        "key": "send_follow_up:9d5f2a9e-5b0c-5f7e-8f43-0d8f6a3c2b11",
        "client_id": _CLIENT,
        "opportunity_id": _OPPORTUNITY,
        "kind": "send_follow_up",
        "title": "Send the one follow-up",
        "due_on": "2026-03-09",
        "assignee": "client",
        "state": "open",
        "snoozed_until": None,
        "reason": "7 days without an answer is normal at this point, and a nudge is now fair.",
        "dismiss_reason": None,
        "accepted_at": None,
        "accepted_by": None,
        "interaction_kind": "follow_up",
        "version": 1,
        "created_at": None,
        "updated_at": None,
    }


class DoneOut(ActionOut):
    """An action that was done, and what was recorded with it."""

    interaction_id: Id | None = Field(description="The interaction that was sent along; null without one.")
    warnings: Annotated[list[WarningOut], shown.Unlimited] = Field(
        description="What was recorded all the same, as when recording an interaction."
    )

    example: ClassVar[dict[str, Any]] = {
        **ActionOut.example,
        "state": "done",
        "version": 2,
        "updated_at": "2026-03-09T09:01:00.000000Z",
        "interaction_id": "01981d3c-5f0e-7c3a-9b1e-6a1d2f3c4b5c",
        "warnings": [],
    }


class ActionPage(Out):
    """A page of next actions."""

    items: Annotated[list[ActionOut], shown.Paged]
    next_cursor: shown.NextCursor | None

    example: ClassVar[dict[str, Any]] = {"items": [ActionOut.example], "next_cursor": None}


class ActionQuery(ListQuery):
    """Which next actions to list."""

    client_id: Id | None = Field(default=None, description="Only those of this client, archived or not.")
    opportunity_id: Id | None = Field(default=None, description="Only those on this opportunity.")
    state: Annotated[list[ActionState], Items(MAX_CHOICES)] = Field(
        default=[], description="Only these; repeat the parameter for more."
    )
    due_before: Day | None = Field(default=None, description="Only what is due before this date.")
