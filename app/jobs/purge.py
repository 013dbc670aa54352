"""After the time for a restore: an opportunity and everything that hangs on it, erased."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Uuid, bindparam, delete, select, update

from app.db import ledger, queue
from app.db.ledger import Doer
from app.db.scope import ScopedSession
from app.db.tables import (
    ghosting_step,
    import_row,
    interaction,
    interaction_revision,
    opportunity,
    opportunity_contact,
)
from app.db.vocabulary import ActorType
from app.opportunities.service.removal import RESTORABLE

_PRACTICE: Any = bindparam("practice_id", type_=Uuid)
_ID: Any = bindparam("opportunity_id", type_=Uuid)
_LOCK = (
    select(opportunity.c.deleted_at)
    .where(opportunity.c.practice_id == _PRACTICE, opportunity.c.id == _ID)
    .with_for_update()
)
_INTERACTIONS = select(interaction.c.id).where(
    interaction.c.practice_id == _PRACTICE, interaction.c.opportunity_id == _ID
)
# Erasing is the one act that crosses the tables of several rooms, children first.
_ERASE = (
    delete(interaction_revision).where(
        interaction_revision.c.practice_id == _PRACTICE, interaction_revision.c.interaction_id.in_(_INTERACTIONS)
    ),
    delete(interaction).where(interaction.c.practice_id == _PRACTICE, interaction.c.opportunity_id == _ID),
    delete(ghosting_step).where(ghosting_step.c.practice_id == _PRACTICE, ghosting_step.c.opportunity_id == _ID),
    delete(opportunity_contact).where(
        opportunity_contact.c.practice_id == _PRACTICE, opportunity_contact.c.opportunity_id == _ID
    ),
    update(import_row)
    .where(import_row.c.practice_id == _PRACTICE, import_row.c.opportunity_id == _ID)
    .values(opportunity_id=None),
    delete(opportunity).where(opportunity.c.practice_id == _PRACTICE, opportunity.c.id == _ID),
)


async def run(session: ScopedSession, *, now: datetime, opportunity_id: UUID) -> int:
    """Erase an opportunity that was hidden long enough ago; return 1, or 0 when there is nothing to erase."""
    hidden_at = (await session.run(_LOCK, opportunity_id=opportunity_id)).scalar_one_or_none()
    if hidden_at is None:
        return 0  # restored, or gone
    remaining = hidden_at + RESTORABLE - now
    if remaining > timedelta(0):
        # Restored and hidden once more, or this clock is behind the one that stamped it.
        await queue.enqueue(session, "purge", after=remaining, opportunity_id=opportunity_id)
        return 0
    for statement in _ERASE:
        await session.run(statement, opportunity_id=opportunity_id)
    await ledger.record(
        session,
        by=Doer(ActorType.SYSTEM, None),
        now=now,
        action="opportunity.erase",
        resource_type="opportunity",
        resource_id=opportunity_id,
    )
    return 1
