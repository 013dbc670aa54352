"""Whether a caller still sees what they once saw."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, ColumnElement, Select, Uuid, any_, bindparam, select, union_all

from app.access import visibility
from app.access.visibility import Sight
from app.db.scope import ScopedSession
from app.db.tables import client, import_file, interaction, opportunity

_PRACTICE: Any = bindparam("practice_id", type_=Uuid)
_IDS: Any = bindparam("ids", type_=ARRAY(Uuid))


def _visible(sight: Sight) -> Select[Any]:
    def of(id_: ColumnElement[UUID], client_id: ColumnElement[UUID], practice: ColumnElement[UUID]) -> Select[Any]:
        return select(id_).where(practice == _PRACTICE, id_ == any_(_IDS), *visibility.clients(sight, client_id))

    timelines = interaction.join(
        opportunity,
        (opportunity.c.practice_id == interaction.c.practice_id) & (opportunity.c.id == interaction.c.opportunity_id),
    )
    entries = of(interaction.c.id, opportunity.c.client_id, interaction.c.practice_id).select_from(timelines)
    found = union_all(
        of(client.c.id, client.c.id, client.c.practice_id),
        of(opportunity.c.id, opportunity.c.client_id, opportunity.c.practice_id),
        of(import_file.c.id, import_file.c.client_id, import_file.c.practice_id),
        entries.where(opportunity.c.practice_id == _PRACTICE, visibility.interactions(interaction.c.visibility)),
    )
    return select(found.subquery("visible").c.id)


_VISIBLE = visibility.each(_visible)


async def are_hidden(session: ScopedSession, *, ids: Collection[UUID]) -> bool:
    """Say whether any of these records is there and the caller does not see it; deleted ones count as seen."""
    if visibility.sight(session) is Sight.EVERYBODY and session.scope.actor in visibility.COACHES:
        return False
    seen = await _those(session, ids)
    async with session.as_system():
        return not await _those(session, ids) <= seen


async def _those(session: ScopedSession, ids: Collection[UUID]) -> set[UUID]:
    return set((await visibility.run(session, _VISIBLE, ids=list(ids))).scalars())
