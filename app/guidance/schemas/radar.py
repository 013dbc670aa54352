"""The caseload on the wire: who needs a coach, on what evidence, and what the coming week brings."""

from typing import Annotated, Any, ClassVar

from pydantic import Field

from app.coaching.radar import LatestKind, Signal
from app.ghosting.vocabulary import Status
from app.guidance.schemas import QueueClient, QueueOpportunity, QueueQuery
from app.kit import shown
from app.kit.fields import Day, Id, Instant
from app.kit.schema import Out


class RadarQuery(QueueQuery):
    """Whose caseload to look over, and for when."""


class RadarEvidence(Out):
    """An opportunity that a signal rests on."""

    id: Id
    title: shown.Name
    company_name: shown.Name
    on: Day = Field(description="The client's local date that matters: since when ghosted, or the promised one.")


class RadarLatestOut(Out):
    """The latest thing of the kind that is missing."""

    kind: LatestKind
    id: Id
    on: Day


class RadarSignal(Out):
    """One thing to look at, and what it rests on."""

    code: Signal
    text: shown.Sentence
    count: shown.Count = Field(
        description="Opportunities that it is about, or days without a win or a touch of the plan."
    )
    since: Day
    opportunities: Annotated[list[RadarEvidence], shown.Unlimited] = Field(description="The longest past first.")
    latest: RadarLatestOut | None = Field(
        description="The last win, or the last decision, action or activity of the plan; null if there is none."
    )


class RadarLine(Out):
    """A client who needs a look."""

    rank: shown.Count = Field(description="The place on the whole radar, from 1 on.")
    client: QueueClient
    live_openings: shown.Count = Field(description="Begun, not ghosted, not closed.")
    signals: Annotated[list[RadarSignal], shown.Unlimited] = Field(description="The most pressing first.")


class RadarCounts(Out):
    """How many clients are in scope, and how many of them show each signal."""

    clients: shown.Count
    no_live_opening: shown.Count = 0
    promise_broken: shown.Count = 0
    ghosted_lately: shown.Count = 0
    no_recent_win: shown.Count = 0
    plan_untouched: shown.Count = 0


class TurnAhead(Out):
    """A status that comes by itself."""

    at: Instant
    client: QueueClient
    opportunity: QueueOpportunity
    from_status: Status
    to_status: Status


class DayAhead(Out):
    """A local date of the coming week on which something changes."""

    on: Day
    follow_up_due: shown.Count = Field(description="How many windows open.")
    follow_up_overdue: shown.Count = Field(description="How many windows close unused.")
    ghosted: shown.Count = Field(description="How many turn ghosted.")
    items: Annotated[list[TurnAhead], shown.Unlimited] = Field(
        description="In their order in time; at most 100, the numbers cover all."
    )


class RadarPage(Out):
    """A page of the radar."""

    as_of: Instant
    counts: RadarCounts
    items: Annotated[list[RadarLine], shown.Paged]
    week_ahead: Annotated[list[DayAhead], shown.Unlimited] | None = Field(
        description="Each client's next seven local dates, if nobody writes; null on later pages."
    )
    next_cursor: shown.NextCursor | None

    example: ClassVar[dict[str, Any]] = {
        "as_of": "2026-03-16T12:00:00.000000Z",
        "counts": {**dict.fromkeys(Signal, 0), "clients": 12, "promise_broken": 1},
        "items": [
            {
                "rank": 1,
                "client": {"id": "01981d3c-5f0e-7c3a-9b1e-6a1d2f3c4b10", "name": "Mara Example"},
                "live_openings": 4,
                "signals": [
                    {
                        "code": "promise_broken",
                        "text": "1 said by when they would answer, and the date passed without a word.",
                        "count": 1,
                        "since": "2026-03-09",
                        "opportunities": [
                            {
                                "id": "01981d3c-5f0e-7c3a-9b1e-6a1d2f3c4b5a",
                                "title": "Head of Design",
                                "company_name": "Example Works",
                                "on": "2026-03-09",
                            }
                        ],
                        "latest": None,
                    }
                ],
            }
        ],
        "week_ahead": [
            {
                "on": "2026-03-18",
                "follow_up_due": 0,
                "follow_up_overdue": 0,
                "ghosted": 1,
                "items": [
                    {
                        "at": "2026-03-18T00:00:00.000000Z",
                        "client": {"id": "01981d3c-5f0e-7c3a-9b1e-6a1d2f3c4b10", "name": "Mara Example"},
                        "opportunity": {
                            "id": "01981d3c-5f0e-7c3a-9b1e-6a1d2f3c4b5c",
                            "title": "Design Lead",
                            "company_name": "Example Works",
                        },
                        "from_status": "follow_up_overdue",
                        "to_status": "ghosted",
                    }
                ],
            }
        ],
        "next_cursor": None,
    }
