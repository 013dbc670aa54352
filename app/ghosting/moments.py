"""The fold of GHOSTING.md, section 3, act by act, for what is told of a timeline besides its steps."""

from collections.abc import Iterator
from typing import NamedTuple

from app.ghosting.events import in_order
from app.ghosting.rules import apply
from app.ghosting.state import Act, Event, State
from app.ghosting.terms import Terms
from app.ghosting.timeline import Timeline
from app.ghosting.vocabulary import Kind

NUDGES: frozenset[Act] = frozenset({Kind.FOLLOW_UP, Kind.OUTREACH})


class Moment(NamedTuple):
    """One act in the order in which acts count, and where things stood right before and right after it."""

    event: Event
    before: State
    after: State
    terms: Terms

    @property
    def acted(self) -> bool:
        """Whether it is not a meeting whose arrangement a closing act had struck out."""
        return not self.event.arranged or self.event.interaction.id in self.before.ahead

    @property
    def nudged(self) -> bool:
        """Whether it is a follow-up of the silence it falls in, be it the first one or one too many."""
        return self.event.act in NUDGES and self.before.silence is not None and self.after.follow_up is not None


def moments(timeline: Timeline, terms: Terms) -> Iterator[Moment]:
    """Give every act that can matter; `after` is only good until the next one is asked for."""
    state = State(terms.policy.undated_hold_days)
    for event in in_order(timeline.interactions, terms.calendar):
        before = state.copy()
        apply(state, event)
        yield Moment(event, before, state, terms)
