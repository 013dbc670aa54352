"""Requests without a credential that want one: how often they may try, from one address and on one account."""

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime
from typing import Annotated

from fastapi import Depends, Request

from app.access.visit import Visit
from app.http import limits, revisits
from app.http.deps import request_id
from app.http.house import house
from app.http.revisits import Revisit


async def moment(request: Request) -> datetime:
    """Return the clock, read once for the whole request."""
    return house(request).clock()


Moment = Annotated[datetime, Depends(moment)]


async def visit(request: Request, now: Moment) -> AsyncIterator[Visit]:
    """Yield what a request without a credential may open; with a key, its answer is kept at the end."""
    here = house(request)
    began = asyncio.get_running_loop().time()
    rest = (here.passwords, here.successors, began)
    claim = revisits.claim_of(request)
    if claim is None:
        yield Visit(now, request_id(request), here.enter, here.enter, *rest)
        return
    revisit = Revisit(request, claim, now=now)
    async with revisit.whole():
        yield Visit(now, request_id(request), revisit.enter, revisit.act, *rest)


Visiting = Annotated[Visit, Depends(visit, scope="function")]


async def knock(request: Request, now: Moment) -> None:
    """Count an attempt from the caller's address, before anything of the request is looked at. Raise Throttled."""
    quota = await house(request).meter.visit(operation=_operation(request), address=_peer(request), now=now)
    # Nobody who is not over is told of limits: answers to known and unknown addresses are the same to the byte.
    if quota.is_exceeded:
        limits.tell(request.scope, quota)


async def attempt(request: Request, *, account: str, now: datetime) -> None:
    """Count an attempt on an account, known here or not, before its secret is looked at. Raise Throttled."""
    meter = house(request).meter
    quota = await meter.attempt(operation=_operation(request), address=_peer(request), account=account, now=now)
    if quota.is_exceeded:
        limits.tell(request.scope, quota)


def _operation(request: Request) -> str:
    name: str = request.scope["route"].endpoint.operation.id
    return name


def _peer(request: Request) -> str:
    # Whoever is at the other end of the connection: forwarded headers say what anybody likes (API.md C7).
    return request.client.host if request.client else ""
