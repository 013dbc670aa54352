"""Keys for machines: made, replaced and revoked by people; a key is its member, and never more."""

import calendar
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from app.access import tokens
from app.access.principal import Caller, Principal
from app.access.rights import OWNING, Scope, holding, scopes_of
from app.db import keyset, ledger
from app.db.ids import new_id
from app.db.scope import Actor, Row, ScopedSession
from app.db.vocabulary import MemberStatus
from app.keys import repository
from app.keys.schemas import ApiKeyIn, ApiKeyMade, ApiKeyOut, ApiKeyQuery
from app.kit.errors import Conflict, Fault, NotFound, RuleBroken
from app.kit.pages import Page, Position
from app.kit.preconditions import IfMatch

LIFE = timedelta(days=90)
_SEE_ALL = {Actor.OWNER, Actor.ADMIN}


async def create(session: ScopedSession, *, caller: Caller, draft: ApiKeyIn) -> ApiKeyMade:
    """Make a key for the caller; the answer is the only copy of its secret."""
    _demand_held(caller, draft.scopes)
    key_id, secret = draft.id or new_id(), tokens.new_api_key()
    values = {
        "id": key_id,
        "member_id": caller.principal.id,
        "name": draft.name,
        "scopes": sorted(set(draft.scopes)),
        "expires_at": _expiry(draft.expires_at, now=caller.now),
        "created_at": caller.now,
        "updated_at": caller.now,
        **_stored(secret),
    }
    await repository.insert_key(session, values=values)
    await _record(session, caller, "api_key.create", key_id, draft.model_fields_set - {"id"})
    return await _made(session, key_id=key_id, secret=secret)


async def read(session: ScopedSession, *, caller: Caller, key_id: UUID) -> ApiKeyOut:
    """Return a key. Raise NotFound, also for a revoked one and one that is not the caller's to see."""
    row = await repository.find(session, key_id=key_id, member_id=_own(caller.principal))
    if row is None:
        raise NotFound
    return _out(row)


async def search(
    session: ScopedSession, *, caller: Caller, query: ApiKeyQuery, after: Position | None
) -> Page[ApiKeyOut]:
    """Return a page of the keys that the caller may see, the oldest first."""
    page = keyset.parameters(after, query.limit)
    rows = await repository.list_keys(session, member_id=_own(caller.principal), page=page)
    return keyset.cut(rows, limit=query.limit, at=caller.now, item=_out)


async def rotate(session: ScopedSession, *, caller: Caller, key_id: UUID, if_match: IfMatch) -> ApiKeyMade:
    """Give a key a new secret; the old one is refused from the commit on, and the key ends when it would have."""
    row = await _lock(session, caller, key_id)
    _demand_no_more(caller, row)
    if_match.check(row["version"])
    if row["expires_at"] <= caller.now or row["status"] != MemberStatus.ACTIVE:
        raise Conflict("The key has expired or its member is deactivated: a new secret would open nothing.")
    secret = tokens.new_api_key()
    values = {**_stored(secret), "updated_at": caller.now}
    await repository.update_key(session, key_id=key_id, values=values)
    await _record(session, caller, "api_key.rotate", key_id, {"key"})
    return await _made(session, key_id=key_id, secret=secret)


async def revoke(session: ScopedSession, *, caller: Caller, key_id: UUID, if_match: IfMatch) -> None:
    """End a key: refused and not to be found from the commit on."""
    row = await _lock(session, caller, key_id)
    if_match.check(row["version"])
    values = {"revoked_at": caller.now, "updated_at": caller.now}
    await repository.update_key(session, key_id=key_id, values=values)
    await _record(session, caller, "api_key.revoke", key_id, ())


async def revoke_all(session: ScopedSession, *, member_id: UUID, now: datetime) -> None:
    """End every key of a member who is deactivated: they stay ended if the member comes back."""
    await repository.revoke_keys_of(session, member_id=member_id, now=now)


async def _lock(session: ScopedSession, caller: Caller, key_id: UUID) -> Row:
    row = await repository.lock(session, key_id=key_id, member_id=_own(caller.principal))
    if row is None:
        raise NotFound
    return row


async def _made(session: ScopedSession, *, key_id: UUID, secret: str) -> ApiKeyMade:
    row = await repository.find(session, key_id=key_id, member_id=None)
    if row is None:
        raise NotFound
    return ApiKeyMade.model_construct(**row, key=secret)


def _own(principal: Principal) -> UUID | None:
    """Return the only member whose keys the caller may see, None for all."""
    return None if principal.role in _SEE_ALL else principal.id


def _demand_held(caller: Caller, scopes: Sequence[Scope]) -> None:
    words = "Not a scope that you hold."
    beyond = [n for n, scope in enumerate(scopes) if scope not in caller.principal.scopes]
    if beyond:
        raise RuleBroken(faults=[Fault("body", f"/scopes/{n}", "not-in-list", words) for n in beyond])
    for scope in scopes:
        caller.demand(holding(scope))


def _demand_no_more(caller: Caller, row: Row) -> None:
    """Refuse to hand out a secret that does more than the caller may do."""
    role = Actor(row["role"])
    if role is Actor.OWNER:
        caller.demand(OWNING, "Only an owner can have the secret of an owner's key.")
    for scope in scopes_of(role) & {Scope(scope) for scope in row["scopes"]}:
        caller.demand(holding(scope), "The key holds scopes that your credential does not.")


def _expiry(wanted: datetime | None, *, now: datetime) -> datetime:
    if wanted is None:
        return now + LIFE
    if not now < wanted <= _a_year_after(now):
        fault = Fault("body", "/expires_at", "out-of-range", "Must lie ahead, at most one year.")
        raise RuleBroken(faults=[fault])
    return wanted


def _a_year_after(now: datetime) -> datetime:
    day = min(now.day, calendar.monthrange(now.year + 1, now.month)[1])
    return now.replace(year=now.year + 1, day=day)


def _stored(secret: str) -> dict[str, object]:
    return {"key_hash": tokens.digest(secret), "last4": secret[-4:]}


async def _record(session: ScopedSession, caller: Caller, action: str, key_id: UUID, changed: Iterable[str]) -> None:
    await ledger.record(
        session,
        by=caller.doer,
        now=caller.now,
        action=action,
        resource_type="api_key",
        resource_id=key_id,
        changed_fields=changed,
    )


def _out(row: Row) -> ApiKeyOut:
    return ApiKeyOut.model_construct(**{name: row[name] for name in ApiKeyOut.model_fields})
