"""Retries without a credential: signing in, going on with a sign-in, and passwords (API.md C16).

Such a request has no transaction of its own from end to end. A look at what was answered before comes first; the key is
claimed where the effect begins, and that transaction stays open until the answer can be kept in it.

A caller is here whoever the body says it is from, with the secret that shows it. So a guess at somebody's password is
never held against what they sent themselves, whatever key comes with it; and whether an address is known makes no
difference to what is done.
"""

import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime
from typing import Any

from fastapi import Request

from app.db import answers
from app.db.scope import Role, Scope, ScopedSession
from app.http import idempotency
from app.http.house import House, house
from app.http.idempotency import Claim
from app.kit.errors import AppError


def claim_of(request: Request) -> Claim | None:
    """Return the claim that a visitor's request makes, None without a key."""
    key = idempotency.key_of(request)
    if key is None:
        return None
    path: str = request.scope["path"]
    given: Any = idempotency.given_to(request)
    who = json.dumps([path, *(str(getattr(given, name)) for name in given.known_by)])
    seal = house(request).sealer.hidden_seal(key, place=who.encode("utf-8", "surrogatepass"))
    return Claim(seal, idempotency.digest_of(request), path, given)


class Revisit:
    """One visitor's request with a key."""

    def __init__(self, request: Request, claim: Claim, *, now: datetime) -> None:
        self._request = request
        self._claim = claim
        self._now = now
        self._here: House = house(request)
        self._stands = request.scope["route"].endpoint.operation.stands
        self._stack = AsyncExitStack()
        self._effect: ScopedSession | None = None
        self._has_looked = self._is_outlived = self._is_done = False

    @asynccontextmanager
    async def enter(self, scope: Scope) -> AsyncIterator[ScopedSession]:
        """Open a transaction, the first time after a look at what was answered. Raise Replay."""
        if not self._has_looked:
            self._has_looked = True
            await self._look()
        async with self._here.enter(scope) as session:
            yield session

    @asynccontextmanager
    async def act(self, scope: Scope) -> AsyncIterator[ScopedSession]:
        """Open the transaction of the effect, with the key claimed in it; it ends with the request. Raise Replay."""
        assert self._effect is None, "the answer can be kept with one effect only"  # noqa: S101  # ours to see to
        session = await self._stack.enter_async_context(self._here.enter(scope))
        self._effect = session
        await self._take(session)
        yield session
        self._is_done = True

    @asynccontextmanager
    async def whole(self) -> AsyncIterator[None]:
        """Hold the request together: keep its answer at its end, or what its refusal leaves behind."""
        async with self._stack:
            try:
                yield
            except AppError as error:
                if self._is_done:
                    await self._stack.aclose()
                    raise
                await self._stack.__aexit__(type(error), error, error.__traceback__)
                if self._has_looked:
                    # The refusal may be the work of a twin, which has just used up the token that both brought.
                    await self._look()
                raise
            await self._keep()

    async def _look(self) -> None:
        if self._is_outlived:
            return
        async with self._here.look() as session:
            sealed = await answers.find_of_visitor(session, digest=self._claim.seal.name, now=self._now)
            if sealed is None:
                return
            replay = self._claim.opened(sealed)
            if self._stands is None or await self._stands(session, bytes(replay.response.body)):
                raise replay
        self._is_outlived = True

    async def _take(self, session: ScopedSession) -> None:
        seal = self._claim.seal
        try:
            found = await answers.claim_of_visitor(session, digest=seal.name, lock=seal.number, now=self._now)
        except answers.Taken:
            raise idempotency.in_progress() from None
        if found is not None and not self._is_outlived:
            raise self._claim.opened(found)

    async def _keep(self) -> None:
        response = idempotency.kept(self._request)
        if response is None:
            return
        session = self._effect
        if session is None:
            session = await self._stack.enter_async_context(self._here.enter(Scope(Role.AUTH)))
            await self._take(session)
        await answers.keep_of_visitor(
            session,
            digest=self._claim.seal.name,
            sealed=self._claim.sealed(response),
            now=self._now,
            until=idempotency.until(self._now),
        )
