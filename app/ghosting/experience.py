"""All waits of a practice, summed up for any instant (docs/outlook.md): what its outlooks are learnt from."""

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from itertools import chain
from typing import Any, TypeVar

from app.ghosting.calendar import BEGINNING, Calendar
from app.ghosting.observed import Observed, local_date, summed
from app.ghosting.outlook import EMPLOYER_FROM, NOTHING, Experience, Outlook, experience, outlook
from app.ghosting.vocabulary import Wait
from app.ghosting.waits import Ending

#: From how many clients on their waits at an employer are taken together: fewer could be recognised.
CROWD = 5
_MOST_SUMS = 5_000
Sum = TypeVar("Sum")


@dataclass(slots=True)
class _Moment:
    """What was told of an instant: it holds until the date changes for somebody, or something comes that lay ahead."""

    at: datetime | None = None
    stands: tuple[object, ...] = ()
    dates: tuple[date, ...] = ()
    told: dict[tuple[Wait, int, str, str], Outlook] = field(default_factory=dict)


@dataclass(slots=True)
class _Settled:
    """Waits of one kind to which nothing but time happens any more, counted."""

    running: Counter[tuple[str, int]] = field(default_factory=Counter)  # by zone and day of the beginning
    cut: Counter[int] = field(default_factory=Counter)  # by days of observation
    replies: int = 0

    def copy(self) -> "_Settled":
        return _Settled(self.running.copy(), self.cut.copy(), self.replies)

    def count(self, one: Observed, times: int) -> None:
        waited = one.waited
        if waited.ending is Ending.BOUNCE:
            return
        if waited.ended_on is None or waited.ending is Ending.REPLY:
            self.running[one.calendar.zone.key, waited.started_on.toordinal()] += times
            self.replies += times * (waited.ending is Ending.REPLY)
        else:
            self.cut[max(0, (waited.ended_on - waited.started_on).days)] += times

    def total(self, wait: Wait, today: Mapping[str, int]) -> Experience:
        ages = self.cut.copy()
        for (zone, began), n in self.running.items():
            ages[max(0, today[zone] - began)] += n
        return experience(wait, ages.items(), replies=self.replies)


_Place = tuple[str, Wait]
_Places = Mapping[_Place, Mapping[str, Sequence[Observed]]]
_People = Mapping[str, Sequence[Observed]]
#: When something changes: at a place, for a kind of wait, and at all.
_Turns = Mapping[_Place | Wait | None, Sequence[datetime]]


