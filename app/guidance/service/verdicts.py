"""The verdict on one opportunity, at an instant and over all time."""

from datetime import datetime
from uuid import UUID

from app.access.principal import Caller
from app.assessments import service as assessments
from app.assessments.schemas import HistoryOut
from app.db.scope import ScopedSession
from app.kit.shapes import Tree


async def assess(session: ScopedSession, *, caller: Caller, opportunity_id: UUID, as_of: datetime | None) -> Tree:
    """Return the verdict as of an instant, by default now. Raise NotFound."""
    return await assessments.assess(
        session,
        opportunity_id=opportunity_id,
        as_of=as_of or caller.now,
        sees_coaches_only=caller.principal.sees_coaches_only,
    )


async def status_history(session: ScopedSession, *, opportunity_id: UUID) -> HistoryOut:
    """Return every status from when the first one left `not_started`. Raise NotFound."""
    return await assessments.status_history(session, opportunity_id=opportunity_id)
