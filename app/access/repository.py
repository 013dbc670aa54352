"""Credentials, read as app_auth before a tenant is known."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import bindparam, exists, func, select, update
from sqlalchemy.engine import RowMapping

from app.db.base import instant
from app.db.scope import ScopedSession
from app.db.tables import api_key, client, login, login_session, login_token, member, practice
from app.db.vocabulary import TokenKind

_KEYS = (
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
        practice.c.coach_access,
    )
    .join(member, (member.c.practice_id == api_key.c.practice_id) & (member.c.id == api_key.c.member_id))
    .join(practice, practice.c.id == api_key.c.practice_id)
)
_BY_HASH = _KEYS.where(api_key.c.key_hash == bindparam("key_hash"))
_BY_ID = _KEYS.where(api_key.c.practice_id == bindparam("practice"), api_key.c.id == bindparam("key_id"))
_WHOSE = (
    login.c.practice_id,
    login.c.id.label("login_id"),
    login.c.member_id,
    login.c.client_id,
    member.c.role,
    practice.c.coach_access,
    func.coalesce(member.c.name, client.c.name).label("name"),
    func.coalesce(member.c.status, client.c.login_status).label("status"),
)
_LOGIN_TOKEN = (
    select(*_WHOSE, login_token.c.session_id, login_token.c.expires_at, login_token.c.used_at)
    .join(
        login_session,
        (login_session.c.practice_id == login_token.c.practice_id) & (login_session.c.id == login_token.c.session_id),
    )
    .join(login, (login.c.practice_id == login_session.c.practice_id) & (login.c.id == login_session.c.login_id))
    .join(practice, practice.c.id == login.c.practice_id)
    .outerjoin(member, (member.c.practice_id == login.c.practice_id) & (member.c.id == login.c.member_id))
    .outerjoin(client, (client.c.practice_id == login.c.practice_id) & (client.c.id == login.c.client_id))
    .where(login_token.c.token_hash == bindparam("token_hash"), login_token.c.kind == bindparam("kind"))
)
# With a sign-in that goes on: one who has signed out everywhere is nobody.
_LOGIN = (
    select(*_WHOSE)
    .select_from(login)
    .join(practice, practice.c.id == login.c.practice_id)
    .outerjoin(member, (member.c.practice_id == login.c.practice_id) & (member.c.id == login.c.member_id))
    .outerjoin(client, (client.c.practice_id == login.c.practice_id) & (client.c.id == login.c.client_id))
    .where(
        login.c.practice_id == bindparam("practice"),
        login.c.id == bindparam("login_id"),
        exists().where(
            login_session.c.practice_id == login.c.practice_id,
            login_session.c.login_id == login.c.id,
            login_session.c.expires_at > bindparam("at", type_=instant),
        ),
    )
)
_TOUCH = (
    update(api_key)
    .where(api_key.c.practice_id == bindparam("practice"), api_key.c.id == bindparam("key_id"))
    .values(last_used_at=bindparam("used_at"))
)


async def find_key(session: ScopedSession, *, key_hash: bytes) -> RowMapping | None:
    """Return the key with this hash and its member, or None."""
    return (await session.execute(_BY_HASH, {"key_hash": key_hash})).mappings().one_or_none()


async def find_key_by_id(session: ScopedSession, *, practice_id: UUID, key_id: UUID) -> RowMapping | None:
    """Return a key and its member, or None."""
    return (await session.execute(_BY_ID, {"practice": practice_id, "key_id": key_id})).mappings().one_or_none()


async def find_login(session: ScopedSession, *, practice_id: UUID, login_id: UUID, now: datetime) -> RowMapping | None:
    """Return whose login it is, or None for one without a sign-in that goes on."""
    found = await session.execute(_LOGIN, {"practice": practice_id, "login_id": login_id, "at": now})
    return found.mappings().one_or_none()


async def find_login_token(session: ScopedSession, *, token_hash: bytes, kind: TokenKind) -> RowMapping | None:
    """Return the token of a sign-in with this hash and whose it is, or None; those of ended sign-ins are gone."""
    found = await session.execute(_LOGIN_TOKEN, {"token_hash": token_hash, "kind": kind})
    return found.mappings().one_or_none()


async def touch_key(session: ScopedSession, *, practice_id: UUID, key_id: UUID, now: datetime) -> None:
    """Note that a key was used at `now`."""
    await session.execute(_TOUCH, {"practice": practice_id, "key_id": key_id, "used_at": now})
