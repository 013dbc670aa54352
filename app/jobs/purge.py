"""After the time for a restore: an opportunity and everything that hangs on it, erased."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Uuid, bindparam, select

from app.actions.service import erasure as actions
from app.activities import service as activities
from app.assessments import service as assessments
from app.db import answers, ledger, queue
from app.db.ledger import Doer
from app.db.scope import ScopedSession
from app.db.tables import opportunity
from app.db.vocabulary import ActorType
from app.imports.repository import files
from app.interactions import service as interactions
from app.opportunities.service import imported as opportunities
from app.opportunities.service.removal import RESTORABLE
from app.wins import service as wins

_PRACTICE: Any = bindparam("practice_id", type_=Uuid)
_ID: Any = bindparam("opportunity_id", type_=Uuid)
_LOCK = (
    select(opportunity.c.deleted_at)
    .where(opportunity.c.practice_id == _PRACTICE, opportunity.c.id == _ID)
    .with_for_update()
)


async def run(session: ScopedSession, *, now: datetime, opportunity_id: UUID) -> int:
    """Erase an opportunity that was hidden long enough ago; return 1, or 0 when there is nothing to erase."""
    hidden_at = (await session.run(_LOCK, opportunity_id=opportunity_id)).scalar_one_or_none()
    if hidden_at is None:
        return 0  # restored, or gone
    remaining = hidden_at + RESTORABLE - now
    if remaining > timedelta(0):
        # Restored and hidden once more, or this clock is behind the one that stamped it.
        await queue.enqueue(session, "purge", after=remaining, opportunity_id=opportunity_id)
        return 0
    await _erase(session, opportunity_id)
    await ledger.record(
        session,
        by=Doer(ActorType.SYSTEM, None),
        now=now,
        action="opportunity.erase",
        resource_type="opportunity",
        resource_id=opportunity_id,
    )
    return 1


async def _erase(session: ScopedSession, opportunity_id: UUID) -> None:
    """Let each room remove its own rows, children first."""
    await actions.erase_of_opportunity(session, opportunity_id=opportunity_id)
    await wins.erase_of_opportunity(session, opportunity_id=opportunity_id)
    await activities.forget_opportunity(session, opportunity_id=opportunity_id)
    await interactions.erase_timelines(session, opportunity_ids=[opportunity_id])
    await assessments.forget(session, opportunity_ids=[opportunity_id])
    await files.forget_opportunity(session, opportunity_id=opportunity_id)
    await opportunities.erase_opportunities(session, ids=[opportunity_id])
    await answers.forget(session, ids=[opportunity_id])
