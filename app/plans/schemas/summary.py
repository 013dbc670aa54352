"""A client's search in numbers, on the wire (API.md section 4)."""

from typing import Annotated, Any, ClassVar

from pydantic import Field

from app.ghosting.vocabulary import Status
from app.kit import shown
from app.kit.fields import Day, Id, Instant
from app.kit.schema import Out
from app.plans.schemas.parts import PlanWin


class StatusCounts(Out):
    """How many opportunities have each status."""

    not_started: shown.Count = 0
    your_move: shown.Count = 0
    scheduled: shown.Count = 0
    waiting: shown.Count = 0
    on_hold: shown.Count = 0
    follow_up_due: shown.Count = 0
    follow_up_overdue: shown.Count = 0
    ball_in_their_court: shown.Count = 0
    ghosted: shown.Count = 0
    closed: shown.Count = 0


class ActivityCounts(Out):
    """What happened in seven days, as far as the caller may know of it."""

    new_openings: shown.Count
    by_candidate: shown.Count = Field(description="Applications, messages and whatever else the client sent.")
    by_employer: shown.Count
    meetings: shown.Count = Field(description="Interviews and meetings that took place.")


class SummaryOut(Out):
    """Where a client's search stands, and the last seven days of it."""

    client_id: Id
    as_of: Instant
    counts: StatusCounts
    since: Day = Field(description="The first of the seven local days, of which the last is that of `as_of`.")
    activity: ActivityCounts
    win_count: shown.Count
    wins: Annotated[list[PlanWin], shown.Unlimited] = Field(description="The newest first, at most 20.")

    example: ClassVar[dict[str, Any]] = {
        "client_id": "01981d3c-5f0e-7c3a-9b1e-6a1d2f3c4b10",
        "as_of": "2026-03-09T12:00:00.000000Z",
        "counts": dict.fromkeys((status.value for status in Status), 0) | {"waiting": 2, "ghosted": 1},
        "since": "2026-03-03",
        "activity": {"new_openings": 1, "by_candidate": 3, "by_employer": 1, "meetings": 1},
        "win_count": 0,
        "wins": [],
    }
