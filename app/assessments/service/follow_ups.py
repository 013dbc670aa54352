"""The one follow-up of a silence: whether it has gone out, and which were one too many."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.assessments import repository
from app.assessments.schemas import WarningCode, WarningOut
from app.assessments.service.convert import calendar_of, policy_of, timeline_of
from app.db.scope import ScopedSession
from app.ghosting import follow_ups
from app.ghosting.calendar import Calendar
from app.ghosting.follow_ups import Nudge
from app.ghosting.policy import Policy
from app.ghosting.timeline import Timeline

_TWICE = "A silence takes one follow-up, and this one has two now: the second changes nothing."


@dataclass(frozen=True, slots=True)
class SentFollowUp:
    """A follow-up that went out; what the caller may not know of it is None."""

    interaction_id: UUID | None
    occurred_at: datetime | None


async def follow_up_sent(session: ScopedSession, *, opportunity_id: UUID, at: datetime) -> SentFollowUp | None:
    """Return the latest follow-up of the silence that runs at an instant; None where the one is still unused.

    Whether the caller sees the opportunity is for the caller to ask before.
    """
    known = await _known(session, opportunity_id)
    nudge = known and follow_ups.in_force(*known, at=at)
    if not nudge:
        return None
    seen = await repository.seen_ids(session, opportunity_id=opportunity_id)
    return _shown(nudge, seen)


async def follow_up_warnings(
    session: ScopedSession, *, opportunity_id: UUID, ids: Collection[UUID]
) -> Mapping[UUID, WarningOut]:
    """Return a warning for each of the interactions that is not the only follow-up of its silence."""
    known = await _known(session, opportunity_id)
    found = follow_ups.overlapping(*known) if known else {}
    twice = {i: found[i] for i in ids if i in found}
    if not twice:
        return {}
    seen = await repository.seen_ids(session, opportunity_id=opportunity_id)
    return {i: _warning(_shown(other, seen)) for i, other in twice.items()}


async def _known(session: ScopedSession, opportunity_id: UUID) -> tuple[Timeline, Policy, Calendar] | None:
    async with session.as_system():
        in_force, found = await repository.facts(session, opportunity_ids=[opportunity_id])
    if in_force is None:
        return None
    (facts,) = found
    return timeline_of(facts), policy_of(in_force.document), calendar_of(facts.time_zone, facts.region)


def _shown(nudge: Nudge, seen: Collection[UUID]) -> SentFollowUp:
    return SentFollowUp(nudge.interaction_id, nudge.at) if nudge.interaction_id in seen else SentFollowUp(None, None)


def _warning(other: SentFollowUp) -> WarningOut:
    return WarningOut.model_construct(
        code=WarningCode.FOLLOW_UP_USED,
        message=_TWICE,
        interaction_id=other.interaction_id,
        occurred_at=other.occurred_at,
    )
