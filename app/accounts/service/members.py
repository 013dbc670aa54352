"""Who works in the practice: invited, changed, deactivated, never deleted."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from app.access import people
from app.access.principal import Caller
from app.access.rights import OWNING
from app.accounts.repository import invitations as open_invitations
from app.accounts.repository import logins
from app.accounts.repository import members as repository
from app.accounts.schemas.members import MemberIn, MemberInvited, MemberOut, MemberPatch, MemberQuery
from app.accounts.service import invitations, letters
from app.accounts.service.errors import LastOwner
from app.accounts.service.rooms import Keys
from app.db import keyset, ledger
from app.db.ids import new_id
from app.db.scope import Row, ScopedSession
from app.db.vocabulary import MemberRole, MemberStatus
from app.kit.errors import Duplicate, NotFound
from app.kit.keys import email_key
from app.kit.pages import Page, Position
from app.kit.post import Letter
from app.kit.preconditions import IfMatch


async def invite(
    session: ScopedSession, *, caller: Caller, draft: MemberIn, app_url: str | None
) -> tuple[MemberInvited, Letter]:
    """Make a member who may choose a password, and return them with the letter that says so."""
    _demand_may_change(caller, draft.role)
    await people.demand_free(session, ident=draft.id)
    practice = await repository.hold_practice(session)
    await _demand_free(session, draft.email, member_id=None)
    member_id = draft.id or new_id()
    values = {
        **draft.model_dump(exclude={"id"}),
        "id": member_id,
        "email_key": email_key(draft.email),
        "time_zone": draft.time_zone or practice["time_zone"],
        "status": MemberStatus.INVITED,
        "created_at": caller.now,
        "updated_at": caller.now,
    }
    await repository.insert_member(session, values=values)
    await _record(session, caller, "create", member_id, draft.model_fields_set - {"id"})
    return await _invited(session, caller, member_id, practice=practice["name"], app_url=app_url)


async def read(session: ScopedSession, *, member_id: UUID) -> MemberOut:
    """Return a member. Raise NotFound."""
    row = await repository.find(session, member_id=member_id)
    if row is None:
        raise NotFound
    return _out(row)


async def read_many(session: ScopedSession, *, caller: Caller, ids: Sequence[UUID]) -> dict[UUID, MemberOut]:
    """Return, by id, those of these members that the caller sees; clients see none."""
    rows = [] if caller.principal.is_client else await repository.find_many(session, ids=ids)
    return {row["id"]: _out(row) for row in rows}


async def search(
    session: ScopedSession, *, query: MemberQuery, after: Position | None, caller: Caller
) -> Page[MemberOut]:
    """Return a page of the members, deactivated ones included, the first to come first."""
    rows = await repository.list_members(session, page=keyset.parameters(after, query.limit))
    return keyset.cut(rows, limit=query.limit, at=caller.now, item=_out)


async def change(
    session: ScopedSession, *, caller: Caller, member_id: UUID, patch: MemberPatch, if_match: IfMatch
) -> MemberOut:
    """Change a member; a new role holds from the next request on."""
    await repository.hold_practice(session)
    row = await _locked(session, caller, member_id)
    sent = patch.changes()
    _demand_may_change(caller, sent.get("role", row["role"]))
    if_match.check(row["version"])
    changes = {name: value for name, value in sent.items() if row[name] != value}
    if not changes:
        return _out(row)
    if "role" in changes:
        await _demand_another_owner(session, row)
    keys = {}
    if "email" in changes:
        keys = {"email_key": await _readdress(session, caller, row, changes["email"])}
    await repository.update_member(session, member_id=member_id, values={**changes, **keys, "updated_at": caller.now})
    await _record(session, caller, "update", member_id, changes)
    return await read(session, member_id=member_id)


async def deactivate(
    session: ScopedSession, *, keys: Keys, caller: Caller, member_id: UUID, if_match: IfMatch
) -> MemberOut:
    """Shut a member out at once: login, sign-ins, invitation and keys end; what they recorded stays."""
    await repository.hold_practice(session)
    row = await _locked(session, caller, member_id)
    if_match.check(row["version"])
    if row["status"] == MemberStatus.DEACTIVATED:
        return _out(row)
    await _demand_another_owner(session, row)
    values = {"status": MemberStatus.DEACTIVATED, "updated_at": caller.now}
    await repository.update_member(session, member_id=member_id, values=values)
    await open_invitations.withdraw(session, person={"member_id": member_id})
    login = await logins.of_member(session, member_id=member_id)
    if login is not None:
        await logins.delete_login(session, login_id=login["id"])
    await keys.revoke_all(session, member_id=member_id, now=caller.now)
    await _record(session, caller, "deactivate", member_id, {"status"})
    return await read(session, member_id=member_id)


async def invite_again(
    session: ScopedSession, *, caller: Caller, member_id: UUID, if_match: IfMatch, app_url: str | None
) -> tuple[MemberInvited, Letter]:
    """Make a new invitation: for one that was lost, for a password that was, or for somebody who comes back."""
    practice = await repository.hold_practice(session)
    row = await _locked(session, caller, member_id)
    if_match.check(row["version"])
    back = row["status"] == MemberStatus.DEACTIVATED
    if back:
        values = {"status": MemberStatus.INVITED, "updated_at": caller.now}
        await repository.update_member(session, member_id=member_id, values=values)
    await _record(session, caller, "invite", member_id, {"status"} if back else ())
    return await _invited(session, caller, member_id, practice=practice["name"], app_url=app_url)


async def _locked(session: ScopedSession, caller: Caller, member_id: UUID) -> Row:
    row = await repository.lock(session, member_id=member_id)
    if row is None:
        raise NotFound
    _demand_may_change(caller, row["role"])
    return row


def _demand_may_change(caller: Caller, role: str) -> None:
    if role == MemberRole.OWNER:
        caller.demand(OWNING, "Only an owner makes and changes owners.")


async def _demand_another_owner(session: ScopedSession, row: Row) -> None:
    """Raise LastOwner when the active owner `row` is the only one."""
    counts = row["role"] == MemberRole.OWNER and row["status"] == MemberStatus.ACTIVE
    if counts and not await repository.has_other_owner(session, member_id=row["id"]):
        raise LastOwner("Make somebody else an owner first.")


async def _demand_free(session: ScopedSession, email: str, *, member_id: UUID | None) -> str:
    """Return the key of an address, which nobody else in the practice signs in with."""
    key = email_key(email)
    others = await logins.holders_of(session, email_key=key) - {member_id}
    if others:
        extras = {"existing_id": str(min(others))}
        raise Duplicate("Somebody in the practice signs in with this address already.", extras=extras)
    return key


async def _readdress(session: ScopedSession, caller: Caller, row: Row, email: str) -> str:
    key = await _demand_free(session, email, member_id=row["id"])
    if key != email_key(row["email"]):
        # What was sent to the former address may have reached somebody else.
        await open_invitations.withdraw(session, person={"member_id": row["id"]})
    login = await logins.of_member(session, member_id=row["id"])
    if login is not None:
        await logins.readdress(session, login_id=login["id"], email=email, email_key=key, now=caller.now)
    return key


async def _invited(
    session: ScopedSession, caller: Caller, member_id: UUID, *, practice: str, app_url: str | None
) -> tuple[MemberInvited, Letter]:
    issued = await invitations.issue(session, person={"member_id": member_id}, now=caller.now)
    row = await repository.find(session, member_id=member_id)
    assert row is not None, "it was just written"  # noqa: S101  # no caller can bring this about
    letter = letters.invitation(
        to=row["email"], name=row["name"], practice=practice, token=issued.token, app_url=app_url
    )
    return MemberInvited.model_construct(**_fields(row), invitation_token=issued.token), letter


async def _record(session: ScopedSession, caller: Caller, verb: str, member_id: UUID, changed: Iterable[str]) -> None:
    await ledger.record(
        session,
        by=caller.doer,
        now=caller.now,
        action=f"member.{verb}",
        resource_type="member",
        resource_id=member_id,
        changed_fields=changed,
    )


def _fields(row: Row) -> dict[str, Any]:
    return {name: row[name] for name in MemberOut.model_fields}


def _out(row: Row) -> MemberOut:
    return MemberOut.model_construct(**_fields(row))
