"""The login of a client: invited by a coach, and gone when it is revoked."""

from collections.abc import Iterable
from uuid import UUID

from app.access.principal import Caller
from app.accounts.repository import invitations as open_invitations
from app.accounts.repository import logins, members
from app.accounts.schemas.members import ClientLoginInvited
from app.accounts.service import invitations, letters
from app.accounts.service.rooms import Clients
from app.db import ledger
from app.db.scope import ScopedSession
from app.db.vocabulary import LoginStatus
from app.kit.errors import Conflict, NotFound
from app.kit.keys import email_key
from app.kit.post import Letter
from app.kit.preconditions import IfMatch


async def invite(
    session: ScopedSession,
    *,
    clients: Clients,
    caller: Caller,
    client_id: UUID,
    if_match: IfMatch,
    app_url: str | None,
) -> tuple[ClientLoginInvited, int, Letter]:
    """Let a client choose a password; return what says so, the client's version, and the letter."""
    row = await clients.hold(session, client_id=client_id)
    if_match.check(row["version"])
    if row["email"] is None:
        raise Conflict("The client has no e-mail address to sign in with: enter one first.")
    practice = await members.hold_practice(session)
    await _address(session, client_id=client_id, email=row["email"], caller=caller)
    issued = await invitations.issue(session, person={"client_id": client_id}, now=caller.now)
    first = row["login_status"] == LoginStatus.NONE
    if first:
        await clients.set_login_status(session, client_id=client_id, status=LoginStatus.INVITED, now=caller.now)
    await _record(session, caller, "client.login_invite", client_id, {"login_status"} if first else ())
    answer = ClientLoginInvited(
        client_id=client_id,
        email=row["email"],
        login_status=LoginStatus.INVITED if first else LoginStatus(row["login_status"]),
        expires_at=issued.expires_at,
        invitation_token=issued.token,
    )
    letter = letters.invitation(
        to=row["email"], name=row["name"], practice=practice["name"], token=issued.token, app_url=app_url
    )
    return answer, row["version"] + first, letter


async def revoke(
    session: ScopedSession, *, clients: Clients, caller: Caller, client_id: UUID, if_match: IfMatch
) -> None:
    """Shut a client out at once: password, sign-ins and invitation are gone. Raise NotFound without a login."""
    row = await clients.hold(session, client_id=client_id)
    if row["login_status"] == LoginStatus.NONE:
        raise NotFound
    if_match.check(row["version"])
    await open_invitations.withdraw(session, person={"client_id": client_id})
    login = await logins.of_client(session, client_id=client_id)
    if login is not None:
        await logins.delete_login(session, login_id=login["id"])
    await clients.set_login_status(session, client_id=client_id, status=LoginStatus.NONE, now=caller.now)
    await _record(session, caller, "client.login_revoke", client_id, {"login_status"})


async def _address(session: ScopedSession, *, client_id: UUID, email: str, caller: Caller) -> None:
    """Make the client's address the one to sign in with."""
    key = email_key(email)
    if await logins.holders_of(session, email_key=key) - {client_id}:
        # Not named: the caller may not see who it is.
        raise Conflict("Somebody else in the practice signs in with this address.")
    login = await logins.of_client(session, client_id=client_id)
    if login is None:
        person = {"client_id": client_id}
        await invitations.open_login(session, person=person, email=email, now=caller.now)
    elif login["email"] != email:
        await logins.readdress(session, login_id=login["id"], email=email, email_key=key, now=caller.now)


async def _record(session: ScopedSession, caller: Caller, action: str, client_id: UUID, changed: Iterable[str]) -> None:
    await ledger.record(
        session,
        by=caller.doer,
        now=caller.now,
        action=action,
        resource_type="client",
        resource_id=client_id,
        changed_fields=changed,
    )
