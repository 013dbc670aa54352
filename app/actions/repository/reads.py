"""All next actions in one statement: the advice of the steps that hold now, and what people have set by hand.

Only the narrow columns that decide about the place are read for all of them; what is shown is fetched for the page.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    CTE,
    ColumnElement,
    Date,
    Integer,
    Select,
    Text,
    Uuid,
    and_,
    any_,
    bindparam,
    case,
    cast,
    exists,
    func,
    literal,
    literal_column,
    null,
    or_,
    select,
    union_all,
)

from app.access import visibility
from app.access.visibility import Sight
from app.assessments.repository import HOLDS, STEP_COLUMNS
from app.db import keyset
from app.db.base import instant
from app.db.scope import Row, ScopedSession
from app.db.tables import action_decision, client, ghosting_step, next_action, opportunity
from app.db.vocabulary import ActionOrigin, ActionState

PRACTICE: Any = bindparam("practice_id", type_=Uuid)
_AT: Any = bindparam("at", type_=instant)
_step, _manual, _decision = ghosting_step.c, next_action.c, action_decision.c
# Those without a date come last, so that the key of a page is never null.
_LAST_DAY = literal_column("date '9999-12-31'", Date)

#: What a person made of an action, in both tables.
DECIDED = ("assignee", "state", "snoozed_until", "dismiss_reason", "accepted_at", "accepted_by_type", "accepted_by_id")
_STAMPS = ("version", "created_at", "updated_at")


_named = ghosting_step.alias("named")
_ITS_OPPORTUNITY = (
    select(_named.c.opportunity_id)
    .where(_named.c.practice_id == PRACTICE, _named.c.action_id == bindparam("id", type_=Uuid))
    .limit(1)
    .scalar_subquery()
)


class Whose(StrEnum):
    """Among whose actions to look."""

    ONE_CLIENTS = "one client's"
    CURRENT_CLIENTS = "current clients'"
    ANYBODYS = "anybody's"


def in_sight(opportunity_id: Any) -> ColumnElement[bool]:
    """Return the condition that what hangs on this opportunity, if any, is not hidden with it."""
    there = exists().where(
        opportunity.c.practice_id == PRACTICE, opportunity.c.id == opportunity_id, opportunity.c.deleted_at.is_(None)
    )
    return or_(opportunity_id.is_(None), there)


def _people(sight: Sight, whose: Whose) -> CTE:
    today = cast(func.timezone(client.c.time_zone, _AT), Date)
    narrowed: Mapping[Whose, tuple[Any, ...]] = {
        Whose.ONE_CLIENTS: (client.c.id == bindparam("client_id", type_=Uuid),),
        Whose.CURRENT_CLIENTS: (client.c.archived.is_(False),),
        Whose.ANYBODYS: (),
    }
    return (
        select(client.c.id, today.label("today"))
        .where(client.c.practice_id == PRACTICE, *visibility.clients(sight, client.c.id), *narrowed[whose])
        .cte("people")
    )


def _state(stored: Any, people: CTE) -> Any:
    """Return the state on the client's local date: what was snoozed opens by itself."""
    over = and_(stored.state == ActionState.SNOOZED.value, stored.snoozed_until <= people.c.today)
    return case((over, ActionState.OPEN.value), else_=func.coalesce(stored.state, ActionState.OPEN.value))


def _advised(people: CTE, *, one: bool) -> Select[Any]:
    """Return the advice of now; of `one`, found by its id, all joins begin there."""
    decided = and_(_decision.practice_id == PRACTICE, _decision.id == _step.action_id)
    return (
        select(
            _step.action_id.label("id"),
            opportunity.c.client_id,
            opportunity.c.id.label("opportunity_id"),
            _step.action_due_on.label("due_on"),
            _state(_decision, people).label("shown_state"),
            people.c.today,
            _step.seq,
            literal(ActionOrigin.COMPUTED.value, Text).label("origin"),
        )
        .select_from(opportunity)
        .join(people, people.c.id == opportunity.c.client_id)
        .join(
            ghosting_step,
            and_(_step.practice_id == opportunity.c.practice_id, _step.opportunity_id == opportunity.c.id),
        )
        .outerjoin(action_decision, decided)
        .where(
            opportunity.c.practice_id == PRACTICE,
            _step.practice_id == PRACTICE,
            opportunity.c.deleted_at.is_(None),
            _step.action_id.is_not(None),
            HOLDS,
            *((opportunity.c.id == _ITS_OPPORTUNITY,) if one else ()),
        )
    )


def _looked_up(opportunity_id: Any) -> ColumnElement[bool]:
    """Return the condition of `in_sight` for a few rows: never by a look at all opportunities of the practice."""
    its = (opportunity.c.practice_id == PRACTICE, opportunity.c.id == opportunity_id)
    return or_(opportunity_id.is_(None), select(opportunity.c.deleted_at.is_(None)).where(*its).scalar_subquery())


