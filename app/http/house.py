"""What the process shares between requests, and how a handler gets at it."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime

from fastapi import Request

from app.access.limits import Meter
from app.access.passwords import Passwords
from app.access.tokens import Successors
from app.db.engine import Sessions
from app.db.scope import Role, Scope, ScopedSession
from app.kit.pages import CursorSigner
from app.kit.ports import Offers
from app.kit.post import Post
from app.kit.seals import Sealer
from app.kit.signatures import LinkSigner


@dataclass(frozen=True, slots=True)
class House:
    """What the process shares between requests; built once by `create_app`."""

    sessions: Sessions
    signer: CursorSigner
    clock: Callable[[], datetime]
    base_url: str | None
    offers: Offers
    passwords: Passwords
    successors: Successors
    meter: Meter
    sealer: Sealer
    links: LinkSigner
    post: Post | None = None
    app_url: str | None = None

    @asynccontextmanager
    async def enter(self, scope: Scope) -> AsyncIterator[ScopedSession]:
        """Open a transaction in a scope, committed unless the block raises."""
        async with self.sessions() as session:
            yield session.within(scope)
            await session.commit()

    @asynccontextmanager
    async def look(self) -> AsyncIterator[ScopedSession]:
        """Open a read-only session before any tenant is known, for the service's own questions."""
        async with self.sessions() as session:
            yield session.within(Scope(Role.AUTH, read_only=True))


def house(request: Request) -> House:
    """Return the process's shared parts."""
    found: House = request.app.state.house
    return found
