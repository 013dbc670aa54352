"""From a bearer token to a principal."""

from datetime import datetime, timedelta

from app.access import repository, tokens
from app.access.principal import Principal
from app.access.rights import Scope, scopes_of
from app.db.scope import Actor, Row, ScopedSession
from app.db.vocabulary import MemberStatus
from app.kit.errors import ExpiredToken, InvalidToken

#: `last_used_at` is good to the minute: one write a minute, not one a request.
_TOUCH_EVERY = timedelta(minutes=1)


async def authenticate(session: ScopedSession, *, token: str, now: datetime) -> Principal:
    """Return the caller behind `token`; `session` runs as app_auth. Raise InvalidToken or ExpiredToken."""
    key = await repository.find_key(session, key_hash=tokens.digest(token)) if tokens.is_api_key(token) else None
    if key is None or key["revoked_at"] is not None or key["status"] != MemberStatus.ACTIVE:
        raise InvalidToken
    if key["expires_at"] <= now:
        raise ExpiredToken
    if key["last_used_at"] is None or now - key["last_used_at"] > _TOUCH_EVERY:
        await repository.touch_key(session, practice_id=key["practice_id"], key_id=key["id"], now=now)
    return _principal(key)


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
    )
