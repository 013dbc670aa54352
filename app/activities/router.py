"""Development activities over HTTP."""

from fastapi import APIRouter, Request, Response

from app.access.rights import Right
from app.activities import service
from app.activities.schemas import ActivityIn, ActivityOut, ActivityPage, ActivityPatch, ActivityQuery
from app.http import reply
from app.http.deps import Body, Calling, Match, PathId, Query, ReadSession, Walking, WriteSession
from app.http.operation import operation
from app.kit.errors import IdTaken, StaleVersion, UnknownReference

router = APIRouter()
TAG = "development activities"


@operation(
    router,
    "GET",
    "/v1/development-activities",
    id="listDevelopmentActivities",
    tag=TAG,
    right=Right.READ_GUIDANCE,
    query=ActivityQuery,
    answer=ActivityPage,
)
async def list_activities(
    request: Request, query: Query[ActivityQuery], walk: Walking, caller: Calling, session: ReadSession
) -> Response:
    """List development activities.

    The newest first. Those of archived clients are left out unless `client_id` names the client.
    """
    page = await service.search(session, query=query, after=walk.after, caller=caller)
    return reply.page(request, walk, page, answer=ActivityPage)


@operation(
    router,
    "POST",
    "/v1/development-activities",
    id="createDevelopmentActivity",
    tag=TAG,
    right=Right.WRITE_GUIDANCE,
    body=ActivityIn,
    answer=ActivityOut,
    status=201,
    versioned=True,
    raises=(IdTaken, UnknownReference),
)
async def create_activity(body: Body[ActivityIn], caller: Calling, session: WriteSession) -> Response:
    """Take up a development activity.

    A course, a stretch assignment, volunteering: what builds a credential for one client. `opportunity_ids` are
    opportunities of the same client.
    """
    made = await service.plan(session, caller=caller, draft=body)
    return reply.created(made, location=f"/v1/development-activities/{made.id}", version=made.version)


@operation(
    router,
    "GET",
    "/v1/development-activities/{id}",
    id="getDevelopmentActivity",
    tag=TAG,
    right=Right.READ_GUIDANCE,
    answer=ActivityOut,
    versioned=True,
)
async def get_activity(request: Request, activity_id: PathId, session: ReadSession) -> Response:
    """Read a development activity.

    Opportunities that have been deleted are left out of `opportunity_ids` as long as they are.
    """
    found = await service.read(session, activity_id=activity_id)
    return reply.item(request, found, version=found.version)


@operation(
    router,
    "PATCH",
    "/v1/development-activities/{id}",
    id="updateDevelopmentActivity",
    tag=TAG,
    right=Right.WRITE_GUIDANCE,
    body=ActivityPatch,
    answer=ActivityOut,
    versioned=True,
    raises=(UnknownReference,),
)
async def update_activity(
    request: Request,
    body: Body[ActivityPatch],
    activity_id: PathId,
    if_match: Match,
    caller: Calling,
    session: WriteSession,
) -> Response:
    """Change a development activity.

    One that becomes `done` is a win of the client on `finished_on`, by default the local date of the client. One that
    is taken up again has no `finished_on` any more.
    """
    changed = await service.change(session, caller=caller, activity_id=activity_id, patch=body, if_match=if_match)
    return reply.item(request, changed, version=changed.version)


@operation(
    router,
    "DELETE",
    "/v1/development-activities/{id}",
    id="deleteDevelopmentActivity",
    tag=TAG,
    right=Right.WRITE_GUIDANCE,
    answer=None,
    status=204,
    raises=(StaleVersion,),
)
async def delete_activity(activity_id: PathId, if_match: Match, caller: Calling, session: WriteSession) -> Response:
    """Delete a development activity.

    The win that it gave goes with it; set its status to `dropped` to keep what was tried.
    """
    await service.remove(session, caller=caller, activity_id=activity_id, if_match=if_match)
    return reply.empty()
