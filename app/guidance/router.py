"""Guidance over HTTP."""

from typing import Any

from fastapi import APIRouter, Request, Response

from app.access.rights import Right
from app.assessments.schemas import AssessmentOut, HistoryOut
from app.guidance import service
from app.guidance.schemas import AsOfQuery, QueuePage, QueueQuery, SimulationIn, SimulationOut
from app.guidance.schemas.explain import ExplanationOut
from app.guidance.schemas.radar import RadarPage, RadarQuery
from app.http import reply
from app.http.deps import Body, Calling, PathId, Query, ReadSession, Walking
from app.http.operation import operation

router = APIRouter()
TAG = "guidance"


@operation(
    router,
    "GET",
    "/v1/opportunities/{id}/assessment",
    id="getAssessment",
    tag=TAG,
    right=Right.READ_PIPELINE,
    query=AsOfQuery,
    answer=AssessmentOut,
)
async def get_assessment(
    query: Query[AsOfQuery], opportunity_id: PathId, caller: Calling, session: ReadSession
) -> Response:
    """Read where an opportunity stands.

    Whose move it is, how long the employer has been silent, whether that is ghosting, and what to do next. Exact for
    every instant: with `as_of` in the past it tells what is now known about then, in the future what will be if nobody
    writes.
    """
    verdict = await service.assess(session, caller=caller, opportunity_id=opportunity_id, as_of=query.as_of)
    return reply.document(verdict, answer=AssessmentOut)


@operation(
    router,
    "GET",
    "/v1/opportunities/{id}/assessment/explain",
    id="explainAssessment",
    tag=TAG,
    right=Right.READ_GUIDANCE,
    query=AsOfQuery,
    answer=ExplanationOut,
)
async def explain_assessment(
    query: Query[AsOfQuery], opportunity_id: PathId, caller: Calling, session: ReadSession
) -> Response:
    """Read why an opportunity stands where it stands.

    Every act in its order with the row of the rules that it fell under and what it changed, the dates and the policy
    that they were computed with, the rule behind the status, and what would change it next: time, or an act.
    """
    account = await service.explain(session, caller=caller, opportunity_id=opportunity_id, as_of=query.as_of)
    return reply.document(account)


@operation(
    router,
    "GET",
    "/v1/opportunities/{id}/status-history",
    id="getStatusHistory",
    tag=TAG,
    right=Right.READ_PIPELINE,
    answer=HistoryOut,
)
async def get_status_history(opportunity_id: PathId, session: ReadSession) -> Response:
    """Read every status an opportunity had and will have.

    From the first interaction that starts it, without gaps, and on into the future as if nobody writes; the last one
    has no end. Empty as long as it has not started.
    """
    return reply.document(await service.status_history(session, opportunity_id=opportunity_id))


@operation(
    router,
    "GET",
    "/v1/queue",
    id="getQueue",
    tag=TAG,
    right=Right.READ_PIPELINE,
    query=QueueQuery,
    answer=QueuePage,
)
async def get_queue(
    request: Request, query: Query[QueueQuery], walk: Walking, caller: Calling, session: ReadSession
) -> Response:
    """Read today's work.

    What should be done on each client's local date, or is late, the most pressing first: their own moves, meetings
    today and tomorrow, thank-yous, follow-ups due and overdue, what went silent within a week, contacts to be found
    and what was set by hand. What somebody has done, dismissed or snoozed beyond that date is left out. Mere waiting is
    no work, and neither is an opportunity that has not started. Each item says why it stands where it stands. `counts`
    covers every open opportunity in scope, all pages alike. Archived clients are left out.
    """
    queue = await service.work(session, caller=caller, query=query, after=walk.after, at=walk.at)
    return reply.page(request, walk, queue.page, answer=QueuePage, trees=True, as_of=queue.as_of, counts=queue.counts)


@operation(
    router,
    "GET",
    "/v1/radar",
    id="getRadar",
    tag=TAG,
    right=Right.READ_CASELOAD,
    query=RadarQuery,
    answer=RadarPage,
)
async def get_radar(
    request: Request, query: Query[RadarQuery], walk: Walking, caller: Calling, session: ReadSession
) -> Response:
    """Look over the caseload.

    Clients without a live opening, with promises that employers broke in the last 45 days, with three or more ghosted
    within 30 days, without a win for three weeks, or with a plan untouched for two weeks: the most urgent first, each
    with its evidence. Whoever accepted an offer within 90 days is not missed. And what the coming week brings if
    nobody writes. Archived clients are left out.
    """
    found = await service.caseload(session, caller=caller, query=query, after=walk.after, at=walk.at)
    more: dict[str, Any] = {"as_of": found.as_of, "counts": found.counts, "week_ahead": found.week_ahead}
    return reply.page(request, walk, found.page, answer=RadarPage, **more)


@operation(
    router,
    "POST",
    "/v1/simulations",
    id="createSimulation",
    tag=TAG,
    right=Right.READ_PIPELINE,
    body=SimulationIn,
    answer=SimulationOut,
)
async def create_simulation(body: Body[SimulationIn], caller: Calling, session: ReadSession) -> Response:
    """Judge a made-up timeline.

    Nothing is stored. Entries are judged by the rules of recorded interactions, and their places in the list, from 0
    on, stand in for ids. With a `policy` of one's own `policy_version` is 0.
    """
    return reply.document(await service.simulate(session, caller=caller, draft=body))