@dataclass(frozen=True, slots=True)
class Experiences:
    """What a practice has seen, client by client. Never changed, only replaced: each reader has their own snapshot's.

    From `since` on all but the waits `ahead` is settled, and kept in sums; of an instant before it each wait is asked.
    """

    since: datetime = BEGINNING
    people: _People = field(default_factory=dict)
    ahead: _People = field(default_factory=dict)
    places: _Places = field(default_factory=dict)
    _turns: _Turns = field(default_factory=dict)  # of what is ahead
    _settled: Mapping[Wait, _Settled] = field(default_factory=dict)
    _calendars: dict[str, Calendar] = field(default_factory=dict)
    _sums: dict[tuple[object, ...], Any] = field(default_factory=dict)
    _moment: _Moment = field(default_factory=_Moment)

    @property
    def size(self) -> int:
        """Return how many waits these are."""
        return sum(map(len, self.people.values()))

    def outlook(self, wait: Wait, days: int, *, company: str, client: str, at: datetime) -> Outlook:
        """Return the outlook at an instant of a client's silence that is open since `days`: it teaches all others."""
        told, key = self._at(at).told, (wait, days, company, client)
        if key not in told:
            practice = self.practice(wait, at).without(wait, days)
            told[key] = outlook(wait, days, practice, self.employer(wait, company, client, at).without(wait, days))
        return told[key]

    def _at(self, at: datetime) -> _Moment:
        moment = self._moment
        if at != moment.at:
            dates = tuple(local_date(calendar.zone, at) for calendar in self._calendars.values())
            stands = (at,) if at < self.since else (bisect_right(self._turns.get(None, ()), at), *dates)
            if stands != moment.stands or len(moment.told) > _MOST_SUMS:
                moment.told = {}
            moment.at, moment.stands, moment.dates = at, stands, dates
        return moment

    def practice(self, wait: Wait, at: datetime) -> Experience:
        """Sum up all waits of a kind."""
        if at < self.since:
            return summed(wait, chain.from_iterable(self.people.values()), at)
        found = NOTHING
        if wait in self._settled:
            found = self._known((wait, *self._at(at).dates), lambda: self._settled[wait].total(wait, self._days(at)))
        if not self.ahead:
            return found
        key = (wait, *self._turned(wait, at))
        return found + self._known(key, lambda: summed(wait, chain.from_iterable(self.ahead.values()), at))

    def employer(self, wait: Wait, company: str, client: str, at: datetime) -> Experience:
        """Sum up the waits of a kind at an employer: everybody's from five clients on, else the client's own."""
        there = self.places.get((company, wait), {})
        if at < self.since:
            return _everybodys(wait, there, at) or summed(wait, there.get(client, ()), at)
        turned, found = (*self._turned((company, wait), at),), None
        if len(there) >= CROWD:
            found = self._known((wait, company, *turned), lambda: _everybodys(wait, there, at))
        if found is None and len(there.get(client, ())) > EMPLOYER_FROM:
            found = self._known((wait, company, client, *turned), lambda: summed(wait, there[client], at))
        return found or NOTHING

    def _days(self, at: datetime) -> Mapping[str, int]:
        dates = zip(self._calendars, self._at(at).dates, strict=True)
        return {zone: today.toordinal() for zone, today in dates}

    def _turned(self, about: _Place | Wait, at: datetime) -> Iterator[object]:
        """Give all that these sums depend on: the dates, and how much of what lay ahead has come."""
        yield bisect_right(self._turns.get(about, ()), at)
        yield from self._at(at).dates

    def _known(self, key: tuple[object, ...], find: Callable[[], Sum]) -> Sum:
        """Return a sum that has been asked for before, mostly by the row above."""
        if key not in self._sums:
            if len(self._sums) > _MOST_SUMS:
                self._sums.clear()
            self._sums[key] = find()
        found: Sum = self._sums[key]
        return found

    def _sums_besides(self, touched: Container[_Place]) -> dict[tuple[object, ...], Any]:
        """Return the sums of all employers but these: what the whole practice has seen changes with each wait."""
        return {
            key: found for key, found in self._sums.items() if isinstance(key[1], str) and key[1::-1] not in touched
        }

    def replaced(self, people: _People, *, now: datetime) -> "Experiences":
        """Return the same with these clients' waits in the place of their former ones, settled as of now."""
        ahead = {name: [one for one in found if one.last_change() > now] for name, found in people.items()}
        gone = [one for name in people for one in _rest(self.people.get(name, ()), self.ahead.get(name, ()))]
        come = [one for name, found in people.items() for one in _rest(found, ahead[name])]
        all_ahead = _filled({**self.ahead, **ahead})
        return replace(
            self,
            since=max([self.since, *(one.last_change() for one in come)]),
            people=_filled({**self.people, **people}),
            ahead=all_ahead,
            _turns=_turns(chain.from_iterable(all_ahead.values())),
            places=_placed(self.places, self.people, people),
            _settled=_counted(self._settled, gone, come),
            _calendars=self._calendars
            | {one.calendar.zone.key: one.calendar for found in people.values() for one in found},
            _moment=_Moment(),
            _sums=self._sums_besides(_touched(self.people, people)),
        )


def _everybodys(wait: Wait, there: Mapping[str, Sequence[Observed]], at: datetime) -> Experience | None:
    been = sum(any(one.days(at) is not None for one in observed) for observed in there.values())
    return summed(wait, chain.from_iterable(there.values()), at) if been >= CROWD else None


def _rest(observed: Sequence[Observed], without: Sequence[Observed]) -> Sequence[Observed]:
    return [one for one in observed if one not in without] if without else observed


def _filled(people: _People) -> _People:
    return {name: observed for name, observed in people.items() if observed}


def _counted(
    settled: Mapping[Wait, _Settled], gone: Iterable[Observed], come: Iterable[Observed]
) -> Mapping[Wait, _Settled]:
    found = {wait: counts.copy() for wait, counts in settled.items()}
    for times, observed in ((-1, gone), (1, come)):
        for one in observed:
            found.setdefault(one.waited.wait, _Settled()).count(one, times)
    return found


def _placed(places: _Places, former: _People, present: _People) -> _Places:
    """Return the places with the present waits of some clients and without their former ones."""
    touched = _touched(former, present)
    fresh = {
        place: {name: [*observed] for name, observed in places.get(place, {}).items() if name not in present}
        for place in touched
    }
    for one in chain.from_iterable(present.values()):
        fresh[_place(one)].setdefault(one.client, []).append(one)
    return {place: there for place, there in {**places, **fresh}.items() if there}


def _touched(former: _People, present: _People) -> set[_Place]:
    return {_place(one) for name in present for one in (*former.get(name, ()), *present[name])}


def _turns(ahead: Iterable[Observed]) -> _Turns:
    found: defaultdict[_Place | Wait | None, list[datetime]] = defaultdict(list)
    for one in ahead:
        for about in (_place(one), one.waited.wait, None):
            found[about] += (one.waited.started_at, one.last_change())
    return {about: sorted(instants) for about, instants in found.items()}


def _place(one: Observed) -> _Place:
    return one.company, one.waited.wait
