"""Hiding an opportunity, and bringing it back while that is possible."""

from datetime import timedelta
from uuid import UUID

from app.access.principal import Caller
from app.assessments import service as assessments
from app.db import queue
from app.db.scope import ScopedSession
from app.kit.errors import Conflict, NotFound
from app.kit.preconditions import IfMatch
from app.kit.shapes import Tree
from app.opportunities.repository import writes
from app.opportunities.service.records import locked, read, record

#: For how long a hidden opportunity can be restored; after that it is as good as erased.
RESTORABLE = timedelta(days=30)


async def hide(session: ScopedSession, *, caller: Caller, opportunity_id: UUID, if_match: IfMatch) -> None:
    """Hide an opportunity and its timeline; what it taught of employers is forgotten with it."""
    row = await locked(session, opportunity_id=opportunity_id)
    if row["deleted_at"] is not None:
        raise NotFound
    if_match.check(row["version"])
    stamps = {"deleted_at": caller.now, "updated_at": caller.now}
    await writes.update_opportunity(session, opportunity_id=opportunity_id, values=stamps)
    await assessments.reassess(session, opportunity_ids=[opportunity_id])
    await queue.enqueue(session, "purge", opportunity_id=opportunity_id, after=RESTORABLE)
    await record(session, caller, "delete", opportunity_id)


async def restore(session: ScopedSession, *, caller: Caller, opportunity_id: UUID, if_match: IfMatch) -> Tree:
    """Bring a hidden opportunity back as it was. Raise Conflict for one that is in sight."""
    row = await locked(session, opportunity_id=opportunity_id)
    hidden_at = row["deleted_at"]
    if hidden_at is not None and hidden_at + RESTORABLE <= caller.now:
        raise NotFound
    if_match.check(row["version"])
    if hidden_at is None:
        raise Conflict("The opportunity has not been deleted.")
    stamps = {"deleted_at": None, "updated_at": caller.now}
    await writes.update_opportunity(session, opportunity_id=opportunity_id, values=stamps)
    await assessments.reassess(session, opportunity_ids=[opportunity_id])
    await record(session, caller, "restore", opportunity_id)
    return await read(session, caller=caller, opportunity_id=opportunity_id)
