"""For whom a transaction runs: the role and the settings that row level security reads.

`SET` takes no bind parameters, so every value here is an enum or a UUID before it becomes SQL.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Self
from uuid import UUID

from sqlalchemy import Executable, text

from app.db.pool import Pool
from app.db.rows import Result, Row
from app.db.statements import plan
from app.kit.errors import NotFound

__all__ = ["Actor", "NoScopeError", "Result", "Role", "Row", "Scope", "ScopedSession"]


class Role(StrEnum):
    """The roles that the poor login may become (ARCHITECTURE.md section 6, Doors)."""

    TENANT = "app_tenant"
    AUTH = "app_auth"
    WORKER = "app_worker"


class Actor(StrEnum):
    """What kind of caller the policies of the database see."""

    OWNER = "owner"
    ADMIN = "admin"
    COACH = "coach"
    ASSISTANT = "assistant"
    CLIENT = "client"
    SYSTEM = "system"


#: Who sees the whole practice, whatever it has decided about its coaches.
_UNLIMITED = frozenset({Actor.OWNER, Actor.ADMIN, Actor.SYSTEM})


@dataclass(frozen=True, slots=True)
class Scope:
    """Whom a transaction may see. Without one a session refuses to start."""

    role: Role
    actor: Actor = Actor.SYSTEM
    practice_id: UUID | None = None
    member_id: UUID | None = None
    client_id: UUID | None = None
    read_only: bool = False
    assigned_only: bool = False  # not told to the database, which knows it from the practice

    def opening(self) -> str:
        """Return the SQL that begins a transaction in this scope, all of it in one message."""
        begin = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY" if self.read_only else "BEGIN"
        return f"{begin}; {self.prelude()}"

    def prelude(self) -> str:
        """Return the SQL that follows BEGIN."""
        lines = [f"SET LOCAL ROLE {Role(self.role).value}"]
        if self.role is Role.TENANT:
            lines.append(f"SET LOCAL app.actor = '{Actor(self.actor).value}'")
            settings = {"practice": self.practice_id, "member": self.member_id, "client": self.client_id}
            lines += [f"SET LOCAL app.{name}_id = '{_uuid(v)}'" for name, v in settings.items() if v is not None]
        return "; ".join(lines)


def _uuid(value: object) -> str:
    if not isinstance(value, UUID):
        raise TypeError("what is written into SQL must be a UUID")
    return str(value)


_AS = {actor: text(f"SET LOCAL app.actor = '{actor.value}'") for actor in Actor}
_THROUGH = {role: text(f"SET LOCAL ROLE {role.value}") for role in Role}
_SAVE, _GO_ON, _BACK = text("SAVEPOINT nested"), text("RELEASE nested"), text("ROLLBACK TO nested")


class NoScopeError(RuntimeError):
    """A session was used before it was told for whom: a defect, never a caller's fault."""


class UndoneError(RuntimeError):
    """A transaction in which a statement had failed was to be committed: a defect, never a caller's fault."""


