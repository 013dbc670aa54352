"""Staying confident: what went well before what did not, so that one silence does not tell the whole story."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType
from uuid import UUID

from app.coaching.vocabulary import LossKind
from app.ghosting.vocabulary import Outcome, Status

#: How far back wins and losses are shown.
WEEKS = 4
#: At most so many of each are shown; all are counted.
MOST_SHOWN = 20

#: What of an ending is a loss: whoever withdraws or declines has decided for themselves.
LOSSES: Mapping[Outcome, LossKind] = MappingProxyType(
    {Outcome.REJECTED: LossKind.REJECTED, Outcome.POSITION_CLOSED: LossKind.POSITION_CLOSED}
)


@dataclass(frozen=True, slots=True)
class Ended:
    """Where an opportunity stands, and since which local date."""

    opportunity_id: UUID
    title: str
    company_name: str
    status: Status
    outcome: Outcome | None
    since: date | None


@dataclass(frozen=True, slots=True)
class Loss:
    """Something that did not work out."""

    kind: LossKind
    opportunity_id: UUID
    title: str
    company_name: str
    occurred_on: date


def first_day(today: date) -> date:
    """Return the first local date of what is shown."""
    return today - timedelta(days=7 * WEEKS - 1)


def losses(ended: Sequence[Ended], *, today: date) -> list[Loss]:
    """List what was lost in the last weeks, the newest first."""
    since = first_day(today)
    found = [
        Loss(kind, e.opportunity_id, e.title, e.company_name, e.since)
        for e in ended
        if (kind := _kind(e)) is not None and e.since is not None and e.since >= since
    ]
    return sorted(found, key=lambda loss: (-loss.occurred_on.toordinal(), loss.opportunity_id))


def _kind(ended: Ended) -> LossKind | None:
    if ended.status is Status.GHOSTED:
        return LossKind.GHOSTED
    return LOSSES.get(ended.outcome) if ended.status is Status.CLOSED and ended.outcome else None


def encouragement(wins: int, losses: int) -> str:
    """Say in one sentence what to make of both."""
    return next(words for applies, words in _WORDS if applies(wins, losses)).format(
        wins=_counted(wins, "small win"), losses=_counted(losses, "disappointment"), weeks=WEEKS
    )


_WORDS = (
    (lambda w, n: w == 0 and n == 0, "Quiet weeks: name one thing that went well, however small, and note it here."),
    (
        lambda w, _: w == 0,
        "Hard weeks. What was in your own hands and went well? Note it: a search is more than its answers.",
    ),
    (lambda _, n: n == 0, "{wins} in {weeks} weeks: what you do is working, whatever is still unanswered."),
    (lambda _w, _n: True, "{wins} in {weeks} weeks, beside {losses}: the part that is in your hands is going well."),
)


def _counted(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}s"
