"""Development activities on the wire (API.md, development activity)."""

from collections.abc import Iterator
from datetime import date
from typing import Annotated, Any, ClassVar, NamedTuple, Self

from pydantic import MISSING, Field, model_validator

from app.db.vocabulary import ActivityKind, ActivityStatus
from app.kit import shown
from app.kit.fields import Day, Id, Instant, Items, Line, Text, Url, Whole
from app.kit.lists import MAX_CHOICES, ListQuery
from app.kit.schema import Code, In, Out, Patch, rule_error

Title = Annotated[str, Line(200)]
Hours = Annotated[int, Whole(0, 168)]
Notes = Annotated[str, Text(4_000)]
OpportunityIds = Annotated[list[Id], Items(20)]

_CLIENT = "01981d3c-5f0e-7c3a-9b1e-6a1d2f3c4b10"
_EXAMPLE: dict[str, Any] = {
    "client_id": _CLIENT,
    "kind": "course",
    "title": "Accessible interfaces, evening course",
    "status": "active",
    "started_on": "2026-03-02",
    "due_on": "2026-05-29",
    "hours_per_week": 4,
    "notes": "Then a real project for the portfolio.",
}


#: What has not come to its end yet.
_OPEN = frozenset({ActivityStatus.PLANNED, ActivityStatus.ACTIVE})


class Finding(NamedTuple):
    """One field that does not go with the others."""

    field: str
    code: Code
    words: str


def findings(*, status: str, started_on: date | None, finished_on: date | None) -> Iterator[Finding]:
    """Give what is wrong with the dates of an activity; nothing for sound ones.

    What is still to be done has no day on which it was finished: the field is unknown with it, hence the code.
    """
    if finished_on is None:
        return
    if started_on is not None and finished_on < started_on:
        yield Finding("finished_on", "order", "It must not be finished before it was started.")
    if status in _OPEN:
        yield Finding("finished_on", "unknown-field", "Only what is done or dropped has this field.")


class ActivityIn(In):
    """A new development activity."""

    id: Id | None = Field(default=None, description="An id of the caller's own, to work offline.")
    client_id: Id
    kind: ActivityKind
    title: Title
    status: ActivityStatus = ActivityStatus.PLANNED
    started_on: Day | None = None
    due_on: Day | None = None
    finished_on: Day | None = Field(
        default=None,
        description="Not before `started_on`, not after the client's date, which is the default with `done`; else only "
        "with `dropped`.",
    )
    hours_per_week: Hours | None = None
    evidence_url: Url | None = Field(default=None, description="Where it can be seen: a certificate, a portfolio.")
    credential: Title | None = Field(default=None, description="What it built that can be shown, in a line.")
    notes: Notes | None = None
    opportunity_ids: OpportunityIds = Field(default=[], description="Which of the client's opportunities it helps.")

    example: ClassVar[dict[str, Any]] = _EXAMPLE

    @model_validator(mode="after")
    def _dates_go_together(self) -> Self:
        for wrong in findings(status=self.status, started_on=self.started_on, finished_on=self.finished_on):
            raise rule_error(wrong.code, wrong.words, wrong.field)
        return self


class ActivityPatch(Patch):
    """What to change of a development activity; it stays with its client."""

    kind: ActivityKind | MISSING = MISSING
    title: Title | MISSING = MISSING
    status: ActivityStatus | MISSING = MISSING
    started_on: Day | None | MISSING = MISSING
    due_on: Day | None | MISSING = MISSING
    finished_on: Day | None | MISSING = Field(
        default=MISSING, description="Unless it is sent along, another `status` clears it, or sets it with `done`."
    )
    hours_per_week: Hours | None | MISSING = MISSING
    evidence_url: Url | None | MISSING = MISSING
    credential: Title | None | MISSING = MISSING
    notes: Notes | None | MISSING = MISSING
    opportunity_ids: OpportunityIds | MISSING = MISSING

    example: ClassVar[dict[str, Any]] = {
        "status": "done",
        "finished_on": "2026-03-13",
        "credential": "Certificate in accessible interfaces",
        "evidence_url": "https://mara.example/certificate",
    }


class ActivityOut(Out):
    """A development activity."""

    id: Id
    client_id: Id
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

    example: ClassVar[dict[str, Any]] = {
        "id": "01981d3c-5f0e-7c3a-9b1e-6a1d2f3c4d10",
        **_EXAMPLE,
        "finished_on": None,
        "evidence_url": None,
        "credential": None,
        "opportunity_ids": [],
        "version": 1,
        "created_at": "2026-03-02T09:00:00.000000Z",
        "updated_at": "2026-03-02T09:00:00.000000Z",
    }


class ActivityPage(Out):
    """A page of development activities."""

    items: Annotated[list[ActivityOut], shown.Paged]
    next_cursor: shown.NextCursor | None

    example: ClassVar[dict[str, Any]] = {"items": [ActivityOut.example], "next_cursor": None}


class ActivityQuery(ListQuery):
    """Which development activities to list."""

    client_id: Id | None = Field(default=None, description="Only those of this client, archived or not.")
    status: Annotated[list[ActivityStatus], Items(MAX_CHOICES)] = Field(
        default=[], description="Only these; repeat the parameter for more."
    )
