"""Invitations: a single-use token that lets a member or a client choose a password."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from app.access import tokens
from app.access.visit import Visit
from app.accounts.repository import invitations as repository
from app.accounts.repository import logins, members, sessions
from app.accounts.service.rooms import Clients
from app.db import ledger
from app.db.ids import new_id
from app.db.ledger import Doer
from app.db.scope import Row, ScopedSession
from app.db.vocabulary import ActorType, LoginStatus, MemberStatus
from app.kit.errors import ExpiredToken, InvalidToken
from app.kit.keys import email_key

LIFE = timedelta(days=7)
#: In these states nobody may come in, whatever they hold.
_OUT = {MemberStatus.DEACTIVATED.value, LoginStatus.NONE.value}


@dataclass(frozen=True, slots=True)
class Issued:
    """An invitation; the token exists here only."""

    token: str
    expires_at: datetime


async def issue(session: ScopedSession, *, person: Mapping[str, UUID], now: datetime) -> Issued:
    """Invite `{member_id: …}` or `{client_id: …}`; the invitation before this one is void."""
    issued = Issued(tokens.new_invitation_token(), now + LIFE)
    await repository.withdraw(session, person=person)
    values = {
        "id": new_id(),
        "token_hash": tokens.digest(issued.token),
        "expires_at": issued.expires_at,
        "created_at": now,
        **person,
    }
    await repository.insert_invitation(session, values=values)
    return issued


async def accept(visit: Visit, *, clients: Clients, token: str, password: str) -> None:
    """Give whom the token was made for a password, and let them in. Raise InvalidToken or ExpiredToken."""
    async with visit.look() as session:
        found = await repository.by_hash(session, token_hash=tokens.digest(token))
    if found is None or found["status"] in _OUT:
        raise InvalidToken
    if found["expires_at"] <= visit.now:
        raise ExpiredToken
    stored = await visit.passwords.hash(password)
    async with visit.inside(found["practice_id"]) as session:
        let_in = _let_member_in if found["client_id"] is None else _let_client_in
        login_id = await let_in(session, clients, found, visit.now)
        await logins.set_password(session, login_id=login_id, stored=stored, now=visit.now)
        await sessions.end_all(session, login_id=login_id)
        kind = ActorType.MEMBER if found["client_id"] is None else ActorType.CLIENT
        await _record(session, visit, kind, found["client_id"] or found["member_id"])


async def _let_member_in(session: ScopedSession, _: Clients, invited: Row, now: datetime) -> UUID:
    member_id: UUID = invited["member_id"]
    row = await members.lock(session, member_id=member_id)
    await _use(session, invited, now)
    if row is None or row["status"] in _OUT:
        raise InvalidToken
    if row["status"] != MemberStatus.ACTIVE:
        values = {"status": MemberStatus.ACTIVE, "updated_at": now}
        await members.update_member(session, member_id=member_id, values=values)
    login = await logins.of_member(session, member_id=member_id)
    if login is not None:
        return UUID(str(login["id"]))
    return await open_login(session, person={"member_id": member_id}, email=row["email"], now=now)


async def _let_client_in(session: ScopedSession, clients: Clients, invited: Row, now: datetime) -> UUID:
    client_id: UUID = invited["client_id"]
    row = await clients.hold(session, client_id=client_id)
    await _use(session, invited, now)
    login = await logins.of_client(session, client_id=client_id)
    # An address that was corrected since then was the wrong one to invite.
    if login is None or row["email"] is None or email_key(row["email"]) != login["email_key"]:
        raise InvalidToken
    if row["login_status"] != LoginStatus.ACTIVE:
        await clients.set_login_status(session, client_id=client_id, status=LoginStatus.ACTIVE, now=now)
    return UUID(str(login["id"]))


async def open_login(session: ScopedSession, *, person: Mapping[str, UUID], email: str, now: datetime) -> UUID:
    """Make a login without a password and return its id."""
    login_id = new_id()
    stamps = {"created_at": now, "updated_at": now}
    values = {"id": login_id, "email": email, "email_key": email_key(email), **stamps, **person}
    await logins.insert_login(session, values=values)
    return login_id


async def _use(session: ScopedSession, invited: Row, now: datetime) -> None:
    if not await repository.accept(session, invitation_id=invited["id"], now=now):
        raise InvalidToken


async def _record(session: ScopedSession, visit: Visit, kind: ActorType, person_id: UUID) -> None:
    await ledger.record(
        session,
        by=Doer(kind, person_id, None, visit.request_id),
        now=visit.now,
        action="login.accept",
        resource_type=kind.value,
        resource_id=person_id,
    )
