"""Requests without a credential that want one: how often they may try, from one address and on one account."""

import asyncio
from datetime import datetime
from typing import Annotated

from fastapi import Depends, Request

from app.access.visit import Visit
from app.http import limits
from app.http.deps import house, request_id


async def moment(request: Request) -> datetime:
    """Return the clock, read once for the whole request."""
    return house(request).clock()


Moment = Annotated[datetime, Depends(moment)]


async def visit(request: Request, now: Moment) -> Visit:
    """Return what a request without a credential may open."""
    here = house(request)
    began = asyncio.get_running_loop().time()
    return Visit(now, request_id(request), here.enter, here.passwords, here.successors, began)


Visiting = Annotated[Visit, Depends(visit)]


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
