"""Sign-ins and their tokens in Postgres: only hashes, and nothing of a sign-in that has ended."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, LargeBinary, Uuid, any_, bindparam, delete, insert, select, update

from app.db.base import instant
from app.db.scope import Row, ScopedSession
from app.db.tables import login_session, login_token

_PRACTICE: Any = bindparam("practice_id", type_=Uuid)
_ID: Any = bindparam("id", type_=Uuid)
_LOGIN: Any = bindparam("login_id", type_=Uuid)
_SESSION: Any = bindparam("session_id", type_=Uuid)

_INSERT = insert(login_session)
_INSERT_TOKEN = insert(login_token)
_LOCK = select(login_session.c.id).where(login_session.c.practice_id == _PRACTICE, login_session.c.id == _ID)
_LOCK_ROW = _LOCK.with_for_update()
_TOKEN = select(
    login_token.c.id, login_token.c.kind, login_token.c.expires_at, login_token.c.used_at, login_token.c.token_hash
).where(
    login_token.c.practice_id == _PRACTICE,
    login_token.c.session_id == _SESSION,
    login_token.c.token_hash == any_(bindparam("hashes", type_=ARRAY(LargeBinary))),
)
_FORGET_TOKENS = delete(login_token).where(
    login_token.c.practice_id == _PRACTICE,
    login_token.c.session_id == _SESSION,
    login_token.c.expires_at <= bindparam("now", type_=instant),
)
# Their tokens go with them.
_END = delete(login_session).where(login_session.c.practice_id == _PRACTICE, login_session.c.id == _ID)
_END_ALL = delete(login_session).where(login_session.c.practice_id == _PRACTICE, login_session.c.login_id == _LOGIN)
_END_EXPIRED = _END_ALL.where(login_session.c.expires_at <= bindparam("now", type_=instant))


async def insert_session(session: ScopedSession, *, values: Mapping[str, Any]) -> None:
    """Store a new sign-in."""
    await session.run(_INSERT, **values)


async def insert_tokens(session: ScopedSession, *, rows: Sequence[Mapping[str, Any]]) -> None:
    """Store tokens of a sign-in."""
    await session.run_many(_INSERT_TOKEN, rows)


async def lock(session: ScopedSession, *, session_id: UUID) -> bool:
    """Hold a sign-in until the transaction ends; False when it has ended."""
    return (await session.run(_LOCK_ROW, id=session_id)).first() is not None


async def find_tokens(session: ScopedSession, *, session_id: UUID, hashes: Sequence[bytes]) -> Mapping[bytes, Row]:
    """Return those of a sign-in's tokens that have one of `hashes`, by their hash."""
    found = await session.run(_TOKEN, session_id=session_id, hashes=list(hashes))
    return {row["token_hash"]: row for row in found.mappings()}


async def use(session: ScopedSession, *, session_id: UUID, token_id: UUID, now: datetime, until: datetime) -> None:
    """Note that a refresh token was used, that its sign-in goes on `until`, and forget the tokens past their time."""
    practice_id = session.scope.practice_id
    used = update(login_token).where(login_token.c.practice_id == practice_id, login_token.c.id == token_id)
    await session.execute(used.values(used_at=now))
    longer = update(login_session).where(login_session.c.practice_id == practice_id, login_session.c.id == session_id)
    await session.execute(longer.values(expires_at=until))
    await session.run(_FORGET_TOKENS, session_id=session_id, now=now)


async def end(session: ScopedSession, *, session_id: UUID) -> None:
    """End one sign-in."""
    await session.run(_END, id=session_id)


async def end_all(session: ScopedSession, *, login_id: UUID) -> None:
    """End every sign-in of a login."""
    await session.run(_END_ALL, login_id=login_id)


async def end_expired(session: ScopedSession, *, login_id: UUID, now: datetime) -> None:
    """Forget the sign-ins of a login that nobody can continue."""
    await session.run(_END_EXPIRED, login_id=login_id, now=now)
