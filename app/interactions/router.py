"""Interactions over HTTP."""

from fastapi import APIRouter, Request, Response

from app.access.rights import Right
from app.assessments.schemas import InteractionIn
from app.http import reply
from app.http.deps import Body, Calling, Match, PathId, Query, ReadSession, Walking, WriteSession
from app.http.operation import operation
from app.interactions import service
from app.interactions.schemas import (
    BatchIn,
    BatchOut,
    InteractionOut,
    InteractionPage,
    InteractionPatch,
    InteractionQuery,
    RecordedOut,
)
from app.kit.errors import IdTaken, StaleVersion, UnknownReference

router = APIRouter()
TAG = "interactions"


@operation(
    router,
    "GET",
    "/v1/opportunities/{id}/interactions",
    id="listInteractions",
    tag=TAG,
    right=Right.READ_PIPELINE,
    query=InteractionQuery,
    answer=InteractionPage,
)
async def list_interactions(
    request: Request,
    query: Query[InteractionQuery],
    walk: Walking,
    opportunity_id: PathId,
    caller: Calling,
    session: ReadSession,
) -> Response:
    """List the interactions of an opportunity.

    The timeline by `occurred_at`, the oldest first unless asked otherwise; voided ones only with `include_voided=true`.
    """
    page = await service.timeline(session, caller=caller, opportunity_id=opportunity_id, query=query, after=walk.after)
    return reply.page(request, walk, page, answer=InteractionPage)


@operation(
    router,
    "POST",
    "/v1/opportunities/{id}/interactions",
    id="createInteraction",
    tag=TAG,
    right=Right.WRITE_INTERACTIONS,
    body=InteractionIn,
    answer=RecordedOut,
    status=201,
    versioned=True,
    raises=(IdTaken, UnknownReference),
)
async def create_interaction(
    body: Body[InteractionIn], opportunity_id: PathId, caller: Calling, session: WriteSession
) -> Response:
    """Record an interaction.

    Any past or future `occurred_at` is fine, on closed and ghosted opportunities too. The status is recomputed before
    the answer leaves, and in what order things are recorded never matters. `ends_at`, `arranged_at` and `stage` with a
    kind that does not have them are refused as `unknown-field`. A second follow-up in one silence is recorded, since it
    was sent, changes nothing, and is told of in `warnings`.
    """
    made = await service.record(session, caller=caller, opportunity_id=opportunity_id, draft=body)
    return reply.created(made, location=f"/v1/interactions/{made.id}", version=made.version)


@operation(
    router,
    "POST",
    "/v1/opportunities/{id}/interactions/batch",
    id="createInteractions",
    tag=TAG,
    right=Right.WRITE_INTERACTIONS,
    body=BatchIn,
    answer=BatchOut,
    status=201,
    raises=(IdTaken, UnknownReference),
)
async def create_interactions(
    body: Body[BatchIn], opportunity_id: PathId, caller: Calling, session: WriteSession
) -> Response:
    """Record many interactions at once.

    All or nothing: one bad item refuses them all, and its fault points at it, as in `/items/3/kind`. So does
    one whose id is taken, as in `/items/3/id`, or stands in an item before it.
    """
    made = await service.record_many(session, caller=caller, opportunity_id=opportunity_id, drafts=body.items)
    location = f"/v1/opportunities/{opportunity_id}/interactions"
    return reply.created(BatchOut.model_construct(items=made), location=location, version=None)


@operation(
    router,
    "GET",
    "/v1/interactions/{id}",
    id="getInteraction",
    tag=TAG,
    right=Right.READ_PIPELINE,
    answer=InteractionOut,
    versioned=True,
)
async def get_interaction(request: Request, interaction_id: PathId, session: ReadSession) -> Response:
    """Read an interaction.

    A voided one stays readable and says when it was voided.
    """
    found = await service.read(session, interaction_id=interaction_id)
    return reply.item(request, found, version=found.version)


@operation(
    router,
    "PATCH",
    "/v1/interactions/{id}",
    id="updateInteraction",
    tag=TAG,
    right=Right.WRITE_INTERACTIONS,
    body=InteractionPatch,
    answer=RecordedOut,
    versioned=True,
    raises=(UnknownReference, service.Voided),
)
async def update_interaction(
    request: Request,
    body: Body[InteractionPatch],
    interaction_id: PathId,
    if_match: Match,
    caller: Calling,
    session: WriteSession,
) -> Response:
    """Correct an interaction.

    The record as it would become must be sound as a whole; `arranged_at` is set for the caller only when a meeting is
    first recorded. The former values are kept, and the status is recomputed before the answer leaves. A change by which
    it becomes a second follow-up of one silence is told of in `warnings`, as when recording.
    """
    changed = await service.change(session, caller=caller, interaction_id=interaction_id, patch=body, if_match=if_match)
    return reply.item(request, changed, version=changed.version)


@operation(
    router,
    "DELETE",
    "/v1/interactions/{id}",
    id="voidInteraction",
    tag=TAG,
    right=Right.WRITE_INTERACTIONS,
    answer=None,
    status=204,
    raises=(StaleVersion,),
)
async def void_interaction(interaction_id: PathId, if_match: Match, caller: Calling, session: WriteSession) -> Response:
    """Void an interaction.

    The record stays, readable by id and with `include_voided=true`, but counts for nothing from now on. Voiding it
    again changes nothing.
    """
    await service.void(session, caller=caller, interaction_id=interaction_id, if_match=if_match)
    return reply.empty()
