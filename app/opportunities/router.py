"""Opportunities over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from app.access.rights import Right
from app.http import reply
from app.http.deps import Body, Calling, Match, PathId, Query, ReadSession, Walking, WriteSession, filled
from app.http.operation import operation
from app.kit.errors import Conflict, IdTaken, StaleVersion, UnknownReference
from app.opportunities.schemas import (
    OpportunityIn,
    OpportunityOut,
    OpportunityPage,
    OpportunityPatch,
    OpportunityQuery,
)
from app.opportunities.service import employers, records, removal
from app.opportunities.service import search as finder

router = APIRouter()
TAG = "opportunities"
Companies = Annotated[employers.Companies, Depends(filled(employers.COMPANIES))]


@operation(
    router,
    "GET",
    "/v1/opportunities",
    id="listOpportunities",
    tag=TAG,
    right=Right.READ_PIPELINE,
    query=OpportunityQuery,
    answer=OpportunityPage,
)
async def list_opportunities(
    request: Request, query: Query[OpportunityQuery], walk: Walking, session: ReadSession
) -> Response:
    """List opportunities.

    The ones changed last come first unless asked otherwise. `status` is judged at `as_of` (default: now; a past
    instant recalls, a future one forecasts); `stage` and `outcome` as of now. All pages of a walk show the instant of
    its first page. Opportunities of archived clients are left out unless `client_id` names the client; deleted ones
    always.
    """
    page = await finder.search(session, query=query, after=walk.after, now=walk.at)
    return reply.page(request, walk, page, answer=OpportunityPage, trees=True)


@operation(
    router,
    "POST",
    "/v1/opportunities",
    id="createOpportunity",
    tag=TAG,
    right=Right.WRITE_OPPORTUNITIES,
    body=OpportunityIn,
    answer=OpportunityOut,
    status=201,
    versioned=True,
    raises=(IdTaken, UnknownReference),
)
async def create_opportunity(
    body: Body[OpportunityIn], caller: Calling, companies: Companies, session: WriteSession
) -> Response:
    """Open an opportunity.

    Name the company by `company_id` or by `company_name`; a name that the practice does not have yet makes the
    company. The timeline starts empty.
    """
    made = await records.create(session, companies=companies, caller=caller, draft=body)
    location = f"/v1/opportunities/{made['id']}"
    return reply.created(made, location=location, version=made["version"], answer=OpportunityOut)


@operation(
    router,
    "GET",
    "/v1/opportunities/{id}",
    id="getOpportunity",
    tag=TAG,
    right=Right.READ_PIPELINE,
    answer=OpportunityOut,
    versioned=True,
)
async def get_opportunity(request: Request, opportunity_id: PathId, caller: Calling, session: ReadSession) -> Response:
    """Read an opportunity.

    The version and the ETag count changes of the opportunity's own fields; stage, outcome, last activity and
    assessment follow the timeline and the clock, and are those of now. `company_name` is the company's, whose renaming
    is a version of the company only. So a 304 says that nobody changed the opportunity; a read without If-None-Match
    tells where it stands.
    """
    found = await records.read(session, caller=caller, opportunity_id=opportunity_id)
    return reply.item(request, found, version=found["version"], answer=OpportunityOut)


@operation(
    router,
    "PATCH",
    "/v1/opportunities/{id}",
    id="updateOpportunity",
    tag=TAG,
    right=Right.WRITE_OPPORTUNITIES,
    body=OpportunityPatch,
    answer=OpportunityOut,
    versioned=True,
    raises=(UnknownReference,),
)
async def update_opportunity(
    request: Request,
    body: Body[OpportunityPatch],
    opportunity_id: PathId,
    if_match: Match,
    caller: Calling,
    companies: Companies,
    session: WriteSession,
) -> Response:
    """Change an opportunity.

    The client is fixed. `contact_ids` replaces the whole list; whether there is any contact decides on the follow-up
    window of an application, so the status is recomputed before the answer leaves.
    """
    changed = await records.change(
        session, companies=companies, caller=caller, opportunity_id=opportunity_id, patch=body, if_match=if_match
    )
    return reply.item(request, changed, version=changed["version"], answer=OpportunityOut)


@operation(
    router,
    "DELETE",
    "/v1/opportunities/{id}",
    id="deleteOpportunity",
    tag=TAG,
    right=Right.WRITE_OPPORTUNITIES,
    answer=None,
    status=204,
    raises=(StaleVersion,),
)
async def delete_opportunity(
    opportunity_id: PathId, if_match: Match, caller: Calling, session: WriteSession
) -> Response:
    """Delete an opportunity.

    It and its timeline are hidden at once and can be restored for 30 days. If-Match is honoured when sent.
    """
    await removal.hide(session, caller=caller, opportunity_id=opportunity_id, if_match=if_match)
    return reply.empty()


@operation(
    router,
    "POST",
    "/v1/opportunities/{id}/restore",
    id="restoreOpportunity",
    tag=TAG,
    right=Right.WRITE_OPPORTUNITIES,
    answer=OpportunityOut,
    versioned=True,
    raises=(Conflict, StaleVersion),
)
async def restore_opportunity(
    request: Request, opportunity_id: PathId, if_match: Match, caller: Calling, session: WriteSession
) -> Response:
    """Restore a deleted opportunity.

    Possible for 30 days after the deletion; the timeline comes back with it. If-Match is honoured when sent.
    """
    restored = await removal.restore(session, caller=caller, opportunity_id=opportunity_id, if_match=if_match)
    return reply.item(request, restored, version=restored["version"], answer=OpportunityOut)
