"""What has come of the records that an import made."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, and_, any_, bindparam, exists, func, not_, or_, select

from app.db.scope import ScopedSession
from app.db.tables import (
    action_decision,
    activity_opportunity,
    company,
    contact,
    interaction,
    next_action,
    opportunity,
    opportunity_contact,
    win,
)
from app.db.vocabulary import RecorderType

_PRACTICE: Any = bindparam("practice_id", type_=Uuid)
_IMPORT: Any = bindparam("import_id", type_=Uuid)
_MADE: Any = bindparam("opportunity_ids", type_=ARRAY(Uuid))
_TOUCHED: Any = bindparam("touched_ids", type_=ARRAY(Uuid))
_CONTACTS: Any = bindparam("contact_ids", type_=ARRAY(Uuid))
_COMPANIES: Any = bindparam("company_ids", type_=ARRAY(Uuid))

_OURS = and_(interaction.c.recorded_by_type == RecorderType.IMPORT, interaction.c.recorded_by_id == _IMPORT)
_INTERACTIONS = select(interaction.c.id).where(
    interaction.c.practice_id == _PRACTICE, interaction.c.opportunity_id == any_(_TOUCHED), _OURS
)
_UNTOUCHED_INTERACTIONS = select(func.count()).where(
    interaction.c.practice_id == _PRACTICE,
    interaction.c.opportunity_id == any_(_TOUCHED),
    _OURS,
    interaction.c.version == 1,
    interaction.c.voided_at.is_(None),
)
_UNTOUCHED_OPPORTUNITIES = select(func.count()).where(
    opportunity.c.practice_id == _PRACTICE,
    opportunity.c.id == any_(_MADE),
    opportunity.c.version == 1,
    opportunity.c.deleted_at.is_(None),
)
_UNTOUCHED_CONTACTS = select(func.count()).where(
    contact.c.practice_id == _PRACTICE, contact.c.id == any_(_CONTACTS), contact.c.version == 1
)
_ADDED_BY_OTHERS = exists().where(
    interaction.c.practice_id == _PRACTICE, interaction.c.opportunity_id == any_(_MADE), not_(_OURS)
)
_CONTACTS_IN_USE = or_(
    exists().where(
        opportunity_contact.c.practice_id == _PRACTICE,
        opportunity_contact.c.contact_id == any_(_CONTACTS),
        not_(opportunity_contact.c.opportunity_id == any_(_MADE)),
    ),
    exists().where(interaction.c.practice_id == _PRACTICE, interaction.c.contact_id == any_(_CONTACTS), not_(_OURS)),
)
_COMPANIES_EDITED = exists().where(
    company.c.practice_id == _PRACTICE, company.c.id == any_(_COMPANIES), company.c.version > 1
)
_GUIDED = or_(
    *(
        exists().where(table.c.practice_id == _PRACTICE, table.c.opportunity_id == any_(_MADE))
        for table in (next_action, action_decision, win, activity_opportunity)
    )
)
_TRACES = select(
    _UNTOUCHED_OPPORTUNITIES.scalar_subquery().label("opportunities"),
    _UNTOUCHED_INTERACTIONS.scalar_subquery().label("interactions"),
    _UNTOUCHED_CONTACTS.scalar_subquery().label("contacts"),
    _ADDED_BY_OTHERS.label("added"),
    _GUIDED.label("guided"),
    _CONTACTS_IN_USE.label("contacts_in_use"),
    _COMPANIES_EDITED.label("companies_edited"),
)


@dataclass(frozen=True, slots=True)
class Traces:
    """How many of the records are as the import made them, and whether others have built on them."""

    opportunities: int
    interactions: int
    contacts: int
    added: bool
    guided: bool
    contacts_in_use: bool
    companies_edited: bool


async def look(
    session: ScopedSession,
    *,
    import_id: UUID,
    opportunity_ids: Sequence[UUID],
    touched_ids: Sequence[UUID],
    contact_ids: Sequence[UUID],
    company_ids: Sequence[UUID],
) -> Traces:
    """Return the traces of an import that made these records; `touched_ids`: where it added interactions."""
    row = await session.run(
        _TRACES,
        import_id=import_id,
        opportunity_ids=list(opportunity_ids),
        touched_ids=list(touched_ids),
        contact_ids=list(contact_ids),
        company_ids=list(company_ids),
    )
    return Traces(**row.mappings().one())


async def interactions(session: ScopedSession, *, import_id: UUID, touched_ids: Sequence[UUID]) -> Sequence[UUID]:
    """Return the ids of the interactions that an import added to these opportunities."""
    return (await session.run(_INTERACTIONS, import_id=import_id, touched_ids=list(touched_ids))).scalars().all()
