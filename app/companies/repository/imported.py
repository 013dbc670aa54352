"""Companies and contacts by the hundred, for imports."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, and_, any_, bindparam, delete, exists

from app.db import bulk
from app.db.scope import ScopedSession
from app.db.tables import company, contact, opportunity

_PRACTICE: Any = bindparam("practice_id", type_=Uuid)
_IDS: Any = bindparam("ids", type_=ARRAY(Uuid))
_INSERT_CONTACTS = bulk.insert_rows(
    contact,
    *("id", "company_id", "name", "name_key", "role", "email", "title", "profile_url", "notes"),
    *("version", "created_at", "updated_at"),
)
_ERASE_CONTACTS = delete(contact).where(contact.c.practice_id == _PRACTICE, contact.c.id == any_(_IDS))
_ERASE_IDLE_COMPANIES = delete(company).where(
    company.c.practice_id == _PRACTICE,
    company.c.id == any_(_IDS),
    *(
        ~exists().where(and_(other.c.practice_id == company.c.practice_id, other.c.company_id == company.c.id))
        for other in (opportunity, contact)
    ),
)


async def insert_contacts(session: ScopedSession, *, rows: Sequence[Mapping[str, Any]]) -> None:
    """Store contacts."""
    await bulk.run(session, _INSERT_CONTACTS, rows)


async def erase_contacts(session: ScopedSession, *, ids: Sequence[UUID]) -> None:
    """Remove contacts; whatever refers to one raises through its foreign key."""
    await session.run(_ERASE_CONTACTS, ids=list(ids))


async def erase_idle_companies(session: ScopedSession, *, ids: Sequence[UUID]) -> None:
    """Remove those of the companies that no opportunity and no contact refers to."""
    await session.run(_ERASE_IDLE_COMPANIES, ids=list(ids))