class ScopedSession:
    """A transaction at a time, in a scope that it must be told first: `sessions().within(scope)`.

    The first statement begins it, `commit` ends it and so does leaving the block, which undoes what was not committed.
    """

    __slots__ = ("_connection", "_has_begun", "_is_cut", "_pool", "_scope", "widened")

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._scope: Scope | None = None
        self._connection: Any = None
        self._has_begun = False
        self._is_cut = False
        #: Whether the session sees the whole practice at the moment, whatever its scope.
        self.widened = False

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    def within(self, scope: Scope) -> Self:
        """Bind this session to `scope`, for each of its transactions, and return it."""
        self._scope = scope
        return self

    @property
    def scope(self) -> Scope:
        """Return the scope that this session was bound to."""
        if self._scope is None:
            raise NoScopeError("a session was used without a Scope")
        return self._scope

    @asynccontextmanager
    async def as_system(self) -> AsyncIterator[None]:
        """Widen the view to the whole practice for one block, in the database and in the service's own filters.

        A timeline must be computed from all of its interactions, also when the one who writes may not read them all;
        the practice stays the same.
        """
        narrow = self.scope
        # For a coach the database asks the practice at each statement, whatever it was when they were let in.
        if narrow.actor in _UNLIMITED or self.widened:
            yield
            return
        self.widened = True
        try:
            await self.execute(_AS[Actor.SYSTEM])
            yield
            await self.execute(_AS[Actor(narrow.actor)])
        finally:
            self.widened = False

    @asynccontextmanager
    async def through(self, door: Role) -> AsyncIterator[None]:
        """Act in another role for one block of the same transaction; nothing is sent where it is the session's own."""
        if door is self.scope.role:
            yield
            return
        await self.execute(_THROUGH[Role(door)])
        yield
        await self.execute(_THROUGH[Role(self.scope.role)])

    @asynccontextmanager
    async def begin_nested(self) -> AsyncIterator[None]:
        """Undo a block that raises, and nothing before it: the transaction goes on."""
        await self.execute(_SAVE)
        try:
            yield
        except Exception:
            await self.execute(_BACK)
            raise
        await self.execute(_GO_ON)

    async def run(self, statement: Executable, /, **parameters: Any) -> Result:
        """Execute a prebuilt statement with `parameters`; `practice_id` is always the scope's, never a caller's."""
        parameters["practice_id"] = self.scope.practice_id
        return await self.execute(statement, parameters)

    async def change(self, statement: Executable, parameters: Mapping[str, Any] | None = None, /) -> None:
        """Execute a statement, with exactly these parameters, that changes or removes what the session has locked.

        Raise NotFound where it touches nothing: what is locked is there, so the caller may no longer see it.
        """
        if not await self._send(self._pool.touch, statement, parameters):
            raise NotFound

    async def run_many(self, statement: Executable, rows: Sequence[Mapping[str, Any]]) -> None:
        """Execute `statement` once for each row, pipelined; `practice_id` is added to each. Nothing for no rows."""
        if not rows:
            return
        values = [{**row, "practice_id": self.scope.practice_id} for row in rows]
        planned = plan(statement, values[0], many=len(values) > 1)
        arguments = [planned.arguments(each) for each in values]
        connection = self._connection if self._has_begun else await self._begin()
        try:
            await connection.executemany(await self._pool.observed(connection, planned, arguments[0]), arguments)
        except BaseException as error:
            self._is_cut = not isinstance(error, Exception)
            raise

    async def execute(self, statement: Executable, parameters: Mapping[str, Any] | None = None, /) -> Result:
        """Execute a statement with exactly these parameters."""
        return Result(await self._send(self._pool.send, statement, parameters))

    async def commit(self) -> None:
        """End the transaction and keep what it did; the next statement begins another one."""
        if not self._has_begun:
            return
        try:
            ended = await self._connection.execute("COMMIT")
        except BaseException as error:
            self._is_cut = not isinstance(error, Exception)
            raise
        self._has_begun = False
        await self._release()
        if ended != "COMMIT":
            raise UndoneError("the transaction had failed before")

    async def close(self) -> None:
        """Undo what was not committed, and give the connection back."""
        if self._connection is None:
            return
        if self._has_begun and not self._is_cut:
            try:
                await self._connection.execute("ROLLBACK")
            except BaseException as error:
                self._is_cut = True
                if not isinstance(error, Exception):
                    raise
            finally:
                await self._release()
            return
        await self._release()

    async def _send(self, send: Any, statement: Executable, parameters: Mapping[str, Any] | None) -> Any:
        values = parameters or {}
        planned = plan(statement, values)
        connection = self._connection if self._has_begun else await self._begin(planned.prelude)
        try:
            return await send(connection, planned, values)
        except BaseException as error:
            self._is_cut = not isinstance(error, Exception)
            raise

    async def _begin(self, prelude: str = "") -> Any:
        self._connection = connection = await self._pool.begin(self.scope.opening() + prelude)
        self._has_begun = True
        return connection

    async def _release(self) -> None:
        connection, self._connection = self._connection, None
        is_cut, self._is_cut, self._has_begun = self._is_cut, False, False
        if is_cut:
            self._pool.mend(connection)
        else:
            await self._pool.give(connection)