def _set_by_hand(people: CTE, shown: Callable[[Any], ColumnElement[bool]] = in_sight) -> Select[Any]:
    return (
        select(
            _manual.id,
            _manual.client_id,
            _manual.opportunity_id,
            _manual.due_on,
            _state(_manual, people).label("shown_state"),
            people.c.today,
            cast(null(), Integer).label("seq"),
            literal(ActionOrigin.MANUAL.value, Text).label("origin"),
        )
        .join(people, people.c.id == _manual.client_id)
        .where(_manual.practice_id == PRACTICE, shown(_manual.opportunity_id))
    )


def _shown(page: CTE) -> Select[Any]:
    """Return everything that is shown of the actions on a page."""
    step = and_(_step.practice_id == PRACTICE, _step.opportunity_id == page.c.opportunity_id, _step.seq == page.c.seq)
    decision = and_(_decision.practice_id == PRACTICE, _decision.id == page.c.id, page.c.seq.is_not(None))
    manual = and_(_manual.practice_id == PRACTICE, _manual.id == page.c.id, page.c.seq.is_(None))
    source = page.outerjoin(ghosting_step, step).outerjoin(action_decision, decision).outerjoin(next_action, manual)
    either = [func.coalesce(_decision[name], _manual[name]).label(name) for name in (*DECIDED, *_STAMPS)]
    return select(page, _manual.title, *either, *STEP_COLUMNS).select_from(source)


_FILTERS: Mapping[str, Any] = {
    "opportunity_id": lambda all_: all_.c.opportunity_id == bindparam("opportunity_id", type_=Uuid),
    "state": lambda all_: all_.c.shown_state == any_(bindparam("state", type_=ARRAY(Text))),
    "due_before": lambda all_: all_.c.due_on < bindparam("due_before", type_=Date),
    "id": lambda all_: all_.c.id == bindparam("id", type_=Uuid),
}


def _chosen(sight: Sight, filters: frozenset[str]) -> tuple[Any, Select[Any]]:
    named = filters & {"id", "opportunity_id"}
    current = Whose.ANYBODYS if named else Whose.CURRENT_CLIENTS
    people = _people(sight, Whose.ONE_CLIENTS if "client_id" in filters else current)
    found = union_all(_advised(people, one="id" in filters), _set_by_hand(people)).subquery("actions")
    return found, select(found).where(*(_FILTERS[name](found) for name in sorted(filters & _FILTERS.keys())))


@lru_cache(maxsize=128)
def _list(sight: Sight, filters: frozenset[str], *, started: bool) -> Select[Any]:
    found, chosen = _chosen(sight, filters)
    key = func.coalesce(found.c.due_on, _LAST_DAY, type_=Date)
    twin = found.c.origin
    cut = keyset.ordered(chosen, key=key, ident=found.c.id, descending=False, started=started, twin=twin)
    page = cut.cte("page")
    return _shown(page).order_by(page.c.page_key, page.c.id, page.c.origin)


def _find(sight: Sight) -> Select[Any]:
    """Return what finds an action by its id, first the one set by hand should advice have come to have it (ADR 14)."""
    page = _chosen(sight, frozenset({"id"}))[1].cte("page")
    return _shown(page).order_by(page.c.origin.desc())


_FIND = visibility.each(_find)


def _find_manual(sight: Sight) -> Select[Any]:
    found = _set_by_hand(_people(sight, Whose.ANYBODYS), _looked_up)
    return _shown(found.where(_manual.id == any_(bindparam("ids", type_=ARRAY(Uuid)))).cte("page"))


_FIND_MANUAL = visibility.each(_find_manual)


async def list_actions(
    session: ScopedSession, *, filters: Mapping[str, Any], at: datetime, page: Mapping[str, Any]
) -> Sequence[Row]:
    """Return the rows of a page; `filters` holds those of client_id, opportunity_id, state and due_before that apply.

    Each has `origin`, the client's local date `today`, `shown_state` as of then, and the columns of its step.
    """
    statement = _list(visibility.sight(session), frozenset(filters), started="after_id" in page)
    seen = visibility.parameters(session)
    return (await session.run(statement, at=at, **filters, **page, **seen)).mappings().all()


async def find(session: ScopedSession, *, action_id: UUID, at: datetime) -> Row | None:
    """Return an action of the instant as `list_actions` does, or None when there is none that the caller sees."""
    return (await visibility.run(session, _FIND, id=action_id, at=at)).mappings().first()


async def find_manual(session: ScopedSession, *, ids: Sequence[UUID], at: datetime) -> Sequence[Row]:
    """Return those of these actions that were set by hand and that the caller sees, as `list_actions` does."""
    return (await visibility.run(session, _FIND_MANUAL, ids=list(ids), at=at)).mappings().all()
