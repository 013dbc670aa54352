"""What is held of a client as a person: who they are, who coaches them, how they sign in, what was done."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ARRAY, Text, Uuid, and_, any_, bindparam, select

from app.db.scope import Row, ScopedSession
from app.db.tables import (
    audit_event,
    client,
    client_coach,
    import_file,
    import_row,
    invitation,
    login,
    login_session,
    member,
)
from app.privacy.repository.holds import CLIENT, PRACTICE

#: Kinds of records of a client that audit entries are about.
_ABOUT = ("client", "opportunity", "interaction", "import", "next_action", "win", "development_activity")

_FIND = select(*(c for c in client.c if c.name not in {"practice_id", "name_key"})).where(
    client.c.practice_id == PRACTICE, client.c.id == CLIENT
)
# A client login does not see members: it is told the ids of its coaches and not their names.
_COACHES = (
    select(client_coach.c.member_id.label("id"), member.c.name)
    .outerjoin(
        member, and_(member.c.practice_id == client_coach.c.practice_id, member.c.id == client_coach.c.member_id)
    )
    .where(client_coach.c.practice_id == PRACTICE, client_coach.c.client_id == CLIENT)
    .order_by(client_coach.c.position)
)
_LOGIN = select(login.c.id, login.c.email, login.c.created_at, login.c.updated_at, login.c.last_used_at).where(
    login.c.practice_id == PRACTICE, login.c.client_id == CLIENT
)
_SESSIONS = (
    select(login_session.c.id, login_session.c.created_at, login_session.c.expires_at)
    .join(login, and_(login.c.practice_id == login_session.c.practice_id, login.c.id == login_session.c.login_id))
    .where(login_session.c.practice_id == PRACTICE, login.c.practice_id == PRACTICE, login.c.client_id == CLIENT)
    .order_by(login_session.c.created_at, login_session.c.id)
)
_INVITATIONS = (
    select(invitation.c.id, invitation.c.created_at, invitation.c.expires_at, invitation.c.accepted_at)
    .where(invitation.c.practice_id == PRACTICE, invitation.c.client_id == CLIENT)
    .order_by(invitation.c.created_at, invitation.c.id)
)
_IMPORTS = (
    select(*(c for c in import_file.c if c.name not in {"practice_id", "client_id"}))
    .where(import_file.c.practice_id == PRACTICE, import_file.c.client_id == CLIENT)
    .order_by(import_file.c.created_at, import_file.c.id)
)
_ROWS = (
    select(*(c for c in import_row.c if c.name not in {"practice_id", "made"}))
    .where(import_row.c.practice_id == PRACTICE, import_row.c.import_id == any_(bindparam("ids", type_=ARRAY(Uuid))))
    .order_by(import_row.c.import_id, import_row.c.number)
)
_AUDIT = (
    select(
        audit_event.c.id,
        audit_event.c.occurred_at,
        audit_event.c.actor_type,
        audit_event.c.actor_id,
        audit_event.c.api_key_id,
        audit_event.c.action,
        audit_event.c.resource_type,
        audit_event.c.resource_id,
        audit_event.c.changed_fields,
        audit_event.c.request_id,
    )
    .where(
        audit_event.c.practice_id == PRACTICE,
        audit_event.c.resource_type == any_(bindparam("about", type_=ARRAY(Text))),
        audit_event.c.resource_id == any_(bindparam("ids", type_=ARRAY(Uuid))),
    )
    .order_by(audit_event.c.occurred_at, audit_event.c.id)
)


async def find(session: ScopedSession, *, client_id: UUID) -> Row:
    """Return a client that is known to be there."""
    return (await session.run(_FIND, client_id=client_id)).mappings().one()


async def coaches(session: ScopedSession, *, client_id: UUID) -> Sequence[Row]:
    """Return the coaches of a client; the names only to members."""
    return (await session.run(_COACHES, client_id=client_id)).mappings().all()


async def login_of(session: ScopedSession, *, client_id: UUID) -> Row | None:
    """Return the login of a client, or None; never the password's hash."""
    return (await session.run(_LOGIN, client_id=client_id)).mappings().one_or_none()


async def sessions(session: ScopedSession, *, client_id: UUID) -> Sequence[Row]:
    """Return the sign-ins of a client."""
    return (await session.run(_SESSIONS, client_id=client_id)).mappings().all()


async def invitations(session: ScopedSession, *, client_id: UUID) -> Sequence[Row]:
    """Return the invitations of a client to sign in."""
    return (await session.run(_INVITATIONS, client_id=client_id)).mappings().all()


async def imports(session: ScopedSession, *, client_id: UUID) -> Sequence[Row]:
    """Return the imports for a client."""
    return (await session.run(_IMPORTS, client_id=client_id)).mappings().all()


async def import_rows(session: ScopedSession, *, import_ids: Sequence[UUID]) -> Sequence[Row]:
    """Return the rows of imports, by import and number."""
    return (await session.run(_ROWS, ids=list(import_ids))).mappings().all()


async def audit_events(session: ScopedSession, *, resource_ids: Sequence[UUID]) -> Sequence[Row]:
    """Return the audit entries about records of a client, the oldest first."""
    return (await session.run(_AUDIT, ids=list(resource_ids), about=list(_ABOUT))).mappings().all()
