"""Clients in Postgres; this room alone writes `client` and `client_coach`."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Select, Uuid, all_, and_, any_, bindparam, delete, exists, func, select, update
from sqlalchemy.dialects.postgresql import insert

from app.access import visibility
from app.access.visibility import Sight
from app.db import keyset
from app.db.scope import Row, ScopedSession
from app.db.tables import client, client_coach, erased_client, member
from app.db.vocabulary import MemberStatus

_PRACTICE: Any = bindparam("practice_id", type_=Uuid)
_ID: Any = bindparam("id", type_=Uuid)

_COACHES = func.array(
    select(client_coach.c.member_id)
    .where(client_coach.c.practice_id == client.c.practice_id, client_coach.c.client_id == client.c.id)
    .order_by(client_coach.c.position)
    .scalar_subquery(),
    type_=ARRAY(Uuid),
).label("coach_ids")
_COLUMNS = tuple(c for c in client.c if c.name not in {"practice_id", "name_key"})
_SELECT = select(*_COLUMNS, _COACHES).where(client.c.practice_id == _PRACTICE)
_FIND = visibility.each(lambda sight: _SELECT.where(client.c.id == _ID, *visibility.clients(sight, client.c.id)))
_IDS: Any = bindparam("ids", type_=ARRAY(Uuid))
_FIND_MANY = visibility.each(
    lambda sight: _SELECT.where(client.c.id == any_(_IDS), *visibility.clients(sight, client.c.id))
)
# Whoever merely refers to the client need not wait, and may hold an opportunity that a new calendar waits for.
_LOCK = visibility.each(lambda sight: _FIND[sight].with_for_update(of=client, key_share=True))
_INSERT = insert(client)
_NEW_COACH = insert(client_coach)
_INSERT_COACH = _NEW_COACH.on_conflict_do_update(
    index_elements=["practice_id", "client_id", "member_id"], set_={"position": _NEW_COACH.excluded.position}
)
_CLEAR_COACHES = delete(client_coach).where(client_coach.c.practice_id == _PRACTICE, client_coach.c.client_id == _ID)
# Who stays a coach is left alone: for devices a coach who goes and comes is one who has to learn everything anew.
_DISMISS_COACHES = _CLEAR_COACHES.where(client_coach.c.member_id != all_(bindparam("kept", type_=ARRAY(Uuid))))
_ERASE = delete(client).where(client.c.practice_id == _PRACTICE, client.c.id == _ID)
_REMEMBER = insert(erased_client)
_ERASED = select(exists().where(erased_client.c.practice_id == _PRACTICE, erased_client.c.id == _ID))
_ACTIVE = select(member.c.id).where(
    member.c.practice_id == _PRACTICE,
    member.c.id == any_(bindparam("ids", type_=ARRAY(Uuid))),
    member.c.status != MemberStatus.DEACTIVATED,
)

_SORT_KEYS: Mapping[str, Any] = {
    "name": client.c.name_key,
    "created_at": client.c.created_at,
    "updated_at": client.c.updated_at,
}
_FILTERS: Mapping[str, Any] = {
    "q": func.strpos(client.c.name_key, bindparam("q")) > 0,
    "archived": client.c.archived == bindparam("archived"),
    "coach_id": exists().where(
        and_(
            client_coach.c.practice_id == client.c.practice_id,
            client_coach.c.client_id == client.c.id,
            client_coach.c.member_id == bindparam("coach_id", type_=Uuid),
        )
    ),
}


@lru_cache(maxsize=256)
def _list(sight: Sight, filters: frozenset[str], sort: str, *, started: bool) -> Select[Any]:
    seen = visibility.clients(sight, client.c.id)
    chosen = _SELECT.where(*seen, *(_FILTERS[name] for name in sorted(filters)))
    key = _SORT_KEYS[sort.removeprefix("-")]
    return keyset.ordered(chosen, key=key, ident=client.c.id, descending=sort.startswith("-"), started=started)


async def insert_client(session: ScopedSession, *, values: Mapping[str, Any]) -> None:
    """Store a new client; an id that is taken raises through the primary key."""
    await session.run(_INSERT, **values)


async def replace_coaches(session: ScopedSession, *, client_id: UUID, coach_ids: Sequence[UUID]) -> None:
    """Make `coach_ids`, in this order, the coaches of a client."""
    await session.run(_DISMISS_COACHES, id=client_id, kept=list(coach_ids))
    rows = [{"client_id": client_id, "member_id": m, "position": n} for n, m in enumerate(coach_ids)]
    await session.run_many(_INSERT_COACH, rows)


async def active_members(session: ScopedSession, *, ids: Sequence[UUID]) -> frozenset[UUID]:
    """Return those of `ids` that are members who have not been deactivated."""
    return frozenset((await session.run(_ACTIVE, ids=list(ids))).scalars())


async def find(session: ScopedSession, *, client_id: UUID) -> Row | None:
    """Return a client with its `coach_ids`, or None when there is none that the caller sees."""
    return (await visibility.run(session, _FIND, id=client_id)).mappings().one_or_none()


async def find_many(session: ScopedSession, *, ids: Sequence[UUID]) -> Sequence[Row]:
    """Return those of these clients that the caller sees, as `find` does."""
    return (await visibility.run(session, _FIND_MANY, ids=list(ids))).mappings().all()


async def lock(session: ScopedSession, *, client_id: UUID) -> Row | None:
    """Return a client as `find` does, locked until the transaction ends."""
    return (await visibility.run(session, _LOCK, id=client_id)).mappings().one_or_none()


async def update_client(session: ScopedSession, *, client_id: UUID, values: Mapping[str, Any]) -> None:
    """Change a locked client and count the change in its version."""
    statement = (
        update(client)
        .where(client.c.practice_id == session.scope.practice_id, client.c.id == client_id)
        .values(**values, version=client.c.version + 1)
    )
    await session.change(statement)


async def list_clients(
    session: ScopedSession, *, filters: Mapping[str, Any], sort: str, page: Mapping[str, Any]
) -> Sequence[Row]:
    """Return the rows of a page; `filters` holds those of q, coach_id and archived that apply."""
    statement = _list(visibility.sight(session), frozenset(filters), sort, started="after_id" in page)
    found = await session.run(statement, **filters, **page, **visibility.parameters(session))
    return found.mappings().all()


async def erase(session: ScopedSession, *, client_id: UUID, now: datetime) -> None:
    """Remove a locked client, who has no records left, and keep the id from being used again."""
    await session.run(_CLEAR_COACHES, id=client_id)
    await session.run(_ERASE, id=client_id)
    await session.run(_REMEMBER, id=client_id, erased_at=now)


async def was_erased(session: ScopedSession, *, client_id: UUID) -> bool:
    """Say whether a client of this id was erased."""
    return bool((await session.run(_ERASED, id=client_id)).scalar_one())
