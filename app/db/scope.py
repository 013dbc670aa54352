"""For whom a transaction runs: the role and the settings that row level security reads.

`SET` takes no bind parameters, so every value here is an enum or a UUID before it becomes SQL.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Self, cast
from uuid import UUID

from sqlalchemy import Connection, CursorResult, Executable, event, text
from sqlalchemy.engine import RowMapping
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session, SessionTransaction

#: A row of a result, by column name; services know rows by this name only.
Row = RowMapping


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


_SEE_EVERYTHING = frozenset({Actor.OWNER, Actor.ADMIN, Actor.COACH, Actor.SYSTEM})
_WIDENED = "widened"


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

    @property
    def sees_everything(self) -> bool:
        """Whether every row of the practice exists for the caller."""
        return self.actor in _SEE_EVERYTHING and not self.assigned_only

    def prelude(self) -> str:
        """Return the SQL that follows BEGIN in the same message."""
        lines = ["; SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY"] if self.read_only else [""]
        lines.append(f"SET LOCAL ROLE {Role(self.role).value}")
        if self.role is Role.TENANT:
            lines.append(f"SET LOCAL app.actor = '{Actor(self.actor).value}'")
            settings = {"practice": self.practice_id, "member": self.member_id, "client": self.client_id}
            lines += [f"SET LOCAL app.{name}_id = '{UUID(str(v))}'" for name, v in settings.items() if v is not None]
        return "; ".join(lines)


class ScopedSession(AsyncSession):
    """An AsyncSession that must be told its scope: `sessions().within(scope)`."""

    def within(self, scope: Scope) -> Self:
        """Bind this session to `scope`, for each of its transactions, and return it."""
        self.sync_session.info["scope"] = scope
        return self

    @property
    def scope(self) -> Scope:
        """Return the scope that this session was bound to."""
        scope: Scope = self.sync_session.info["scope"]
        return scope

    @property
    def widened(self) -> bool:
        """Whether the session sees the whole practice at the moment, whatever its scope."""
        return bool(self.sync_session.info.get(_WIDENED))

    @asynccontextmanager
    async def as_system(self) -> AsyncIterator[None]:
        """Widen the view to the whole practice for one block, in the database and in the service's own filters.

        A timeline must be computed from all of its interactions, also when the one who writes may not read them all;
        the practice stays the same.
        """
        narrow = self.scope
        if narrow.sees_everything or self.widened:
            yield
            return
        self.sync_session.info[_WIDENED] = True
        try:
            await self.execute(text(f"SET LOCAL app.actor = '{Actor.SYSTEM.value}'"))
            yield
            await self.execute(text(f"SET LOCAL app.actor = '{Actor(narrow.actor).value}'"))
        finally:
            self.sync_session.info[_WIDENED] = False

    @asynccontextmanager
    async def through(self, door: Role) -> AsyncIterator[None]:
        """Act in another role for one block of the same transaction; nothing is sent where it is the session's own."""
        if door is self.scope.role:
            yield
            return
        await self.execute(text(f"SET LOCAL ROLE {Role(door).value}"))
        yield
        await self.execute(text(f"SET LOCAL ROLE {Role(self.scope.role).value}"))

    async def run(self, statement: Executable, /, **parameters: Any) -> CursorResult[Any]:
        """Execute a prebuilt statement with `parameters`; `practice_id` is always the scope's, never a caller's."""
        result = await self.execute(statement, {**parameters, "practice_id": self.scope.practice_id})
        return cast("CursorResult[Any]", result)

    async def run_many(self, statement: Executable, rows: Sequence[Mapping[str, Any]]) -> None:
        """Execute `statement` once for each row, pipelined; `practice_id` is added to each. Nothing for no rows."""
        if rows:
            await self.execute(statement, [{**row, "practice_id": self.scope.practice_id} for row in rows])


class NoScopeError(RuntimeError):
    """A session was used before it was told for whom: a defect, never a caller's fault."""


@event.listens_for(Session, "after_begin")
def _enter(session: Session, _: SessionTransaction, connection: Connection) -> None:
    scope = session.info.get("scope")
    if not isinstance(scope, Scope):
        raise NoScopeError("a session was used without a Scope")
    driver: Any = connection.connection.dbapi_connection
    driver.driver_connection.prelude = scope.prelude()
