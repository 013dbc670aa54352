"""The versions of a practice's policy in Postgres; a stored version never changes."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Uuid, bindparam, insert, select

from app.db.scope import Row, ScopedSession
from app.db.tables import policy

_PRACTICE: Any = bindparam("practice_id", type_=Uuid)
_NEWEST_FIRST = (
    select(policy.c.number, policy.c.document, policy.c.created_at, policy.c.created_by)
    .where(policy.c.practice_id == _PRACTICE)
    .order_by(policy.c.number.desc())
)
_CURRENT = _NEWEST_FIRST.limit(1)
_FIND = _NEWEST_FIRST.where(policy.c.number == bindparam("number"))
_LIST = _NEWEST_FIRST.limit(bindparam("take"))
_LIST_ON = _LIST.where(policy.c.number < bindparam("below"))
_INSERT = insert(policy)


async def current(session: ScopedSession) -> Row:
    """Return the version in force; every practice has one from its first moment on."""
    return (await session.run(_CURRENT)).mappings().one()


async def find(session: ScopedSession, *, number: int) -> Row | None:
    """Return a version, or None."""
    return (await session.run(_FIND, number=number)).mappings().one_or_none()


async def list_versions(session: ScopedSession, *, below: int | None, take: int) -> Sequence[Row]:
    """Return up to `take` versions, the newest first, all with numbers below `below` if one is given."""
    if below is None:
        return (await session.run(_LIST, take=take)).mappings().all()
    return (await session.run(_LIST_ON, take=take, below=below)).mappings().all()


async def insert_version(
    session: ScopedSession, *, number: int, document: Mapping[str, Any], created_at: datetime, created_by: UUID
) -> None:
    """Store a new version, which is in force from then on."""
    await session.run(_INSERT, number=number, document=document, created_at=created_at, created_by=created_by)
