"""The facts of one timeline, as the engine takes them."""

from typing import NamedTuple
from uuid import UUID

from app.assessments import repository
from app.assessments.service.convert import calendar_of, policy_of, timeline_of
from app.db.scope import ScopedSession
from app.ghosting.calendar import Calendar
from app.ghosting.policy import Policy
from app.ghosting.timeline import Timeline


class Known(NamedTuple):
    """All of a timeline, whoever asks, and what it is measured by."""

    timeline: Timeline
    policy: Policy
    calendar: Calendar


async def known(session: ScopedSession, opportunity_id: UUID) -> Known | None:
    """Return what is known of an opportunity, None where there is none.

    Whether the caller sees it, and which of its interactions, is for the caller to ask.
    """
    async with session.as_system():
        in_force, found = await repository.facts(session, opportunity_ids=[opportunity_id])
    if in_force is None:
        return None
    (facts,) = found
    return Known(timeline_of(facts), policy_of(in_force.document), calendar_of(facts.time_zone, facts.region))
