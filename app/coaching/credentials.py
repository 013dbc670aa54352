"""Building credentials: what to take up next, by how somebody lives, the hours there are, and what is under way."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from app.coaching.catalogue import CATALOGUE, DECENT_HOURS, HOURS_EMPLOYED, HOURS_OTHERWISE, Entry
from app.db.vocabulary import ActivityKind, ActivityStatus, EmploymentStatus

#: At most so many are suggested: a list to choose from, not a programme.
MOST_SUGGESTED = 6
#: For so many days what was finished is news, to build on and not to do again; later it is a part of the past.
FRESH_DAYS = 540


@dataclass(frozen=True, slots=True)
class Undertaking:
    """A development activity as it is stored; `known_on` is the local date on which it was written down."""

    id: UUID
    kind: ActivityKind
    title: str
    status: ActivityStatus
    started_on: date | None
    finished_on: date | None
    hours_per_week: int | None
    known_on: date


@dataclass(frozen=True, slots=True)
class Suggestion:
    """An entry of the catalogue, and the finished activity that leads to it, if one does."""

    entry: Entry
    after: Undertaking | None


@dataclass(frozen=True, slots=True)
class Credentials:
    """What is under way on a local date, how many hours are left beside it, and what to take up next."""

    under_way: Sequence[tuple[Undertaking, ActivityStatus]]
    hours_left: int
    text: str
    suggestions: list[Suggestion]


def credentials(
    employment: EmploymentStatus, hours_free: int | None, undertakings: Sequence[Undertaking], *, today: date
) -> Credentials:
    """Suggest what to take up next; `hours_free` is None where the client has not said."""
    stood = [(u, status) for u in undertakings if (status := _status(u, today)) is not None]
    under_way = [(u, status) for u, status in stood if status in {ActivityStatus.PLANNED, ActivityStatus.ACTIVE}]
    since = today - timedelta(days=FRESH_DAYS)
    done = [u for u, status in stood if status is ActivityStatus.DONE and (u.finished_on or u.known_on) >= since]
    hours = _hours(employment, hours_free)
    taken = sum(u.hours_per_week or 0 for u, status in under_way if status is ActivityStatus.ACTIVE)
    left = max(0, hours - taken)
    busy = {u.kind for u, _ in under_way}
    fitting = [e for e in CATALOGUE.values() if e.hours_per_week <= left and e.kind not in busy]
    first = [Suggestion(e, before) for e in fitting if (before := _leads_to(e, done)) is not None]
    roomy = employment is EmploymentStatus.EMPLOYED and hours >= DECENT_HOURS
    open_to = {employment, EmploymentStatus.UNEMPLOYED} if roomy else {employment}
    finished = {u.kind for u in done}
    open_ = [e for e in CATALOGUE.values() if not e.only_after and e.for_whom & open_to]
    fresh = [e for e in open_ if e in fitting and e.kind not in finished]
    suggestions = _one_of_a_kind([*first, *(Suggestion(e, None) for e in fresh)])
    missing = max(0, min(e.hours_per_week for e in open_) - left)
    return Credentials(under_way, left, _text(suggestions, missing, taken), suggestions[:MOST_SUGGESTED])


def _text(suggestions: Sequence[Suggestion], missing: int, taken: int) -> str:
    """Say in one sentence what to make of the list, and why it is empty where it is; hours may be missing or taken."""
    if suggestions:
        return "Choose one of these and take its first step this week; one at a time is enough."
    if not missing:
        return "All that would fit is under way or done: see it through, and tell people of it."
    if taken:
        return "What is under way takes the hours there are: see it through before anything new."
    hours = "1 hour" if missing == 1 else f"{missing} hours"
    return f"There are no hours for more at present, and that is all right: with {hours} a week it can begin."


def _hours(employment: EmploymentStatus, hours_free: int | None) -> int:
    if hours_free is not None:
        return hours_free
    return HOURS_EMPLOYED if employment is EmploymentStatus.EMPLOYED else HOURS_OTHERWISE


def _status(undertaking: Undertaking, today: date) -> ActivityStatus | None:
    """Return how it stood on a date, from its dates; None: not there yet, or given up."""
    if undertaking.status is ActivityStatus.DROPPED:
        return None
    finished = undertaking.finished_on or undertaking.known_on
    if undertaking.status is ActivityStatus.DONE and finished <= today:
        return ActivityStatus.DONE
    started = undertaking.started_on or undertaking.known_on
    if undertaking.status is not ActivityStatus.PLANNED and started <= today:
        return ActivityStatus.ACTIVE
    return ActivityStatus.PLANNED if undertaking.known_on <= today else None


def _leads_to(entry: Entry, done: Iterable[Undertaking]) -> Undertaking | None:
    """Return the latest finished activity on which an entry builds, unless its own kind was finished since."""
    own = [u.finished_on or u.known_on for u in done if u.kind is entry.kind]
    before = [u for u in done if u.kind in entry.after]
    latest = max(before, key=lambda u: (u.finished_on or u.known_on, u.id), default=None)
    if latest is None or any(day > (latest.finished_on or latest.known_on) for day in own):
        return None
    return latest


def _one_of_a_kind(suggestions: Iterable[Suggestion]) -> list[Suggestion]:
    """Keep the first of each kind, and behind them the others: a choice shows different things."""
    first: dict[ActivityKind, Suggestion] = {}
    others: list[Suggestion] = []
    for suggestion in suggestions:
        if suggestion.entry.kind in first:
            others.append(suggestion)
        else:
            first[suggestion.entry.kind] = suggestion
    return [*first.values(), *others]
