"""Credentials, read as app_auth before a tenant is known."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import bindparam, func, select

from app.db.base import instant
from app.db.scope import Row, ScopedSession
from app.db.tables import api_key, client, login, login_session, login_token, member, practice
from app.db.vocabulary import TokenKind

_BY_ID = (
    select(
        api_key.c.id.label("api_key_id"),
        api_key.c.practice_id,
        api_key.c.key_hash,
        api_key.c.scopes,
        api_key.c.expires_at,
        api_key.c.revoked_at,
        member.c.id.label("member_id"),
        member.c.name,
        member.c.role,
        member.c.status,
        practice.c.coach_access,
    )
    .join(member, (member.c.practice_id == api_key.c.practice_id) & (member.c.id == api_key.c.member_id))
    .join(practice, practice.c.id == api_key.c.practice_id)
    .where(api_key.c.practice_id == bindparam("practice"), api_key.c.id == bindparam("key_id"))
)
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
_SIGNED_IN = (
    select(*_WHOSE)
    .select_from(login_session)
    .join(login, (login.c.practice_id == login_session.c.practice_id) & (login.c.id == login_session.c.login_id))
    .join(practice, practice.c.id == login.c.practice_id)
    .outerjoin(member, (member.c.practice_id == login.c.practice_id) & (member.c.id == login.c.member_id))
    .outerjoin(client, (client.c.practice_id == login.c.practice_id) & (client.c.id == login.c.client_id))
    .where(
        login_session.c.practice_id == bindparam("practice"),
        login_session.c.id == bindparam("session_id"),
        login_session.c.expires_at > bindparam("at", type_=instant),
    )
)


async def find_key_by_id(session: ScopedSession, *, practice_id: UUID, key_id: UUID) -> Row | None:
    """Return a key and its member, or None."""
    return (await session.execute(_BY_ID, {"practice": practice_id, "key_id": key_id})).mappings().one_or_none()


async def find_signed_in(session: ScopedSession, *, practice_id: UUID, session_id: UUID, now: datetime) -> Row | None:
    """Return whose sign-in it is, or None for one that has ended."""
    found = await session.execute(_SIGNED_IN, {"practice": practice_id, "session_id": session_id, "at": now})
    return found.mappings().one_or_none()


async def find_login_token(session: ScopedSession, *, token_hash: bytes, kind: TokenKind) -> Row | None:
    """Return the token of a sign-in with this hash and whose it is, or None; those of ended sign-ins are gone."""
    found = await session.execute(_LOGIN_TOKEN, {"token_hash": token_hash, "kind": kind})
    return found.mappings().one_or_none()
