"""The connections of a process to Postgres: few, shared, and none is handed on in the middle of anything."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from typing import Any

import asyncpg
from pydantic_core import from_json
from sqlalchemy import Executable

from app.db.rows import Row
from app.db.statements import Plan, Values, plan

#: How long somebody waits for a connection while all of them are in use, and how long one may take to open or close.
PATIENCE, OPENING, CLOSING = 2.0, 5.0, 2.0
#: Statements that each connection keeps prepared: more than the service has.
PREPARED = 1_024

#: Hears of each statement before it is sent, with the connection and the values; may return other SQL to send instead.
Observer = Callable[[Any, Plan, Sequence[Any]], Awaitable[str | None]]


class PoolTimeout(Exception):
    """All connections have been in use for too long."""


class Pool:
    """The driver's own pool of at most `size` connections, opened when they are needed, with the service's manners."""

    def __init__(self, url: str, *, size: int, keeps_sessions: bool = True, **settings: str) -> None:
        #: For tests and tools that look at what is sent; empty otherwise.
        self.observers: list[Observer] = []
        self._how = {
            "dsn": url,
            "min_size": 0,
            "max_size": size,
            "timeout": OPENING,
            "record_class": Row,
            "server_settings": settings,
            # None behind a pooler, which hands a connection to somebody else between two transactions.
            "statement_cache_size": PREPARED if keeps_sessions else 0,
            "max_cached_statement_lifetime": 0,
            "max_cacheable_statement_size": 0,
            "init": _read_json,
            "reset": _nothing,
        }
        self._lent: Any = None
        self._mending: set[asyncio.Task[None]] = set()

    async def take(self) -> Any:
        """Return a connection outside of any transaction, for the caller alone. Raise PoolTimeout."""
        if self._lent is None:
            self._lent = await asyncpg.create_pool(**self._how)  # connects to nothing yet, so nobody comes in between
        try:
            return await self._lent.acquire(timeout=PATIENCE)
        except TimeoutError as late:
            raise PoolTimeout("all connections are in use") from late

    async def begin(self, opening: str) -> Any:
        """Return a connection inside of the transaction that `opening` begins. Raise PoolTimeout."""
        connection = await self.take()
        try:
            await connection.execute(opening)
        except BaseException:
            self.mend(connection)
            raise
        return connection

    async def give(self, connection: Any) -> None:
        """Take back a connection whose transaction is over."""
        await self._lent.release(connection)

    def mend(self, connection: Any) -> None:
        """Take back a connection that was left in the middle of something; nobody waits until it is well again."""
        task = asyncio.get_running_loop().create_task(self._mend(connection))
        self._mending.add(task)
        task.add_done_callback(self._mending.discard)

    async def call(self, statement: Executable, values: Values) -> list[Row]:
        """Execute one statement that is a transaction of its own, as the bare login of the service."""
        connection = await self.take()
        try:
            found = await self.send(connection, plan(statement, values), values)
        except BaseException:
            self.mend(connection)
            raise
        await self.give(connection)
        return found

    async def send(self, connection: Any, planned: Plan, values: Values) -> list[Row]:
        """Send a statement over a connection that was taken, and return its rows."""
        arguments = planned.arguments(values)
        sql = await self.observed(connection, planned, arguments) if self.observers else planned.sql
        found: list[Row] = await connection.fetch(sql, *arguments)
        return found

    async def touch(self, connection: Any, planned: Plan, values: Values) -> int:
        """Send a statement that changes rows over a connection that was taken, and return how many it touched."""
        arguments = planned.arguments(values)
        sql = await self.observed(connection, planned, arguments) if self.observers else planned.sql
        return int((await connection.execute(sql, *arguments)).rpartition(" ")[2])

    async def observed(self, connection: Any, planned: Plan, arguments: Any) -> str:
        """Tell the observers of a statement, and return the SQL to send."""
        sql = planned.sql
        for observer in self.observers:
            sql = await observer(connection, planned, arguments) or sql
        return sql

    async def close(self) -> None:
        """Close all connections: those in use get a moment to come back."""
        if self._lent is None:
            return
        await asyncio.gather(*self._mending, return_exceptions=True)
        with suppress(TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError, OSError):
            await asyncio.wait_for(self._lent.close(), CLOSING)

    async def _mend(self, connection: Any) -> None:
        try:
            # The driver waits here until what was broken off is cancelled in Postgres, too.
            await connection.execute("ROLLBACK", timeout=OPENING)
        except BaseException as error:
            with suppress(asyncpg.InterfaceError):  # where it was lost the driver has thrown it away by now
                connection.terminate()
            if not isinstance(error, Exception):
                raise
        finally:
            await self.give(connection)


async def _read_json(connection: Any) -> None:
    for name in ("json", "jsonb"):
        # What is written has been turned into text by then.
        await connection.set_type_codec(name, schema="pg_catalog", encoder=str, decoder=from_json)


async def _nothing(_: Any) -> None:
    """Leave a connection as it is: a transaction's settings end with it, and the service makes no others."""
