"""The service's own statements as the driver sends them, for baselines that send the same."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg
from sqlalchemy import BindParameter, Select
from sqlalchemy.dialects.postgresql.asyncpg import dialect
from sqlalchemy.sql import visitors

from app.db import statements
from app.db.scope import Actor, Role, Scope

#: Of the service's own connections (app/db/engine.py).
SERVER_SETTINGS = {"application_name": "bench", "jit": "off", "enable_seqscan": "off", "timezone": "UTC"}
_POOL = 10


class Statement:
    """A compiled statement: its text with `$1`, and in which order it takes its parameters."""

    def __init__(self, statement: Select[Any]) -> None:
        # To write the lists of `in` out it wants to know all values; those that are given later are none of these.
        asked = {b.key: None for b in visitors.iterate(statement) if isinstance(b, BindParameter) and b.required}
        # SQLAlchemy ships no types for its dialects.
        compiled: Any = statement.compile(dialect=dialect())  # type: ignore[no-untyped-call]
        state = compiled.construct_expanded_state(asked)
        self.text: str = state.statement
        self.prelude = statements.prelude(statement)
        self._names: list[str] = list(state.positiontup)
        self._fixed: Mapping[str, Any] = state.parameters

    def arguments(self, given: Mapping[str, Any]) -> list[Any]:
        """Return the parameters in their order; what is not given is a constant of the statement."""
        return [given[name] if name in given else self._fixed[name] for name in self._names]


class Pool:
    """Connections as a stack, and nothing else: no checks, no resets."""

    def __init__(self, url: str) -> None:
        self._url, self._free = url, list[Any]()

    async def open(self, connections: int = _POOL) -> None:
        """Connect, unless told otherwise as often as a worker of the service does."""
        for _ in range(connections):
            self._free.append(await asyncpg.connect(self._url, server_settings=SERVER_SETTINGS))

    async def transaction(self, prelude: str, work: Callable[[Any], Any]) -> Any:
        """Run `work` in a transaction that begins with `prelude` in the same message."""
        connection = self.take()
        try:
            await connection.execute(prelude)
            found = await work(connection)
            await connection.execute("COMMIT")
        except BaseException:
            await connection.execute("ROLLBACK")
            raise
        finally:
            self.give(connection)
        return found

    async def close(self) -> None:
        """Hang up."""
        while self._free:
            await self._free.pop().close()

    def take(self) -> Any:
        """Return a connection that nobody uses."""
        return self._free.pop()

    def give(self, connection: Any) -> None:
        """Take a connection back."""
        self._free.append(connection)


def prelude(practice_id: UUID, member_id: UUID, actor: Actor) -> str:
    """Return BEGIN with the tenancy settings of a reading request."""
    return Scope(Role.TENANT, actor, practice_id=practice_id, member_id=member_id, read_only=True).opening()


def instant(moment: datetime) -> str:
    """Write an instant in UTC as answers do."""
    return moment.isoformat(timespec="microseconds")[:-6] + "Z"
