"""Finding what is to be done."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from app.access.principal import Caller
from app.actions.repository import reads
from app.actions.schemas import ActionOut, ActionQuery
from app.actions.service.views import present
from app.db import keyset
from app.db.scope import ScopedSession
from app.kit.errors import NotFound
from app.kit.pages import Page, Position


async def read(session: ScopedSession, *, action_id: UUID, now: datetime) -> ActionOut:
    """Return an action, a computed one as long as it is advised. Raise NotFound."""
    row = await reads.find(session, action_id=action_id, at=now)
    if row is None:
        raise NotFound
    return present(row)


async def read_many(session: ScopedSession, *, caller: Caller, ids: Sequence[UUID]) -> dict[UUID, ActionOut]:
    """Return, by id, those of these actions that were set by hand and that the caller sees, as of now."""
    return {row["id"]: present(row) for row in await reads.find_manual(session, ids=ids, at=caller.now)}


async def search(
    session: ScopedSession, *, query: ActionQuery, after: Position | None, at: datetime
) -> Page[ActionOut]:
    """Return a page of the actions of an instant that match, by the date on which they are due."""
    names = ("client_id", "opportunity_id", "due_before")
    filters: dict[str, Any] = {n: v for n in names if (v := getattr(query, n)) is not None}
    if query.state:
        filters["state"] = list(query.state)
    page = keyset.parameters(after, query.limit, twins=True)
    rows = await reads.list_actions(session, filters=filters, at=at, page=page)
    return keyset.cut(rows, limit=query.limit, at=at, item=present)
