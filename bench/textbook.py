"""Baseline (b): what a tutorial of FastAPI and SQLAlchemy makes of the same questions.

Mapped classes with relationships that are loaded with `selectinload`, a session for each request, `response_model`, and
the status of each row computed by the engine when it is read. There is no authentication, no row level security and no
limit either, and no outlook and no cursor: all of that would come on top.
"""

import json
import os
from collections.abc import AsyncIterator
from datetime import date, datetime, timedelta
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, FastAPI, Request
from pydantic import BaseModel, ConfigDict
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import selectinload

from app.db import tables
from app.ghosting import words
from app.ghosting.history import at, silent_days
from app.ghosting.vocabulary import Status
from app.kit import clock
from app.kit.zones import zone
from bench.textbook_models import Opportunity

_GHOSTED_FOR = timedelta(days=7)


class ActionOut(BaseModel):
    kind: str
    due_on: date | None
    reason: str


class VerdictOut(BaseModel):
    as_of: datetime
    status: Status
    since: datetime | None
    until: datetime | None
    stage: str
    outcome: str | None
    waiting_on: str
    silent_days: int | None
    next_action: ActionOut | None
    reasons: list[str]


class OpportunityOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: UUID
    client_id: UUID
    company_id: UUID
    company_name: str
    title: str
    kind: str
    source: str
    url: str | None
    location: str | None
    requisition_id: str | None
    salary_min: int | None
    salary_max: int | None
    currency: str | None
    contact_ids: list[UUID]
    last_activity_at: datetime | None
    assessment: VerdictOut
    version: int
    created_at: datetime
    updated_at: datetime


class PageOut(BaseModel):
    items: list[OpportunityOut]


class WorkOut(BaseModel):
    client_name: str
    opportunity: OpportunityOut


class QueueOut(BaseModel):
    counts: dict[str, int]
    items: list[WorkOut]


_engine = create_async_engine(
    os.environ["BENCH_ADMIN_URL"].replace("postgresql://", "postgresql+asyncpg://"),
    pool_size=10,
    connect_args={"server_settings": {"jit": "off", "timezone": "UTC"}},
)
_sessions = async_sessionmaker(_engine, expire_on_commit=False)
_callers = {f"Bearer {key}": who for key, who in json.loads(os.environ["BENCH_CALLERS"]).items()}
_own = tables.opportunity
app = FastAPI()


async def _session() -> AsyncIterator[AsyncSession]:
    async with _sessions() as session:
        yield session


def _practice(request: Request) -> UUID:
    return UUID(_callers[request.headers["authorization"]]["practice_id"])


Session = Annotated[AsyncSession, Depends(_session)]
Practice = Annotated[UUID, Depends(_practice)]
_LOADED = (
    selectinload(Opportunity.client),
    selectinload(Opportunity.company),
    selectinload(Opportunity.interactions),
    selectinload(Opportunity.contacts),
)


#: What an opportunity holds under the name of the answer.
_STORED = tuple(c.name for c in _own.c if c.name in OpportunityOut.model_fields)


def _verdict(opportunity: Opportunity, now: datetime) -> VerdictOut:
    step = at(opportunity.steps, now)
    today = now.astimezone(zone(opportunity.client.time_zone)).date()
    action = step.action
    advice = None
    if action is not None:
        reason = words.action_reason(step, today=today)
        advice = ActionOut(kind=action.kind, due_on=action.due_on, reason=reason)
    return VerdictOut(
        as_of=now,
        status=step.status,
        since=step.status_since,
        until=step.status_until,
        stage=step.stage,
        outcome=step.outcome,
        waiting_on=step.waiting_on,
        silent_days=silent_days(step, today),
        next_action=advice,
        reasons=[words.reason_text(reason.code) for reason in step.reasons],
    )


def _shown(opportunity: Opportunity, now: datetime) -> OpportunityOut:
    happened = [i.occurred_at for i in opportunity.interactions if i.occurred_at <= now]
    more = {
        "company_name": opportunity.company.name,
        "contact_ids": [link.contact_id for link in opportunity.contacts],
        "last_activity_at": max(happened, default=None),
        "assessment": _verdict(opportunity, now),
    }
    return OpportunityOut(**{name: getattr(opportunity, name) for name in _STORED}, **more)


@app.get("/v1/opportunities/{ident}/assessment", response_model=VerdictOut)
async def assessment(ident: UUID, session: Session, practice: Practice) -> Any:
    """Compute where an opportunity stands."""
    mine = (_own.c.practice_id == practice, _own.c.id == ident)
    found = (await session.scalars(select(Opportunity).where(*mine).options(*_LOADED))).one()
    return _verdict(found, clock.read())


@app.get("/v1/opportunities", response_model=PageOut)
async def opportunities(session: Session, practice: Practice, status: Status | None = None, limit: int = 50) -> Any:
    """List opportunities; of a status, after computing that of all of them."""
    order = (_own.c.updated_at.desc(), _own.c.id)
    query = select(Opportunity).where(_own.c.practice_id == practice).order_by(*order).options(*_LOADED)
    now = clock.read()
    found = (await session.scalars(query if status else query.limit(limit))).all()
    if status:
        found = [one for one in found if at(one.steps, now).status is status][:limit]
    return {"items": [_shown(one, now) for one in found]}


@app.get("/v1/queue", response_model=QueueOut)
async def queue(session: Session, practice: Practice, limit: int = 50) -> Any:
    """Sort today's work out of everything that is open."""
    now = clock.read()
    query = select(Opportunity).where(_own.c.practice_id == practice).options(*_LOADED)
    counts: dict[str, int] = {}
    work: list[tuple[int, date, int, Opportunity]] = []
    for one in await session.scalars(query):
        step = at(one.steps, now)
        counts[step.status] = counts.get(step.status, 0) + 1
        lately = step.status_since is not None and now - step.status_since <= _GHOSTED_FOR
        if step.status in _PLACES and (step.status is not Status.GHOSTED or lately):
            due = step.action.due_on if step.action and step.action.due_on else date.max
            work.append((_PLACES[step.status], due, len(work), one))
    work.sort(key=lambda place: place[:3])
    items = [{"client_name": one.client.name, "opportunity": _shown(one, now)} for *_, one in work[:limit]]
    return {"counts": counts, "items": items}


_PLACES = {
    status: place
    for place, status in enumerate(
        (Status.YOUR_MOVE, Status.SCHEDULED, Status.FOLLOW_UP_DUE, Status.FOLLOW_UP_OVERDUE, Status.GHOSTED)
    )
}


def create() -> FastAPI:
    """Return the application, for uvicorn."""
    return app
