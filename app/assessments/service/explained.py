"""Why a verdict is what it is: the facts that it was computed from, and the engine's account of them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from app.assessments import repository
from app.assessments.service.convert import policy_of
from app.assessments.service.known import known
from app.db.scope import ScopedSession
from app.ghosting.explain import Explanation, explain
from app.ghosting.policy import Policy


@dataclass(frozen=True, slots=True)
class Explained:
    """An account of a verdict, the policy that it was given under, and which interactions the caller may know of."""

    explanation: Explanation
    policy: Policy
    seen: Collection[UUID]


async def explained(
    session: ScopedSession, *, opportunity_id: UUID, document: Mapping[str, Any] | None, at: datetime
) -> Explained:
    """Explain the verdict of an instant under the policy of this document, without one under that in force.

    Whether the caller sees the opportunity is for the caller to ask before.
    """
    facts = await known(session, opportunity_id)
    if facts is None:
        raise LookupError("explained an opportunity that is not there")
    policy = policy_of(document) if document else facts.policy
    account = explain(facts.timeline, policy, facts.calendar, at=at)
    return Explained(account, policy, await repository.seen_ids(session, opportunity_id=opportunity_id))
