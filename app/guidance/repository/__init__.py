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
    exists,
    false,
    func,
    literal,
    null,
    or_,
    select,
    true,
    tuple_,
    union_all,
)

from app.access import visibility
from app.access.visibility import Sight
from app.assessments.repository import HOLDS, STEP_COLUMNS
from app.db.scope import Row, ScopedSession
from app.db.tables import (
    action_decision,
    client,
    client_coach,
    ghosting_step,
    interaction,
    next_action,
    opportunity,
)
from app.db.vocabulary import ActionState
from app.ghosting.vocabulary import ActionKind, Status
from app.guidance.repository.parts import AT, PRACTICE, company_name, owner

_step, _decision, _manual = ghosting_step.c, action_decision.c, next_action.c
#: What decides about a place.
_PLACING = ("seq", "status", "status_since", "silent_on", "action_kind", "action_due_on", "action_id")
_NEVER = cast(literal("infinity", String), Date)
#: The place of what people have set themselves: beside `find_contact`.
_BY_HAND = 7

#: For how many days a ghosted opportunity is still work: to be closed and replaced, not to be mourned.
_GHOSTED_FOR_DAYS = 7

_OF_COACH = exists().where(
    client_coach.c.practice_id == client.c.practice_id,
    client_coach.c.client_id == client.c.id,
    client_coach.c.member_id == bindparam("coach_id", type_=Uuid),
)


def _people(sight: Sight, *, of_coach: bool) -> CTE:
    """Return the clients in scope with their local date: asked once for each, not for each of their opportunities."""
    today = cast(func.timezone(client.c.time_zone, AT), Date)
    chosen = select(client.c.id, client.c.name, client.c.time_zone, today.label("today")).where(
        client.c.practice_id == PRACTICE, client.c.archived.is_(False), *visibility.clients(sight, client.c.id)
    )
    if of_coach:
        chosen = chosen.where(_OF_COACH)
    return chosen.cte("people").prefix_with("MATERIALIZED")


def _bucket(people: CTE, step: Any) -> Any:
    """Return the place among the kinds of work (API.md, queue), null for what is none: the first match counts."""
    ghosted_since = cast(func.timezone(people.c.time_zone, step.status_since), Date)
    soon = and_(step.status == Status.SCHEDULED.value, step.action_due_on <= people.c.today + 1)
    lately = and_(step.status == Status.GHOSTED.value, people.c.today - ghosted_since <= _GHOSTED_FOR_DAYS)
    return case(
        (step.status == Status.YOUR_MOVE.value, 1),
        (soon, 2),
        (step.action_kind == ActionKind.SEND_THANK_YOU.value, 3),
        (step.status == Status.FOLLOW_UP_DUE.value, 4),
        (step.status == Status.FOLLOW_UP_OVERDUE.value, 5),
        (lately, 6),
        (step.action_kind == ActionKind.FIND_CONTACT.value, _BY_HAND),
    )


def _patience(people: CTE, step: Any) -> Any:
    """Return what puts the longer silence first, and none last."""
    silent_days = func.greatest(people.c.today - step.silent_on, 0)
    return case((step.silent_on.is_not(None), -silent_days), else_=1)


def _held(opportunity_id: Any) -> Any:
    """Look up the step of an opportunity that holds: a look-up with a limit stays one (ADR 6)."""
    mine = (_step.practice_id == PRACTICE, _step.opportunity_id == opportunity_id, HOLDS)
    found = select(*(_step[name] for name in _PLACING)).where(*mine)
    return found.order_by(_step.seq.desc()).limit(1).lateral("held")


