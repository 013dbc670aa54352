"""What a silence is measured by, the same for the whole of one history, and how each silence runs by it."""

from collections.abc import Callable
from datetime import date, datetime
from functools import lru_cache, partial
from typing import NamedTuple

from app.ghosting.calendar import Calendar, add_days
from app.ghosting.phases import Phase, phases
from app.ghosting.policy import Policy
from app.ghosting.state import Hold, Silence, State
from app.ghosting.vocabulary import Wait
from app.ghosting.windows import Window, window

#: How many terms, and how many silences of each, are remembered: together some ten megabytes where there are so many.
_TERMS, _DAYS = 32, 1024


class Course(NamedTuple):
    """How a silence runs if it is left alone: its dates and its statuses."""

    dates: Window
    phases: tuple[Phase, ...]


class Thanking(NamedTuple):
    """By which date thanks are due for a meeting that ended on some date, and from when on they come too late."""

    due_on: date
    until: datetime


#: Kind of wait, first date, date of the promise that counts and of the follow-up: all that a silence is measured from.
_Courses = Callable[[Wait, date, date | None, date | None], Course]


class Terms(NamedTuple):
    """What a silence is measured by; equal silences run equally, so their course is remembered."""

    policy: Policy
    calendar: Calendar
    has_contact: bool
    courses: _Courses
    thanking: Callable[[date], Thanking]
    next_business_day: Callable[[date], date]


@lru_cache(maxsize=_TERMS)
def terms_of(policy: Policy, calendar: Calendar, has_contact: bool) -> Terms:  # noqa: FBT001 - as in Timeline
    """Return the terms of a client's opportunities with or without a contact."""
    courses = lru_cache(maxsize=_DAYS)(partial(_course, policy, calendar, has_contact))
    thanking = lru_cache(maxsize=_DAYS)(partial(_thanking, policy, calendar))
    next_day = lru_cache(maxsize=_DAYS)(partial(_next_business_day, policy, calendar))
    return Terms(policy, calendar, has_contact, courses, thanking, next_day)


def _thanking(policy: Policy, calendar: Calendar, over_on: date) -> Thanking:
    due_on = add_days(over_on, policy.thank_you_due_days)
    return Thanking(due_on, calendar.first_instant(add_days(over_on, policy.thank_you_until_days + 1)))


def _next_business_day(policy: Policy, calendar: Calendar, day: date) -> date:
    return calendar.add_business_days(day, 1, skip_weekends=policy.skip_weekends)


def _course(
    policy: Policy,
    calendar: Calendar,
    has_contact: bool,  # noqa: FBT001 - as in Timeline
    wait: Wait,
    on: date,
    held_until: date | None,
    follow_up_on: date | None,
) -> Course:
    dates = window(policy, calendar, wait, on, held_until, follow_up_on, has_contact=has_contact)
    return Course(dates, phases(dates, wait, calendar))


def held(state: State, silence: Silence) -> Hold | None:
    """Give the promise that the silence is measured from: one that does not lie before it."""
    hold = state.hold
    return hold if hold is not None and hold.until >= silence.on else None


def course(state: State, silence: Silence, terms: Terms) -> Course:
    """Give the course of the silence that is running."""
    hold, follow_up = held(state, silence), state.follow_up
    return terms.courses(
        silence.wait, silence.on, None if hold is None else hold.until, None if follow_up is None else follow_up.on
    )
