"""What notes, changes and removes a win."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Date, Uuid, bindparam, cast, delete, exists, func, insert, or_, select, update

from app.access import visibility
from app.access.visibility import Sight
from app.db.base import instant
from app.db.scope import Row, ScopedSession
from app.db.tables import client, derived_win, development_activity, opportunity, win
from app.wins.repository.reads import PRACTICE, in_sight, learned_id

_ID: Any = bindparam("id", type_=Uuid)
_CLIENT: Any = bindparam("client_id", type_=Uuid)
_OPPORTUNITY: Any = bindparam("opportunity_id", type_=Uuid)

_TODAY = cast(func.timezone(client.c.time_zone, bindparam("now", type_=instant)), Date)

_INSERT = insert(win)
_DELETE = delete(win).where(win.c.practice_id == PRACTICE, win.c.id == _ID)
_DERIVED = select(
    or_(
        exists().where(derived_win.c.practice_id == PRACTICE, derived_win.c.id == _ID),
        exists().where(development_activity.c.practice_id == PRACTICE, learned_id() == _ID),
    )
)
_DELETE_CLIENT = delete(win).where(win.c.practice_id == PRACTICE, win.c.client_id == _CLIENT)
_DELETE_OPPORTUNITY = delete(win).where(win.c.practice_id == PRACTICE, win.c.opportunity_id == _OPPORTUNITY)
_LOCK = visibility.each(
    lambda sight: (
        select(*(c for c in win.c if c.name != "practice_id"))
        .where(win.c.practice_id == PRACTICE, win.c.id == _ID, in_sight(win.c.opportunity_id))
        .where(*visibility.clients(sight, win.c.client_id))
        .with_for_update(of=win)
    )
)


def _existence(sight: Sight) -> Any:
    a_client = (client.c.practice_id == PRACTICE, client.c.id == _CLIENT)
    theirs = (opportunity.c.practice_id == PRACTICE, opportunity.c.id == _OPPORTUNITY)
    there = (opportunity.c.client_id == _CLIENT, opportunity.c.deleted_at.is_(None))
    return select(
        select(_TODAY).where(*a_client, *visibility.clients(sight, client.c.id)).scalar_subquery().label("today"),
        exists().where(*theirs, *there, *visibility.clients(sight, opportunity.c.client_id)).label("opportunity"),
    )


_KNOWN = visibility.each(_existence)


async def known(session: ScopedSession, *, client_id: UUID, opportunity_id: UUID | None, now: datetime) -> Row:
    """Return the local date of a client whom the caller sees (`today`, else null), and if they see `opportunity`."""
    found = await visibility.run(session, _KNOWN, client_id=client_id, opportunity_id=opportunity_id, now=now)
    return found.mappings().one()


async def lock(session: ScopedSession, *, win_id: UUID) -> Row | None:
    """Return a noted win, locked until the transaction ends, or None when there is none that the caller sees."""
    return (await visibility.run(session, _LOCK, id=win_id)).mappings().one_or_none()


async def is_of_derived(session: ScopedSession, *, win_id: UUID) -> bool:
    """Say whether an id is that of a win that follows from a timeline, or from an activity once it is finished."""
    async with session.as_system():
        found: bool = (await session.run(_DERIVED, id=win_id)).scalar_one()
    return found


async def insert_win(session: ScopedSession, *, values: Mapping[str, Any]) -> None:
    """Store a new win; an id that is taken raises through the primary key."""
    await session.run(_INSERT, **values)


async def update_win(session: ScopedSession, *, win_id: UUID, values: Mapping[str, Any]) -> None:
    """Change a locked win and count the change in its version."""
    statement = (
        update(win)
        .where(win.c.practice_id == session.scope.practice_id, win.c.id == win_id)
        .values(**values, version=win.c.version + 1)
    )
    await session.change(statement)


async def remove(session: ScopedSession, *, win_id: UUID) -> None:
    """Remove a locked win."""
    await session.change(_DELETE, {"practice_id": session.scope.practice_id, "id": win_id})


async def erase_of_client(session: ScopedSession, *, client_id: UUID) -> None:
    """Remove every noted win of a client."""
    await session.run(_DELETE_CLIENT, client_id=client_id)


async def erase_of_opportunity(session: ScopedSession, *, opportunity_id: UUID) -> None:
    """Remove every noted win on an opportunity."""
    await session.run(_DELETE_OPPORTUNITY, opportunity_id=opportunity_id)
