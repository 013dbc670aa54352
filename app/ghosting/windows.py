"""The dates of one silence and the statuses they bring: GHOSTING.md, section 4."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from app.ghosting.calendar import Calendar, add_days
from app.ghosting.policy import Policy
from app.ghosting.state import FollowUp, Hold, Silence, State
from app.ghosting.vocabulary import Status


@dataclass(frozen=True, slots=True)
class Terms:
    """What a silence is measured by, the same for the whole of one history."""

    policy: Policy
    calendar: Calendar
    has_contact: bool


@dataclass(frozen=True, slots=True)
class Window:
    """The local dates of one silence; `shut` means that a missing contact leaves no window for a follow-up."""

    hold: Hold | None  # only while it counts, see `held`
    follow_up: FollowUp | None
    shut: bool
    hunt_from: date
    opens: date
    closes: date
    ghosted_on: date


def held(state: State, silence: Silence) -> Hold | None:
    """Give the promise that the silence is measured from: one that does not lie before it."""
    return state.hold if state.hold and state.hold.until >= silence.on else None


def window(state: State, silence: Silence, terms: Terms) -> Window:
    """Compute the dates of the silence that is running."""
    policy, calendar = terms.policy, terms.calendar
    rule = policy.waits[silence.wait]
    hold = held(state, silence)
    ghosted_on = add_days(hold.until if hold else silence.on, rule.ghosted_from_days)
    if state.follow_up:
        ghosted_on = max(ghosted_on, add_days(state.follow_up.on, policy.follow_up_rest_days))
    hunt_from = add_days(silence.on, rule.follow_up_from_days)
    skip = policy.skip_weekends
    if hold:
        lapsed = calendar.add_business_days(hold.until, policy.promise_grace_business_days, skip_weekends=skip)
        opens = calendar.roll(add_days(lapsed, 1), skip_weekends=skip)
        closes = calendar.add_business_days(opens, policy.held_window_business_days, skip_weekends=skip)
        ghosted_on = max(ghosted_on, opens)
    else:
        opens = calendar.roll(hunt_from, skip_weekends=skip)
        closes = max(opens, calendar.roll(add_days(silence.on, rule.follow_up_until_days), skip_weekends=skip))
    shut = rule.follow_up_needs_contact and not terms.has_contact
    return Window(hold, state.follow_up, shut, hunt_from, opens, closes, ghosted_on)


def _from_act(_window: Window) -> date:
    return date.min


def _after_act(dates: Window) -> date:
    return dates.opens if dates.hold else date.min


def _from_opens(dates: Window) -> date:
    return dates.opens


def _after_closes(dates: Window) -> date:
    return add_days(dates.closes, 1)


def _held(dates: Window) -> bool:
    return dates.hold is not None


def _waits(dates: Window) -> bool:
    return dates.follow_up is None and (dates.shut or dates.hold is None)


def _used(dates: Window) -> bool:
    return dates.follow_up is not None


def _may_nudge(dates: Window) -> bool:
    return dates.follow_up is None and not dates.shut


# The table of section 4 row by row: status, from, when. `ghosted` comes last and cuts the others off.
PHASES: tuple[tuple[Status, Callable[[Window], date], Callable[[Window], bool]], ...] = (
    (Status.ON_HOLD, _from_act, _held),
    (Status.WAITING, _after_act, _waits),
    (Status.BALL_IN_THEIR_COURT, _after_act, _used),
    (Status.FOLLOW_UP_DUE, _from_opens, _may_nudge),
    (Status.FOLLOW_UP_OVERDUE, _after_closes, _may_nudge),
)


@dataclass(frozen=True, slots=True)
class Span:
    """The time from one act to the next, [start, end), with the local dates at both."""

    start: datetime
    end: datetime
    start_on: date
    end_on: date

    def place(self, day: date, calendar: Calendar) -> datetime:
        """Give the first instant of `day` within the span: its start for days gone by, its end for days too late."""
        if day <= self.start_on:
            return self.start
        # One day of margin, since a clock set back at midnight can show yesterday once more.
        if day > add_days(self.end_on, 1):
            return self.end
        return min(max(self.start, calendar.first_instant(day)), self.end)


def phases(dates: Window, span: Span, calendar: Calendar) -> list[tuple[datetime, Status]]:
    """Give the statuses of a silence within a span, ascending; of several that begin at once the last counts."""
    found: dict[datetime, Status] = {}
    for status, starts_on, applies in PHASES:
        if applies(dates):
            day = starts_on(dates)
            if day < dates.ghosted_on:
                found[span.place(day, calendar)] = status
    found[span.place(dates.ghosted_on, calendar)] = Status.GHOSTED
    return [(instant, status) for instant, status in found.items() if instant < span.end]
