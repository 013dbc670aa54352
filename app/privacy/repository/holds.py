"""Which records hang on a client, and keeping them still.

Lock order: the client's imports, the client, the opportunities by id, then contacts and companies: the order in which
everybody else takes them (a commit of an import locks its file first).
"""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, any_, bindparam, select, union

from app.access import visibility
from app.db.scope import Row, ScopedSession
from app.db.tables import (
    client,
    company,
    contact,
    import_file,
    import_row,
    interaction,
    opportunity,
    opportunity_contact,
)

PRACTICE: Any = bindparam("practice_id", type_=Uuid)
CLIENT: Any = bindparam("client_id", type_=Uuid)

#: The opportunities of the client, hidden ones too.
THEIRS = select(opportunity.c.id).where(opportunity.c.practice_id == PRACTICE, opportunity.c.client_id == CLIENT)
#: The contacts on these opportunities.
LINKED = select(opportunity_contact.c.contact_id).where(
    opportunity_contact.c.practice_id == PRACTICE, opportunity_contact.c.opportunity_id.in_(THEIRS)
)
#: The contacts that their interactions and the rows of their imports name.
NAMED = (
    select(interaction.c.contact_id).where(
        interaction.c.practice_id == PRACTICE,
        interaction.c.opportunity_id.in_(THEIRS),
        interaction.c.contact_id.is_not(None),
    ),
    select(import_row.c.contact_id).where(
        import_row.c.practice_id == PRACTICE,
        import_row.c.contact_id.is_not(None),
        import_row.c.import_id.in_(
            select(import_file.c.id).where(import_file.c.practice_id == PRACTICE, import_file.c.client_id == CLIENT)
        ),
    ),
)

_HOLD_IMPORTS = (
    select(import_file.c.id)
    .where(import_file.c.practice_id == PRACTICE, import_file.c.client_id == CLIENT)
    .order_by(import_file.c.id)
    .with_for_update()
)
_CLIENT = visibility.each(
    lambda sight: select(client.c.id, client.c.version).where(
        client.c.practice_id == PRACTICE, client.c.id == CLIENT, *visibility.clients(sight, client.c.id)
    )
)
_TAKE_CLIENT = visibility.each(lambda sight: _CLIENT[sight].with_for_update(of=client))
# Strong enough to hold back a new opportunity, which takes the client's calendar before it is committed.
_STILL_CLIENT = visibility.each(lambda sight: _CLIENT[sight].with_for_update(of=client, key_share=True))
_OPPORTUNITIES = THEIRS.order_by(opportunity.c.id)
_TAKE_OPPORTUNITIES = _OPPORTUNITIES.with_for_update()
_STILL_OPPORTUNITIES = _OPPORTUNITIES.with_for_update(read=True)
_CONTACT_IDS = union(LINKED, *NAMED)
_COMPANY_IDS = union(
    select(opportunity.c.company_id).where(opportunity.c.practice_id == PRACTICE, opportunity.c.client_id == CLIENT),
    select(contact.c.company_id).where(
        contact.c.practice_id == PRACTICE,
        contact.c.id == any_(bindparam("contact_ids", type_=ARRAY(Uuid))),
        contact.c.company_id.is_not(None),
    ),
)

_OUTSIDERS = union(
    *(
        select(table.c.id).where(
            table.c.practice_id == PRACTICE, table.c.id == any_(bindparam("ids", type_=ARRAY(Uuid)))
        )
        for table in (contact, company)
    )
)


async def still(session: ScopedSession, *, client_id: UUID) -> bool:
    """Keep a client's records from changing until the transaction ends; return whether the caller sees the client."""
    found = (await visibility.run(session, _STILL_CLIENT, client_id=client_id)).first()
    if found is not None:
        await session.run(_STILL_OPPORTUNITIES, client_id=client_id)
    return found is not None


async def take(session: ScopedSession, *, client_id: UUID) -> Row | None:
    """Lock a client (`version`) and their imports, so that nothing can be added; None unless the caller sees them."""
    await session.run(_HOLD_IMPORTS, client_id=client_id)
    return (await visibility.run(session, _TAKE_CLIENT, client_id=client_id)).mappings().one_or_none()


async def take_opportunities(session: ScopedSession, *, client_id: UUID) -> Sequence[UUID]:
    """Lock the opportunities of a locked client and return their ids."""
    return (await session.run(_TAKE_OPPORTUNITIES, client_id=client_id)).scalars().all()


async def contact_ids(session: ScopedSession, *, client_id: UUID) -> Sequence[UUID]:
    """Return the contacts that anything of a client's refers to."""
    return (await session.run(_CONTACT_IDS, client_id=client_id)).scalars().all()


async def company_ids(session: ScopedSession, *, client_id: UUID, contact_ids: Sequence[UUID]) -> Sequence[UUID]:
    """Return the companies of a client's opportunities and of these contacts."""
    found = await session.run(_COMPANY_IDS, client_id=client_id, contact_ids=list(contact_ids))
    return found.scalars().all()


async def outsiders(session: ScopedSession, *, ids: Collection[UUID]) -> set[UUID]:
    """Return those of the ids that are contacts and companies of the practice."""
    return set((await session.run(_OUTSIDERS, ids=list(ids))).scalars())
