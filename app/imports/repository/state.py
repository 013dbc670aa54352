"""What is there before an import: the client's opportunities, their timelines, and people of the same names."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Text, Uuid, and_, any_, bindparam, case, func, or_, select

from app.access import visibility
from app.db.scope import Row, ScopedSession
from app.db.tables import client, company, contact, interaction, opportunity, opportunity_contact

_PRACTICE: Any = bindparam("practice_id", type_=Uuid)
_CLIENT: Any = bindparam("client_id", type_=Uuid)

_FIND_CLIENT = visibility.each(
    lambda sight: select(client.c.id, client.c.time_zone).where(
        client.c.practice_id == _PRACTICE, client.c.id == _CLIENT, *visibility.clients(sight, client.c.id)
    )
)
# Two imports for one client wait for each other; whoever merely refers to the client need not.
_HOLD_CLIENT = visibility.each(lambda sight: _FIND_CLIENT[sight].with_for_update(key_share=True))
_HOLD_OPPORTUNITIES = (
    select(opportunity.c.id)
    .where(opportunity.c.practice_id == _PRACTICE, opportunity.c.client_id == _CLIENT)
    .order_by(opportunity.c.id)
    .with_for_update()
)
_CONTACT_IDS = func.array(
    select(opportunity_contact.c.contact_id)
    .where(
        opportunity_contact.c.practice_id == opportunity.c.practice_id,
        opportunity_contact.c.opportunity_id == opportunity.c.id,
    )
    .order_by(opportunity_contact.c.position)
    .scalar_subquery(),
    type_=ARRAY(Uuid),
).label("contact_ids")
_OPPORTUNITIES = (
    select(
        opportunity.c.id,
        company.c.name_key.label("company_key"),
        opportunity.c.title_key,
        opportunity.c.url,
        opportunity.c.requisition_id,
        _CONTACT_IDS,
    )
    .join(company, and_(company.c.practice_id == opportunity.c.practice_id, company.c.id == opportunity.c.company_id))
    .where(
        opportunity.c.practice_id == _PRACTICE,
        company.c.practice_id == _PRACTICE,
        opportunity.c.client_id == _CLIENT,
        opportunity.c.deleted_at.is_(None),
    )
    .order_by(opportunity.c.created_at, opportunity.c.id)
)
# Void ones too: what somebody took back, the same file does not bring back.
_INTERACTIONS = (
    select(
        interaction.c.opportunity_id,
        interaction.c.kind,
        interaction.c.occurred_at,
        interaction.c.stage,
        case(
            (
                interaction.c.kind == "note",
                func.encode(func.sha256(func.convert_to(interaction.c.summary, "UTF8")), "hex"),
            )
        ).label("digest"),
    )
    .join(
        opportunity,
        and_(opportunity.c.practice_id == interaction.c.practice_id, opportunity.c.id == interaction.c.opportunity_id),
    )
    .where(
        interaction.c.practice_id == _PRACTICE,
        opportunity.c.practice_id == _PRACTICE,
        opportunity.c.client_id == _CLIENT,
        opportunity.c.deleted_at.is_(None),
    )
)
_CONTACTS = (
    select(
        contact.c.id,
        contact.c.name_key,
        contact.c.email,
        contact.c.profile_url,
        company.c.name_key.label("company_key"),
    )
    .outerjoin(company, and_(company.c.practice_id == contact.c.practice_id, company.c.id == contact.c.company_id))
    .where(
        contact.c.practice_id == _PRACTICE,
        or_(
            contact.c.name_key == any_(bindparam("name_keys", type_=ARRAY(Text))),
            contact.c.profile_url == any_(bindparam("urls", type_=ARRAY(Text))),
        ),
    )
    .order_by(contact.c.created_at, contact.c.id)
)


async def find_client(session: ScopedSession, *, client_id: UUID) -> Row | None:
    """Return the id and the zone of a client, or None when there is none that the caller sees."""
    return (await visibility.run(session, _FIND_CLIENT, client_id=client_id)).mappings().one_or_none()


async def hold_client(session: ScopedSession, *, client_id: UUID) -> Row | None:
    """Return a client as `find_client` does, kept from other imports until the transaction ends."""
    return (await visibility.run(session, _HOLD_CLIENT, client_id=client_id)).mappings().one_or_none()


async def hold_opportunities(session: ScopedSession, *, client_id: UUID) -> None:
    """Keep the timelines of a client from changing until the transaction ends."""
    await session.run(_HOLD_OPPORTUNITIES, client_id=client_id)


async def opportunities(session: ScopedSession, *, client_id: UUID) -> Sequence[Row]:
    """Return what opportunities of a client are matched by, the oldest first."""
    return (await session.run(_OPPORTUNITIES, client_id=client_id)).mappings().all()


async def interactions(session: ScopedSession, *, client_id: UUID) -> Sequence[Row]:
    """Return what interactions of a client are matched by; the text of a note as its digest."""
    return (await session.run(_INTERACTIONS, client_id=client_id)).mappings().all()


async def contacts(session: ScopedSession, *, name_keys: Sequence[str], urls: Sequence[str]) -> Sequence[Row]:
    """Return the contacts of the practice with one of these names or profiles, the oldest first."""
    return (await session.run(_CONTACTS, name_keys=list(name_keys), urls=list(urls))).mappings().all()
