"""What every change leaves behind, written in the transaction of the change itself."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import insert

from app.db.ids import new_id
from app.db.scope import ScopedSession
from app.db.tables import audit_event
from app.db.vocabulary import ActorType

_INSERT = insert(audit_event)


@dataclass(frozen=True, slots=True)
class Doer:
    """Who makes a change, with which credential and in which request."""

    type: ActorType
    id: UUID | None
    api_key_id: UUID | None = None
    request_id: UUID | None = None


async def record(
    session: ScopedSession,
    *,
    by: Doer,
    now: datetime,
    action: str,
    resource_type: str,
    resource_id: UUID | None,
    changed_fields: Iterable[str] = (),
) -> None:
    """Append the audit entry of a change: names of fields, never their values; once per mutating request."""
    await session.execute(
        _INSERT,
        {
            "practice_id": session.scope.practice_id,
            "id": new_id(),
            "occurred_at": now,
            "actor_type": by.type,
            "actor_id": by.id,
            "api_key_id": by.api_key_id,
            "action": action,
            "resource_type": resource_type,
            "resource_id": resource_id,
            "changed_fields": sorted(changed_fields),
            "request_id": by.request_id,
        },
    )
