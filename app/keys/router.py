"""API keys over HTTP."""

from fastapi import APIRouter, Request, Response

from app.access.rights import Right
from app.http import reply
from app.http.deps import Body, Calling, Match, PathId, Query, ReadSession, Walking, WriteSession
from app.http.operation import operation
from app.keys import service
from app.keys.schemas import ApiKeyIn, ApiKeyMade, ApiKeyOut, ApiKeyPage, ApiKeyQuery
from app.kit.errors import Conflict, IdTaken, StaleVersion

router = APIRouter()
TAG = "access"


@operation(
    router,
    "GET",
    "/v1/api-keys",
    id="listApiKeys",
    tag=TAG,
    right=Right.MANAGE_KEYS,
    query=ApiKeyQuery,
    answer=ApiKeyPage,
)
async def list_api_keys(
    request: Request, query: Query[ApiKeyQuery], walk: Walking, caller: Calling, session: ReadSession
) -> Response:
    """List API keys.

    Owners and admins see every key of the practice, others those of their own; the oldest first, revoked ones never.
    """
    page = await service.search(session, caller=caller, query=query, after=walk.after)
    return reply.page(request, walk, page, answer=ApiKeyPage)


@operation(
    router,
    "POST",
    "/v1/api-keys",
    id="createApiKey",
    tag=TAG,
    right=Right.CREATE_KEYS,
    body=ApiKeyIn,
    answer=ApiKeyMade,
    status=201,
    versioned=True,
    raises=(IdTaken,),
)
async def create_api_key(body: Body[ApiKeyIn], caller: Calling, session: WriteSession) -> Response:
    """Create an API key.

    It acts as you, within the scopes you name. The answer holds its secret, `key`, which cannot be read again. Sign in
    for this: a key cannot create keys.
    """
    made = await service.create(session, caller=caller, draft=body)
    return reply.created(made, location=f"/v1/api-keys/{made.id}", version=made.version)


@operation(
    router,
    "GET",
    "/v1/api-keys/{id}",
    id="getApiKey",
    tag=TAG,
    right=Right.MANAGE_KEYS,
    answer=ApiKeyOut,
    versioned=True,
)
async def get_api_key(request: Request, key_id: PathId, caller: Calling, session: ReadSession) -> Response:
    """Read an API key.

    Its `last_used_at` is good to the minute, and a use is not a new version: a read without If-None-Match tells the
    last one.
    """
    found = await service.read(session, caller=caller, key_id=key_id)
    return reply.item(request, found, version=found.version)


@operation(
    router,
    "DELETE",
    "/v1/api-keys/{id}",
    id="revokeApiKey",
    tag=TAG,
    right=Right.MANAGE_KEYS,
    answer=None,
    status=204,
    raises=(StaleVersion,),
)
async def revoke_api_key(key_id: PathId, if_match: Match, caller: Calling, session: WriteSession) -> Response:
    """Revoke an API key.

    The next request with it is refused. A revoked key is not found any more, and cannot come back.
    """
    await service.revoke(session, caller=caller, key_id=key_id, if_match=if_match)
    return reply.empty()


@operation(
    router,
    "POST",
    "/v1/api-keys/{id}/rotate",
    id="rotateApiKey",
    tag=TAG,
    right=Right.MANAGE_KEYS,
    answer=ApiKeyMade,
    versioned=True,
    raises=(StaleVersion, Conflict),
)
async def rotate_api_key(
    request: Request, key_id: PathId, if_match: Match, caller: Calling, session: WriteSession
) -> Response:
    """Replace the secret of an API key.

    The old secret is refused from now on; name, scopes and expiry stay. Nobody is handed a secret that does more than
    they may do themselves.
    """
    made = await service.rotate(session, caller=caller, key_id=key_id, if_match=if_match)
    return reply.item(request, made, version=made.version)
