"""API keys in Postgres. A revoked key is kept, for the audit log names it, and is never seen again."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import Select, Uuid, bindparam, insert, select, update

from app.db import keyset
from app.db.scope import Row, ScopedSession
from app.db.tables import api_key, member

_PRACTICE: Any = bindparam("practice_id", type_=Uuid)
_COLUMNS = (
    api_key.c.id,
    api_key.c.member_id,
    api_key.c.name,
    api_key.c.scopes,
    api_key.c.expires_at,
    api_key.c.last4,
    api_key.c.last_used_at,
    api_key.c.version,
    api_key.c.created_at,
    api_key.c.updated_at,
)
_SELECT = select(*_COLUMNS).where(api_key.c.practice_id == _PRACTICE, api_key.c.revoked_at.is_(None))
_FIND = _SELECT.where(api_key.c.id == bindparam("id", type_=Uuid))
_OWN = api_key.c.member_id == bindparam("member_id", type_=Uuid)
_LOCK = (
    _FIND.add_columns(member.c.role, member.c.status)
    .join(member, (member.c.practice_id == api_key.c.practice_id) & (member.c.id == api_key.c.member_id))
    .where(member.c.practice_id == _PRACTICE)
    .with_for_update(of=api_key)
)
_INSERT = insert(api_key)


@lru_cache(maxsize=8)
def _one(*, own: bool, locked: bool) -> Select[Any]:
    statement = _LOCK if locked else _FIND
    return statement.where(_OWN) if own else statement


@lru_cache(maxsize=4)
def _list(*, own: bool, started: bool) -> Select[Any]:
    statement = _SELECT.where(_OWN) if own else _SELECT
    return keyset.ordered(statement, key=api_key.c.created_at, ident=api_key.c.id, descending=False, started=started)


def _only(member_id: UUID | None) -> dict[str, UUID]:
    return {} if member_id is None else {"member_id": member_id}


async def insert_key(session: ScopedSession, *, values: Mapping[str, Any]) -> None:
    """Store a new key; an id that is taken raises through the primary key."""
    await session.run(_INSERT, **values)


async def find(session: ScopedSession, *, key_id: UUID, member_id: UUID | None) -> Row | None:
    """Return a key that is not revoked, only if it is `member_id`'s unless that is None."""
    statement = _one(own=member_id is not None, locked=False)
    return (await session.run(statement, id=key_id, **_only(member_id))).mappings().one_or_none()


async def lock(session: ScopedSession, *, key_id: UUID, member_id: UUID | None) -> Row | None:
    """Return a key as `find` does, with the `role` and `status` of its member, locked until the transaction ends."""
    statement = _one(own=member_id is not None, locked=True)
    return (await session.run(statement, id=key_id, **_only(member_id))).mappings().one_or_none()


async def update_key(session: ScopedSession, *, key_id: UUID, values: Mapping[str, Any]) -> None:
    """Change a locked key and count the change in its version."""
    statement = (
        update(api_key)
        .where(api_key.c.practice_id == session.scope.practice_id, api_key.c.id == key_id)
        .values(**values, version=api_key.c.version + 1)
    )
    await session.execute(statement)


async def revoke_keys_of(session: ScopedSession, *, member_id: UUID, now: datetime) -> None:
    """Revoke every key of a member that is not revoked yet."""
    statement = (
        update(api_key)
        .where(
            api_key.c.practice_id == session.scope.practice_id,
            api_key.c.member_id == member_id,
            api_key.c.revoked_at.is_(None),
        )
        .values(revoked_at=now, updated_at=now, version=api_key.c.version + 1)
    )
    await session.execute(statement)


async def list_keys(session: ScopedSession, *, member_id: UUID | None, page: Mapping[str, Any]) -> Sequence[Row]:
    """Return the rows of a page of keys that are not revoked, of `member_id` alone unless that is None."""
    statement = _list(own=member_id is not None, started="after_id" in page)
    return (await session.run(statement, **_only(member_id), **page)).mappings().all()
