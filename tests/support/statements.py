"""What the application sends to Postgres, heard by the one seam that its pool has for that."""

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any

import asyncpg

from app.db.pool import Observer, Pool
from app.db.statements import Plan
from tests.support.api import House
from tests.support.database import Database

#: What every request asks before its own work: who is calling, and how often lately.
DOOR = ("rate_count_", "admit_caller")


def pool_of(house: House) -> Pool:
    """Return the pool of a running application."""
    found: Pool = house.app.state.house.sessions.pool
    return found


@contextmanager
def observed(house: House, observer: Observer) -> Iterator[None]:
    """Let `observer` hear of each statement for one block."""
    observers = pool_of(house).observers
    observers.append(observer)
    try:
        yield
    finally:
        observers.remove(observer)


@contextmanager
def sent(house: House) -> Iterator[list[tuple[str, Sequence[Any]]]]:
    """Collect what a block sends besides what knows its caller: SQL and values; BEGIN and COMMIT apart."""
    heard: list[tuple[str, Sequence[Any]]] = []

    async def note(_: Any, plan: Plan, values: Sequence[Any]) -> None:
        if not any(part in plan.sql for part in DOOR):
            heard.append((plan.sql, values))

    with observed(house, note):
        yield heard


@contextmanager
def overtaken(house: House, database: Database, sql: str, *values: Any, before: int | str) -> Iterator[list[str]]:
    """Commit `sql` right before one statement of a block: the one of this number, or the first that says this.

    What would have to wait for the block itself is left out. Collect what the block sends.
    """
    heard: list[str] = []

    async def overtake(_: Any, plan: Plan, _values: Sequence[Any]) -> None:
        if any(part in plan.sql for part in DOOR):
            return
        heard.append(plan.sql)
        told = [before in sent for sent in heard] if isinstance(before, str) else [n == before for n in _numbers(heard)]
        if told[-1] and sum(told) == 1:
            line = await asyncpg.connect(database.url, server_settings={"lock_timeout": "200ms"})
            with suppress(asyncpg.LockNotAvailableError):
                await line.execute(sql, *values)
            await line.close()

    with observed(house, overtake):
        yield heard


def _numbers(heard: Sequence[str]) -> range:
    return range(1, len(heard) + 1)


@contextmanager
def held(database: Database, sql: str, *values: Any) -> Iterator[None]:
    """Run `sql` in a transaction that ends with the block, and with it whatever it locks."""
    with asyncio.Runner() as runner:
        line = runner.run(asyncpg.connect(database.url))
        runner.run(line.execute("begin"))
        runner.run(line.execute(sql, *values))
        try:
            yield
        finally:
            runner.run(line.close())
