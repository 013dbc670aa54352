"""From a bearer token to a principal."""

from datetime import datetime, timedelta

from app.access import repository, tokens, visibility
from app.access.principal import Principal
from app.access.rights import Scope, scopes_of
from app.db.scope import Actor, Row, ScopedSession
from app.db.vocabulary import MemberStatus, TokenKind
from app.kit.errors import ExpiredToken, InvalidToken
from app.kit.signatures import Pass

#: `last_used_at` is good to the minute: one write a minute, not one a request.
_TOUCH_EVERY = timedelta(minutes=1)


async def authenticate(session: ScopedSession, *, token: str, now: datetime) -> Principal:
    """Return the caller behind `token`; `session` runs as app_auth. Raise InvalidToken or ExpiredToken."""
    if token.startswith(tokens.ACCESS_PREFIX):
        return await _signed_in(session, token=token, now=now)
    key = _usable(
        await repository.find_key(session, key_hash=tokens.digest(token)) if tokens.is_api_key(token) else None, now
    )
    if key["last_used_at"] is None or now - key["last_used_at"] > _TOUCH_EVERY:
        await repository.touch_key(session, practice_id=key["practice_id"], key_id=key["id"], now=now)
    return _principal(key)


async def admit(session: ScopedSession, *, held: Pass, now: datetime) -> Principal:
    """Return the caller on whose credential a link was made, as they are now. Raise InvalidToken or ExpiredToken."""
    if held.expires_at <= now:
        raise ExpiredToken("The link has expired: make another one.")
    if held.api_key_id is not None:
        return _principal(
            _usable(await repository.find_key_by_id(session, practice_id=held.practice_id, key_id=held.api_key_id), now)
        )
    if held.login_id is None:
        raise InvalidToken
    return _person(await repository.find_login(session, practice_id=held.practice_id, login_id=held.login_id, now=now))


def _usable(key: Row | None, now: datetime) -> Row:
    if key is None or key["revoked_at"] is not None or key["status"] != MemberStatus.ACTIVE:
        raise InvalidToken
    if key["expires_at"] <= now:
        raise ExpiredToken
    return key


async def _signed_in(session: ScopedSession, *, token: str, now: datetime) -> Principal:
    found = await repository.find_login_token(session, token_hash=tokens.digest(token), kind=TokenKind.ACCESS)
    who = _person(found)
    if found is not None and found["expires_at"] <= now:
        raise ExpiredToken
    return who


def _person(found: Row | None) -> Principal:
    if found is None or found["status"] != MemberStatus.ACTIVE:
        raise InvalidToken
    # A member's role is read anew with each request: a demotion needs no new sign-in.
    role = Actor.CLIENT if found["client_id"] else Actor(found["role"])
    return Principal(
        practice_id=found["practice_id"],
        role=role,
        id=found["client_id"] or found["member_id"],
        name=found["name"],
        scopes=scopes_of(role),
        login_id=found["login_id"],
        assigned_only=visibility.assigned_only(role, found["coach_access"]),
    )


def _principal(key: Row) -> Principal:
    role = Actor(key["role"])
    return Principal(
        practice_id=key["practice_id"],
        role=role,
        id=key["member_id"],
        name=key["name"],
        # A key can outlive a demotion of its member: it never holds more than the role does now.
        scopes=scopes_of(role) & {Scope(scope) for scope in key["scopes"]},
        api_key_id=key["id"],
        assigned_only=visibility.assigned_only(role, key["coach_access"]),
    )
