"""Next actions over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from app.access.rights import Right
from app.actions.schemas import (
    ActionIn,
    ActionOut,
    ActionPage,
    ActionPatch,
    ActionQuery,
    DismissIn,
    DoneIn,
    DoneOut,
    SnoozeIn,
)
from app.actions.service import decisions, lists, manual, rooms
from app.http import reply
from app.http.deps import Body, Calling, Match, PathId, Query, ReadSession, Walking, WriteSession, filled
from app.http.operation import operation
from app.kit.errors import Conflict, Derived, IdTaken, StaleVersion, UnknownReference

router = APIRouter()
TAG = "next actions"
Interactions = Annotated[rooms.Interactions, Depends(filled(rooms.INTERACTIONS))]


@operation(
    router,
    "GET",
    "/v1/next-actions",
    id="listNextActions",
    tag=TAG,
    right=Right.READ_GUIDANCE,
    query=ActionQuery,
    answer=ActionPage,
)
async def list_actions(request: Request, query: Query[ActionQuery], walk: Walking, session: ReadSession) -> Response:
    """List next actions.

    What the rules advise now on every open opportunity, and what was set by hand, by `due_on` (without one last),
    whatever its state unless `state` says which. All pages of a walk show the instant of its first page. Actions of
    archived clients are left out unless `client_id` or `opportunity_id` names theirs; those on deleted opportunities
    always.
    """
    page = await lists.search(session, query=query, after=walk.after, at=walk.at)
    return reply.page(request, walk, page, answer=ActionPage)


@operation(
    router,
    "POST",
    "/v1/next-actions",
    id="createNextAction",
    tag=TAG,
    right=Right.WRITE_GUIDANCE,
    body=ActionIn,
    answer=ActionOut,
    status=201,
    versioned=True,
    raises=(IdTaken, UnknownReference),
)
async def create_action(body: Body[ActionIn], caller: Calling, session: WriteSession) -> Response:
    """Set an action by hand.

    For a client, on one of the client's opportunities or on none. Once it is due it stands in the queue.
    """
    made = await manual.add(session, caller=caller, draft=body)
    return reply.created(made, location=f"/v1/next-actions/{made.id}", version=made.version)


@operation(
    router,
    "GET",
    "/v1/next-actions/{id}",
    id="getNextAction",
    tag=TAG,
    right=Right.READ_GUIDANCE,
    answer=ActionOut,
    versioned=True,
)
async def get_action(request: Request, action_id: PathId, caller: Calling, session: ReadSession) -> Response:
    """Read a next action.

    A computed one is there as long as the rules advise it.
    """
    found = await lists.read(session, action_id=action_id, now=caller.now)
    return reply.item(request, found, version=found.version)


@operation(
    router,
    "PATCH",
    "/v1/next-actions/{id}",
    id="updateNextAction",
    tag=TAG,
    right=Right.WRITE_GUIDANCE,
    body=ActionPatch,
    answer=ActionOut,
    versioned=True,
    raises=(UnknownReference, Derived),
)
async def update_action(
    request: Request,
    body: Body[ActionPatch],
    action_id: PathId,
    if_match: Match,
    caller: Calling,
    session: WriteSession,
) -> Response:
    """Change an action that was set by hand.

    A computed one follows from the timeline and is refused as `derived`.
    """
    changed = await manual.change(session, caller=caller, action_id=action_id, patch=body, if_match=if_match)
    return reply.item(request, changed, version=changed.version)


@operation(
    router,
    "DELETE",
    "/v1/next-actions/{id}",
    id="deleteNextAction",
    tag=TAG,
    right=Right.WRITE_GUIDANCE,
    answer=None,
    status=204,
    raises=(StaleVersion, Derived),
)
async def delete_action(action_id: PathId, if_match: Match, caller: Calling, session: WriteSession) -> Response:
    """Delete an action that was set by hand.

    A computed one follows from the timeline and is refused as `derived`: dismiss it instead.
    """
    await manual.remove(session, caller=caller, action_id=action_id, if_match=if_match)
    return reply.empty()


@operation(
    router,
    "POST",
    "/v1/next-actions/{id}/accept",
    id="acceptNextAction",
    tag=TAG,
    right=Right.WRITE_GUIDANCE,
    answer=ActionOut,
    versioned=True,
    raises=(StaleVersion,),
)
async def accept_action(
    request: Request, action_id: PathId, if_match: Match, caller: Calling, session: WriteSession
) -> Response:
    """Take a next action on.

    It is assigned to the caller's side (`coach` for members, `client` for the client) and `accepted_by` names them. It
    is open again, whatever was decided about it before: this is how to reopen one that was done, snoozed or dismissed.
    """
    taken = await decisions.accept(session, caller=caller, action_id=action_id, if_match=if_match)
    return reply.item(request, taken, version=taken.version)


@operation(
    router,
    "POST",
    "/v1/next-actions/{id}/done",
    id="finishNextAction",
    tag=TAG,
    right=Right.WRITE_GUIDANCE,
    body=DoneIn,
    answer=DoneOut,
    versioned=True,
    raises=(StaleVersion, IdTaken, UnknownReference, Conflict),
)
async def finish_action(
    request: Request,
    body: Body[DoneIn],
    action_id: PathId,
    if_match: Match,
    caller: Calling,
    interactions: Interactions,
    session: WriteSession,
) -> Response:
    """Say that a next action is done.

    Nothing else changes unless an `interaction` is sent along: that is recorded on the opportunity in the same
    transaction, as by POST `/v1/opportunities/{id}/interactions`, and needs the scope pipeline:write too.
    `interaction_kind` says which kind fits. A timeline that has moved on may no longer advise the action; the answer
    shows it once more. With an interaction, an action that is done already is refused as `wrong-state`. Voiding that
    interaction later leaves the action done until somebody accepts it anew; a bounce asks for it as a new one.
    """
    done = await decisions.finish(
        session, interactions=interactions, caller=caller, action_id=action_id, body=body, if_match=if_match
    )
    return reply.item(request, done, version=done.version)


@operation(
    router,
    "POST",
    "/v1/next-actions/{id}/snooze",
    id="snoozeNextAction",
    tag=TAG,
    right=Right.WRITE_GUIDANCE,
    body=SnoozeIn,
    answer=ActionOut,
    versioned=True,
    raises=(StaleVersion,),
)
async def snooze_action(
    request: Request, body: Body[SnoozeIn], action_id: PathId, if_match: Match, caller: Calling, session: WriteSession
) -> Response:
    """Leave a next action alone for a while.

    It leaves the queue and opens again by itself on the client's local date `until`, which may not lie in the past.
    """
    left = await decisions.snooze(session, caller=caller, action_id=action_id, body=body, if_match=if_match)
    return reply.item(request, left, version=left.version)


@operation(
    router,
    "POST",
    "/v1/next-actions/{id}/dismiss",
    id="dismissNextAction",
    tag=TAG,
    right=Right.WRITE_GUIDANCE,
    body=DismissIn,
    answer=ActionOut,
    versioned=True,
    raises=(StaleVersion,),
)
async def dismiss_action(
    request: Request, body: Body[DismissIn], action_id: PathId, if_match: Match, caller: Calling, session: WriteSession
) -> Response:
    """Say that a next action will not be done.

    The decision stands for as long as the action answers the same turn of events; another one is open again.
    """
    gone = await decisions.dismiss(session, caller=caller, action_id=action_id, body=body, if_match=if_match)
    return reply.item(request, gone, version=gone.version)
