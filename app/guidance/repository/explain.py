"""With which policy an opportunity is judged at an instant."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Uuid, and_, bindparam, or_, select, true

from app.access import visibility
from app.db.scope import Row, ScopedSession
from app.db.tables import ghosting_step, opportunity, policy
from app.guidance.repository.parts import AT, PRACTICE

_step = ghosting_step.c
_HELD = (
    select(_step.rules_version)
    .where(
        _step.practice_id == PRACTICE,
        _step.opportunity_id == opportunity.c.id,
        _step.starts_at <= AT,
        or_(_step.ends_at.is_(None), _step.ends_at > AT),
    )
    .order_by(_step.seq)
    .limit(1)
    .lateral("held")
)
_VERSION = and_(policy.c.practice_id == PRACTICE, policy.c.number == _HELD.c.rules_version)
_ID: Any = bindparam("opportunity_id", type_=Uuid)
_JUDGED = (
    select(_HELD.c.rules_version, policy.c.document)
    .select_from(opportunity.join(_HELD, true()).outerjoin(policy, _VERSION))
    .where(opportunity.c.practice_id == PRACTICE, opportunity.c.id == _ID, opportunity.c.deleted_at.is_(None))
)
_FIND = visibility.each(lambda sight: _JUDGED.where(*visibility.clients(sight, opportunity.c.client_id)))


async def judged_by(session: ScopedSession, *, opportunity_id: UUID, at: datetime) -> Row | None:
    """Return the version of the policy behind a verdict, and its document; None when there is nothing to see."""
    return (await visibility.run(session, _FIND, opportunity_id=opportunity_id, at=at)).mappings().first()
