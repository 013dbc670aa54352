"""Whoever can call has an id of their own among the people of a practice, member or client (docs/adr/0012)."""

from typing import Any
from uuid import UUID

from sqlalchemy import Text, Uuid, bindparam, cast, exists, func, select

from app.db.scope import ScopedSession
from app.db.tables import client, erased_client, member
from app.kit.errors import IdTaken

_PRACTICE: Any = bindparam("practice_id", type_=Uuid)
_ID: Any = bindparam("id", type_=Uuid)
_HOLD = select(func.pg_advisory_xact_lock(func.hashtextextended(cast(_PRACTICE, Text) + cast(_ID, Text), 0)))
_THERE = (
    exists().where(table.c.practice_id == _PRACTICE, table.c.id == _ID) for table in (member, client, erased_client)
)
_TAKEN = select(*(one.label(f"of_{number}") for number, one in enumerate(_THERE)))


async def demand_free(session: ScopedSession, *, ident: UUID | None) -> None:
    """Hold an id that a caller chose for a person until the transaction ends. Raise IdTaken.

    Lock order: first of all, since who holds one goes on to rows of the practice.
    """
    if ident is None:
        return
    # Their two tables know nothing of each other: of two who take one id at the same time the second waits, then looks.
    await session.run(_HOLD, id=ident)
    async with session.as_system():
        found = (await session.run(_TAKEN, id=ident)).mappings().one()
    if any(found.values()):
        raise IdTaken
