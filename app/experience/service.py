"""What a practice has learnt from the silences of its employers.

A process remembers all waits of a practice as of a snapshot of the database, and each verdict asks in its own statement
whose waits have changed since: exact for the snapshot of that statement, whoever wrote and wherever, and cheap, as it
is nobody's most of the time.
"""

import asyncio
from collections import OrderedDict, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from functools import lru_cache
from typing import Any
from uuid import UUID
from weakref import WeakValueDictionary

from app.db.scope import ScopedSession
from app.experience import repository
from app.ghosting.calendar import Calendar
from app.ghosting.experience import Experiences
from app.ghosting.observed import Observed
from app.ghosting.vocabulary import Wait
from app.ghosting.waits import Ending, Waited
from app.kit.zones import zone

#: How many waits a process remembers, of the practices asked for most lately: some hundred bytes each.
_MOST = 200_000
_WAITED = tuple(f.name for f in fields(Waited))


@dataclass(frozen=True, slots=True)
class Learnt:
    """What is remembered of a practice, and as of which snapshot: None before anything is."""

    snapshot: str | None = None
    seen: Experiences = field(default_factory=Experiences)

    @property
    def parameters(self) -> dict[str, Any]:
        """Return what a statement with the column `repository.learnt` is told."""
        return {"known_snapshot": self.snapshot}


NOTHING_YET = Learnt()
_remembered: OrderedDict[UUID, Learnt] = OrderedDict()
#: Held by whoever fetches the waits of a practice, as long as somebody waits for it.
_fetching: WeakValueDictionary[UUID, asyncio.Lock] = WeakValueDictionary()


async def replace(
    session: ScopedSession, *, opportunity_ids: Sequence[UUID], waits: Iterable[tuple[UUID, Sequence[Waited]]] = ()
) -> None:
    """Put waits, told by opportunity, in the place of all those of `opportunity_ids`."""
    rows = [
        {"opportunity_id": opportunity_id, "seq": seq, **{name: getattr(waited, name) for name in _WAITED}}
        for opportunity_id, of_one in waits
        for seq, waited in enumerate(of_one)
    ]
    await repository.replace_waits(session, opportunity_ids=opportunity_ids, waits=rows)


async def known(session: ScopedSession) -> Learnt:
    """Return what is remembered of the practice; the statement that is told of it says what is new.

    Of the first readers whom a process has for a practice one fetches all waits, maybe megabytes; the others wait.
    """
    if not session.scope.read_only or remembered(session) is not NOTHING_YET:
        return remembered(session)
    lock = _fetching.setdefault(_practice(session), asyncio.Lock())
    async with lock:
        if remembered(session) is NOTHING_YET:
            learnt(session, await repository.all_waits(session), known=NOTHING_YET)
    return remembered(session)


def remembered(session: ScopedSession) -> Learnt:
    """Return what this process remembers of the practice, which may be nothing yet."""
    return _remembered.get(_practice(session), NOTHING_YET)


def told(rows: Iterable[Mapping[Any, Any]]) -> Mapping[str, Any] | None:
    """Return what the rows of a statement tell of what is new: one of them does, wherever it has got to."""
    return next((row["learnt"] for row in rows if row["learnt"] is not None), None)


def learnt(session: ScopedSession, news: Mapping[str, Any] | None, *, known: Learnt) -> Experiences:
    """Return what the practice has seen: what was known and, of those whose waits have changed, the `news`."""
    if news is None:
        return known.seen
    people = _people(news)
    base = known.seen if news["people"] is not None else NOTHING_YET.seen
    found = Learnt(news["snapshot"], base.replaced(people, now=_instant(news["now"])))
    # A transaction that writes sees what nobody else may ever see.
    if session.scope.read_only and remembered(session) is known:
        _remember(_practice(session), found)
    return found.seen


def _practice(session: ScopedSession) -> UUID:
    practice_id = session.scope.practice_id
    if practice_id is None:
        raise LookupError("only a practice learns")
    return practice_id


def _remember(practice_id: UUID, found: Learnt) -> None:
    _remembered[practice_id] = found
    _remembered.move_to_end(practice_id)
    while len(_remembered) > 1 and sum(learnt.seen.size for learnt in _remembered.values()) > _MOST:
        _remembered.popitem(last=False)


def _people(news: Mapping[str, Any]) -> Mapping[str, Sequence[Observed]]:
    """Return the waits of everybody in the news, also of those who have none any more."""
    zones: Mapping[str, str] = news["zones"] or {}
    calendars = {name: Calendar(zone(name), frozenset()) for name in set(zones.values())}
    people: defaultdict[str, list[Observed]] = defaultdict(list, {name: [] for name in news["people"] or ()})
    for client, company, wait, started_at, started_on, *end in news["waits"] or ():
        waited = Waited(Wait(wait), _instant(started_at), _date(started_on), None, *_end(*end))
        people[client].append(Observed(client, company, calendars[zones[client]], waited))
    return people


def _end(at: str | None, on: str | None, ending: str | None) -> tuple[datetime | None, date | None, Ending | None]:
    if at is None or on is None or ending is None:
        return None, None, None
    return _instant(at), _date(on), Ending(ending)


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text)


@lru_cache(maxsize=4_096)
def _date(text: str) -> date:
    return date.fromisoformat(text)
