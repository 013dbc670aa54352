"""A request of somebody whom the service does not know yet: what signing in needs besides a body."""

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.access.passwords import Passwords
from app.access.tokens import Successors
from app.db.scope import Role, Scope, ScopedSession

#: Opens a transaction in a scope; leaving it without an exception commits.
Enter = Callable[[Scope], AbstractAsyncContextManager[ScopedSession]]


@dataclass(frozen=True, slots=True)
class Visit:
    """When, which request, and what may be opened.

    Such a request runs in steps: a look as app_auth, the work on a password with no connection held, then a change
    inside the practice that was found. Also a refusal may leave something behind that must be committed.
    """

    now: datetime
    request_id: UUID | None
    enter: Enter
    act: Enter
    passwords: Passwords
    successors: Successors
    began: float

    def look(self) -> AbstractAsyncContextManager[ScopedSession]:
        """Open a transaction that reads credentials before a tenant is known."""
        return self.enter(Scope(Role.AUTH, read_only=True))

    def inside(self, practice_id: UUID) -> AbstractAsyncContextManager[ScopedSession]:
        """Open the one transaction in a practice in which what was asked for is done; a retry is told by it."""
        return self.act(Scope(Role.TENANT, practice_id=practice_id))

    def beside(self, practice_id: UUID) -> AbstractAsyncContextManager[ScopedSession]:
        """Open a transaction in a practice for what may be done twice: committed at once, there may be several."""
        return self.enter(Scope(Role.TENANT, practice_id=practice_id))

    async def even_out(self, step: float) -> None:
        """Wait until a whole number of `step` seconds have passed since the request began.

        What a request found out shows in its time, a little: no more, when it ends with the step.
        """
        elapsed = asyncio.get_running_loop().time() - self.began
        await asyncio.sleep(step - elapsed % step)
