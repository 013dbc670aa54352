"""Practices, members and their keys in Postgres; this room alone writes them."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import bindparam, insert, select

from app.db.scope import Row, ScopedSession
from app.db.tables import api_key, invitation, member, policy, practice

_FIND = select(*practice.c).where(practice.c.id == bindparam("practice_id"))
_TABLES = {"practice": practice, "member": member, "invitation": invitation, "api_key": api_key, "policy": policy}
_INSERTS = {name: insert(table) for name, table in _TABLES.items()}


async def find(session: ScopedSession) -> Row:
    """Return the practice of the session's scope."""
    return (await session.run(_FIND)).mappings().one()


async def insert_into(session: ScopedSession, table: str, **values: Any) -> None:
    """Store a row of one of this room's tables."""
    row: Mapping[str, Any] = values if table == "practice" else {**values, "practice_id": session.scope.practice_id}
    await session.execute(_INSERTS[table], row)
