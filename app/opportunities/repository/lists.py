"""Pages of opportunities: first which ones, from as few tables as that takes, then all that is shown of those few."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ARRAY,
    CompoundSelect,
    Date,
    Integer,
    Select,
    Text,
    Uuid,
    any_,
    bindparam,
    case,
    cast,
    func,
    literal_column,
    or_,
    select,
    true,
    union_all,
)

from app.access import visibility
from app.access.visibility import Sight
from app.db import keyset
from app.db.base import instant
from app.db.scope import Row, ScopedSession
from app.db.statements import KEPT_PLAN
from app.db.tables import client, client_coach, company, ghosting_step, opportunity
from app.opportunities.repository.reads import (
    AT,
    NOW,
    OWN_COLUMNS,
    PRACTICE,
    last_activity,
    selected,
    step,
    time_zone,
)

# Those without a value come last in both directions, so that the key of a page is never null.
_FIRST_DAY, _LAST_DAY = literal_column("date '0001-01-01'", Date), literal_column("date '9999-12-31'", Date)
_FIRST = literal_column("timestamptz '0001-01-01 00:00Z'", instant)
_LAST = literal_column("timestamptz '9999-12-31 00:00Z'", instant)
_SHORTEST, _LONGEST = literal_column("-1", Integer), literal_column("2147483647", Integer)
_SHOWN = step(opportunity, AT, name="shown_there")
_PRESENT = step(opportunity, NOW, name="present_there")


def _any(column: Any, name: str) -> Any:
    return column == any_(bindparam(name, type_=ARRAY(Text)))


def _among(column: Any, ids: Select[Any] | CompoundSelect[Any]) -> Any:
    """Return the condition that a column is one of a set, which is hashed once (ADR 6, and 11 for the form)."""
    return case((column.in_(ids), true())).is_not(None)


def _silent_days(*, without: Any) -> Any:
    today = cast(func.timezone(time_zone(opportunity), AT), Date)
    days = func.greatest(today - _SHOWN.c.silent_on, 0)
    return cast(case((_SHOWN.c.silent_on.is_(None), without), else_=days), Integer)


def _keys() -> Mapping[str, Any]:
    last_activity_at = last_activity(opportunity)
    return {
        "updated_at": opportunity.c.updated_at,
        "-updated_at": opportunity.c.updated_at,
        "created_at": opportunity.c.created_at,
        "-created_at": opportunity.c.created_at,
        "title": opportunity.c.title_key,
        "-title": opportunity.c.title_key,
        "last_activity_at": func.coalesce(last_activity_at, _LAST, type_=instant),
        "-last_activity_at": func.coalesce(last_activity_at, _FIRST, type_=instant),
        "due_on": func.coalesce(_SHOWN.c.action_due_on, _LAST_DAY, type_=Date),
        "-due_on": func.coalesce(_SHOWN.c.action_due_on, _FIRST_DAY, type_=Date),
        "silent_days": _silent_days(without=_LONGEST),
        "-silent_days": _silent_days(without=_SHORTEST),
    }


_KEYS = _keys()
_BY_STEP = {"due_on", "-due_on", "silent_days", "-silent_days"}


def _filters(current: Any) -> Mapping[str, Any]:
    # Whole sets, each computed once, rather than joins: a page is cut before anything is looked up for its rows.
    coached = select(client_coach.c.client_id).where(
        client_coach.c.practice_id == PRACTICE, client_coach.c.member_id == bindparam("coach_id", type_=Uuid)
    )
    named = select(company.c.id).where(
        company.c.practice_id == PRACTICE, func.strpos(company.c.search_key, bindparam("q")) > 0
    )
    archived = select(client.c.id).where(client.c.practice_id == PRACTICE, client.c.archived)
    # The status decides by its own index: asked one by one, each opportunity would have to look up its step.
    begun = select(ghosting_step.c.opportunity_id).where(
        ghosting_step.c.practice_id == PRACTICE,
        _any(ghosting_step.c.status, "status"),
        ghosting_step.c.starts_at <= AT,
    )
    # Either is a stretch of the index; with an `or` between them it would be asked for the status alone.
    standing = union_all(
        *(begun.where(holds) for holds in (ghosting_step.c.ends_at > AT, ghosting_step.c.ends_at.is_(None)))
    )
    return {
        "status": _among(opportunity.c.id, standing),
        "client_id": opportunity.c.client_id == bindparam("client_id", type_=Uuid),
        "current_clients": opportunity.c.client_id.not_in(archived),
        "company_id": opportunity.c.company_id == bindparam("company_id", type_=Uuid),
        "coach_id": _among(opportunity.c.client_id, coached),
        "stage": _any(current.c.stage, "stage"),
        "outcome": _any(current.c.outcome, "outcome"),
        "q": or_(func.strpos(opportunity.c.title_key, bindparam("q")) > 0, _among(opportunity.c.company_id, named)),
    }


@lru_cache(maxsize=512)
def _list(sight: Sight, filters: frozenset[str], sort: str, *, recalled: bool, started: bool) -> Select[Any]:
    current = _PRESENT if recalled else _SHOWN
    by_step = ({_SHOWN} if sort in _BY_STEP else set()) | ({current} if filters & {"stage", "outcome"} else set())
    source: Any = opportunity
    for looked_up in sorted(by_step, key=lambda found: found.name):
        source = source.join(looked_up, true())
    conditions, descending = _filters(current), sort.startswith("-")
    chosen = (
        select(*OWN_COLUMNS)
        .select_from(source)
        .where(
            opportunity.c.practice_id == PRACTICE,
            opportunity.c.deleted_at.is_(None),
            *visibility.clients(sight, opportunity.c.client_id),
            *(conditions[name] for name in sorted(filters)),
        )
    )
    ordered = keyset.ordered(chosen, key=_KEYS[sort], ident=opportunity.c.id, descending=descending, started=started)
    page = ordered.subquery("page")
    place = page.c.page_key
    found = selected(page, recalled=recalled).add_columns(place)
    return found.order_by(place.desc() if descending else place, page.c.id).execution_options(**KEPT_PLAN)


async def list_opportunities(
    session: ScopedSession,
    *,
    filters: Mapping[str, Any],
    sort: str,
    at: datetime,
    now: datetime,
    page: Mapping[str, Any],
    **known: Any,
) -> Sequence[Row]:
    """Return the rows of a page: the step of `at`, the stage and outcome of `now`; `filters` holds those that apply."""
    sight, seen = visibility.sight(session), visibility.parameters(session)
    statement = _list(sight, frozenset(filters), sort, recalled=at != now, started="after_id" in page)
    rows = await session.run(statement, **filters, **page, **seen, **known, at=at, now=now)
    return rows.mappings().all()
