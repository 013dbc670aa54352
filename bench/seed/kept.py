"""Putting the compared practice back as it was seeded, after scenarios that write.

A copy of its rows is kept in the schema `bench`, so that every run measures the same rows, and no run seeds anew.
"""

from typing import Any
from uuid import UUID

from app.db.base import metadata
from app.db.tables import practice

_TABLES = (*sorted(name for name, table in metadata.tables.items() if "practice_id" in table.c), practice.name)
_COLUMNS = (
    "select string_agg(quote_ident(attname), ', ' order by attnum) from pg_attribute "
    "where attrelid = $1::regclass and attnum > 0 and not attisdropped and attgenerated = ''"
)
#: What no practice owns, or what only the benchmark leaves behind.
_REST = ("pgqueuer", "pgqueuer_log", "rate_window")


async def keep(connection: Any, practice_id: UUID) -> None:
    """Copy all rows of a practice."""
    for table in _TABLES:
        columns = await connection.fetchval(_COLUMNS, table)
        owner = "id" if table == practice.name else "practice_id"
        await connection.execute(
            f"create table bench.kept_{table} as select {columns} from {table} where {owner} = '{practice_id}'"  # noqa: S608
        )
    await connection.execute("create table bench.touched (at timestamptz)")


async def touch(connection: Any) -> None:
    """Note that the practice is about to be written to."""
    await connection.execute("insert into bench.touched values (now())")


async def restore(connection: Any, practice_id: UUID) -> bool:
    """Put all rows of the practice back, if anything was written since; say whether."""
    if not await connection.fetchval("select exists (select from bench.touched)"):
        return False
    async with connection.transaction():
        await connection.execute("set local session_replication_role = replica")
        for table in _TABLES:
            columns = await connection.fetchval(_COLUMNS, table)
            owner = "id" if table == practice.name else "practice_id"
            await connection.execute(f"delete from {table} where {owner} = '{practice_id}'")  # noqa: S608
            await connection.execute(
                f"insert into {table} ({columns}) overriding system value select {columns} from bench.kept_{table}"  # noqa: S608
            )
        for table in _REST:
            await connection.execute(f"delete from {table}")  # noqa: S608
        await connection.execute("delete from bench.touched")
    for table in ("opportunity", "interaction", "ghosting_step", "silence", "derived_win", "change"):
        await connection.execute(f"vacuum (analyze) {table}")
    return True
