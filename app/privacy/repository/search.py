"""What is held of a client's search: opportunities, their timelines and statuses, and the people met."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, and_, bindparam, func, or_, select, union

from app.access import visibility
from app.db.base import instant
from app.db.scope import Row, ScopedSession
from app.db.tables import (
    client,
    company,
    contact,
    ghosting_step,
    interaction,
    interaction_revision,
    opportunity,
    opportunity_contact,
)
from app.experience.repository import learnt
from app.privacy.repository.holds import CLIENT, LINKED, NAMED, PRACTICE, THEIRS

_AT: Any = bindparam("at", type_=instant)
_SUMMARY = (
    *("status", "status_since", "status_until", "stage", "outcome"),
    *("wait", "silent_on", "action_kind", "action_due_on"),
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
_HOLDS_NOW = and_(
    ghosting_step.c.practice_id == opportunity.c.practice_id,
    ghosting_step.c.opportunity_id == opportunity.c.id,
    ghosting_step.c.starts_at <= _AT,
    or_(ghosting_step.c.ends_at.is_(None), ghosting_step.c.ends_at > _AT),
)
_OPPORTUNITIES = (
    select(
        *(c for c in opportunity.c if c.name not in {"practice_id", "client_id", "company_id", "title_key"}),
        company.c.id.label("company_id"),
        company.c.name.label("company_name"),
        company.c.domain.label("company_domain"),
        _CONTACT_IDS,
        client.c.time_zone,
        *(ghosting_step.c[name] for name in _SUMMARY),
        ghosting_step.c.rules_version.label("policy_version"),
        opportunity.c.client_id,
        learnt(),
    )
    .join(ghosting_step, _HOLDS_NOW)
    .join(client, and_(client.c.practice_id == opportunity.c.practice_id, client.c.id == opportunity.c.client_id))
    .join(company, and_(company.c.practice_id == opportunity.c.practice_id, company.c.id == opportunity.c.company_id))
    .where(
        opportunity.c.practice_id == PRACTICE,
        ghosting_step.c.practice_id == PRACTICE,
        client.c.practice_id == PRACTICE,
        company.c.practice_id == PRACTICE,
        opportunity.c.client_id == CLIENT,
    )
    .order_by(opportunity.c.created_at, opportunity.c.id)
)
_RUNS = (
    select(
        ghosting_step.c.opportunity_id,
        ghosting_step.c.status,
        ghosting_step.c.status_since,
        ghosting_step.c.status_until,
    )
    .where(
        ghosting_step.c.practice_id == PRACTICE,
        ghosting_step.c.opportunity_id.in_(THEIRS),
        ghosting_step.c.status_since.is_not(None),
    )
    .distinct()
    .order_by(ghosting_step.c.opportunity_id, ghosting_step.c.status_since)
)
_SEEN = (
    interaction.c.practice_id == PRACTICE,
    interaction.c.opportunity_id.in_(THEIRS),
    visibility.interactions(interaction.c.visibility),
)
_INTERACTIONS = (
    select(*(c for c in interaction.c if c.name != "practice_id"))
    .where(*_SEEN)
    .order_by(interaction.c.opportunity_id, interaction.c.occurred_at, interaction.c.id)
)
# What was said while it was for coaches only stays theirs, whatever has become of the interaction since.
_FORMER = (
    select(*(c for c in interaction_revision.c if c.name != "practice_id"))
    .where(
        interaction_revision.c.practice_id == PRACTICE,
        interaction_revision.c.interaction_id.in_(select(interaction.c.id).where(*_SEEN)),
        visibility.interactions(interaction_revision.c.former["visibility"].astext),
    )
    .order_by(interaction_revision.c.interaction_id, interaction_revision.c.version)
)
_PEOPLE = (
    select(*(c for c in contact.c if c.name not in {"practice_id", "name_key"}), company.c.name.label("company_name"))
    .outerjoin(company, and_(company.c.practice_id == contact.c.practice_id, company.c.id == contact.c.company_id))
    .where(contact.c.practice_id == PRACTICE)
    .order_by(contact.c.created_at, contact.c.id)
)
_ALL_CONTACTS = _PEOPLE.where(contact.c.id.in_(union(LINKED, *NAMED)))
_LINKED_CONTACTS = _PEOPLE.where(contact.c.id.in_(LINKED))


async def opportunities(session: ScopedSession, *, client_id: UUID, now: datetime, **known: Any) -> Sequence[Row]:
    """Return the opportunities of a client, hidden ones too, with company, contacts and the step of `now`."""
    return (await session.run(_OPPORTUNITIES, client_id=client_id, at=now, **known)).mappings().all()


async def runs(session: ScopedSession, *, client_id: UUID) -> Sequence[Row]:
    """Return the runs of equal status of each opportunity, in order."""
    return (await session.run(_RUNS, client_id=client_id)).mappings().all()


async def interactions(session: ScopedSession, *, client_id: UUID) -> Sequence[Row]:
    """Return the interactions of a client that exist for the caller, void ones too."""
    found = await session.run(_INTERACTIONS, client_id=client_id, **visibility.parameters(session))
    return found.mappings().all()


async def former(session: ScopedSession, *, client_id: UUID) -> Sequence[Row]:
    """Return what these interactions said before, as far as it was for the caller then."""
    return (await session.run(_FORMER, client_id=client_id, **visibility.parameters(session))).mappings().all()


async def contacts(session: ScopedSession, *, client_id: UUID, linked_only: bool) -> Sequence[Row]:
    """Return the contacts on a client's opportunities and, unless `linked_only`, those named elsewhere."""
    statement = _LINKED_CONTACTS if linked_only else _ALL_CONTACTS
    return (await session.run(statement, client_id=client_id)).mappings().all()
