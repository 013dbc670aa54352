"""Who did what, the newest first."""

from app.access.principal import Caller
from app.audit import repository
from app.audit.schemas import ActorOut, AuditEventOut, AuditEventQuery, ResourceOut
from app.db import keyset
from app.db.scope import Row, ScopedSession
from app.kit.pages import Page, Position

_FILTERS = ("actor_id", "resource_type", "resource_id", "after", "before")


async def search(
    session: ScopedSession, *, query: AuditEventQuery, after: Position | None, caller: Caller
) -> Page[AuditEventOut]:
    """Return a page of the entries that match."""
    given = {name: getattr(query, name) for name in _FILTERS}
    filters = {name: value for name, value in given.items() if value is not None}
    rows = await repository.list_events(session, filters=filters, page=keyset.parameters(after, query.limit))
    return keyset.cut(rows, limit=query.limit, at=caller.now, item=_out)


def _out(row: Row) -> AuditEventOut:
    return AuditEventOut.model_construct(
        id=row["id"],
        occurred_at=row["occurred_at"],
        actor=ActorOut.model_construct(type=row["actor_type"], id=row["actor_id"], api_key_id=row["api_key_id"]),
        action=row["action"],
        resource=ResourceOut.model_construct(type=row["resource_type"], id=row["resource_id"]),
        changed_fields=row["changed_fields"],
        request_id=row["request_id"],
    )
