"""Who of the caseload needs a coach, and on what evidence: one table of signals and their thresholds."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from types import MappingProxyType
from uuid import UUID


class Signal(StrEnum):
    """What a coach should look at, the most pressing first."""

    NO_LIVE_OPENING = "no_live_opening"
    PROMISE_BROKEN = "promise_broken"
    GHOSTED_LATELY = "ghosted_lately"
    NO_RECENT_WIN = "no_recent_win"
    PLAN_UNTOUCHED = "plan_untouched"


class LatestKind(StrEnum):
    """What the latest thing of a kind is: a success, or what was made of the plan."""

    WIN = "win"
    DECISION = "decision"
    ACTION = "action"
    ACTIVITY = "activity"


@dataclass(frozen=True, slots=True)
class Threshold:
    """From when on a signal is given: `at_least` so many, counted over the last `days` (0: at this moment)."""

    days: int
    at_least: int = 1


#: All numbers of the radar. Promises: the date lies at most so far back. Wins and plan: nothing for so many days, of
#: somebody who has been there as long.
THRESHOLDS: Mapping[Signal, Threshold] = MappingProxyType(
    {
        Signal.NO_LIVE_OPENING: Threshold(0),
        Signal.PROMISE_BROKEN: Threshold(45),
        Signal.GHOSTED_LATELY: Threshold(30, at_least=3),
        Signal.NO_RECENT_WIN: Threshold(21),
        Signal.PLAN_UNTOUCHED: Threshold(14),
    }
)
#: Whoever has found what they looked for is no concern of the radar for so long, whatever became of the rest.
LANDED_DAYS = 90


@dataclass(frozen=True, slots=True)
class Evidence:
    """An opportunity that a signal rests on, and the local date that matters about it."""

    id: UUID
    title: str
    company_name: str
    on: date


@dataclass(frozen=True, slots=True)
class Latest:
    """The latest thing of a kind: what it was, and on which local date."""

    kind: LatestKind
    id: UUID
    on: date


@dataclass(frozen=True, slots=True)
class Case:
    """What is known of one client's search on the local date `today`."""

    client_id: UUID
    name: str
    today: date
    since: date
    openings: int = 0
    live: int = 0
    ended_on: date | None = None
    landed_on: date | None = None
    ghosted: Sequence[Evidence] = ()
    promised: Sequence[Evidence] = ()
    win: Latest | None = None
    touch: Latest | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """A signal with what it rests on: how many, since when, which opportunities, and the latest of what is missing."""

    signal: Signal
    count: int
    since: date
    text: str
    openings: Sequence[Evidence] = ()
    latest: Latest | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """A client on the radar."""

    case: Case
    found: Sequence[Found]

    @property
    def urgency(self) -> int:
        """Return a number that is larger the more pressing the signals are: the first one that differs decides."""
        return sum(_WEIGHTS[found.signal] for found in self.found)

    @property
    def extent(self) -> int:
        """Return how many opportunities the signals rest on."""
        return sum(len(found.openings) for found in self.found)

    @property
    def place(self) -> tuple[int, int, str]:
        """Return what sorts the lines."""
        return -self.urgency, -self.extent, str(self.case.client_id)


def radar(cases: Iterable[Case]) -> list[Line]:
    """Return the clients who show a signal, the most urgent first; whoever has found something shows none."""
    searching = (case for case in cases if not _landed(case))
    lines = (Line(case, tuple(found for look in _LOOKS if (found := look(case)))) for case in searching)
    return sorted((line for line in lines if line.found), key=lambda line: line.place)


_WEIGHTS = {signal: 2**place for place, signal in enumerate(reversed(Signal))}


def _days(count: int) -> str:
    return "1 day" if count == 1 else f"{count} days"


def _within(case: Case, evidence: Sequence[Evidence], days: int) -> tuple[Evidence, ...]:
    """Return those of the last days, the longest past first."""
    earliest = case.today - timedelta(days)
    kept = (item for item in evidence if earliest <= item.on <= case.today)
    return tuple(sorted(kept, key=lambda item: (item.on, str(item.id))))


def _landed(case: Case) -> bool:
    return case.landed_on is not None and (case.today - case.landed_on).days <= LANDED_DAYS


def _no_live_opening(case: Case) -> Found | None:
    if case.live:
        return None
    since = case.ended_on or case.since
    if not case.openings:
        text = "There is no opportunity at all yet: plan the first steps together."
    else:
        text = f"Nothing is open any more: none of {case.openings} is still alive or has been begun."
    return Found(Signal.NO_LIVE_OPENING, case.openings, since, text)


def _promise_broken(case: Case) -> Found | None:
    threshold = THRESHOLDS[Signal.PROMISE_BROKEN]
    broken = _within(case, case.promised, threshold.days)
    if len(broken) < threshold.at_least:
        return None
    text = f"{len(broken)} said by when they would answer, and the date passed without a word."
    return Found(Signal.PROMISE_BROKEN, len(broken), broken[0].on, text, broken)


def _ghosted_lately(case: Case) -> Found | None:
    threshold = THRESHOLDS[Signal.GHOSTED_LATELY]
    lately = _within(case, case.ghosted, threshold.days)
    if len(lately) < threshold.at_least:
        return None
    text = f"{len(lately)} have turned ghosted within {_days(threshold.days)}: that wears anybody down."
    return Found(Signal.GHOSTED_LATELY, len(lately), lately[0].on, text, lately)


def _missing(case: Case, signal: Signal, latest: Latest | None, texts: tuple[str, str]) -> Found | None:
    since = latest.on if latest else case.since
    days = (case.today - since).days
    if days < THRESHOLDS[signal].days:
        return None
    return Found(signal, days, since, texts[latest is None].format(_days(days)), latest=latest)


def _no_recent_win(case: Case) -> Found | None:
    texts = ("No success, however small, for {}: look for one together.", "No success noticed yet, after {}.")
    return _missing(case, Signal.NO_RECENT_WIN, case.win, texts)


def _plan_untouched(case: Case) -> Found | None:
    texts = ("Nothing of the plan was decided, set or begun for {}.", "Nothing of the plan was ever touched, after {}.")
    return _missing(case, Signal.PLAN_UNTOUCHED, case.touch, texts)


_LOOKS: tuple[Callable[[Case], Found | None], ...] = (
    _no_live_opening,
    _promise_broken,
    _ghosted_lately,
    _no_recent_win,
    _plan_untouched,
)
