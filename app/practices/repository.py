"""Practices, members and their keys in Postgres; this room alone writes them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, insert, select, update

from app.db.base import instant
from app.db.scope import Row, ScopedSession
from app.db.tables import api_key, invitation, member, policy, practice

_FIND = select(*practice.c).where(practice.c.id == bindparam("practice_id"))
# Not FOR UPDATE: every insert of the practice holds a key share of this row while its foreign key is checked.
_LOCK = _FIND.with_for_update(key_share=True)
_TABLES = {"practice": practice, "member": member, "invitation": invitation, "api_key": api_key, "policy": policy}
_INSERTS = {name: insert(table) for name, table in _TABLES.items()}


_OWNER = (
    select(member.c.id)
    .where(member.c.practice_id == bindparam("practice_id"), member.c.role == "owner", member.c.status == "active")
    .order_by(member.c.created_at, member.c.id)
    .limit(1)
)
_GOOD_KEY = select(api_key.c.id).where(
    api_key.c.practice_id == bindparam("practice_id"),
    api_key.c.key_hash == bindparam("key_hash"),
    api_key.c.revoked_at.is_(None),
    api_key.c.expires_at > bindparam("now", type_=instant),
)


async def owner(session: ScopedSession) -> UUID | None:
    """Return the id of the practice's first active owner, None without a practice."""
    found: UUID | None = (await session.run(_OWNER)).scalar_one_or_none()
    return found


async def has_good_key(session: ScopedSession, *, key_hash: bytes, now: datetime) -> bool:
    """Tell whether a key of the practice with this hash is neither revoked nor expired."""
    return (await session.run(_GOOD_KEY, key_hash=key_hash, now=now)).first() is not None


async def find(session: ScopedSession) -> Row:
    """Return the practice of the session's scope."""
    return (await session.run(_FIND)).mappings().one()


async def lock(session: ScopedSession) -> Row:
    """Return the practice as `find` does, locked until the transaction ends."""
    return (await session.run(_LOCK)).mappings().one()


async def update_practice(session: ScopedSession, *, values: Mapping[str, Any]) -> None:
    """Change the locked practice and count the change in its version."""
    statement = (
        update(practice)
        .where(practice.c.id == session.scope.practice_id)
        .values(**values, version=practice.c.version + 1)
    )
    await session.execute(statement)


async def insert_into(session: ScopedSession, table: str, **values: Any) -> None:
    """Store a row of one of this room's tables."""
    row: Mapping[str, Any] = values if table == "practice" else {**values, "practice_id": session.scope.practice_id}
    await session.execute(_INSERTS[table], row)
