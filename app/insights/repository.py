"""The waits at a company, or with a contact, in the whole practice."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Select, Uuid, and_, bindparam, func, or_, select, union

from app.access import visibility
from app.access.visibility import Sight
from app.db.base import instant
from app.db.scope import Row, ScopedSession
from app.db.tables import client, company, contact, interaction, opportunity_contact, silence

_PRACTICE: Any = bindparam("practice_id", type_=Uuid)
_ID: Any = bindparam("id", type_=Uuid)
_IDS: Any = bindparam("ids", type_=ARRAY(Uuid))
_NOW: Any = bindparam("now", type_=instant)

_COMPANY = visibility.each(
    lambda sight: select(company.c.id).where(
        company.c.practice_id == _PRACTICE, company.c.id == _ID, *visibility.companies(sight, company.c.id)
    )
)
_CONTACT = visibility.each(
    lambda sight: select(contact.c.id).where(
        contact.c.practice_id == _PRACTICE, contact.c.id == _ID, *visibility.contacts(sight, contact.c.id)
    )
)
_SEEN = visibility.each(
    lambda sight: select(client.c.id).where(
        client.c.practice_id == _PRACTICE, client.c.id == func.any(_IDS), *visibility.clients(sight, client.c.id)
    )
)
_WAITS: Select[Any] = (
    select(
        silence.c.client_id,
        silence.c.company_id,
        silence.c.opportunity_id,
        silence.c.wait,
        silence.c.started_at,
        silence.c.started_on,
        silence.c.promised_on,
        silence.c.ended_at,
        silence.c.ended_on,
        silence.c.ending,
        client.c.time_zone,
    )
    .join(client, and_(client.c.practice_id == silence.c.practice_id, client.c.id == silence.c.client_id))
    .where(
        silence.c.practice_id == _PRACTICE,
        client.c.practice_id == _PRACTICE,
        silence.c.started_at >= bindparam("since", type_=instant),
        silence.c.started_at <= _NOW,
    )
)
_AT_COMPANIES = _WAITS.where(silence.c.company_id == func.any(_IDS))
# A contact has part in an opportunity that names them, and in one on whose timeline they appear.
_PARTS = union(
    select(opportunity_contact.c.opportunity_id).where(
        opportunity_contact.c.practice_id == _PRACTICE, opportunity_contact.c.contact_id == _ID
    ),
    select(interaction.c.opportunity_id).where(
        interaction.c.practice_id == _PRACTICE,
        interaction.c.contact_id == _ID,
        interaction.c.voided_at.is_(None),
        or_(interaction.c.occurred_at <= _NOW, interaction.c.arranged_at <= _NOW),
    ),
)
_WITH_CONTACT = _WAITS.where(silence.c.opportunity_id.in_(_PARTS))


def sees_everybody(session: ScopedSession) -> bool:
    """Whether every client of the practice exists for the caller."""
    return visibility.sight(session) is Sight.EVERYBODY


async def company_exists(session: ScopedSession, *, company_id: UUID) -> bool:
    """Say whether there is a company of this id that the caller sees."""
    return (await visibility.run(session, _COMPANY, id=company_id)).first() is not None


async def contact_exists(session: ScopedSession, *, contact_id: UUID) -> bool:
    """Say whether there is a contact of this id that the caller sees."""
    return (await visibility.run(session, _CONTACT, id=contact_id)).first() is not None


async def clients_seen(session: ScopedSession, *, ids: Sequence[UUID]) -> frozenset[UUID]:
    """Return those of these clients whom the caller sees."""
    return frozenset((await visibility.run(session, _SEEN, ids=list(ids))).scalars())


async def at_companies(
    session: ScopedSession, *, company_ids: Sequence[UUID], since: datetime, now: datetime
) -> Sequence[Row]:
    """Return the waits at some companies that began in a time."""
    return (await session.run(_AT_COMPANIES, ids=list(company_ids), since=since, now=now)).mappings().all()


async def with_contact(session: ScopedSession, *, contact_id: UUID, since: datetime, now: datetime) -> Sequence[Row]:
    """Return the waits, begun in a time, of the opportunities in which a contact has part."""
    return (await session.run(_WITH_CONTACT, id=contact_id, since=since, now=now)).mappings().all()
