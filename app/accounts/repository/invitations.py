"""Invitations in Postgres: at most one that is open for each person."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Uuid, bindparam, delete, func, insert, select, update

from app.db.scope import Row, ScopedSession
from app.db.tables import client, invitation, member

_PRACTICE: Any = bindparam("practice_id", type_=Uuid)
_PERSON: Any = bindparam("person_id", type_=Uuid)

_INSERT = insert(invitation)
_OPEN = delete(invitation).where(invitation.c.practice_id == _PRACTICE, invitation.c.accepted_at.is_(None))
_WITHDRAW = {
    "member_id": _OPEN.where(invitation.c.member_id == _PERSON),
    "client_id": _OPEN.where(invitation.c.client_id == _PERSON),
}
# As app_auth, in any practice.
_BY_HASH = (
    select(
        invitation.c.practice_id,
        invitation.c.id,
        invitation.c.member_id,
        invitation.c.client_id,
        invitation.c.expires_at,
        func.coalesce(member.c.status, client.c.login_status).label("status"),
    )
    .outerjoin(member, (member.c.practice_id == invitation.c.practice_id) & (member.c.id == invitation.c.member_id))
    .outerjoin(client, (client.c.practice_id == invitation.c.practice_id) & (client.c.id == invitation.c.client_id))
    .where(invitation.c.token_hash == bindparam("token_hash"), invitation.c.accepted_at.is_(None))
)


async def insert_invitation(session: ScopedSession, *, values: Mapping[str, Any]) -> None:
    """Store an invitation."""
    await session.run(_INSERT, **values)


async def withdraw(session: ScopedSession, *, person: Mapping[str, UUID]) -> None:
    """Make void the open invitation of a person, `{member_id: …}` or `{client_id: …}`."""
    ((kind, person_id),) = person.items()
    await session.run(_WITHDRAW[kind], person_id=person_id)


async def by_hash(session: ScopedSession, *, token_hash: bytes) -> Row | None:
    """Return the open invitation with this hash and the status of who is invited; `session` runs as app_auth."""
    return (await session.execute(_BY_HASH, {"token_hash": token_hash})).mappings().one_or_none()


async def accept(session: ScopedSession, *, invitation_id: UUID, now: datetime) -> bool:
    """Use an invitation up; False when it is void or somebody else did."""
    statement = (
        update(invitation)
        .where(
            invitation.c.practice_id == session.scope.practice_id,
            invitation.c.id == invitation_id,
            invitation.c.accepted_at.is_(None),
        )
        .values(accepted_at=now)
        .returning(invitation.c.id)
    )
    return (await session.execute(statement)).first() is not None
