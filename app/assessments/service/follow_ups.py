"""The one follow-up of a silence: whether it has gone out, and which were one too many."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.assessments import repository
from app.assessments.schemas import WarningCode, WarningOut
from app.assessments.service.known import known
from app.db.scope import ScopedSession
from app.ghosting import follow_ups
from app.ghosting.follow_ups import Nudge

_TWICE = "A silence takes one follow-up, and this one has had more: only the first of them counts."


@dataclass(frozen=True, slots=True)
class SentFollowUp:
    """A follow-up that went out; what the caller may not know of it is None."""

    interaction_id: UUID | None
    occurred_at: datetime | None


async def follow_up_sent(session: ScopedSession, *, opportunity_id: UUID, at: datetime) -> SentFollowUp | None:
    """Return the latest follow-up of the silence that runs at an instant; None where the one is still unused.

    Whether the caller sees the opportunity is for the caller to ask before.
    """
    facts = await known(session, opportunity_id)
    nudge = facts and follow_ups.in_force(*facts, at=at)
    if not nudge:
        return None
    seen = await repository.seen_ids(session, opportunity_id=opportunity_id)
    return _shown(nudge, seen)


async def follow_up_warnings(
    session: ScopedSession, *, opportunity_id: UUID, ids: Collection[UUID]
) -> Mapping[UUID, WarningOut]:
    """Return a warning for each of the interactions that is not the only follow-up of its silence."""
    facts = await known(session, opportunity_id)
    found = follow_ups.overlapping(*facts) if facts else {}
    twice = {i: found[i] for i in ids if i in found}
    if not twice:
        return {}
    seen = await repository.seen_ids(session, opportunity_id=opportunity_id)
    return {i: _warning(_shown(other, seen)) for i, other in twice.items()}


def _shown(nudge: Nudge, seen: Collection[UUID]) -> SentFollowUp:
    return SentFollowUp(nudge.interaction_id, nudge.at) if nudge.interaction_id in seen else SentFollowUp(None, None)


def _warning(other: SentFollowUp) -> WarningOut:
    return WarningOut.model_construct(
        code=WarningCode.FOLLOW_UP_USED,
        message=_TWICE,
        interaction_id=other.interaction_id,
        occurred_at=other.occurred_at,
    )
