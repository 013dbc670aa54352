"""The facts of one opportunity as a picture needs them, and what of them is in sight."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo

from app.drawing.axis import Scale
from app.drawing.text import after
from app.ghosting.vocabulary import ACTORS, Actor, Kind, Status

#: How far before the latest entry a picture reaches back.
REACH = timedelta(days=730)
_ONE, _SEVERAL, _DIGIT = 5.5, 8.5, 4.0
_LEAST_DAYS = 14
_DAWN = datetime(1900, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that happened, or is to come."""

    kind: Kind
    at: datetime
    ahead: bool


@dataclass(frozen=True, slots=True)
class Stretch:
    """A status and how long it lasts; without an end it stays."""

    status: Status
    starts_at: datetime
    ends_at: datetime | None


@dataclass(frozen=True, slots=True)
class Window:
    """The local dates on which the one follow-up is due, and from when silence is ghosting."""

    opens_on: date | None
    closes_on: date | None
    ghosted_on: date | None


@dataclass(frozen=True, slots=True)
class Story:
    """One opportunity as of an instant; `earlier` counts entries that there are besides `entries`."""

    key: str
    title: str
    company: str
    zone: tzinfo
    as_of: datetime
    is_today: bool
    status: Status
    entries: Sequence[Entry]
    stretches: Sequence[Stretch]
    window: Window
    earlier: int = 0

    def local(self, at: datetime) -> date:
        """Return the client's local date at an instant."""
        return at.astimezone(self.zone).date()

    @property
    def today(self) -> date:
        """The local date as of which all this holds."""
        return self.local(self.as_of)

    def recent(self) -> tuple[list[Entry], int]:
        """Return the entries that the picture reaches back to, and how many more there are."""
        begin = self._begin()
        kept = [entry for entry in self.entries if entry.at >= begin]
        late = sum(entry.at - self.as_of > REACH for entry in kept)
        return [e for e in kept if e.at - self.as_of <= REACH], self.earlier + len(self.entries) - len(kept) + late

    def _begin(self) -> datetime:
        """Return from when on things are shown."""
        latest = max((entry.at for entry in self.entries if not entry.ahead), default=self.as_of)
        return max(latest, _DAWN) - REACH

    def scale(self, kept: Sequence[Entry], *, left: float, right: float) -> Scale:
        """Return the scale on which all that is shown has its place."""
        known = [self.today, *(self.local(entry.at) for entry in kept)]
        begin, horizon = self._begin(), after(self.today, by=REACH.days)
        turns = [s.starts_at for s in self.stretches if s.status is not Status.NOT_STARTED]
        known += [self.local(at) for at in turns if at >= begin]
        dates = (self.window.closes_on, self.window.ghosted_on)
        known += [on for on in dates if on is not None and on >= min(known)]
        known = [min(on, horizon) for on in known]
        first, last = min(known), max(known)
        days = max((last - first).days, _LEAST_DAYS)
        pad = max(1, days // 24)
        return Scale(after(first, by=-pad), after(first, by=days + pad + 1), self.zone, left, right)


@dataclass(slots=True)
class Mark:
    """Entries of one side that stand too close to be told apart."""

    x: float
    actor: Actor
    entries: list[Entry]

    @property
    def ahead(self) -> bool:
        """Whether all of them are to come."""
        return all(entry.ahead for entry in self.entries)

    @property
    def radius(self) -> float:
        """How far it reaches: several have their number inside."""
        if len(self.entries) == 1:
            return _ONE
        return _SEVERAL + _DIGIT * max(0, len(str(len(self.entries))) - 2)


def marks(entries: Sequence[Entry], scale: Scale) -> list[Mark]:
    """Return what is marked on the line, from left to right."""
    sides: dict[Actor, list[Mark]] = {}
    for entry in sorted(entries, key=lambda e: (e.at, e.kind)):
        actor = ACTORS[entry.kind]
        side = sides.setdefault(Actor.CANDIDATE if actor is Actor.NOBODY else actor, [])
        side.append(Mark(scale.at(entry.at), actor, [entry]))
    return sorted((mark for side in sides.values() for mark in _merged(side)), key=lambda mark: mark.x)


def _merged(side: list[Mark]) -> list[Mark]:
    """Return the marks of a side with those made one that would touch."""
    while True:
        kept: list[Mark] = []
        for mark in side:
            if kept and _touch(kept[-1], mark):
                kept[-1].entries.extend(mark.entries)
            else:
                kept.append(mark)
        if len(kept) == len(side):
            return kept
        side = kept


def _touch(one: Mark, other: Mark) -> bool:
    """Whether two marks are to be one; what was and what is to come stay apart as long as each is single."""
    if one.ahead != other.ahead and max(len(one.entries), len(other.entries)) == 1:
        return False
    return other.x - one.x <= one.radius + other.radius
