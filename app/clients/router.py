"""Clients over HTTP."""

from fastapi import APIRouter, Request, Response

from app.access.rights import Right
from app.clients import service
from app.clients.schemas import ClientIn, ClientOut, ClientPage, ClientPatch, ClientQuery
from app.http import reply
from app.http.deps import Body, Calling, Match, PathId, Query, ReadSession, Walking, WriteSession
from app.http.operation import operation
from app.kit.errors import IdTaken, UnknownReference

router = APIRouter()
TAG = "clients"


@operation(
    router,
    "GET",
    "/v1/clients",
    id="listClients",
    tag=TAG,
    right=Right.READ_CLIENTS,
    query=ClientQuery,
    answer=ClientPage,
)
async def list_clients(
    request: Request, query: Query[ClientQuery], walk: Walking, caller: Calling, session: ReadSession
) -> Response:
    """List clients.

    Current clients by name unless asked otherwise; archived ones only with `archived=true`.
    """
    page = await service.search(session, query=query, after=walk.after, caller=caller)
    return reply.page(request, walk, page, answer=ClientPage)


@operation(
    router,
    "POST",
    "/v1/clients",
    id="createClient",
    tag=TAG,
    right=Right.CREATE_CLIENTS,
    body=ClientIn,
    answer=ClientOut,
    status=201,
    versioned=True,
    raises=(IdTaken, UnknownReference),
)
async def create_client(body: Body[ClientIn], caller: Calling, session: WriteSession) -> Response:
    """Take a client on.

    The caller becomes the client's coach unless `coach_ids` names others. Where coaches see assigned clients only, one
    who is not named sees the client in this answer and not again.
    """
    client = await service.register(session, caller=caller, draft=body)
    return reply.created(client, location=f"/v1/clients/{client.id}", version=client.version)


@operation(
    router,
    "GET",
    "/v1/clients/{id}",
    id="getClient",
    tag=TAG,
    right=Right.READ_CLIENTS,
    answer=ClientOut,
    versioned=True,
)
async def get_client(request: Request, client_id: PathId, session: ReadSession) -> Response:
    """Read a client.

    Archived clients stay readable.
    """
    client = await service.read(session, client_id=client_id)
    return reply.item(request, client, version=client.version)


@operation(
    router,
    "PATCH",
    "/v1/clients/{id}",
    id="updateClient",
    tag=TAG,
    right=Right.CHANGE_CLIENTS,
    body=ClientPatch,
    answer=ClientOut,
    versioned=True,
    raises=(UnknownReference,),
)
async def update_client(
    request: Request,
    body: Body[ClientPatch],
    client_id: PathId,
    if_match: Match,
    caller: Calling,
    session: WriteSession,
) -> Response:
    """Change a client.

    A new `time_zone` or `region` recomputes every status of the client's search before the answer leaves.
    """
    client = await service.change(session, caller=caller, client_id=client_id, patch=body, if_match=if_match)
    return reply.item(request, client, version=client.version)
