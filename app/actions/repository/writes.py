"""What sets, changes and decides about actions."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import Uuid, bindparam, delete, exists, insert, or_, select, update

from app.access import visibility
from app.access.visibility import Sight
from app.actions.repository.reads import PRACTICE
from app.db.scope import Row, ScopedSession
from app.db.tables import action_decision, client, ghosting_step, next_action, opportunity

_ID: Any = bindparam("id", type_=Uuid)
_CLIENT: Any = bindparam("client_id", type_=Uuid)
_OPPORTUNITY: Any = bindparam("opportunity_id", type_=Uuid)

_INSERT = insert(next_action)
_DECIDE = insert(action_decision)
_DELETE = delete(next_action).where(next_action.c.practice_id == PRACTICE, next_action.c.id == _ID)
_LOCK_OPPORTUNITY = visibility.each(
    lambda sight: (
        select(opportunity.c.id)
        .where(opportunity.c.practice_id == PRACTICE, opportunity.c.id == _ID)
        .where(*visibility.clients(sight, opportunity.c.client_id))
        .with_for_update()
    )
)
_LOCK = visibility.each(
    lambda sight: (
        select(next_action.c.id)
        .where(next_action.c.practice_id == PRACTICE, next_action.c.id == _ID)
        .where(*visibility.clients(sight, next_action.c.client_id))
        .with_for_update()
    )
)
_ADVISED = select(
    or_(
        exists().where(ghosting_step.c.practice_id == PRACTICE, ghosting_step.c.action_id == _ID),
        exists().where(action_decision.c.practice_id == PRACTICE, action_decision.c.id == _ID),
    )
)
_OF_CLIENT = select(opportunity.c.id).where(opportunity.c.practice_id == PRACTICE, opportunity.c.client_id == _CLIENT)
_ERASE_CLIENT = (
    delete(next_action).where(next_action.c.practice_id == PRACTICE, next_action.c.client_id == _CLIENT),
    delete(action_decision).where(
        action_decision.c.practice_id == PRACTICE, action_decision.c.opportunity_id.in_(_OF_CLIENT)
    ),
)
_ERASE_OPPORTUNITY = (
    delete(next_action).where(next_action.c.practice_id == PRACTICE, next_action.c.opportunity_id == _OPPORTUNITY),
    delete(action_decision).where(
        action_decision.c.practice_id == PRACTICE, action_decision.c.opportunity_id == _OPPORTUNITY
    ),
)


def _existence(sight: Sight) -> Any:
    a_client = (client.c.practice_id == PRACTICE, client.c.id == _CLIENT)
    theirs = (opportunity.c.practice_id == PRACTICE, opportunity.c.id == _OPPORTUNITY)
    there = (opportunity.c.client_id == _CLIENT, opportunity.c.deleted_at.is_(None))
    return select(
        exists().where(*a_client, *visibility.clients(sight, client.c.id)).label("client"),
        exists().where(*theirs, *there, *visibility.clients(sight, opportunity.c.client_id)).label("opportunity"),
    )


_KNOWN = visibility.each(_existence)


async def known(session: ScopedSession, *, client_id: UUID, opportunity_id: UUID | None) -> Row:
    """Return whether the caller sees this `client`, and this `opportunity` of theirs."""
    found = await visibility.run(session, _KNOWN, client_id=client_id, opportunity_id=opportunity_id)
    return found.mappings().one()


async def lock_opportunity(session: ScopedSession, *, opportunity_id: UUID) -> None:
    """Lock an opportunity of the caller's until the transaction ends."""
    await visibility.run(session, _LOCK_OPPORTUNITY, id=opportunity_id)


async def lock(session: ScopedSession, *, action_id: UUID) -> None:
    """Lock an action set by hand until the transaction ends, if it is one."""
    await visibility.run(session, _LOCK, id=action_id)


async def is_advised(session: ScopedSession, *, action_id: UUID) -> bool:
    """Say whether an id is that of advice, of now or another time, or of some that was decided about."""
    async with session.as_system():
        found: bool = (await session.run(_ADVISED, id=action_id)).scalar_one()
    return found


async def insert_action(session: ScopedSession, *, values: Mapping[str, Any]) -> None:
    """Store a new action; an id that is taken raises through the primary key."""
    await session.run(_INSERT, **values)


async def update_action(session: ScopedSession, *, action_id: UUID, values: Mapping[str, Any]) -> None:
    """Change a locked action and count the change in its version."""
    statement = (
        update(next_action)
        .where(next_action.c.practice_id == session.scope.practice_id, next_action.c.id == action_id)
        .values(**values, version=next_action.c.version + 1)
    )
    await session.change(statement)


async def insert_decision(session: ScopedSession, *, values: Mapping[str, Any]) -> None:
    """Store the first decision about a computed action, whose opportunity is locked."""
    await session.run(_DECIDE, **values)


async def update_decision(session: ScopedSession, *, action_id: UUID, values: Mapping[str, Any]) -> None:
    """Decide anew about a computed action and count the change in its version."""
    statement = (
        update(action_decision)
        .where(action_decision.c.practice_id == session.scope.practice_id, action_decision.c.id == action_id)
        .values(**values, version=action_decision.c.version + 1)
    )
    await session.change(statement)


async def remove(session: ScopedSession, *, action_id: UUID) -> None:
    """Remove a locked action."""
    await session.change(_DELETE, {"practice_id": session.scope.practice_id, "id": action_id})


async def erase_of_client(session: ScopedSession, *, client_id: UUID) -> None:
    """Remove every action of a client, and every decision."""
    for statement in _ERASE_CLIENT:
        await session.run(statement, client_id=client_id)


async def erase_of_opportunity(session: ScopedSession, *, opportunity_id: UUID) -> None:
    """Remove every action on an opportunity, and every decision."""
    for statement in _ERASE_OPPORTUNITY:
        await session.run(statement, opportunity_id=opportunity_id)
