from collections.abc import Iterator
from datetime import datetime
from itertools import groupby, zip_longest

from app.ghosting.calendar import BEGINNING, END, Calendar
from app.ghosting.events import in_order
from app.ghosting.facts import NOT_STARTED, Facts, settled_facts
from app.ghosting.policy import Policy
from app.ghosting.rules import apply
from app.ghosting.silence import silent_facts
from app.ghosting.state import Event, State
from app.ghosting.steps import Step, at, silent_days
from app.ghosting.timeline import Timeline
from app.ghosting.vocabulary import Status
from app.ghosting.windows import Span, Terms

__all__ = ["BEGINNING", "Step", "at", "history", "silent_days"]

_Change = tuple[datetime, Facts]


def history(timeline: Timeline, policy: Policy, calendar: Calendar) -> tuple[Step, ...]:
    """Compute all steps, past and foreseeable future, from facts alone (GHOSTING.md, section 1).

    In: aware instants, any order of interactions. Out: steps in UTC that tile all time from BEGINNING on; neighbours
    differ in some fact besides their bounds, and the last one has no end.
    """
    events = in_order(timeline.interactions, calendar)
    terms = Terms(policy, calendar, timeline.has_contact)
    state = State(policy.undated_hold_days)
    found: list[_Change] = [(BEGINNING, NOT_STARTED)]
    for index, event in enumerate(events):
        apply(state, event)
        following = events[index + 1] if index + 1 < len(events) else None
        if following is None or following.at > event.at:  # acts of one instant leave one trace
            for change in changes(state, _span(event, following), terms):
                if change[1] != found[-1][1]:
                    found.append(change)
    return tuple(_steps(found))


def _span(event: Event, following: Event | None) -> Span:
    end, end_on = (following.at, following.on) if following else (END, END.date())
    return Span(event.at, end, event.on, end_on)


def changes(state: State, span: Span, terms: Terms) -> Iterator[tuple[datetime, Facts]]:
    """Give what holds from when on within the span, as long as nothing else happens."""
    if state.silence and not state.ahead:
        yield from silent_facts(state, state.silence, span, terms)
    else:
        yield span.start, settled_facts(state, terms)


def _steps(found: list[_Change]) -> Iterator[Step]:
    """Give the changes their ends, the bounds of their runs of equal status, and the memory of having been ghosted."""
    runs = [list(run) for _, run in groupby(found, key=lambda change: change[1].status)]
    was_ghosted = False
    since: datetime | None = None  # nothing began `not_started`
    for run, following in zip_longest(runs, runs[1:]):
        until = following[0][0] if following else None
        was_ghosted = was_ghosted or run[0][1].status is Status.GHOSTED
        for (starts_at, facts), later in zip_longest(run, run[1:]):
            yield Step(starts_at, later[0] if later else until, since, until, was_ghosted, *facts)
        since = until
