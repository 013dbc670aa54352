"""Interactions on the wire (API.md, interaction)."""

from enum import StrEnum
from typing import Annotated, Any, ClassVar

from pydantic import MISSING, Field

from app.assessments.schemas import InteractionIn, Summary, WarningOut
from app.db.vocabulary import Channel, RecorderType, Visibility
from app.ghosting.vocabulary import Kind, Stage
from app.kit import shown
from app.kit.fields import Day, Id, Instant, Items, Text
from app.kit.lists import MAX_BATCH, MAX_CHOICES, ListQuery
from app.kit.schema import In, Out, Patch
from app.kit.shown import Shown

_ID = "01981d3c-5f0e-7c3a-9b1e-6a1d2f3c4b5b"
Kinds = Annotated[list[Kind], Items(MAX_CHOICES)]


class BatchIn(In):
    """Interactions to record together, all of them or none."""

    items: Annotated[list[InteractionIn], Items(MAX_BATCH, at_least=1)]

    example: ClassVar[dict[str, Any]] = {
        "items": [
            {"kind": "application", "occurred_at": "2026-03-02T09:00:00Z", "channel": "portal"},
            InteractionIn.example,
        ]
    }


class InteractionPatch(Patch):
    """What to change of an interaction."""

    kind: Kind | MISSING = MISSING
    occurred_at: Instant | MISSING = MISSING
    ends_at: Instant | None | MISSING = MISSING
    arranged_at: Instant | None | MISSING = MISSING
    reply_by: Day | None | MISSING = MISSING
    stage: Stage | None | MISSING = MISSING
    channel: Channel | None | MISSING = MISSING
    summary: Summary | None | MISSING = MISSING
    contact_id: Id | None | MISSING = MISSING
    visibility: Visibility | MISSING = MISSING

    example: ClassVar[dict[str, Any]] = {"occurred_at": "2026-03-09T15:00:00Z", "ends_at": None}


class RecordedBy(Out):
    """Who recorded an interaction."""

    type: RecorderType
    id: Id


class InteractionOut(Out):
    """An interaction as it is recorded."""

    id: Id
    opportunity_id: Id
    kind: Kind
    occurred_at: Instant
    ends_at: Instant | None
    arranged_at: Instant | None
    reply_by: Day | None
    stage: Stage | None
    contact_id: Id | None
    channel: Channel | None
    summary: Annotated[str, Shown(Text(10_000))] | None
    visibility: Visibility
    recorded_at: Instant
    recorded_by: RecordedBy
    voided_at: Instant | None
    version: shown.Version
    created_at: Instant
    updated_at: Instant

    example: ClassVar[dict[str, Any]] = {
        "id": _ID,
        "opportunity_id": "01981d3c-5f0e-7c3a-9b1e-6a1d2f3c4b5a",
        "kind": "interview",
        "occurred_at": "2026-03-09T14:00:00.000000Z",
        "ends_at": "2026-03-09T15:00:00.000000Z",
        "arranged_at": "2026-03-03T09:30:00.000000Z",
        "reply_by": None,
        "stage": "interviewing",
        "contact_id": None,
        "channel": "video",
        "summary": "Portfolio review with the design lead.",
        "visibility": "shared",
        "recorded_at": "2026-03-03T09:31:00.000000Z",
        "recorded_by": {"type": "member", "id": "01981d3c-5f0e-7c3a-9b1e-6a1d2f3c4b00"},
        "voided_at": None,
        "version": 1,
        "created_at": "2026-03-03T09:31:00.000000Z",
        "updated_at": "2026-03-03T09:31:00.000000Z",
    }


class RecordedOut(InteractionOut):
    """An interaction that has just been recorded or corrected."""

    warnings: Annotated[list[WarningOut], Shown(maxItems=1)] | MISSING = Field(
        default=MISSING,
        description="What was recorded all the same: a second follow-up in one silence. Absent where there is none.",
    )

    example: ClassVar[dict[str, Any]] = {
        **InteractionOut.example,
        "kind": "follow_up",
        "ends_at": None,
        "arranged_at": None,
        "stage": None,
        "channel": "email",
        "summary": None,
        "warnings": [WarningOut.example],
    }


class InteractionPage(Out):
    """A page of interactions."""

    items: Annotated[list[InteractionOut], shown.Paged]
    next_cursor: shown.NextCursor | None

    example: ClassVar[dict[str, Any]] = {"items": [InteractionOut.example], "next_cursor": None}


class BatchOut(Out):
    """The recorded interactions, in the order in which they were sent."""

    items: Annotated[list[RecordedOut], Shown(maxItems=MAX_BATCH)]

    example: ClassVar[dict[str, Any]] = {"items": [RecordedOut.example]}


class InteractionSort(StrEnum):
    """By what interactions can be sorted."""

    OCCURRED_AT = "occurred_at"
    OCCURRED_AT_DESC = "-occurred_at"


class InteractionQuery(ListQuery):
    """Which interactions to list."""

    kind: Kinds = Field(default=[], description="Only these kinds; repeat the parameter for more.")
    include_voided: bool = Field(default=False, description="Also those that were voided.")
    sort: InteractionSort = Field(default=InteractionSort.OCCURRED_AT, description="The order of the list; ties by id.")
