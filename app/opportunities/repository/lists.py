"""Pages of opportunities: first which ones, from as few tables as that takes, then all that is shown of those few."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ARRAY,
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
    func,
    literal_column,
    or_,
    select,
)
from sqlalchemy.engine import RowMapping

from app.access import visibility
from app.access.visibility import Sight
from app.db import keyset
from app.db.base import instant
from app.db.scope import ScopedSession
from app.db.tables import client, client_coach, company, opportunity
from app.opportunities.repository.reads import AT, CURRENT, LAST_ACTIVITY, NOW, PRACTICE, SHOWN, holds, selected, spans

# Those without a value come last in both directions, so that the key of a page is never null.
_FIRST_DAY, _LAST_DAY = literal_column("date '0001-01-01'", Date), literal_column("date '9999-12-31'", Date)
_FIRST = literal_column("timestamptz '0001-01-01 00:00Z'", instant)
_LAST = literal_column("timestamptz '9999-12-31 00:00Z'", instant)
_SHORTEST, _LONGEST = literal_column("-1", Integer), literal_column("2147483647", Integer)
_TODAY = cast(func.timezone(client.c.time_zone, AT), Date)


def _any(column: Any, name: str) -> Any:
    return column == any_(bindparam(name, type_=ARRAY(Text)))


# The status decides by its own index, on its own: joined, the planner may rather ask each opportunity for its step.
_MATCHING = (
    select(SHOWN.c.opportunity_id, SHOWN.c.stage, SHOWN.c.outcome, SHOWN.c.silent_on, SHOWN.c.action_due_on)
    .where(SHOWN.c.practice_id == PRACTICE, _any(SHOWN.c.status, "status"), spans(SHOWN, AT))
    .cte("matching")
    .prefix_with("MATERIALIZED")
)


def _silent_days(shown: Any, *, without: Any) -> Any:
    days = func.greatest(_TODAY - shown.c.silent_on, 0)
    return cast(case((shown.c.silent_on.is_(None), without), else_=days), Integer)


def _keys(shown: Any) -> Mapping[str, Any]:
    return {
        "updated_at": opportunity.c.updated_at,
        "-updated_at": opportunity.c.updated_at,
        "created_at": opportunity.c.created_at,
        "-created_at": opportunity.c.created_at,
        "title": opportunity.c.title_key,
        "-title": opportunity.c.title_key,
        "last_activity_at": func.coalesce(LAST_ACTIVITY, _LAST, type_=instant),
        "-last_activity_at": func.coalesce(LAST_ACTIVITY, _FIRST, type_=instant),
        "due_on": func.coalesce(shown.c.action_due_on, _LAST_DAY, type_=Date),
        "-due_on": func.coalesce(shown.c.action_due_on, _FIRST_DAY, type_=Date),
        "silent_days": _silent_days(shown, without=_LONGEST),
        "-silent_days": _silent_days(shown, without=_SHORTEST),
    }


_BY_SILENCE = {"silent_days", "-silent_days"}
_BY_STEP = {"due_on", "-due_on"} | _BY_SILENCE


def _filters(current: Any) -> Mapping[str, Any]:
    # Whole sets, each computed once, rather than joins: a page is cut before anything is looked up for its rows.
    return {
        "client_id": opportunity.c.client_id == bindparam("client_id", type_=Uuid),
        "current_clients": opportunity.c.client_id.not_in(
            select(client.c.id).where(client.c.practice_id == PRACTICE, client.c.archived)
        ),
        "company_id": opportunity.c.company_id == bindparam("company_id", type_=Uuid),
        "coach_id": opportunity.c.client_id.in_(
            select(client_coach.c.client_id).where(
                client_coach.c.practice_id == PRACTICE, client_coach.c.member_id == bindparam("coach_id", type_=Uuid)
            )
        ),
        "stage": _any(current.c.stage, "stage"),
        "outcome": _any(current.c.outcome, "outcome"),
        "q": or_(
            func.strpos(opportunity.c.title_key, bindparam("q")) > 0,
            opportunity.c.company_id.in_(
                select(company.c.id).where(
                    company.c.practice_id == PRACTICE, func.strpos(company.c.search_key, bindparam("q")) > 0
                )
            ),
        ),
    }


def _source(filters: frozenset[str], sort: str, shown: Any, current: Any) -> Any:
    """Return the tables that decide which opportunities are on the page and in which order."""
    source: Any = opportunity
    by_stage = bool(filters & {"stage", "outcome"})
    if shown is _MATCHING:
        source = source.join(shown, shown.c.opportunity_id == opportunity.c.id)
    elif sort in _BY_STEP or (by_stage and current is shown):
        source = source.join(shown, holds(shown, AT))
    if by_stage and current is not shown:
        source = source.join(current, holds(current, NOW))
    if sort in _BY_SILENCE:
        of_client = and_(client.c.practice_id == opportunity.c.practice_id, client.c.id == opportunity.c.client_id)
        source = source.join(client, and_(of_client, client.c.practice_id == PRACTICE))
    return source


@lru_cache(maxsize=512)
def _list(sight: Sight, filters: frozenset[str], sort: str, *, recalled: bool, started: bool) -> Select[Any]:
    shown = _MATCHING if "status" in filters else SHOWN
    current = CURRENT if recalled else shown
    conditions, descending = _filters(current), sort.startswith("-")
    chosen = (
        select(opportunity.c.id)
        .select_from(_source(filters, sort, shown, current))
        .where(
            opportunity.c.practice_id == PRACTICE,
            opportunity.c.deleted_at.is_(None),
            *visibility.clients(sight, opportunity.c.client_id),
            *(conditions[name] for name in sorted(filters - {"status"})),
        )
    )
    key = _keys(shown)[sort]
    page = keyset.ordered(chosen, key=key, ident=opportunity.c.id, descending=descending, started=started).subquery(
        "page"
    )
    place = page.c.page_key
    whole = selected(page.join(opportunity, opportunity.c.id == page.c.id), current=CURRENT if recalled else SHOWN)
    return whole.add_columns(place).order_by(place.desc() if descending else place, opportunity.c.id)


async def list_opportunities(
    session: ScopedSession,
    *,
    filters: Mapping[str, Any],
    sort: str,
    at: datetime,
    now: datetime,
    page: Mapping[str, Any],
    **known: Any,
) -> Sequence[RowMapping]:
    """Return the rows of a page: the step of `at`, the stage and outcome of `now`; `filters` holds those that apply."""
    sight, seen = visibility.sight(session), visibility.parameters(session)
    statement = _list(sight, frozenset(filters), sort, recalled=at != now, started="after_id" in page)
    rows = await session.run(statement, **filters, **page, **seen, **known, at=at, now=now)
    return rows.mappings().all()
