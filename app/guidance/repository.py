"""The queue in one statement: every open opportunity in scope is placed, a page is cut, and its verdicts are fetched.

Only the narrow columns that decide about the place are read for all of them; what is shown is fetched for the page.
"""

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    CTE,
    Date,
    Integer,
    Select,
    String,
    Uuid,
    and_,
    any_,
    bindparam,
    case,
    cast,
    exists,
    func,
    literal,
    select,
    true,
    tuple_,
)
from sqlalchemy.engine import RowMapping

from app.access import visibility
from app.access.visibility import Sight
from app.assessments.repository import HOLDS, STEP_COLUMNS
from app.db.base import instant
from app.db.scope import ScopedSession
from app.db.tables import client, client_coach, company, ghosting_step, interaction, opportunity
from app.ghosting.vocabulary import ActionKind, Status

_PRACTICE: Any = bindparam("practice_id", type_=Uuid)
_AT: Any = bindparam("at", type_=instant)
_step = ghosting_step.c

#: For how many days a ghosted opportunity is still work: to be closed and replaced, not to be mourned.
_GHOSTED_FOR_DAYS = 7

_OF_COACH = exists().where(
    client_coach.c.practice_id == client.c.practice_id,
    client_coach.c.client_id == client.c.id,
    client_coach.c.member_id == bindparam("coach_id", type_=Uuid),
)


def _people(sight: Sight, *, of_coach: bool) -> CTE:
    """Return the clients in scope with their local date: asked once for each, not for each of their opportunities."""
    today = cast(func.timezone(client.c.time_zone, _AT), Date)
    chosen = select(client.c.id, client.c.name, client.c.time_zone, today.label("today")).where(
        client.c.practice_id == _PRACTICE, client.c.archived.is_(False), *visibility.clients(sight, client.c.id)
    )
    if of_coach:
        chosen = chosen.where(_OF_COACH)
    return chosen.cte("people").prefix_with("MATERIALIZED")


def _bucket(people: CTE) -> Any:
    """Return the place among the kinds of work (API.md, queue), null for what is none: the first match counts."""
    ghosted_since = cast(func.timezone(people.c.time_zone, _step.status_since), Date)
    soon = and_(_step.status == Status.SCHEDULED.value, _step.action_due_on <= people.c.today + 1)
    lately = and_(_step.status == Status.GHOSTED.value, people.c.today - ghosted_since <= _GHOSTED_FOR_DAYS)
    return case(
        (_step.status == Status.YOUR_MOVE.value, 1),
        (soon, 2),
        (_step.action_kind == ActionKind.SEND_THANK_YOU.value, 3),
        (_step.status == Status.FOLLOW_UP_DUE.value, 4),
        (_step.status == Status.FOLLOW_UP_OVERDUE.value, 5),
        (lately, 6),
        (_step.action_kind == ActionKind.FIND_CONTACT.value, 7),
    )


def _standing(people: CTE) -> CTE:
    """Return where every open opportunity in scope stands, and its place in the queue."""
    silent_days = func.greatest(people.c.today - _step.silent_on, 0)
    return (
        select(
            opportunity.c.id,
            opportunity.c.company_id,
            opportunity.c.title,
            people.c.id.label("client_id"),
            people.c.name.label("client_name"),
            people.c.today,
            _step.seq,
            _step.status,
            _bucket(people).label("bucket"),
            func.coalesce(_step.action_due_on, cast(literal("infinity", String), Date)).label("due"),
            case((_step.silent_on.is_not(None), -silent_days), else_=1).label("patience"),
        )
        .join(people, people.c.id == opportunity.c.client_id)
        .join(
            ghosting_step,
            and_(_step.practice_id == opportunity.c.practice_id, _step.opportunity_id == opportunity.c.id),
        )
        .where(
            opportunity.c.practice_id == _PRACTICE,
            _step.practice_id == _PRACTICE,
            opportunity.c.deleted_at.is_(None),
            _step.status != Status.CLOSED.value,
            HOLDS,
        )
        .cte("standing")
        .prefix_with("MATERIALIZED")
    )


def _counts(standing: CTE) -> Any:
    tally = select(standing.c.status, func.count().label("n")).group_by(standing.c.status).subquery()
    return select(func.jsonb_object_agg(tally.c.status, tally.c.n)).scalar_subquery()


@lru_cache(maxsize=16)
def _queue(sight: Sight, *, of_coach: bool, started: bool) -> Select[Any]:
    standing = _standing(_people(sight, of_coach=of_coach))
    place = (standing.c.bucket, standing.c.due, standing.c.patience, standing.c.id)
    due = select(standing).where(standing.c.bucket.is_not(None))
    if started:
        after = (
            cast(bindparam("after_bucket"), Integer),
            cast(bindparam("after_due", type_=String), Date),
            cast(bindparam("after_patience"), Integer),
            bindparam("after_id", type_=Uuid),
        )
        due = due.where(tuple_(*place) > tuple_(*after))
    page = due.order_by(*place).limit(bindparam("take")).cte("page")
    shown = page.join(
        ghosting_step,
        and_(_step.practice_id == _PRACTICE, _step.opportunity_id == page.c.id, _step.seq == page.c.seq),
    ).join(company, and_(company.c.practice_id == _PRACTICE, company.c.id == page.c.company_id))
    # An empty page still tells the counts, hence the one row to which the items are joined.
    one = select(literal(1)).cte("one")
    return (
        select(
            _counts(standing).label("counts"),
            page.c.id,
            page.c.title,
            page.c.client_id,
            page.c.client_name,
            page.c.today,
            page.c.bucket,
            cast(page.c.due, String).label("due"),
            page.c.patience,
            company.c.name.label("company_name"),
            *STEP_COLUMNS,
        )
        .select_from(one.outerjoin(shown, true()))
        .order_by(page.c.bucket, page.c.due, page.c.patience, page.c.id)
    )


_SEEN = select(interaction.c.id).where(
    interaction.c.practice_id == _PRACTICE,
    interaction.c.id == any_(bindparam("ids", type_=ARRAY(Uuid))),
    visibility.interactions(interaction.c.visibility),
)


async def queue(
    session: ScopedSession, *, coach_id: UUID | None, at: datetime, take: int, **after: Any
) -> Sequence[RowMapping]:
    """Return the rows of a page, each with all `counts`; a single one with a null `id` when the page is empty.

    With `coach_id` only this coach's clients are in scope, of those whom the caller sees; `after` holds bucket, due,
    patience and id of the last item of the page before, as `after_…`.
    """
    statement = _queue(visibility.sight(session), of_coach=coach_id is not None, started=bool(after))
    seen = visibility.parameters(session)
    return (await session.run(statement, coach_id=coach_id, at=at, take=take, **after, **seen)).mappings().all()


async def seen_ids(session: ScopedSession, *, ids: Sequence[UUID]) -> frozenset[UUID]:
    """Return those of `ids` that are interactions which the caller may know of."""
    return frozenset((await session.run(_SEEN, ids=list(ids), **visibility.parameters(session))).scalars())
