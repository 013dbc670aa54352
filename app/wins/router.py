"""Wins over HTTP."""

from fastapi import APIRouter, Request, Response

from app.access.rights import Right
from app.http import reply
from app.http.deps import Body, Calling, Match, PathId, Query, ReadSession, Walking, WriteSession
from app.http.operation import operation
from app.kit.errors import Derived, IdTaken, StaleVersion, UnknownReference
from app.wins import service
from app.wins.schemas import WinIn, WinOut, WinPage, WinPatch, WinQuery

router = APIRouter()
TAG = "wins"


@operation(
    router,
    "GET",
    "/v1/wins",
    id="listWins",
    tag=TAG,
    right=Right.READ_GUIDANCE,
    query=WinQuery,
    answer=WinPage,
)
async def list_wins(request: Request, query: Query[WinQuery], walk: Walking, session: ReadSession) -> Response:
    """List wins.

    The newest first: what was noted, what follows from the timelines up to now (a first reply, an interview, a
    thank-you in time, the one follow-up in its window, a stage further than ever before), and finished development
    activities. What rests on an interaction that the caller may not see is left out, and so are the wins of archived
    clients unless `client_id` names the client.
    """
    page = await service.search(session, query=query, after=walk.after, now=walk.at)
    return reply.page(request, walk, page, answer=WinPage)


@operation(
    router,
    "POST",
    "/v1/wins",
    id="createWin",
    tag=TAG,
    right=Right.WRITE_GUIDANCE,
    body=WinIn,
    answer=WinOut,
    status=201,
    versioned=True,
    raises=(IdTaken, UnknownReference),
)
async def create_win(body: Body[WinIn], caller: Calling, session: WriteSession) -> Response:
    """Note a win.

    For whatever no timeline tells. `opportunity_id` is an opportunity of the same client.
    """
    made = await service.note(session, caller=caller, draft=body)
    return reply.created(made, location=f"/v1/wins/{made.id}", version=made.version)


@operation(
    router,
    "GET",
    "/v1/wins/{id}",
    id="getWin",
    tag=TAG,
    right=Right.READ_GUIDANCE,
    answer=WinOut,
    versioned=True,
)
async def get_win(request: Request, win_id: PathId, caller: Calling, session: ReadSession) -> Response:
    """Read a win.

    A derived one is there as long as what brought it stands.
    """
    found = await service.read(session, win_id=win_id, now=caller.now)
    return reply.item(request, found, version=found.version)


@operation(
    router,
    "PATCH",
    "/v1/wins/{id}",
    id="updateWin",
    tag=TAG,
    right=Right.WRITE_GUIDANCE,
    body=WinPatch,
    answer=WinOut,
    versioned=True,
    raises=(UnknownReference, Derived),
)
async def update_win(
    request: Request,
    body: Body[WinPatch],
    win_id: PathId,
    if_match: Match,
    caller: Calling,
    session: WriteSession,
) -> Response:
    """Change a noted win.

    A derived one follows from what happened and is refused as `derived`.
    """
    changed = await service.change(session, caller=caller, win_id=win_id, patch=body, if_match=if_match)
    return reply.item(request, changed, version=changed.version)


@operation(
    router,
    "DELETE",
    "/v1/wins/{id}",
    id="deleteWin",
    tag=TAG,
    right=Right.WRITE_GUIDANCE,
    answer=None,
    status=204,
    raises=(StaleVersion, Derived),
)
async def delete_win(win_id: PathId, if_match: Match, caller: Calling, session: WriteSession) -> Response:
    """Delete a noted win.

    A derived one follows from what happened and is refused as `derived`.
    """
    await service.remove(session, caller=caller, win_id=win_id, if_match=if_match)
    return reply.empty()
