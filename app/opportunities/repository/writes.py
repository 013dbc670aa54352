"""What changes an opportunity."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, any_, bindparam, delete, exists, func, insert, select, update

from app.access import visibility
from app.access.visibility import Sight
from app.db.scope import Row, ScopedSession
from app.db.tables import client, company, contact, opportunity, opportunity_contact
from app.opportunities.repository.reads import OWN_COLUMNS, PRACTICE, contact_links

_ID: Any = bindparam("id", type_=Uuid)
_LOCK = visibility.each(
    lambda sight: (
        select(*OWN_COLUMNS, opportunity.c.deleted_at, contact_links(opportunity).label("contact_ids"))
        .where(opportunity.c.practice_id == PRACTICE, opportunity.c.id == _ID)
        .where(*visibility.clients(sight, opportunity.c.client_id))
        .with_for_update(of=opportunity)
    )
)
_INSERT = insert(opportunity)
_LINK = insert(opportunity_contact)
_UNLINK = delete(opportunity_contact).where(
    opportunity_contact.c.practice_id == PRACTICE, opportunity_contact.c.opportunity_id == _ID
)


def _existence(sight: Sight) -> Any:
    a_client = (client.c.practice_id == PRACTICE, client.c.id == bindparam("client_id", type_=Uuid))
    a_company = (company.c.practice_id == PRACTICE, company.c.id == bindparam("company_id", type_=Uuid))
    some = (contact.c.practice_id == PRACTICE, contact.c.id == any_(bindparam("contact_ids", type_=ARRAY(Uuid))))
    contacts = select(contact.c.id).where(*some, *visibility.contacts(sight, contact.c.id))
    return select(
        exists().where(*a_client, *visibility.clients(sight, client.c.id)).label("client"),
        exists().where(*a_company, *visibility.companies(sight, company.c.id)).label("company"),
        func.array(contacts.scalar_subquery(), type_=ARRAY(Uuid)).label("contact_ids"),
    )


_KNOWN = visibility.each(_existence)


@dataclass(frozen=True, slots=True)
class Known:
    """Which of the records that a body names are there."""

    client: bool
    company: bool
    contact_ids: frozenset[UUID]


async def known(
    session: ScopedSession, *, client_id: UUID | None, company_id: UUID | None, contact_ids: Sequence[UUID]
) -> Known:
    """Return which of these records the practice has, as far as the caller may see."""
    parameters = {"client_id": client_id, "company_id": company_id, "contact_ids": list(contact_ids)}
    row = (await visibility.run(session, _KNOWN, **parameters)).one()
    return Known(row.client, row.company, frozenset(row.contact_ids))


async def insert_opportunity(session: ScopedSession, *, values: Mapping[str, Any]) -> None:
    """Store a new opportunity; an id that is taken raises through the primary key."""
    await session.run(_INSERT, **values)


async def replace_contacts(session: ScopedSession, *, opportunity_id: UUID, contact_ids: Sequence[UUID]) -> None:
    """Make `contact_ids`, in this order, the contacts of an opportunity."""
    await session.run(_UNLINK, id=opportunity_id)
    await link_contacts(session, opportunity_id=opportunity_id, contact_ids=contact_ids)


async def link_contacts(session: ScopedSession, *, opportunity_id: UUID, contact_ids: Sequence[UUID]) -> None:
    """Add contacts, in this order, to an opportunity that has none."""
    rows = [{"opportunity_id": opportunity_id, "contact_id": c, "position": n} for n, c in enumerate(contact_ids)]
    await session.run_many(_LINK, rows)


async def lock(session: ScopedSession, *, opportunity_id: UUID) -> Row | None:
    """Return an opportunity, a hidden one too (`deleted_at`), locked until the transaction ends; None without one."""
    return (await visibility.run(session, _LOCK, id=opportunity_id)).mappings().one_or_none()


async def update_opportunity(session: ScopedSession, *, opportunity_id: UUID, values: Mapping[str, Any]) -> None:
    """Change a locked opportunity and count the change in its version."""
    statement = (
        update(opportunity)
        .where(opportunity.c.practice_id == session.scope.practice_id, opportunity.c.id == opportunity_id)
        .values(**values, version=opportunity.c.version + 1)
    )
    await session.change(statement)
