"""Opportunities by the hundred, for imports."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, any_, bindparam, delete

from app.db import bulk
from app.db.scope import ScopedSession
from app.db.tables import opportunity, opportunity_contact

_PRACTICE: Any = bindparam("practice_id", type_=Uuid)
_IDS: Any = bindparam("ids", type_=ARRAY(Uuid))
_INSERT = bulk.insert_rows(
    opportunity,
    *("id", "client_id", "company_id", "title", "title_key", "kind", "source", "url", "location", "requisition_id"),
    *("salary_min", "salary_max", "currency", "version", "created_at", "updated_at"),
)
_LINK = bulk.insert_rows(opportunity_contact, "opportunity_id", "contact_id", "position")
_UNLINK = delete(opportunity_contact).where(
    opportunity_contact.c.practice_id == _PRACTICE, opportunity_contact.c.opportunity_id == any_(_IDS)
)
_ERASE = delete(opportunity).where(opportunity.c.practice_id == _PRACTICE, opportunity.c.id == any_(_IDS))


async def insert_opportunities(
    session: ScopedSession, *, rows: Sequence[Mapping[str, Any]], links: Sequence[Mapping[str, Any]]
) -> None:
    """Store opportunities, then the links to their contacts."""
    await bulk.run(session, _INSERT, rows)
    await bulk.run(session, _LINK, links)


async def erase_opportunities(session: ScopedSession, *, ids: Sequence[UUID]) -> None:
    """Remove opportunities and the links to their contacts; what else refers to one raises through its foreign key."""
    await session.run(_UNLINK, ids=list(ids))
    await session.run(_ERASE, ids=list(ids))
