"""All wins in one statement: those noted, those that follow from timelines, and finished development activities."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from typing import Any
from uuid import UUID

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
    exists,
    func,
    literal,
    null,
    or_,
    select,
    union_all,
)

from app.access import visibility
from app.access.visibility import Sight
from app.db import keyset
from app.db.base import instant
from app.db.scope import Row, ScopedSession
from app.db.tables import client, derived_win, development_activity, interaction, opportunity, win
from app.db.vocabulary import ActivityStatus, WinOrigin
from app.ghosting.vocabulary import Stage, WinKind

PRACTICE: Any = bindparam("practice_id", type_=Uuid)
_CLIENT: Any = bindparam("client_id", type_=Uuid)
_NOW: Any = bindparam("now", type_=instant)
_derived, _activity = derived_win.c, development_activity.c

_RANK = case({stage.value: stage.rank for stage in Stage}, value=_derived.stage)
_COLUMNS: Mapping[str, Any] = {
    "id": Uuid,
    "client_id": Uuid,
    "opportunity_id": Uuid,
    "title": Text,
    "note": Text,
    "occurred_on": Date,
    "origin": Text,
    "kind": Text,
    "stage": Text,
    "interaction_id": Uuid,
    "activity_id": Uuid,
    "evidence_url": Text,
    "credential": Text,
    "version": Integer,
    "created_at": instant,
    "updated_at": instant,
}


def _row(**given: Any) -> list[Any]:
    """Return all columns in their order, null where this source has none."""
    return [cast(given.get(name, null()), kind).label(name) for name, kind in _COLUMNS.items()]


def in_sight(opportunity_id: Any) -> Any:
    """Return the condition that what hangs on this opportunity, if any, is not hidden with it."""
    there = exists().where(
        opportunity.c.practice_id == PRACTICE, opportunity.c.id == opportunity_id, opportunity.c.deleted_at.is_(None)
    )
    return or_(opportunity_id.is_(None), there)


def _looked_up(opportunity_id: Any) -> Any:
    """Return the condition of `in_sight` for a few rows: never by a look at all opportunities of the practice."""
    its = (opportunity.c.practice_id == PRACTICE, opportunity.c.id == opportunity_id)
    return or_(opportunity_id.is_(None), select(opportunity.c.deleted_at.is_(None)).where(*its).scalar_subquery())


class Whose(StrEnum):
    """Among whose wins to look."""

    ANYBODYS = "anybody's"
    ONE_CLIENTS = "one client's"
    CURRENT_CLIENTS = "current clients'"
    WINNERS = "those of whose win it is"


def _winner() -> Any:
    """Return the client whose win has the id `id`: everything else is looked for among theirs only."""
    ident: Any = bindparam("id", type_=Uuid)
    there = and_(opportunity.c.practice_id == _derived.practice_id, opportunity.c.id == _derived.opportunity_id)
    noted = select(win.c.client_id).where(win.c.practice_id == PRACTICE, win.c.id == ident)
    happened = select(opportunity.c.client_id).join(derived_win, there)
    learned = select(_activity.client_id).where(_activity.practice_id == PRACTICE, learned_id() == ident)
    sources = (noted, happened.where(_derived.practice_id == PRACTICE, _derived.id == ident).limit(1), learned)
    return func.coalesce(*(source.scalar_subquery() for source in sources))


def learned_id() -> Any:
    """Return the id of the win that a finished activity is."""
    return func.derived_id(_activity.practice_id, _activity.id, WinKind.DEVELOPMENT_DONE.value, type_=Uuid)


def _theirs(sight: Sight, client_id: Any, whose: Whose) -> tuple[Any, ...]:
    archived = select(client.c.id).where(client.c.practice_id == PRACTICE, client.c.archived)
    narrowed: Mapping[Whose, tuple[Any, ...]] = {
        Whose.ANYBODYS: (),
        Whose.ONE_CLIENTS: (client_id == _CLIENT,),
        Whose.CURRENT_CLIENTS: (client_id.not_in(archived),),
        Whose.WINNERS: (client_id == _winner(),),
    }
    return (*visibility.clients(sight, client_id), *narrowed[whose])


def _noted(sight: Sight, whose: Whose, shown: Callable[[Any], Any] = in_sight) -> Select[Any]:
    known = {name: win.c[name] for name in _COLUMNS if name in win.c}
    return select(*_row(**known, origin=literal(WinOrigin.NOTED.value), kind=literal(WinKind.OTHER.value))).where(
        win.c.practice_id == PRACTICE, shown(win.c.opportunity_id), *_theirs(sight, win.c.client_id, whose)
    )


def _happened(sight: Sight, whose: Whose) -> Any:
    """Return what came of timelines up to now, as far as the caller may know what it rests on."""
    seen = exists().where(
        interaction.c.practice_id == PRACTICE,
        interaction.c.id == _derived.interaction_id,
        visibility.interactions(interaction.c.visibility),
    )
    before: dict[str, Any] = {
        "partition_by": (opportunity.c.client_id, _derived.kind),
        "order_by": (_derived.occurred_at, _derived.opportunity_id, _RANK),
        "rows": (None, -1),
    }
    other = cast(_derived.opportunity_id, Text)
    return (
        select(
            *(_derived[name] for name in ("id", "opportunity_id", "kind", "stage", "interaction_id", "occurred_on")),
            opportunity.c.client_id,
            _RANK.label("rank"),
            func.max(_RANK).over(**before).label("farthest"),
            func.min(other).over(**before).label("one"),
            func.max(other).over(**before).label("another"),
        )
        .join(
            opportunity,
            and_(opportunity.c.practice_id == _derived.practice_id, opportunity.c.id == _derived.opportunity_id),
        )
        .where(
            _derived.practice_id == PRACTICE,
            opportunity.c.practice_id == PRACTICE,
            opportunity.c.deleted_at.is_(None),
            _derived.occurred_at <= _NOW,
            or_(_derived.retracted_at.is_(None), _derived.retracted_at > _NOW),
            seen,
            *_theirs(sight, opportunity.c.client_id, whose),
        )
        .cte("happened")
    )


def _timely(sight: Sight, whose: Whose) -> Select[Any]:
    happened = _happened(sight, whose).c
    own = cast(happened.opportunity_id, Text)
    # Further than ever, and there has been another opportunity that went somewhere.
    further = and_(happened.rank > happened.farthest, or_(happened.one != own, happened.another != own))
    names = ("id", "client_id", "opportunity_id", "kind", "stage", "interaction_id", "occurred_on")
    known = {name: happened[name] for name in names}
    return select(*_row(**known, origin=literal(WinOrigin.DERIVED.value), version=literal(1))).where(
        or_(happened.kind != WinKind.FURTHER_STAGE.value, further)
    )


def _learned(sight: Sight, whose: Whose) -> Select[Any]:
    kind = WinKind.DEVELOPMENT_DONE.value
    known = {name: _activity[name] for name in ("client_id", "title", "evidence_url", "credential")}
    more = {"origin": literal(WinOrigin.DERIVED.value), "kind": literal(kind), "version": literal(1)}
    return select(
        *_row(id=learned_id(), activity_id=_activity.id, occurred_on=_activity.finished_on, **known, **more)
    ).where(
        _activity.practice_id == PRACTICE,
        _activity.status == ActivityStatus.DONE.value,
        _activity.finished_on.is_not(None),
        *_theirs(sight, _activity.client_id, whose),
    )


def _all(sight: Sight, whose: Whose) -> Any:
    sources = (_noted, _timely, _learned)
    return union_all(*(source(sight, whose) for source in sources)).subquery("wins")


_FILTERS: Mapping[str, Any] = {
    "after": lambda wins: wins.c.occurred_on >= bindparam("after", type_=Date),
    "before": lambda wins: wins.c.occurred_on < bindparam("before", type_=Date),
}


@lru_cache(maxsize=64)
def _list(sight: Sight, filters: frozenset[str], *, started: bool) -> Select[Any]:
    wins = _all(sight, Whose.ONE_CLIENTS if "client_id" in filters else Whose.CURRENT_CLIENTS)
    chosen = select(wins).where(*(_FILTERS[name](wins) for name in sorted(filters & _FILTERS.keys())))
    place: Any = {"key": wins.c.occurred_on, "ident": wins.c.id, "twin": wins.c.origin}
    return keyset.ordered(chosen, **place, descending=True, started=started)


def _one(sight: Sight) -> Select[Any]:
    wins = _all(sight, Whose.WINNERS)
    # First the noted one, should a derived one have come to have its id (ADR 14).
    return select(wins).where(wins.c.id == bindparam("id", type_=Uuid)).order_by(wins.c.origin.desc())


_FIND = visibility.each(_one)
_FIND_NOTED = visibility.each(
    lambda sight: _noted(sight, Whose.ANYBODYS, _looked_up).where(win.c.id == any_(bindparam("ids", type_=ARRAY(Uuid))))
)


async def list_wins(
    session: ScopedSession, *, filters: Mapping[str, Any], now: datetime, page: Mapping[str, Any]
) -> Sequence[Row]:
    """Return the rows of a page; `filters` holds those of client_id, after and before that apply."""
    statement = _list(visibility.sight(session), frozenset(filters), started="after_id" in page)
    seen = visibility.parameters(session)
    return (await session.run(statement, now=now, **filters, **page, **seen)).mappings().all()


async def find(session: ScopedSession, *, win_id: UUID, now: datetime) -> Row | None:
    """Return a win, noted or derived, or None when there is none that the caller sees."""
    return (await visibility.run(session, _FIND, id=win_id, now=now)).mappings().first()


async def find_noted(session: ScopedSession, *, ids: Sequence[UUID]) -> Sequence[Row]:
    """Return those of these wins that were noted and that the caller sees, as `find` does."""
    return (await visibility.run(session, _FIND_NOTED, ids=list(ids))).mappings().all()
