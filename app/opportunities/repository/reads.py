"""What is read of an opportunity: its own columns, what hangs on it, and the step that holds."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, FromClause, Select, Uuid, and_, bindparam, func, or_, select
from sqlalchemy.engine import RowMapping

from app.access import visibility
from app.db.base import instant
from app.db.scope import ScopedSession
from app.db.tables import client, company, ghosting_step, interaction, opportunity, opportunity_contact
from app.experience.repository import learnt

PRACTICE: Any = bindparam("practice_id", type_=Uuid)
#: The instant of the assessment, and that of the stage, the outcome and the last activity: the same unless asked for.
AT: Any = bindparam("at", type_=instant)
NOW: Any = bindparam("now", type_=instant)

#: The step of the assessment, and the one of the present stage and outcome where that is another.
SHOWN = ghosting_step
CURRENT = ghosting_step.alias("current_step")

CONTACT_IDS = func.array(
    select(opportunity_contact.c.contact_id)
    .where(
        opportunity_contact.c.practice_id == opportunity.c.practice_id,
        opportunity_contact.c.opportunity_id == opportunity.c.id,
    )
    .order_by(opportunity_contact.c.position)
    .scalar_subquery(),
    type_=ARRAY(Uuid),
).label("contact_ids")
LAST_ACTIVITY = (
    select(func.max(interaction.c.occurred_at))
    .where(
        interaction.c.practice_id == opportunity.c.practice_id,
        interaction.c.opportunity_id == opportunity.c.id,
        interaction.c.occurred_at <= NOW,
        interaction.c.voided_at.is_(None),
        visibility.interactions(interaction.c.visibility),
    )
    .scalar_subquery()
)
_SUMMARY = (
    *("status", "status_since", "status_until", "stage", "outcome"),
    *("wait", "silent_on", "action_kind", "action_due_on"),
)
OWN_COLUMNS = tuple(c for c in opportunity.c if c.name not in {"practice_id", "title_key", "deleted_at"})


def spans(step: Any, at: Any) -> Any:
    """Return the condition that `step` holds at an instant."""
    return and_(step.c.starts_at <= at, or_(step.c.ends_at.is_(None), step.c.ends_at > at))


def holds(step: Any, at: Any) -> Any:
    """Return the condition that `step` is the one of the opportunity at an instant."""
    return and_(
        step.c.practice_id == opportunity.c.practice_id,
        step.c.opportunity_id == opportunity.c.id,
        step.c.practice_id == PRACTICE,
        spans(step, at),
    )


def selected(source: FromClause, *, current: Any) -> Select[Any]:
    """Return the statement of whole answers: `source` holds the opportunities, `current` is SHOWN or CURRENT."""
    joined = (
        source.join(SHOWN, holds(SHOWN, AT))
        .join(client, and_(client.c.practice_id == opportunity.c.practice_id, client.c.id == opportunity.c.client_id))
        .join(
            company, and_(company.c.practice_id == opportunity.c.practice_id, company.c.id == opportunity.c.company_id)
        )
    )
    if current is not SHOWN:
        joined = joined.join(current, holds(current, NOW))
    return (
        select(
            *OWN_COLUMNS,
            CONTACT_IDS,
            LAST_ACTIVITY.label("last_activity_at"),
            company.c.name.label("company_name"),
            client.c.time_zone,
            *(SHOWN.c[name] for name in _SUMMARY),
            current.c.stage.label("stage_now"),
            current.c.outcome.label("outcome_now"),
            learnt(),
        )
        .select_from(joined)
        .where(
            opportunity.c.practice_id == PRACTICE,
            client.c.practice_id == PRACTICE,
            company.c.practice_id == PRACTICE,
            opportunity.c.deleted_at.is_(None),
        )
    )


_SELECT = selected(opportunity, current=SHOWN).where(opportunity.c.id == bindparam("id", type_=Uuid))
_FIND = visibility.each(lambda sight: _SELECT.where(*visibility.clients(sight, opportunity.c.client_id)))


async def find(session: ScopedSession, *, opportunity_id: UUID, now: datetime, **known: Any) -> RowMapping | None:
    """Return an opportunity with its step of `now`; None when it is hidden or there is none that the caller sees."""
    return (await visibility.run(session, _FIND, id=opportunity_id, at=now, now=now, **known)).mappings().one_or_none()
