"""The waits at a company, or with a contact, in the whole practice."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    CompoundSelect,
    Select,
    Uuid,
    and_,
    any_,
    bindparam,
    exists,
    func,
    or_,
    select,
    true,
    union,
)

from app.access import visibility
from app.access.visibility import Sight
from app.db.base import instant
from app.db.scope import Row, ScopedSession
from app.db.tables import audit_event, client, company, contact, interaction, opportunity_contact, silence

_PRACTICE: Any = bindparam("practice_id", type_=Uuid)
_ID: Any = bindparam("id", type_=Uuid)
_IDS: Any = bindparam("ids", type_=ARRAY(Uuid))
_NOW: Any = bindparam("now", type_=instant)
_BEGUN = (silence.c.started_at >= bindparam("since", type_=instant), silence.c.started_at <= _NOW)

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
_WAITS: Select[Any] = (
    select(
        silence.c.client_id,
        silence.c.company_id,
        silence.c.opportunity_id,
        silence.c.seq,
        silence.c.wait,
        silence.c.started_at,
        silence.c.started_on,
        silence.c.promised_on,
        silence.c.ended_at,
        silence.c.ended_on,
        silence.c.ending,
        silence.c.handed_on,
        client.c.time_zone,
    )
    .join(client, and_(client.c.practice_id == silence.c.practice_id, client.c.id == silence.c.client_id))
    .where(silence.c.practice_id == _PRACTICE, client.c.practice_id == _PRACTICE, *_BEGUN)
)
_AT_COMPANY = _WAITS.where(silence.c.company_id == _ID)
_AT_PLACES = _WAITS.where(
    # In sets that are looked up by hash: there may be thousands.
    or_(
        silence.c.company_id.in_(select(func.unnest(_IDS))),
        silence.c.opportunity_id.in_(select(func.unnest(bindparam("opportunity_ids", type_=ARRAY(Uuid))))),
    )
)


def _among(column: ColumnElement[Any], found: Select[Any]) -> ColumnElement[bool]:
    """Return the condition that a column holds what was found, as a key of its index and not as a join (ADR 6)."""
    return column == any_(func.array(found.scalar_subquery(), type_=ARRAY(Uuid)))


def _parts(of: Callable[[Any], ColumnElement[bool]]) -> CompoundSelect[Any]:
    """Return who has part in what: in an opportunity that names them, and in one on whose timeline they appear.

    What does not exist for the caller on a timeline gives nobody part in it.
    """
    named, told = opportunity_contact.c, interaction.c
    return union(
        select(named.contact_id, named.opportunity_id).where(named.practice_id == _PRACTICE, of(named)),
        select(told.contact_id, told.opportunity_id).where(
            told.practice_id == _PRACTICE,
            told.contact_id.is_not(None),
            told.voided_at.is_(None),
            or_(told.occurred_at <= _NOW, told.arranged_at <= _NOW),
            visibility.interactions(told.visibility),
            of(told),
        ),
    )


_OWN = _parts(lambda it: it.contact_id == _ID).subquery("own")
_WITH_CONTACT = _WAITS.where(_among(silence.c.opportunity_id, select(_OWN.c.opportunity_id)))
_HERE = select(silence.c.opportunity_id).where(
    silence.c.practice_id == _PRACTICE, silence.c.company_id == func.any(_IDS), *_BEGUN
)
_NEAR = _parts(lambda it: _among(it.opportunity_id, _HERE)).subquery("near")
_NEIGHBOURS = _parts(lambda it: _among(it.contact_id, select(_NEAR.c.contact_id).distinct()))
_event = audit_event.c
# Whoever has written to a client knows them, whoever coaches them now: nobody makes strangers of their own clients.
_WROTE_TO = exists().where(
    _event.practice_id == _PRACTICE,
    _event.resource_id == client.c.id,
    _event.resource_type == "client",
    _event.actor_id == bindparam("assigned_to", type_=Uuid),
)
_KNOWN = visibility.each(
    lambda sight: select(client.c.id).where(
        client.c.practice_id == _PRACTICE,
        client.c.id == func.any(_IDS),
        or_(and_(true(), *visibility.clients(sight, client.c.id)), _WROTE_TO),
    )
)


@dataclass(frozen=True, slots=True)
class Reader:
    """For whom numbers are put together, also while the session sees the whole practice."""

    sight: Sight
    parameters: Mapping[str, Any]

    @property
    def sees_everybody(self) -> bool:
        """Whether every client of the practice exists for the reader."""
        return self.sight is Sight.EVERYBODY


def reader(session: ScopedSession) -> Reader:
    """Return the caller as a reader: to be asked before the session is widened."""
    return Reader(visibility.sight(session), visibility.parameters(session))


async def company_exists(session: ScopedSession, *, company_id: UUID) -> bool:
    """Say whether there is a company of this id that the caller sees."""
    return (await visibility.run(session, _COMPANY, id=company_id)).first() is not None


async def contact_exists(session: ScopedSession, *, contact_id: UUID) -> bool:
    """Say whether there is a contact of this id that the caller sees."""
    return (await visibility.run(session, _CONTACT, id=contact_id)).first() is not None


async def clients_known(session: ScopedSession, *, to: Reader, ids: Sequence[UUID]) -> frozenset[UUID]:
    """Return those of these clients whom the reader sees, or has had to do with."""
    return frozenset((await session.run(_KNOWN[to.sight], ids=list(ids), **to.parameters)).scalars())


async def at_company(session: ScopedSession, *, company_id: UUID, since: datetime, now: datetime) -> Sequence[Row]:
    """Return the waits at a company that began in a time."""
    return (await session.run(_AT_COMPANY, id=company_id, since=since, now=now)).mappings().all()


async def with_contact(
    session: ScopedSession, *, contact_id: UUID, to: Reader, since: datetime, now: datetime
) -> Sequence[Row]:
    """Return the waits, begun in a time, of the opportunities in which a contact has part as far as the reader sees."""
    found = await session.run(_WITH_CONTACT, id=contact_id, since=since, now=now, **to.parameters)
    return found.mappings().all()


async def neighbours(
    session: ScopedSession, *, company_ids: Sequence[UUID], to: Reader, since: datetime, now: datetime
) -> Sequence[Row]:
    """Return `contact_id` and `opportunity_id` for each part of all contacts who have one where people have waited."""
    found = await session.run(_NEIGHBOURS, ids=list(company_ids), since=since, now=now, **to.parameters)
    return found.mappings().all()


async def at_places(
    session: ScopedSession,
    *,
    company_ids: Sequence[UUID],
    opportunity_ids: Sequence[UUID],
    since: datetime,
    now: datetime,
) -> Sequence[Row]:
    """Return the waits, begun in a time, at companies and of opportunities."""
    places = {"ids": list(company_ids), "opportunity_ids": list(opportunity_ids)}
    return (await session.run(_AT_PLACES, **places, since=since, now=now)).mappings().all()