def _standing(people: CTE) -> CTE:
    """Return where every open opportunity in scope stands, and its place in the queue."""
    theirs = (opportunity.c.practice_id == PRACTICE, opportunity.c.client_id == people.c.id)
    # Asked for each person by the index of clients: the order, which costs nothing there, keeps it from being a join.
    openings = (
        select(*(opportunity.c[name] for name in ("id", "company_id", "title")))
        .where(*theirs, opportunity.c.deleted_at.is_(None))
        .order_by(opportunity.c.client_id)
        .lateral("openings")
    )
    held = _held(openings.c.id)
    return (
        select(
            openings.c.id.label("place_id"),
            *openings.c,
            people.c.id.label("client_id"),
            people.c.name.label("client_name"),
            people.c.today,
            held.c.seq,
            _bucket(people, held.c).label("bucket"),
            func.coalesce(held.c.action_due_on, _NEVER).label("due"),
            _patience(people, held.c).label("patience"),
            held.c.action_id,
            cast(null(), Text).label("task"),
            held.c.status,
        )
        .select_from(people.join(openings, true()).join(held, true()))
        .where(held.c.status != Status.CLOSED.value)
        .cte("standing")
        .prefix_with("MATERIALIZED")
    )


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
    held = _held(its.c.id)
    snoozed = and_(_manual.state == ActionState.SNOOZED.value, _manual.snoozed_until <= people.c.today)
    return (
        select(
            _manual.id,
            *(its.c[name] for name in ("id", "company_id", "title")),
            *(people.c[name] for name in ("id", "name", "today")),
            held.c.seq,
            literal(_BY_HAND),
            _manual.due_on,
            _patience(people, held.c),
            _manual.id,
            _manual.title,
        )
        .select_from(next_action)
        .join(people, people.c.id == _manual.client_id)
        .outerjoin(its, true())
        .outerjoin(held, true())
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


@lru_cache(maxsize=16)
def _queue(sight: Sight, *, of_coach: bool, started: bool) -> Select[Any]:
    people = _people(sight, of_coach=of_coach)
    standing = _standing(people)
    work = union_all(_advised(standing), _set_by_hand(people)).subquery("work")
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
    verdict = select(*STEP_COLUMNS).where(*its_own).order_by(_step.seq).limit(1).lateral("verdict")
    # An empty page still tells the counts, hence the one row to which the items are joined.
    one = select(literal(1)).cte("one")
    return (
        select(
            _counts(standing).label("counts"),
            *(page.c[name] for name in ("place_id", "id", "title", "client_id", "client_name", "today", "bucket")),
            cast(page.c.due, String).label("due"),
            *(page.c[name] for name in ("patience", "action_id", "task")),
            company_name(page).label("company_name"),
            *verdict.c,
        )
        .select_from(one.outerjoin(page.outerjoin(verdict, true()), true()))
        .order_by(page.c.bucket, page.c.due, page.c.patience, page.c.place_id)
    )


_SEEN = select(interaction.c.id).where(
    interaction.c.practice_id == PRACTICE,
    interaction.c.id == any_(bindparam("ids", type_=ARRAY(Uuid))),
    visibility.interactions(interaction.c.visibility),
)


async def queue(
    session: ScopedSession, *, coach_id: UUID | None, at: datetime, take: int, **after: Any
) -> Sequence[Row]:
    """Return the rows of a page, each with all `counts`; a single one with a null `place_id` when the page is empty.

    An action set by hand has a `task`. With `coach_id` only this coach's clients are in scope, of those whom the caller
    sees; `after` holds bucket, due, patience and place_id (as id) of the last item of the page before, as `after_…`.
    """
    statement = _queue(visibility.sight(session), of_coach=coach_id is not None, started=bool(after))
    seen = visibility.parameters(session)
    return (await session.run(statement, coach_id=coach_id, at=at, take=take, **after, **seen)).mappings().all()


async def seen_ids(session: ScopedSession, *, ids: Sequence[UUID]) -> frozenset[UUID]:
    """Return those of `ids` that are interactions which the caller may know of."""
    return frozenset((await session.run(_SEEN, ids=list(ids), **visibility.parameters(session))).scalars())
