"""Members and invitations in Postgres."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Select, Uuid, any_, bindparam, func, insert, select, update

from app.db import keyset
from app.db.scope import Row, ScopedSession
from app.db.tables import member, practice
from app.db.vocabulary import MemberRole, MemberStatus

_PRACTICE: Any = bindparam("practice_id", type_=Uuid)
_ID: Any = bindparam("id", type_=Uuid)

_COLUMNS = tuple(c for c in member.c if c.name not in {"practice_id", "email_key"})
_SELECT = select(*_COLUMNS).where(member.c.practice_id == _PRACTICE)
_FIND = _SELECT.where(member.c.id == _ID)
_FIND_MANY = _SELECT.where(member.c.id == any_(bindparam("ids", type_=ARRAY(Uuid))))
_LOCK = _FIND.with_for_update()
_INSERT = insert(member)
_OTHER_OWNERS = select(func.count()).where(
    member.c.practice_id == _PRACTICE,
    member.c.role == MemberRole.OWNER,
    member.c.status == MemberStatus.ACTIVE,
    member.c.id != _ID,
)
# Not FOR UPDATE: every insert of the practice holds a key share of this row while its foreign key is checked.
_HOLD_PRACTICE = (
    select(practice.c.name, practice.c.time_zone).where(practice.c.id == _PRACTICE).with_for_update(key_share=True)
)


@lru_cache(maxsize=2)
def _list(*, started: bool) -> Select[Any]:
    return keyset.ordered(_SELECT, key=member.c.created_at, ident=member.c.id, descending=False, started=started)


async def hold_practice(session: ScopedSession) -> Row:
    """Return the practice's name and zone, and let nobody else change who belongs to it meanwhile."""
    return (await session.run(_HOLD_PRACTICE)).mappings().one()


async def insert_member(session: ScopedSession, *, values: Mapping[str, Any]) -> None:
    """Store a new member; an id that is taken raises through the primary key."""
    await session.run(_INSERT, **values)


async def find(session: ScopedSession, *, member_id: UUID) -> Row | None:
    """Return a member, or None."""
    return (await session.run(_FIND, id=member_id)).mappings().one_or_none()


async def find_many(session: ScopedSession, *, ids: Sequence[UUID]) -> Sequence[Row]:
    """Return those of these members that are there."""
    return (await session.run(_FIND_MANY, ids=list(ids))).mappings().all()


async def lock(session: ScopedSession, *, member_id: UUID) -> Row | None:
    """Return a member as `find` does, locked until the transaction ends."""
    return (await session.run(_LOCK, id=member_id)).mappings().one_or_none()


async def update_member(session: ScopedSession, *, member_id: UUID, values: Mapping[str, Any]) -> None:
    """Change a locked member and count the change in its version."""
    statement = (
        update(member)
        .where(member.c.practice_id == session.scope.practice_id, member.c.id == member_id)
        .values(**values, version=member.c.version + 1)
    )
    await session.execute(statement)


async def has_other_owner(session: ScopedSession, *, member_id: UUID) -> bool:
    """Tell whether the practice has an active owner besides this member."""
    return bool((await session.run(_OTHER_OWNERS, id=member_id)).scalar_one())


async def list_members(session: ScopedSession, *, page: Mapping[str, Any]) -> Sequence[Row]:
    """Return the rows of a page, the first to come first."""
    return (await session.run(_list(started="after_id" in page), **page)).mappings().all()
