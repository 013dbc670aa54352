"""Ids that callers chose: which of them turn out to be taken."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import asyncpg
from sqlalchemy import ARRAY, Insert, Select, Table, Uuid, any_, bindparam, select

from app.db.scope import ScopedSession
from app.kit.errors import Fault, IdTaken

_PRACTICE: Any = bindparam("practice_id", type_=Uuid)
_IDS: Any = bindparam("ids", type_=ARRAY(Uuid))


async def insert_rows(
    session: ScopedSession, statement: Insert, rows: Sequence[Mapping[str, Any]], *, into: Table, places: Sequence[str]
) -> None:
    """Insert rows. Raise IdTaken, which says at which of their `places` in the body an id stands that is not free."""
    try:
        await session.run_many(statement, rows)
    except asyncpg.UniqueViolationError as error:
        if error.constraint_name != f"pk_{into.name}":
            raise
    else:
        return
    # The transaction is lost with the statement, and nothing of it will be committed; this is another one, to look.
    await session.close()
    ids = [row["id"] for row in rows]
    async with session.as_system():
        known = set((await session.run(_among(into), ids=ids)).scalars())
    first = {ident: n for n, ident in reversed(list(enumerate(ids)))}
    found = [place for n, place in enumerate(places) if ids[n] in known or first[ids[n]] < n]
    words = "This id is used already: send another one, or leave the record out if it is the same."
    raise IdTaken(faults=[Fault("body", place, "id-taken", words) for place in found])


@cache
def _among(table: Table) -> Select[Any]:
    return select(table.c.id).where(table.c.practice_id == _PRACTICE, table.c.id == any_(_IDS))
