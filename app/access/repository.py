"""Credentials, read as app_auth before a tenant is known."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import bindparam, select, update
from sqlalchemy.engine import RowMapping

from app.db.scope import ScopedSession
from app.db.tables import api_key, member, practice

_BY_HASH = (
    select(
        api_key.c.id,
        api_key.c.practice_id,
        api_key.c.scopes,
        api_key.c.expires_at,
        api_key.c.revoked_at,
        api_key.c.last_used_at,
        member.c.id.label("member_id"),
        member.c.name,
        member.c.role,
        member.c.status,
    )
    .join(member, (member.c.practice_id == api_key.c.practice_id) & (member.c.id == api_key.c.member_id))
    .join(practice, practice.c.id == api_key.c.practice_id)
    .where(api_key.c.key_hash == bindparam("key_hash"))
)
_TOUCH = (
    update(api_key)
    .where(api_key.c.practice_id == bindparam("practice"), api_key.c.id == bindparam("key_id"))
    .values(last_used_at=bindparam("used_at"))
)


async def find_key(session: ScopedSession, *, key_hash: bytes) -> RowMapping | None:
    """Return the key with this hash and its member, or None."""
    return (await session.execute(_BY_HASH, {"key_hash": key_hash})).mappings().one_or_none()


async def touch_key(session: ScopedSession, *, practice_id: UUID, key_id: UUID, now: datetime) -> None:
    """Note that a key was used at `now`."""
    await session.execute(_TOUCH, {"practice": practice_id, "key_id": key_id, "used_at": now})
