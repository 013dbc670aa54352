"""What a draft is made of, in one statement: who writes about what, how it stands, what may be told, who is known.

Whoever asks, only what is shared is read of a timeline: a draft is for eyes outside the practice.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, Text, Uuid, and_, bindparam, func, literal, or_, select

from app.access import visibility
from app.access.visibility import Sight
from app.assessments.repository import HOLDS, STEP_COLUMNS
from app.db.base import instant
from app.db.scope import Row, ScopedSession
from app.db.tables import client, company, contact, ghosting_step, interaction, opportunity, opportunity_contact
from app.db.vocabulary import Visibility

_PRACTICE: Any = bindparam("practice_id", type_=Uuid)
_ID: Any = bindparam("opportunity_id", type_=Uuid)
_AT: Any = bindparam("at", type_=instant)
_step = ghosting_step.c
#: So many of the latest turns are read: a draft looks back, but not to the beginning of the world.
_LATEST = 100
_TOLD = ("id", "kind", "occurred_at", "ends_at", "reply_by", "contact_id", "summary")

_SHARED = (
    select(*(interaction.c[name] for name in _TOLD))
    .where(
        interaction.c.practice_id == _PRACTICE,
        interaction.c.opportunity_id == _ID,
        interaction.c.voided_at.is_(None),
        interaction.c.visibility == Visibility.SHARED.value,
        interaction.c.occurred_at <= _AT,
    )
    .order_by(interaction.c.occurred_at.desc(), interaction.c.id.desc())
    .limit(_LATEST)
    .subquery("shared")
)


def _document(columns: Any, *names: str) -> Any:
    return func.jsonb_build_object(*(part for name in names for part in (literal(name, Text), columns[name])))


_ACTS = select(func.jsonb_agg(_document(_SHARED.c, *_TOLD))).scalar_subquery()


def _people(sight: Sight) -> Any:
    linked = and_(
        opportunity_contact.c.practice_id == contact.c.practice_id,
        opportunity_contact.c.contact_id == contact.c.id,
        opportunity_contact.c.opportunity_id == _ID,
    )
    spoken_to = contact.c.id.in_(select(_SHARED.c.contact_id))
    found = (
        select(contact.c.id, contact.c.name, contact.c.role, opportunity_contact.c.position)
        .outerjoin(opportunity_contact, linked)
        .where(
            contact.c.practice_id == _PRACTICE,
            or_(opportunity_contact.c.contact_id.is_not(None), spoken_to),
            *visibility.contacts(sight, contact.c.id),
        )
        .subquery("people")
    )
    return select(func.jsonb_agg(_document(found.c, "id", "name", "role", "position"))).scalar_subquery()


def _ground(sight: Sight) -> Select[Any]:
    of_client = and_(client.c.practice_id == opportunity.c.practice_id, client.c.id == opportunity.c.client_id)
    of_company = and_(company.c.practice_id == opportunity.c.practice_id, company.c.id == opportunity.c.company_id)
    of_step = and_(_step.practice_id == opportunity.c.practice_id, _step.opportunity_id == opportunity.c.id)
    return (
        select(
            opportunity.c.title,
            client.c.name.label("client_name"),
            client.c.time_zone,
            company.c.name.label("company_name"),
            *STEP_COLUMNS,
            _ACTS.label("acts"),
            _people(sight).label("people"),
        )
        .join(client, of_client)
        .join(company, of_company)
        .join(ghosting_step, of_step)
        .where(
            opportunity.c.practice_id == _PRACTICE,
            opportunity.c.id == _ID,
            opportunity.c.deleted_at.is_(None),
            HOLDS,
            *visibility.clients(sight, opportunity.c.client_id),
        )
    )


_GROUND = visibility.each(_ground)


async def ground(session: ScopedSession, *, opportunity_id: UUID, at: datetime) -> Row | None:
    """Return what a draft on an opportunity can be made of; None: nothing to see.

    `acts` are the latest shared interactions up to the instant, `people` the contacts known; each null without any.
    """
    found = await visibility.run(session, _GROUND, opportunity_id=opportunity_id, at=at)
    return found.mappings().one_or_none()
