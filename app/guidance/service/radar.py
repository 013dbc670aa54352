"""The caseload: the facts of each client put together, judged by the table of signals, and the days ahead."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from app.access.principal import Caller
from app.coaching.landing import ends_the_search
from app.coaching.radar import THRESHOLDS, Case, Evidence, Found, Latest, LatestKind, Line, Signal, radar
from app.db.scope import Row, ScopedSession
from app.db.vocabulary import EmploymentStatus, OpportunityKind
from app.guidance.repository import radar as repository
from app.guidance.repository.parts import Part
from app.guidance.schemas import QueueClient, QueueOpportunity
from app.guidance.schemas.radar import (
    DayAhead,
    RadarCounts,
    RadarEvidence,
    RadarLatestOut,
    RadarLine,
    RadarQuery,
    RadarSignal,
    TurnAhead,
)
from app.guidance.service.work import coach_asked_for
from app.kit.pages import Page, Position
from app.kit.zones import zone

_DAYS_AHEAD = 7
_MOST_A_DAY = 100
#: Nobody's page is longer, and urgency and extent stay readable in a cursor.
_Place = tuple[int, int, str]


@dataclass(frozen=True, slots=True)
class Radar:
    """One page of the caseload as of an instant; the days ahead on the first page only."""

    as_of: datetime
    counts: RadarCounts
    page: Page[RadarLine]
    week_ahead: list[DayAhead] | None


@dataclass(slots=True)
class _Person:
    """What the rows tell of one client."""

    id: UUID
    told: dict[str, Any] = field(default_factory=dict)
    ahead: list[Mapping[str, Any]] = field(default_factory=list)

    @property
    def about(self) -> Mapping[str, Any]:
        about: Mapping[str, Any] = self.told[Part.PERSON]
        return about

    def local(self, text: str | None) -> date | None:
        """Return the local date of an instant, or a date as it is."""
        if text is None or "T" not in text:
            return None if text is None else date.fromisoformat(text)
        return datetime.fromisoformat(text).astimezone(zone(self.about["time_zone"])).date()


async def caseload(
    session: ScopedSession, *, caller: Caller, query: RadarQuery, after: Position | None, at: datetime
) -> Radar:
    """Return a page of the radar; `at` is the instant of the whole walk. Raise NotAllowed."""
    as_of = query.as_of or at
    rows = await repository.radar(
        session,
        coach_id=coach_asked_for(caller.principal, query),
        at=as_of,
        ghosted_days=THRESHOLDS[Signal.GHOSTED_LATELY].days,
        promised_days=THRESHOLDS[Signal.PROMISE_BROKEN].days,
        ahead_days=_DAYS_AHEAD if after is None else None,
    )
    people = _people(rows)
    lines = radar(_case(person, as_of) for person in people.values())
    return Radar(
        as_of,
        _counts(people, lines),
        _page(lines, after=after, limit=query.limit, at=at),
        _week(people.values(), as_of) if after is None else None,
    )


def _people(rows: Sequence[Row]) -> dict[UUID, _Person]:
    people = {row["client_id"]: _Person(row["client_id"]) for row in rows if row["part"] == Part.PERSON}
    for row in rows:
        person = people.get(row["client_id"])
        if person is None:
            continue
        if row["part"] == Part.AHEAD:
            person.ahead.append(row["data"])
        else:
            person.told[row["part"]] = row["data"]
    return people


def _case(person: _Person, as_of: datetime) -> Case:
    openings = person.told.get(Part.OPENINGS) or {}
    today = as_of.astimezone(zone(person.about["time_zone"])).date()
    began = (person.local(person.about["created_at"]), person.local(openings.get("begun")))
    return Case(
        client_id=person.id,
        name=person.about["name"],
        today=today,
        since=min((*(day for day in began if day is not None), today)),
        openings=openings.get("openings", 0),
        live=openings.get("live", 0),
        ended_on=person.local(openings.get("ended")),
        landed_on=_landed_on(person, openings.get("accepted")),
        ghosted=_evidence(person, openings.get("ghosted"), "at"),
        promised=[item for item in _evidence(person, openings.get("promised"), "on") if item.on < today],
        win=_latest(person, Part.WIN),
        touch=_latest(person, Part.TOUCH),
    )


def _landed_on(person: _Person, accepted: Iterable[Mapping[str, Any]] | None) -> date | None:
    """Return the latest local date on which something was accepted that ends the search."""
    employment = EmploymentStatus(person.about["employment_status"])
    ended = (item for item in accepted or () if ends_the_search(OpportunityKind(item["kind"]), employment))
    return max((day for item in ended if (day := person.local(item["at"])) is not None), default=None)


def _evidence(person: _Person, found: Iterable[Mapping[str, Any]] | None, when: str) -> list[Evidence]:
    told = []
    for item in found or ():
        day = person.local(item[when])
        if day is not None:
            told.append(Evidence(UUID(item["id"]), item["title"], item["company_name"], day))
    return told


def _latest(person: _Person, part: Part) -> Latest | None:
    found = person.told.get(part)
    day = person.local(found["when"]) if found else None
    return Latest(LatestKind(found["kind"]), UUID(found["id"]), day) if found and day else None


def _counts(people: Mapping[UUID, _Person], lines: Sequence[Line]) -> RadarCounts:
    shown = [found.signal for line in lines for found in line.found]
    return RadarCounts(clients=len(people), **{signal.value: shown.count(signal) for signal in Signal})


def _page(lines: Sequence[Line], *, after: Position | None, limit: int, at: datetime) -> Page[RadarLine]:
    done, last = _place(after)
    left = [line for line in lines if last is None or line.place > last]
    kept = left[:limit]
    items = [_line(line, done + number) for number, line in enumerate(kept, 1)]
    if len(left) <= limit:
        return Page(items, None)
    urgency, extent, ident = kept[-1].place
    return Page(items, Position(f"{done + len(kept)}|{urgency}|{extent}", ident, at))


def _place(after: Position | None) -> tuple[int, _Place | None]:
    if after is None:
        return 0, None
    done, urgency, extent = (int(part) for part in after.key.split("|"))
    return done, (urgency, extent, after.id)


def _line(line: Line, rank: int) -> RadarLine:
    return RadarLine.model_construct(
        rank=rank,
        client=QueueClient.model_construct(id=line.case.client_id, name=line.case.name),
        live_openings=line.case.live,
        signals=[_signal(found) for found in line.found],
    )


def _signal(found: Found) -> RadarSignal:
    latest = found.latest
    return RadarSignal.model_construct(
        code=found.signal,
        text=found.text,
        count=found.count,
        since=found.since,
        opportunities=[
            RadarEvidence.model_construct(id=o.id, title=o.title, company_name=o.company_name, on=o.on)
            for o in found.openings
        ],
        latest=latest and RadarLatestOut.model_construct(kind=latest.kind, id=latest.id, on=latest.on),
    )


def _week(people: Iterable[_Person], as_of: datetime) -> list[DayAhead]:
    """Return the days on which something changes, as each client's calendar has them."""
    days: dict[date, list[TurnAhead]] = {}
    for person in people:
        last = as_of.astimezone(zone(person.about["time_zone"])).date() + timedelta(_DAYS_AHEAD)
        for told in person.ahead:
            day = person.local(told["at"])
            if day is not None and day <= last:
                days.setdefault(day, []).append(_turn(person, told))
    return [_day(day, turns) for day, turns in sorted(days.items())]


def _turn(person: _Person, told: Mapping[str, Any]) -> TurnAhead:
    return TurnAhead.model_construct(
        at=datetime.fromisoformat(told["at"]),
        client=QueueClient.model_construct(id=person.id, name=person.about["name"]),
        opportunity=QueueOpportunity.model_construct(
            id=UUID(told["id"]), title=told["title"], company_name=told["company_name"]
        ),
        from_status=told["former"],
        to_status=told["status"],
    )


def _day(day: date, turns: list[TurnAhead]) -> DayAhead:
    turns.sort(key=lambda turn: (turn.at, str(turn.opportunity.id)))
    numbers = {status.value: sum(turn.to_status == status for turn in turns) for status in repository.AHEAD}
    return DayAhead.model_construct(None, on=day, items=turns[:_MOST_A_DAY], **numbers)
