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
    Text,
    Uuid,
    and_,
    any_,
    bindparam,
    case,
    cast,
    false,
    func,
    literal,
    or_,
    select,
    true,
    tuple_,
    union_all,
)
from sqlalchemy.dialects.postgresql import JSONB

from app.access import visibility
from app.access.visibility import Sight
from app.assessments.repository import STEP_COLUMNS
from app.db.scope import Row, ScopedSession
from app.db.tables import action_decision, ghosting_step, interaction, next_action
from app.db.vocabulary import ActionState
from app.ghosting.vocabulary import ReasonCode
from app.guidance.repository.parts import PRACTICE, company_name, owner
from app.guidance.repository.standing import BY_HAND, held, patience, people_in_scope, standing

_step, _decision, _manual = ghosting_step.c, action_decision.c, next_action.c


def _advised(standing: CTE) -> Select[Any]:
    """Return the advised work about which nobody has decided otherwise."""
    snoozed = and_(_decision.state == ActionState.SNOOZED.value, _decision.snoozed_until > standing.c.today)
    settled = or_(_decision.state.in_((ActionState.DONE.value, ActionState.DISMISSED.value)), snoozed)
    its_own = (_decision.practice_id == PRACTICE, _decision.id == standing.c.action_id)
    decided = select(settled).where(*its_own).order_by(_decision.id).limit(1).scalar_subquery()
    return select(*(c for c in standing.c if c.name != "status")).where(
        standing.c.bucket.is_not(None), func.coalesce(decided, false()).is_(False)
    )


def _set_by_hand(people: CTE) -> Select[Any]:
    """Return what people have set themselves and is due, on no opportunity or on one in sight, closed or not."""
    its = owner(_manual.opportunity_id, "id", "company_id", "title")
    step = held(its.c.id)
    snoozed = and_(_manual.state == ActionState.SNOOZED.value, _manual.snoozed_until <= people.c.today)
    return (
        select(
            _manual.id,
            *(its.c[name] for name in ("id", "company_id", "title")),
            *(people.c[name] for name in ("id", "name", "today")),
            step.c.seq,
            literal(BY_HAND),
            _manual.due_on,
            patience(people, step.c),
            _manual.id,
            _manual.title,
        )
        .select_from(next_action)
        .join(people, people.c.id == _manual.client_id)
        .outerjoin(its, true())
        .outerjoin(step, true())
        .where(
            _manual.practice_id == PRACTICE,
            _manual.state.in_((ActionState.OPEN.value, ActionState.SNOOZED.value)),
            _manual.due_on <= people.c.today,
            or_(_manual.state == ActionState.OPEN.value, snoozed),
            or_(_manual.opportunity_id.is_(None), its.c.id.is_not(None)),
        )
    )


def _counts(standing: CTE) -> Any:
    tally = select(standing.c.status, func.count().label("n")).group_by(standing.c.status).subquery()
    return select(func.jsonb_object_agg(tally.c.status, tally.c.n)).scalar_subquery()


def _document(text: str) -> Any:
    return cast(literal(text, Text), JSONB)


#: The sentence of an item asks after one of the reasons only, which is rare: without it none is carried along.
_TELLING = case(
    (_step.reasons.contains(_document(f'[{{"code": "{ReasonCode.NOBODY_CAME}"}}]')), _step.reasons),
    else_=_document("[]"),
).label("reasons")


@lru_cache(maxsize=16)
def _queue(sight: Sight, *, of_coach: bool, started: bool) -> Select[Any]:
    people = people_in_scope(sight, of_coach=of_coach)
    openings = standing(people)
    work = union_all(_advised(openings), _set_by_hand(people)).subquery("work")
    place = (work.c.bucket, work.c.due, work.c.patience, work.c.place_id)
    due = select(work)
    if started:
        after = (
            cast(bindparam("after_bucket"), Integer),
            cast(bindparam("after_due", type_=String), Date),
            cast(bindparam("after_patience"), Integer),
            bindparam("after_id", type_=Uuid),
        )
        due = due.where(tuple_(*place) > tuple_(*after))
    page = due.order_by(*place).limit(bindparam("take")).cte("page")
    its_own = (_step.practice_id == PRACTICE, _step.opportunity_id == page.c.id, _step.seq == page.c.seq)
    verdict = (
        select(*(c for c in STEP_COLUMNS if c.name != "reasons"), _TELLING)
        .where(*its_own)
        .order_by(_step.seq)
        .limit(1)
        .lateral("verdict")
    )
    # An empty page still tells the counts, hence the one row to which the items are joined.
    one = select(literal(1)).cte("one")
    order = (page.c.bucket, page.c.due, page.c.patience, page.c.place_id)
    return (
        select(
            case((func.row_number().over(order_by=order) == 1, _counts(openings))).label("counts"),
            *(page.c[name] for name in ("place_id", "id", "title", "client_id", "client_name", "today", "bucket")),
            cast(page.c.due, String).label("due"),
            *(page.c[name] for name in ("patience", "action_id", "task")),
            company_name(page).label("company_name"),
            *verdict.c,
        )
        .select_from(one.outerjoin(page.outerjoin(verdict, true()), true()))
        .order_by(*order)
    )


_SEEN = select(interaction.c.id).where(
    interaction.c.practice_id == PRACTICE,
    interaction.c.id == any_(bindparam("ids", type_=ARRAY(Uuid))),
    visibility.interactions(interaction.c.visibility),
)


async def queue(
    session: ScopedSession, *, coach_id: UUID | None, at: datetime, take: int, **after: Any
) -> Sequence[Row]:
    """Return the rows of a page, the first with all `counts`; one row with a null `place_id` where the page is empty.

    An action set by hand has a `task`. With `coach_id` only this coach's clients are in scope, of those whom the caller
    sees; `after` holds bucket, due, patience and place_id (as id) of the last item of the page before, as `after_…`.
    """
    statement = _queue(visibility.sight(session), of_coach=coach_id is not None, started=bool(after))
    seen = visibility.parameters(session)
    return (await session.run(statement, coach_id=coach_id, at=at, take=take, **after, **seen)).mappings().all()


async def seen_ids(session: ScopedSession, *, ids: Sequence[UUID]) -> frozenset[UUID]:
    """Return those of `ids` that are interactions which the caller may know of."""
    return frozenset((await session.run(_SEEN, ids=list(ids), **visibility.parameters(session))).scalars())
