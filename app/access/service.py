"""From a bearer token to a principal."""

from datetime import datetime
from functools import lru_cache

from app.access import repository, tokens, visibility
from app.access.limits import Meter, Quota
from app.access.principal import Principal
from app.access.rights import Scope, scopes_of
from app.db.scope import Actor, Row, ScopedSession
from app.db.vocabulary import MemberStatus, TokenKind
from app.kit.errors import ExpiredToken, InvalidToken
from app.kit.signatures import LinkSigner, Pass

_MARK_BYTES = 8


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


async def hold(session: ScopedSession, *, who: Principal, token: str, now: datetime) -> Pass:
    """Return what a link stands on that a caller makes now: their key as it is, or this sign-in. Raise InvalidToken."""
    secret, until = tokens.digest(token), now + LinkSigner.LIFE
    if who.api_key_id is not None:
        return Pass(who.practice_id, who.api_key_id, _mark(secret), until)
    found = await repository.find_login_token(session, token_hash=secret, kind=TokenKind.ACCESS)
    if found is None:
        raise InvalidToken
    return Pass(who.practice_id, found["session_id"], None, until)


async def admit(session: ScopedSession, *, held: Pass, now: datetime) -> Principal:
    """Return the caller on whose credential a link was made, as they are now. Raise InvalidToken or ExpiredToken."""
    if held.expires_at <= now:
        raise ExpiredToken("The link has expired: make another one.")
    practice_id, credential_id = held.practice_id, held.credential_id
    if held.secret is None:
        return _person(
            await repository.find_signed_in(session, practice_id=practice_id, session_id=credential_id, now=now)
        )
    key = _usable(await repository.find_key_by_id(session, practice_id=practice_id, key_id=credential_id), now)
    if _mark(key["key_hash"]) != held.secret:
        raise InvalidToken
    return _principal(key)


def _mark(key_hash: bytes) -> str:
    """Return enough of a hash to tell one secret of a key from the next."""
    return key_hash[:_MARK_BYTES].hex()


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
