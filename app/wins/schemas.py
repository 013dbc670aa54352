"""Wins on the wire (API.md, win)."""

from typing import Annotated, Any, ClassVar

from pydantic import MISSING, Field

from app.db.vocabulary import WinOrigin
from app.ghosting.vocabulary import WinKind
from app.kit import shown
from app.kit.fields import Day, Id, Instant, Line, Text
from app.kit.lists import ListQuery
from app.kit.schema import In, Out, Patch

Title = Annotated[str, Line(200)]
Note = Annotated[str, Text(2_000)]

_EXAMPLE: dict[str, Any] = {
    "client_id": "01981d3c-5f0e-7c3a-9b1e-6a1d2f3c4b10",
    "title": "Told the story of the relaunch without notes",
    "note": "Rehearsed it twice with a friend.",
    "occurred_on": "2026-03-06",
}


class WinIn(In):
    """A win that somebody noticed."""

    id: Id | None = Field(default=None, description="An id of the caller's own, to work offline.")
    client_id: Id
    opportunity_id: Id | None = Field(default=None, description="On which of the client's opportunities it was.")
    title: Title
    note: Note | None = None
    occurred_on: Day = Field(description="Not after the client's date.")

    example: ClassVar[dict[str, Any]] = _EXAMPLE


class WinPatch(Patch):
    """What to change of a noted win; it stays with its client."""

    opportunity_id: Id | None | MISSING = MISSING
    title: Title | MISSING = MISSING
    note: Note | None | MISSING = MISSING
    occurred_on: Day | MISSING = Field(default=MISSING, description="Not after the client's date.")

    example: ClassVar[dict[str, Any]] = {"note": "And it showed."}


class WinOut(Out):
    """A win, derived from what happened or noted by hand."""

    id: Id = Field(description="That of a derived one is the same as long as what brought it stands.")
    client_id: Id
    opportunity_id: Id | None
    title: shown.Name
    note: shown.Note | None
    occurred_on: Day = Field(description="The client's local date.")
    origin: WinOrigin
    kind: WinKind = Field(description="`other` for every noted one.")
    interaction_id: Id | None = Field(description="What brought a derived one about, on a timeline.")
    activity_id: Id | None = Field(description="The development activity that was finished.")
    evidence_url: shown.Url | None = Field(description="Where what was finished can be seen.")
    credential: shown.Name | None = Field(description="What it built that can be shown.")
    version: shown.Version = Field(description="Always 1 for a derived one.")
    created_at: Instant | None = Field(description="Null for a derived one, as is `updated_at`.")
    updated_at: Instant | None

    example: ClassVar[dict[str, Any]] = {
        "id": "01981d3c-5f0e-7c3a-9b1e-6a1d2f3c4e10",
        **_EXAMPLE,
        "opportunity_id": None,
        "origin": "noted",
        "kind": "other",
        "interaction_id": None,
        "activity_id": None,
        "evidence_url": None,
        "credential": None,
        "version": 1,
        "created_at": "2026-03-06T17:00:00.000000Z",
        "updated_at": "2026-03-06T17:00:00.000000Z",
    }


class WinPage(Out):
    """A page of wins, the newest first."""

    items: Annotated[list[WinOut], shown.Paged]
    next_cursor: shown.NextCursor | None

    example: ClassVar[dict[str, Any]] = {"items": [WinOut.example], "next_cursor": None}


class WinQuery(ListQuery):
    """Which wins to list."""

    client_id: Id | None = Field(default=None, description="Only those of this client, archived or not.")
    after: Day | None = Field(default=None, description="Only on this date or later.")
    before: Day | None = Field(default=None, description="Only before this date.")
