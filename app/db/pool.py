"""The connections of a process to Postgres: few, shared, and none is handed on in the middle of anything."""

import asyncio
from collections import deque
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
    """At most `size` connections, opened when they are needed; the last to come back is the first to go."""

    def __init__(self, url: str, *, size: int, keeps_sessions: bool = True, **settings: str) -> None:
        #: For tests and tools that look at what is sent; empty otherwise.
        self.observers: list[Observer] = []
        # False behind a pooler, which hands a connection to somebody else between two transactions.
        self._prepared = PREPARED if keeps_sessions else 0
        self._url = url
        self._settings = settings
        self._free = size
        self._idle: list[Any] = []
        self._waiting: deque[asyncio.Future[None]] = deque()
        self._mending: set[asyncio.Task[None]] = set()
        self._is_closed = False

    async def take(self) -> Any:
        """Return a connection outside of any transaction, for the caller alone. Raise PoolTimeout."""
        if self._free:
            self._free -= 1
        else:
            await self._wait()
        try:
            while self._idle:
                if not (connection := self._idle.pop()).is_closed():
                    return connection
            return await self._open()
        except BaseException:
            self._leave()
            raise

    async def begin(self, opening: str) -> Any:
        """Return a connection inside of the transaction that `opening` begins. Raise PoolTimeout."""
        connection = await self.take()
        try:
            await connection.execute(opening)
        except BaseException:
            self.mend(connection)
            raise
        return connection

    def give(self, connection: Any) -> None:
        """Take back a connection whose transaction is over."""
        if self._is_closed or connection.is_in_transaction():
            connection.terminate()
        elif not connection.is_closed():
            self._idle.append(connection)
        self._leave()

    def mend(self, connection: Any) -> None:
        """Take back a connection that was left in the middle of something; nobody waits until it is well again."""
        if connection.is_closed():
            self.give(connection)
            return
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
        self.give(connection)
        return found

    async def send(self, connection: Any, planned: Plan, values: Values) -> list[Row]:
        """Send a statement over a connection that was taken, and return its rows."""
        arguments = planned.arguments(values)
        sql = await self.observed(connection, planned, arguments) if self.observers else planned.sql
        found: list[Row] = await connection.fetch(sql, *arguments)
        return found

    async def observed(self, connection: Any, planned: Plan, arguments: Any) -> str:
        """Tell the observers of a statement, and return the SQL to send."""
        sql = planned.sql
        for observer in self.observers:
            sql = await observer(connection, planned, arguments) or sql
        return sql

    async def close(self) -> None:
        """Close the connections that nobody uses; those in use are closed when they are given back."""
        self._is_closed = True
        await asyncio.gather(*self._mending, return_exceptions=True)
        while self._idle:
            connection = self._idle.pop()
            with suppress(asyncpg.PostgresError, asyncpg.InterfaceError, OSError):
                await connection.close(timeout=CLOSING)

    async def _open(self) -> Any:
        connection = await asyncpg.connect(
            self._url,
            timeout=OPENING,
            record_class=Row,
            server_settings=self._settings,
            statement_cache_size=self._prepared,
            max_cached_statement_lifetime=0,
            max_cacheable_statement_size=0,
        )
        try:
            for name in ("json", "jsonb"):
                # What is written has been turned into text by then.
                await connection.set_type_codec(name, schema="pg_catalog", encoder=str, decoder=from_json)
        except BaseException:
            connection.terminate()
            raise
        return connection

    async def _wait(self) -> None:
        loop = asyncio.get_running_loop()
        place: asyncio.Future[None] = loop.create_future()
        self._waiting.append(place)
        alarm = loop.call_later(PATIENCE, _expire, place)
        try:
            await place
        except asyncio.CancelledError:
            if place.done() and not place.cancelled() and place.exception() is None:
                self._leave()  # it came too late
            raise
        finally:
            alarm.cancel()

    def _leave(self) -> None:
        while self._waiting:
            place = self._waiting.popleft()
            if not place.done():
                place.set_result(None)
                return
        self._free += 1

    async def _mend(self, connection: Any) -> None:
        try:
            # The driver waits here until what was broken off is cancelled in Postgres, too.
            await connection.execute("ROLLBACK", timeout=OPENING)
        except BaseException as error:
            connection.terminate()
            if not isinstance(error, Exception):
                raise
        finally:
            self.give(connection)


def _expire(place: asyncio.Future[None]) -> None:
    if not place.done():
        place.set_exception(PoolTimeout("all connections are in use"))
