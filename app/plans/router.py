"""A client's plan and summary over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Depends, Response

from app.access.rights import Right
from app.http import reply
from app.http.deps import Calling, PathId, Query, ReadSession, filled
from app.http.operation import operation
from app.plans import service
from app.plans.schemas import AsOfQuery, PlanOut, SummaryOut

router = APIRouter()
TAG = "plans"

Wins = Annotated[service.Wins, Depends(filled(service.WINS))]


@operation(
    router,
    "GET",
    "/v1/clients/{id}/plan",
    id="getPlan",
    tag=TAG,
    right=Right.READ_GUIDANCE,
    query=AsOfQuery,
    answer=PlanOut,
)
async def get_plan(
    query: Query[AsOfQuery], client_id: PathId, caller: Calling, session: ReadSession, wins: Wins
) -> Response:
    """Read what a client can do besides waiting.

    Stay active: how much is open, how much of it hangs on one job, what is new against the practice's weekly target.
    Stay confident: the wins of four weeks before what was lost. Build credentials: what to take up by employment, free
    hours and what is under way. And where the funnel leaks: each passage with its number and what it is held against,
    silent where the number is small. Wins and activity that rest on what the caller may not see are left out.
    """
    found = await service.plan(session, wins=wins, caller=caller, client_id=client_id, as_of=query.as_of)
    return reply.document(found)


@operation(
    router,
    "GET",
    "/v1/clients/{id}/summary",
    id="getSummary",
    tag=TAG,
    right=Right.READ_GUIDANCE,
    query=AsOfQuery,
    answer=SummaryOut,
)
async def get_summary(
    query: Query[AsOfQuery], client_id: PathId, caller: Calling, session: ReadSession, wins: Wins
) -> Response:
    """Read a client's search in numbers.

    How many opportunities have each status, and the wins and the activity of the last seven local days.
    """
    found = await service.summary(session, wins=wins, caller=caller, client_id=client_id, as_of=query.as_of)
    return reply.document(found)
