"""The once-only rule: which nudges went out in one silence, and which of them were one too many."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.ghosting.calendar import Calendar
from app.ghosting.moments import moments
from app.ghosting.policy import Policy
from app.ghosting.terms import terms_of
from app.ghosting.timeline import Timeline


@dataclass(frozen=True, slots=True)
class Nudge:
    """A follow-up that was sent in a silence."""

    interaction_id: UUID
    at: datetime


def overlapping(timeline: Timeline, policy: Policy, calendar: Calendar) -> Mapping[UUID, Nudge]:
    """Return another one of the same silence for each follow-up that is not alone in it: the first, else the second."""
    found: dict[UUID, Nudge] = {}
    for silence in _silences(timeline, policy, calendar):
        first, *more = silence
        found |= {nudge.interaction_id: first for nudge in more}
        found |= {first.interaction_id: more[0]} if more else {}
    return found


def in_force(timeline: Timeline, policy: Policy, calendar: Calendar, *, at: datetime) -> Nudge | None:
    """Return the latest follow-up of the silence that runs at an instant; None where the one is still unused."""
    last: Nudge | None = None
    for moment in moments(timeline, terms_of(policy, calendar, timeline.has_contact)):
        if moment.event.at > at:
            break
        if moment.nudged:
            last = Nudge(moment.event.interaction.id, moment.event.at)
        elif moment.after.follow_up is None:
            last = None
    return last


def _silences(timeline: Timeline, policy: Policy, calendar: Calendar) -> list[list[Nudge]]:
    found: list[list[Nudge]] = []
    for moment in moments(timeline, terms_of(policy, calendar, timeline.has_contact)):
        if not moment.nudged:
            continue
        nudge = Nudge(moment.event.interaction.id, moment.event.at)
        if moment.before.follow_up is None:
            found.append([nudge])
        else:
            found[-1].append(nudge)
    return found
