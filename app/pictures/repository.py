"""What the pictures show: a timeline with its statuses, and a search in numbers."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Boolean, Integer, Select, Uuid, and_, bindparam, case, cast, func, or_, select, true

from app.access import visibility
from app.access.visibility import Sight
from app.db.base import instant
from app.db.scope import Row, ScopedSession
from app.db.tables import client, company, ghosting_step, interaction, opportunity
from app.ghosting.vocabulary import Stage, Status

_PRACTICE: Any = bindparam("practice_id", type_=Uuid)
_ID: Any = bindparam("id", type_=Uuid)
_AT: Any = bindparam("at", type_=instant)
_step, _act = ghosting_step.c, interaction.c
_WHOSE = and_(client.c.practice_id == opportunity.c.practice_id, client.c.id == opportunity.c.client_id)
_WHERE = and_(company.c.practice_id == opportunity.c.practice_id, company.c.id == opportunity.c.company_id)


def _role(sight: Sight) -> Select[Any]:
    return (
        select(opportunity.c.id, opportunity.c.title, company.c.name.label("company_name"), client.c.time_zone)
        .join(client, _WHOSE)
        .join(company, _WHERE)
        .where(
            opportunity.c.practice_id == _PRACTICE,
            opportunity.c.id == _ID,
            opportunity.c.deleted_at.is_(None),
            *visibility.clients(sight, opportunity.c.client_id),
        )
    )


_ROLE = visibility.each(_role)
_STEPS = (
    select(
        _step.starts_at,
        _step.ends_at,
        _step.status,
        _step.follow_up_used,
        _step.opens_on,
        _step.closes_on,
        _step.ghosted_on,
    )
    .where(_step.practice_id == _PRACTICE, _step.opportunity_id == _ID)
    .order_by(_step.seq.desc())
    .limit(bindparam("most"))
)
# What had happened or been arranged by then; as of now or later, whatever is recorded.
_ENTRIES = (
    select(_act.kind, _act.occurred_at, func.count().over().label("total"))
    .where(
        _act.practice_id == _PRACTICE,
        _act.opportunity_id == _ID,
        _act.voided_at.is_(None),
        or_(_act.occurred_at <= _AT, _act.arranged_at <= _AT, bindparam("all_known", type_=Boolean)),
        visibility.interactions(_act.visibility),
    )
    .order_by(_act.occurred_at.desc(), _act.id.desc())
    .limit(bindparam("most"))
)

_begun = ghosting_step.alias("begun_step").c
_BEGUN = (
    select(
        func.min(_begun.starts_at).filter(_begun.status != Status.NOT_STARTED.value).label("opened_at"),
        func.max(case({stage.value: stage.rank for stage in Stage}, value=_begun.stage)).label("reached"),
    )
    .where(_begun.practice_id == _PRACTICE, _begun.opportunity_id == opportunity.c.id, _begun.starts_at <= _AT)
    .lateral("begun")
)
_THEIRS = and_(
    opportunity.c.practice_id == client.c.practice_id,
    opportunity.c.client_id == client.c.id,
    opportunity.c.deleted_at.is_(None),
)
_HOLDS = and_(
    _step.practice_id == _PRACTICE,
    _step.opportunity_id == opportunity.c.id,
    _step.starts_at <= _AT,
    or_(_step.ends_at.is_(None), _step.ends_at > _AT),
)


def _search(sight: Sight) -> Select[Any]:
    known = or_(_BEGUN.c.opened_at.is_not(None), opportunity.c.created_at <= _AT)
    groups = (opportunity.c.source, cast(_BEGUN.c.reached, Integer).label("reached"), _step.status, _step.outcome)
    return (
        select(client.c.name, client.c.time_zone, *groups, func.count().filter(known).label("openings"))
        .select_from(client)
        .outerjoin(opportunity, _THEIRS)
        .outerjoin(ghosting_step, _HOLDS)
        .outerjoin(_BEGUN, true())
        .where(client.c.practice_id == _PRACTICE, client.c.id == _ID, *visibility.clients(sight, client.c.id))
        .group_by(client.c.name, client.c.time_zone, *groups)
        .order_by(*groups)
    )


_SEARCH = visibility.each(_search)
_CLIENT = visibility.each(
    lambda sight: select(client.c.id).where(
        client.c.practice_id == _PRACTICE, client.c.id == _ID, *visibility.clients(sight, client.c.id)
    )
)


async def find_role(session: ScopedSession, *, opportunity_id: UUID) -> Row | None:
    """Return what an opportunity is called and in which zone its dates are; None: nothing to see."""
    return (await visibility.run(session, _ROLE, id=opportunity_id)).mappings().one_or_none()


async def client_exists(session: ScopedSession, *, client_id: UUID) -> bool:
    """Say whether there is a client of this id that the caller sees."""
    return (await visibility.run(session, _CLIENT, id=client_id)).first() is not None


async def steps(session: ScopedSession, *, opportunity_id: UUID, most: int) -> Sequence[Row]:
    """Return the latest steps of an opportunity, in order."""
    found = (await session.run(_STEPS, id=opportunity_id, most=most)).mappings().all()
    return found[::-1]


async def entries(
    session: ScopedSession, *, opportunity_id: UUID, at: datetime, all_known: bool, most: int
) -> Sequence[Row]:
    """Return the latest interactions that the caller may know of, each with the `total` that there are."""
    seen = visibility.parameters(session)
    found = await session.run(_ENTRIES, id=opportunity_id, at=at, all_known=all_known, most=most, **seen)
    return found.mappings().all()


async def search(session: ScopedSession, *, client_id: UUID, at: datetime) -> Sequence[Row]:
    """Return a client's openings counted by source, reach and end; one row without a source if there are none."""
    return (await visibility.run(session, _SEARCH, id=client_id, at=at)).mappings().all()
