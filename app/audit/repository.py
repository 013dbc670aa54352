"""The audit log in Postgres, read only: `app/db/ledger.py` writes entries, and the database chains them."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Select, Uuid, and_, bindparam, select

from app.db import keyset
from app.db.base import instant
from app.db.scope import Row, ScopedSession
from app.db.tables import audit_event, audit_head, audit_link, practice

_PRACTICE: Any = bindparam("practice_id", type_=Uuid)

_COLUMNS = tuple(c for c in audit_event.c if c.name != "practice_id")
_SELECT = select(*_COLUMNS).where(audit_event.c.practice_id == _PRACTICE)
_FILTERS: Mapping[str, Any] = {
    "actor_id": audit_event.c.actor_id == bindparam("actor_id", type_=Uuid),
    "resource_type": audit_event.c.resource_type == bindparam("resource_type"),
    "resource_id": audit_event.c.resource_id == bindparam("resource_id", type_=Uuid),
    "after": audit_event.c.occurred_at >= bindparam("after", type_=instant),
    "before": audit_event.c.occurred_at < bindparam("before", type_=instant),
}

_LINKED = and_(
    audit_event.c.practice_id == _PRACTICE,
    audit_event.c.practice_id == audit_link.c.practice_id,
    audit_event.c.id == audit_link.c.event_id,
)
_CHAIN = (
    select(audit_link.c.seq, audit_link.c.event_id, audit_link.c.hash, *_COLUMNS)
    .select_from(audit_link.outerjoin(audit_event, _LINKED))
    .where(audit_link.c.practice_id == _PRACTICE, audit_link.c.seq > bindparam("seq", type_=BigInteger))
    .order_by(audit_link.c.seq)
    .limit(bindparam("take"))
)
_HEAD = select(audit_head.c.seq, audit_head.c.hash).where(audit_head.c.practice_id == _PRACTICE)
_LOOSE = (
    select(audit_event.c.id)
    .where(
        audit_event.c.practice_id == _PRACTICE,
        ~select(audit_link.c.seq)
        .where(audit_link.c.practice_id == _PRACTICE, audit_link.c.event_id == audit_event.c.id)
        .exists(),
    )
    .order_by(audit_event.c.occurred_at, audit_event.c.id)
    .limit(1)
)
_PRACTICES = select(practice.c.id).order_by(practice.c.id)


@lru_cache(maxsize=64)
def _list(filters: frozenset[str], *, started: bool) -> Select[Any]:
    chosen = _SELECT.where(*(_FILTERS[name] for name in sorted(filters)))
    key = audit_event.c.occurred_at
    return keyset.ordered(chosen, key=key, ident=audit_event.c.id, descending=True, started=started)


async def list_events(session: ScopedSession, *, filters: Mapping[str, Any], page: Mapping[str, Any]) -> Sequence[Row]:
    """Return the rows of a page, the newest first; `filters` holds those that apply."""
    statement = _list(frozenset(filters), started="after_id" in page)
    return (await session.run(statement, **filters, **page)).mappings().all()


async def links(session: ScopedSession, *, after: int, at_most: int) -> Sequence[Row]:
    """Return the links of the chain beyond number `after`, each with its entry, nulls where that is missing."""
    return (await session.run(_CHAIN, seq=after, take=at_most)).mappings().all()


async def head(session: ScopedSession) -> Row | None:
    """Return number and hash of the last link as the chain itself remembers it."""
    return (await session.run(_HEAD)).mappings().one_or_none()


async def loose_entry(session: ScopedSession) -> UUID | None:
    """Return an entry that no link holds."""
    found: UUID | None = (await session.run(_LOOSE)).scalar_one_or_none()
    return found


async def practices(session: ScopedSession) -> Sequence[UUID]:
    """Return every practice; `session` runs as app_auth."""
    return (await session.execute(_PRACTICES)).scalars().all()
