"""Development activities in Postgres; this room alone writes `development_activity` and `activity_opportunity`."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    Date,
    Select,
    Text,
    Uuid,
    and_,
    any_,
    bindparam,
    cast,
    delete,
    func,
    insert,
    select,
    update,
)

from app.access import visibility
from app.access.visibility import Sight
from app.db import keyset
from app.db.base import instant
from app.db.scope import Row, ScopedSession
from app.db.tables import activity_opportunity, client, development_activity, opportunity

_PRACTICE: Any = bindparam("practice_id", type_=Uuid)
_ID: Any = bindparam("id", type_=Uuid)
_CLIENT: Any = bindparam("client_id", type_=Uuid)
_activity = development_activity.c

# Of those that are in sight: what hangs on a hidden opportunity is hidden with it.
_OPPORTUNITIES = func.array(
    select(activity_opportunity.c.opportunity_id)
    .join(
        opportunity,
        and_(
            opportunity.c.practice_id == activity_opportunity.c.practice_id,
            opportunity.c.id == activity_opportunity.c.opportunity_id,
            opportunity.c.deleted_at.is_(None),
        ),
    )
    .where(
        activity_opportunity.c.practice_id == _activity.practice_id,
        activity_opportunity.c.activity_id == _activity.id,
    )
    .order_by(activity_opportunity.c.position)
    .scalar_subquery(),
    type_=ARRAY(Uuid),
).label("opportunity_ids")
_TODAY = cast(func.timezone(client.c.time_zone, bindparam("now", type_=instant)), Date).label("today")
_COLUMNS = tuple(c for c in _activity if c.name != "practice_id")


def _select(sight: Sight) -> Select[Any]:
    return select(*_COLUMNS, _OPPORTUNITIES).where(
        _activity.practice_id == _PRACTICE, *visibility.clients(sight, _activity.client_id)
    )


def _person(sight: Sight) -> Select[Any]:
    there = (client.c.practice_id == _PRACTICE, client.c.id == _CLIENT)
    return select(_TODAY).where(*there, *visibility.clients(sight, client.c.id))


_FIND = visibility.each(lambda sight: _select(sight).where(_activity.id == _ID))
_FIND_MANY = visibility.each(
    lambda sight: _select(sight).where(_activity.id == any_(bindparam("ids", type_=ARRAY(Uuid))))
)
_LOCK = visibility.each(lambda sight: _FIND[sight].with_for_update(of=development_activity))
_PERSON = visibility.each(_person)
_THEIRS = select(opportunity.c.id).where(
    opportunity.c.practice_id == _PRACTICE,
    opportunity.c.client_id == _CLIENT,
    opportunity.c.deleted_at.is_(None),
    opportunity.c.id == any_(bindparam("ids", type_=ARRAY(Uuid))),
)
_INSERT = insert(development_activity)
_LINK = insert(activity_opportunity)
_UNLINK = delete(activity_opportunity).where(
    activity_opportunity.c.practice_id == _PRACTICE, activity_opportunity.c.activity_id == _ID
)
_DELETE = delete(development_activity).where(_activity.practice_id == _PRACTICE, _activity.id == _ID)
_OF_CLIENT = (_activity.practice_id == _PRACTICE, _activity.client_id == _CLIENT)
_UNLINK_CLIENT = delete(activity_opportunity).where(
    activity_opportunity.c.practice_id == _PRACTICE,
    activity_opportunity.c.activity_id.in_(select(_activity.id).where(*_OF_CLIENT)),
)
_DELETE_CLIENT = delete(development_activity).where(*_OF_CLIENT)
_UNLINK_OPPORTUNITY = delete(activity_opportunity).where(
    activity_opportunity.c.practice_id == _PRACTICE,
    activity_opportunity.c.opportunity_id == bindparam("opportunity_id", type_=Uuid),
)
_FILTERS: Mapping[str, Any] = {
    "client_id": _activity.client_id == _CLIENT,
    "current_clients": _activity.client_id.not_in(
        select(client.c.id).where(client.c.practice_id == _PRACTICE, client.c.archived)
    ),
    "status": _activity.status == any_(bindparam("status", type_=ARRAY(Text))),
}


@lru_cache(maxsize=64)
def _list(sight: Sight, filters: frozenset[str], *, started: bool) -> Select[Any]:
    chosen = _select(sight).where(*(_FILTERS[name] for name in sorted(filters)))
    return keyset.ordered(chosen, key=_activity.created_at, ident=_activity.id, descending=True, started=started)


async def list_activities(
    session: ScopedSession, *, filters: Mapping[str, Any], page: Mapping[str, Any]
) -> Sequence[Row]:
    """Return the rows of a page; `filters` holds those that apply, `current_clients` whatever its value."""
    statement = _list(visibility.sight(session), frozenset(filters), started="after_id" in page)
    return (await session.run(statement, **filters, **page, **visibility.parameters(session))).mappings().all()


async def find(session: ScopedSession, *, activity_id: UUID) -> Row | None:
    """Return an activity with its `opportunity_ids`, or None when there is none that the caller sees."""
    return (await visibility.run(session, _FIND, id=activity_id)).mappings().one_or_none()


async def find_many(session: ScopedSession, *, ids: Sequence[UUID]) -> Sequence[Row]:
    """Return those of these activities that the caller sees, as `find` does."""
    return (await visibility.run(session, _FIND_MANY, ids=list(ids))).mappings().all()


async def lock(session: ScopedSession, *, activity_id: UUID) -> Row | None:
    """Return an activity as `find` does, locked until the transaction ends."""
    return (await visibility.run(session, _LOCK, id=activity_id)).mappings().one_or_none()


async def person(session: ScopedSession, *, client_id: UUID, now: datetime) -> Row | None:
    """Return the local date (`today`) of a client, or None when there is none that the caller sees."""
    return (await visibility.run(session, _PERSON, client_id=client_id, now=now)).mappings().one_or_none()


async def theirs(session: ScopedSession, *, client_id: UUID, ids: Sequence[UUID]) -> frozenset[UUID]:
    """Return those of `ids` that are opportunities of the client, whom the caller sees."""
    return frozenset((await session.run(_THEIRS, client_id=client_id, ids=list(ids))).scalars())


async def insert_activity(session: ScopedSession, *, values: Mapping[str, Any]) -> None:
    """Store a new activity; an id that is taken raises through the primary key."""
    await session.run(_INSERT, **values)


async def replace_opportunities(session: ScopedSession, *, activity_id: UUID, ids: Sequence[UUID]) -> None:
    """Make `ids`, in this order, the opportunities that an activity helps."""
    await session.run(_UNLINK, id=activity_id)
    rows = [{"activity_id": activity_id, "opportunity_id": i, "position": n} for n, i in enumerate(ids)]
    await session.run_many(_LINK, rows)


async def update_activity(session: ScopedSession, *, activity_id: UUID, values: Mapping[str, Any]) -> None:
    """Change a locked activity and count the change in its version."""
    statement = (
        update(development_activity)
        .where(_activity.practice_id == session.scope.practice_id, _activity.id == activity_id)
        .values(**values, version=_activity.version + 1)
    )
    await session.change(statement)


async def remove(session: ScopedSession, *, activity_id: UUID) -> None:
    """Remove a locked activity."""
    await session.run(_UNLINK, id=activity_id)
    await session.change(_DELETE, {"practice_id": session.scope.practice_id, "id": activity_id})


async def erase_of_client(session: ScopedSession, *, client_id: UUID) -> None:
    """Remove every activity of a client."""
    await session.run(_UNLINK_CLIENT, client_id=client_id)
    await session.run(_DELETE_CLIENT, client_id=client_id)


async def forget_opportunity(session: ScopedSession, *, opportunity_id: UUID) -> None:
    """Take an opportunity off every activity."""
    await session.run(_UNLINK_OPPORTUNITY, opportunity_id=opportunity_id)
