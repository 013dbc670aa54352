from datetime import datetime
from typing import Final

from app.ghosting.calendar import BEGINNING, END, Calendar
from app.ghosting.events import in_order
from app.ghosting.facts import NOT_STARTED, Change, Facts, settled_facts
from app.ghosting.made import made
from app.ghosting.policy import Policy
from app.ghosting.rules import apply
from app.ghosting.silence import silent_facts
from app.ghosting.state import State
from app.ghosting.steps import Step, at, silent_days
from app.ghosting.terms import Terms, terms_of
from app.ghosting.timeline import Timeline
from app.ghosting.vocabulary import Status

__all__ = ["BEGINNING", "Step", "at", "history", "silent_days"]

_GHOSTED: Final = Status.GHOSTED


def history(timeline: Timeline, policy: Policy, calendar: Calendar) -> tuple[Step, ...]:
    """Compute all steps, past and foreseeable future, from facts alone (GHOSTING.md, section 1).

    In: aware instants, any order of interactions. Out: steps in UTC that tile all time from BEGINNING on; neighbours
    differ in some fact besides their bounds, and the last one has no end.
    """
    events = in_order(timeline.interactions, calendar)
    terms = terms_of(policy, calendar, timeline.has_contact)
    state = State(policy.undated_hold_days)
    facts: Facts = NOT_STARTED
    found: list[Change] = [(BEGINNING, facts)]
    ends = [event.at for event in events[1:]]
    ends.append(END)
    for event, end in zip(events, ends, strict=False):
        apply(state, event)
        if end is END or end > event.at:  # acts of one instant leave one trace
            for change in changes(state, event.at, end, terms):
                if change[1] != facts:
                    found.append(change)
                    facts = change[1]
    return tuple(_steps(found))


def changes(state: State, start: datetime, end: datetime, terms: Terms) -> list[Change]:
    """Give what holds from when on within [start, end), as long as nothing else happens."""
    if state.silence is not None and not state.ahead:
        return silent_facts(state, state.silence, start, end, terms)
    return [(start, settled_facts(state, terms))]


def _steps(found: list[Change]) -> list[Step]:
    """Give the changes their ends, the bounds of their runs of equal status, and the memory of having been ghosted."""
    ends: list[tuple[datetime | None, datetime | None]] = []
    ends_at: datetime | None = None
    until: datetime | None = None
    status = found[-1][1][0]
    for starts_at, facts in reversed(found):
        if facts[0] is not status:
            until, status = ends_at, facts[0]
        ends.append((ends_at, until))
        ends_at = starts_at
    ends.reverse()
    steps = []
    was_ghosted = False
    since: datetime | None = None  # nothing began `not_started`
    for (starts_at, facts), (ends_at, until) in zip(found, ends, strict=True):
        if facts[0] is not status:
            since, status = starts_at, facts[0]
            was_ghosted = was_ghosted or status is _GHOSTED
        steps.append(made(Step, (starts_at, ends_at, since, until, was_ghosted) + facts))  # noqa: RUF005 - a third faster
    return steps
