"""Where every open opportunity in scope stands, and its place among the kinds of work of the queue."""

from typing import Any

from sqlalchemy import (
    CTE,
    Date,
    String,
    Text,
    Uuid,
    and_,
    bindparam,
    case,
    cast,
    exists,
    func,
    literal,
    null,
    select,
    true,
)

from app.access import visibility
from app.access.visibility import Sight
from app.assessments.repository import HOLDS
from app.db.tables import client, client_coach, ghosting_step, opportunity
from app.ghosting.vocabulary import ActionKind, Status
from app.guidance.repository.parts import AT, PRACTICE

_step = ghosting_step.c
#: What decides about a place.
_PLACING = ("seq", "status", "status_since", "silent_on", "action_kind", "action_due_on", "action_id")
_NEVER = cast(literal("infinity", String), Date)
#: The place of what people have set themselves: beside `find_contact`.
BY_HAND = 7

#: For how many days a ghosted opportunity is still work: to be closed and replaced, not to be mourned.
_GHOSTED_FOR_DAYS = 7

_OF_COACH = exists().where(
    client_coach.c.practice_id == client.c.practice_id,
    client_coach.c.client_id == client.c.id,
    client_coach.c.member_id == bindparam("coach_id", type_=Uuid),
)


def people_in_scope(sight: Sight, *, of_coach: bool) -> CTE:
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
        (step.action_kind == ActionKind.FIND_CONTACT.value, BY_HAND),
    )


def patience(people: CTE, step: Any) -> Any:
    """Return what puts the longer silence first, and none last."""
    silent_days = func.greatest(people.c.today - step.silent_on, 0)
    return case((step.silent_on.is_not(None), -silent_days), else_=1)


def held(opportunity_id: Any) -> Any:
    """Look up the step of an opportunity that holds: a look-up with a limit stays one (ADR 6)."""
    mine = (_step.practice_id == PRACTICE, _step.opportunity_id == opportunity_id, HOLDS)
    found = select(*(_step[name] for name in _PLACING)).where(*mine)
    return found.order_by(_step.seq.desc()).limit(1).lateral("held")


def standing(people: CTE) -> CTE:
    """Return where every open opportunity in scope stands, and its place in the queue."""
    theirs = (opportunity.c.practice_id == PRACTICE, opportunity.c.client_id == people.c.id)
    # Asked for each person by the index of clients: the order, which costs nothing there, keeps it from being a join.
    openings = (
        select(*(opportunity.c[name] for name in ("id", "company_id", "title")))
        .where(*theirs, opportunity.c.deleted_at.is_(None))
        .order_by(opportunity.c.client_id)
        .lateral("openings")
    )
    step = held(openings.c.id)
    return (
        select(
            openings.c.id.label("place_id"),
            *openings.c,
            people.c.id.label("client_id"),
            people.c.name.label("client_name"),
            people.c.today,
            step.c.seq,
            _bucket(people, step.c).label("bucket"),
            func.coalesce(step.c.action_due_on, _NEVER).label("due"),
            patience(people, step.c).label("patience"),
            step.c.action_id,
            cast(null(), Text).label("task"),
            step.c.status,
        )
        .select_from(people.join(openings, true()).join(step, true()))
        .where(step.c.status != Status.CLOSED.value)
        .cte("standing")
        .prefix_with("MATERIALIZED")
    )
