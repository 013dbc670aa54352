"""Between rows and the values of the rules."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from app.coaching.active import Opening
from app.coaching.confident import MOST_SHOWN, Ended
from app.coaching.credentials import Undertaking
from app.coaching.funnel import Tried
from app.coaching.landing import ends_the_search
from app.db.scope import Row
from app.db.vocabulary import ActivityKind, ActivityStatus, EmploymentStatus, OpportunityKind
from app.ghosting.vocabulary import Outcome, Stage, Status
from app.ghosting.wins import shows_an_offer
from app.kit.zones import zone
from app.plans.schemas import PlanWin
from app.plans.service.rooms import Won

_STAGES = tuple(Stage)
_OVER = frozenset({Status.GHOSTED, Status.CLOSED})


@dataclass(frozen=True, slots=True)
class Search:
    """A client's search as of an instant; `rows` are those of opportunities that were known or begun by then."""

    client_id: UUID
    time_zone: str
    employment: EmploymentStatus
    hours_free: int | None
    today: date
    first: Row
    rows: list[Row]

    def local(self, at: datetime | None) -> date | None:
        """Return the client's local date at an instant."""
        return None if at is None else at.astimezone(zone(self.time_zone)).date()

    @property
    def begun(self) -> list[Row]:
        """The rows of what is more than an idea, be it that it was struck off the list."""
        return [row for row in self.rows if Status(row["status"]) is not Status.NOT_STARTED]

    def _landed_on(self, row: Row) -> date | None:
        accepted = row["outcome"] == Outcome.ACCEPTED
        ended = accepted and ends_the_search(OpportunityKind(row["kind"]), self.employment)
        return self.local(row["status_since"]) if ended else None

    def openings(self) -> list[Opening]:
        """Return what has begun as staying active sees it."""
        return [
            Opening(
                id=row["id"],
                title=row["title"],
                company_name=row["company_name"],
                opened_on=self.local(row["opened_at"]),
                is_live=Status(row["status"]) not in _OVER,
                awaits_client=row["status"] == Status.YOUR_MOVE,
                landed_on=self._landed_on(row),
                acts=row["acts"],
            )
            for row in self.begun
        ]

    def ended(self) -> list[Ended]:
        """Return what has begun as staying confident sees it."""
        return [
            Ended(
                opportunity_id=row["id"],
                title=row["title"],
                company_name=row["company_name"],
                status=Status(row["status"]),
                outcome=_outcome(row),
                since=self.local(row["status_since"]),
            )
            for row in self.begun
        ]

    def tried(self, *, since: date) -> list[Tried]:
        """Return what was opened from a date on as the funnel sees it."""
        return [
            Tried(
                opened_on=opened,
                reached=_reached(row),
                status=Status(row["status"]),
                outcome=_outcome(row),
                introduced=bool(row["introduced"]),
                applied=_applied(row),
                screened=bool(row["screened"]),
            )
            for row in self.begun
            if (opened := self.local(row["opened_at"])) is not None and opened >= since
        ]

    def undertakings(self) -> list[Undertaking]:
        """Return the development activities."""
        return [self._undertaking(document) for document in self.first["activities"] or ()]

    def _undertaking(self, document: Mapping[str, Any]) -> Undertaking:
        known_on = self.local(datetime.fromisoformat(document["created_at"]))
        return Undertaking(
            id=UUID(document["id"]),
            kind=ActivityKind(document["kind"]),
            title=document["title"],
            status=ActivityStatus(document["status"]),
            started_on=_day(document["started_on"]),
            finished_on=_day(document["finished_on"]),
            hours_per_week=document["hours_per_week"],
            known_on=known_on or self.today,
        )


def search_of(rows: Sequence[Row], *, at: datetime) -> Search:
    """Return the search that the rows tell of; there is at least one."""
    first = rows[0]
    found = [
        row
        for row in rows
        if row["id"] is not None and (row["status"] != Status.NOT_STARTED or row["created_at"] <= at)
    ]
    return Search(
        client_id=first["client_id"],
        time_zone=first["time_zone"],
        employment=EmploymentStatus(first["employment_status"]),
        hours_free=first["hours_free_per_week"],
        today=at.astimezone(zone(first["time_zone"])).date(),
        first=first,
        rows=found,
    )


def wins_of(won: Iterable[Won]) -> list[PlanWin]:
    """Return the wins that are shown."""
    shown = [PlanWin.model_construct(**{n: getattr(win, n) for n in PlanWin.model_fields}) for win in won]
    return shown[:MOST_SHOWN]


def _outcome(row: Row) -> Outcome | None:
    return Outcome(row["outcome"]) if row["outcome"] else None


def _reached(row: Row) -> Stage:
    stage = _STAGES[row["reached"]]
    return Stage.OFFER if shows_an_offer(_outcome(row), stage) else stage


def _applied(row: Row) -> bool:
    return row["applied_at"] is not None and (row["spoken_at"] is None or row["applied_at"] <= row["spoken_at"])


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
