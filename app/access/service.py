"""From a bearer token to a principal."""

from datetime import datetime
from functools import lru_cache

from app.access import repository, tokens, visibility
from app.access.limits import Meter, Quota
from app.access.principal import Principal
from app.access.rights import Scope, scopes_of
from app.db.scope import Actor, Row, ScopedSession
from app.db.vocabulary import MemberStatus
from app.kit.errors import ExpiredToken, InvalidToken
from app.kit.signatures import Pass


async def authenticate(meter: Meter, *, token: str, writes: bool, now: datetime) -> tuple[Principal, Quota]:
    """Count a request; return the caller behind `token` and their quota. Raise InvalidToken or ExpiredToken."""
    is_key = not token.startswith(tokens.ACCESS_PREFIX)
    if is_key and not tokens.is_api_key(token):
        raise InvalidToken
    found, quota = await meter.admit(secret=tokens.digest(token), is_key=is_key, writes=writes, now=now)
    who = _principal(_usable(found, now)) if is_key else _signed_in(found, now)
    if quota is None:
        raise InvalidToken  # not good by the rules of the database, so not counted
    return who, quota


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


def _signed_in(found: Row, now: datetime) -> Principal:
    who = _person(found)
    if found["expires_at"] <= now:
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
        scopes=_scopes(role, tuple(key["scopes"])),
        api_key_id=key["api_key_id"],
        assigned_only=visibility.assigned_only(role, key["coach_access"]),
    )


@lru_cache(maxsize=1_000)
def _scopes(role: Actor, of_key: tuple[str, ...]) -> frozenset[Scope]:
    # A key can outlive a demotion of its member: it never holds more than the role does now.
    return scopes_of(role) & {Scope(scope) for scope in of_key}
