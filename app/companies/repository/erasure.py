"""Contacts and companies that only one client's search had brought."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, and_, any_, bindparam, delete, exists, select

from app.companies.repository import imported
from app.db.scope import ScopedSession
from app.db.tables import company, contact, import_row, interaction, opportunity_contact

_PRACTICE: Any = bindparam("practice_id", type_=Uuid)
_IDS: Any = bindparam("ids", type_=ARRAY(Uuid))

# Whoever refers to one of them meanwhile is waited for, and the next statement sees it.
_LOCK_CONTACTS, _LOCK_COMPANIES = (
    select(table.c.id)
    .where(table.c.practice_id == _PRACTICE, table.c.id == any_(_IDS))
    .order_by(table.c.id)
    .with_for_update()
    for table in (contact, company)
)
_ERASE_UNUSED = delete(contact).where(
    contact.c.practice_id == _PRACTICE,
    contact.c.id == any_(_IDS),
    *(
        ~exists().where(and_(other.c.practice_id == contact.c.practice_id, other.c.contact_id == contact.c.id))
        for other in (opportunity_contact, interaction)
    ),
    # Rows of imports are not found by their contact, so all of the practice's are read, once.
    contact.c.id.not_in(
        select(import_row.c.contact_id).where(
            import_row.c.practice_id == _PRACTICE, import_row.c.contact_id.is_not(None)
        )
    ),
)


async def erase_unused_contacts(session: ScopedSession, *, ids: Sequence[UUID]) -> None:
    """Remove those of the contacts that no opportunity, no interaction and no row of an import names."""
    await session.run(_LOCK_CONTACTS, ids=list(ids))
    await session.run(_ERASE_UNUSED, ids=list(ids))


async def erase_idle_companies(session: ScopedSession, *, ids: Sequence[UUID]) -> None:
    """Remove those of the companies that no opportunity and no contact refers to."""
    await session.run(_LOCK_COMPANIES, ids=list(ids))
    await imported.erase_idle_companies(session, ids=ids)
