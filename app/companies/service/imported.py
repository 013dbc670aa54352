"""What an import makes and unmakes in this room; its audit entry is its own."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from app.companies.repository import imported as repository
from app.companies.service.directory import find_or_create_all
from app.db.scope import ScopedSession
from app.kit.keys import search_key

__all__ = ["erase_contacts", "erase_idle_companies", "find_or_create_all", "insert_contacts"]


async def insert_contacts(session: ScopedSession, *, contacts: Sequence[Mapping[str, Any]], now: datetime) -> None:
    """Store contacts with the ids that they bring."""
    stamps = {"version": 1, "created_at": now, "updated_at": now}
    rows = [{**values, **stamps, "name_key": search_key(values["name"])} for values in contacts]
    await repository.insert_contacts(session, rows=rows)


async def erase_contacts(session: ScopedSession, *, ids: Sequence[UUID]) -> None:
    """Remove contacts that nothing refers to."""
    await repository.erase_contacts(session, ids=ids)


async def erase_idle_companies(session: ScopedSession, *, ids: Sequence[UUID]) -> None:
    """Remove those of the companies that nothing refers to."""
    # Nothing at all, be it of a client whom the caller does not see.
    async with session.as_system():
        await repository.erase_idle_companies(session, ids=ids)
