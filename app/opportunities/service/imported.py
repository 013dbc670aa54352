"""What an import makes and unmakes in this room; its audit entry is its own, and it recomputes the statuses."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from app.db.scope import ScopedSession
from app.kit.keys import search_key
from app.opportunities.repository import imported as repository


async def insert_opportunities(
    session: ScopedSession, *, opportunities: Sequence[Mapping[str, Any]], now: datetime
) -> None:
    """Store opportunities with the ids and the `contact_ids` that they bring."""
    stamps = {"version": 1, "created_at": now, "updated_at": now}
    rows = [{**values, **stamps, "title_key": search_key(values["title"])} for values in opportunities]
    links = [
        {"opportunity_id": values["id"], "contact_id": contact_id, "position": position}
        for values in opportunities
        for position, contact_id in enumerate(values["contact_ids"])
    ]
    await repository.insert_opportunities(session, rows=rows, links=links)


async def erase_opportunities(session: ScopedSession, *, ids: Sequence[UUID]) -> None:
    """Remove opportunities that have neither interactions nor steps."""
    await repository.erase_opportunities(session, ids=ids)
