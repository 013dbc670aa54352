"""Many rows in one statement: a thousand single inserts take four times as long."""

from collections.abc import Mapping, Sequence
from typing import Any

import orjson
from sqlalchemy import Insert, Table, Text, Uuid, bindparam, cast, column, func, insert, select
from sqlalchemy.dialects.postgresql import JSONB

from app.db.scope import ScopedSession

#: How many rows travel together: bounds the size of a statement and the time it takes.
_CHUNK = 1_000


def insert_rows(table: Table, *names: str) -> Insert:
    """Return the statement by which `run` inserts the columns `names` of a tenant table."""
    rows = (
        func.jsonb_to_recordset(cast(bindparam("rows", type_=Text), JSONB))
        .table_valued(*(column(name, table.c[name].type) for name in names))
        .render_derived(with_types=True)
    )
    practice = bindparam("practice_id", type_=Uuid)
    return insert(table).from_select(["practice_id", *names], select(practice, *(rows.c[name] for name in names)))


async def run(session: ScopedSession, statement: Insert, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert `rows` into the practice of the session; what a row does not have is null."""
    for start in range(0, len(rows), _CHUNK):
        await session.run(statement, rows=as_json(rows[start : start + _CHUNK]))


def as_json(rows: Sequence[Mapping[str, Any]]) -> str:
    """Return rows as the JSON text that Postgres makes a record set of; ids may be the driver's."""
    return orjson.dumps(rows, default=str).decode()
