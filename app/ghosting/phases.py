"""The statuses that a silence brings by time alone, and the advice in each: GHOSTING.md, sections 4 and 6."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from types import MappingProxyType
from typing import NamedTuple

from app.ghosting.calendar import Calendar, add_days
from app.ghosting.vocabulary import ActionKind, GhostKind, ReasonCode, Source, Status, Wait
from app.ghosting.windows import Window


def _from_act(_: Window) -> date:
    return date.min


def _opens(dates: Window) -> date:
    return dates.opens


def _opens_in_time(dates: Window) -> date:
    return min(dates.opens, dates.ghosted_on)


def _closes(dates: Window) -> date:
    return dates.closes


def _after_closes(dates: Window) -> date:
    return add_days(dates.closes, 1)


def _ghosted_on(dates: Window) -> date:
    return dates.ghosted_on


def _after_promise(dates: Window) -> date:
    return dates.opens if dates.held_until else date.min


def _hunts(dates: Window) -> date:
    return max(_after_promise(dates), dates.hunt_from)


def _always(_: Window) -> bool:
    return True


def _held(dates: Window) -> bool:
    return dates.held_until is not None


def _used(dates: Window) -> bool:
    return dates.follow_up_on is not None


def _may_nudge(dates: Window) -> bool:
    return dates.follow_up_on is None and not dates.shut


def _may_nudge_later(dates: Window) -> bool:
    return _may_nudge(dates) and not dates.held_until


def _reaches_nobody(dates: Window) -> bool:
    return dates.follow_up_on is None and dates.shut


class Row(NamedTuple):
    """A status of a silence: from which date and when it applies, which rule says so, and what is advised, by when."""

    status: Status
    starts_on: Callable[[Window], date]
    applies: Callable[[Window], bool]
    reason: ReasonCode | None
    action: ActionKind
    due_on: Callable[[Window], date]
    source: Source


# The tables of sections 4 and 6 row by row. `ghosted` comes last and cuts the others off.
ROWS = (
    Row(
        *(Status.ON_HOLD, _from_act, _held, ReasonCode.PROMISE_IN_FORCE),
        *(ActionKind.WAIT_FOR_PROMISE, _opens, Source.THEIR_OWN_DATE),
    ),
    Row(
        *(Status.WAITING, _from_act, _may_nudge_later, ReasonCode.WINDOW_NOT_OPEN),
        *(ActionKind.STAY_ACTIVE, _opens_in_time, Source.ARTICLE),
    ),
    Row(
        *(Status.WAITING, _after_promise, _reaches_nobody, None),
        *(ActionKind.STAY_ACTIVE, _ghosted_on, Source.ARTICLE),
    ),
    Row(
        *(Status.WAITING, _hunts, _reaches_nobody, None),
        *(ActionKind.FIND_CONTACT, _ghosted_on, Source.NAMED_CONTACT),
    ),
    Row(
        *(Status.BALL_IN_THEIR_COURT, _after_promise, _used, None),
        *(ActionKind.STAY_ACTIVE, _ghosted_on, Source.ARTICLE),
    ),
    Row(
        *(Status.FOLLOW_UP_DUE, _opens, _may_nudge, ReasonCode.WINDOW_OPEN),
        *(ActionKind.SEND_FOLLOW_UP, _closes, Source.ARTICLE),
    ),
    Row(
        *(Status.FOLLOW_UP_OVERDUE, _after_closes, _may_nudge, ReasonCode.WINDOW_PASSED),
        *(ActionKind.SEND_FOLLOW_UP, _closes, Source.ARTICLE),
    ),
    Row(
        *(Status.GHOSTED, _ghosted_on, _always, ReasonCode.SILENCE_TOO_LONG),
        *(ActionKind.CLOSE_AND_REDIRECT, _ghosted_on, Source.ARTICLE),
    ),
)
_GHOST_KINDS: Mapping[Wait, GhostKind] = MappingProxyType(
    {
        Wait.APPLICATION: GhostKind.APPLICATION_UNANSWERED,
        Wait.OUTREACH: GhostKind.OUTREACH_UNANSWERED,
        Wait.INTRODUCTION: GhostKind.AFTER_CONTACT,
        Wait.CONTACT: GhostKind.AFTER_CONTACT,
        Wait.ASSESSMENT: GhostKind.AFTER_CONTACT,
        Wait.SCREENING: GhostKind.AFTER_CONTACT,
        Wait.INTERVIEWING: GhostKind.AFTER_CONTACT,
        Wait.FINAL_ROUND: GhostKind.AFTER_FINAL_ROUND,
        Wait.VERBAL_OFFER: GhostKind.AFTER_OFFER,
    },
)
_THANKING = frozenset({Status.WAITING, Status.ON_HOLD, Status.BALL_IN_THEIR_COURT})


class Phase(NamedTuple):
    """A status of a silence from an instant on, with all that can be said of it before it is known who wrote what."""

    starts_at: datetime
    status: Status
    reason: ReasonCode | None
    ghost_kind: GhostKind | None
    thankful: bool  # a thank-you that is due comes before what is advised here
    action: ActionKind
    due_on: date
    alternative: ActionKind | None
    source: Source


def phases(dates: Window, wait: Wait, calendar: Calendar) -> tuple[Phase, ...]:
    """Give the statuses of a silence that is left alone, ascending; of several that begin at once the last counts."""
    found = {phase.starts_at: phase for phase in _phases(dates, wait, calendar)}
    return tuple(found.values())


def _phases(dates: Window, wait: Wait, calendar: Calendar) -> Iterator[Phase]:
    for row in ROWS:
        day = row.starts_on(dates)
        ghosted = row.status is Status.GHOSTED
        if row.applies(dates) and (ghosted or day < dates.ghosted_on):
            yield Phase(
                calendar.first_instant(day),
                row.status,
                row.reason,
                _GHOST_KINDS[wait] if ghosted else None,
                row.status in _THANKING,
                row.action,
                row.due_on(dates),
                ActionKind.SEND_FOLLOW_UP if ghosted and _may_nudge(dates) else None,
                row.source,
            )
