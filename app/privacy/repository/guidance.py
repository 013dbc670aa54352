"""What is held of a client beside the search itself: what to do, what went well, what was learned."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, func, select

from app.access import visibility
from app.db.scope import Row, ScopedSession
from app.db.tables import (
    action_decision,
    activity_opportunity,
    derived_win,
    development_activity,
    interaction,
    next_action,
    win,
)
from app.privacy.repository.holds import CLIENT, PRACTICE, THEIRS

_ACTIONS = (
    select(*(c for c in next_action.c if c.name not in {"practice_id", "client_id"}))
    .where(next_action.c.practice_id == PRACTICE, next_action.c.client_id == CLIENT)
    .order_by(next_action.c.created_at, next_action.c.id)
)
_DECISIONS = (
    select(*(c for c in action_decision.c if c.name != "practice_id"))
    .where(action_decision.c.practice_id == PRACTICE, action_decision.c.opportunity_id.in_(THEIRS))
    .order_by(action_decision.c.created_at, action_decision.c.id)
)
_WINS = (
    select(*(c for c in win.c if c.name not in {"practice_id", "client_id"}))
    .where(win.c.practice_id == PRACTICE, win.c.client_id == CLIENT)
    .order_by(win.c.occurred_on, win.c.id)
)
_DERIVED_PARTS = ("opportunity_id", "kind", "interaction_id", "stage", "occurred_on", "retracted_at")
_DERIVED = (
    select(*(derived_win.c[name] for name in _DERIVED_PARTS))
    .where(
        derived_win.c.practice_id == PRACTICE,
        derived_win.c.opportunity_id.in_(THEIRS),
        derived_win.c.interaction_id.in_(
            select(interaction.c.id).where(
                interaction.c.practice_id == PRACTICE,
                interaction.c.opportunity_id.in_(THEIRS),
                visibility.interactions(interaction.c.visibility),
            )
        ),
    )
    .order_by(derived_win.c.occurred_at, derived_win.c.opportunity_id, derived_win.c.kind)
)
_HELPED: Any = func.array(
    select(activity_opportunity.c.opportunity_id)
    .where(
        activity_opportunity.c.practice_id == development_activity.c.practice_id,
        activity_opportunity.c.activity_id == development_activity.c.id,
    )
    .order_by(activity_opportunity.c.position)
    .scalar_subquery(),
    type_=ARRAY(Uuid),
).label("opportunity_ids")
_ACTIVITIES = (
    select(*(c for c in development_activity.c if c.name not in {"practice_id", "client_id"}), _HELPED)
    .where(development_activity.c.practice_id == PRACTICE, development_activity.c.client_id == CLIENT)
    .order_by(development_activity.c.created_at, development_activity.c.id)
)


async def actions(session: ScopedSession, *, client_id: UUID) -> Sequence[Row]:
    """Return the actions that were set for a client by hand."""
    return (await session.run(_ACTIONS, client_id=client_id)).mappings().all()


async def decisions(session: ScopedSession, *, client_id: UUID) -> Sequence[Row]:
    """Return what was decided about the computed actions of a client."""
    return (await session.run(_DECISIONS, client_id=client_id)).mappings().all()


async def wins(session: ScopedSession, *, client_id: UUID) -> Sequence[Row]:
    """Return the noted wins of a client."""
    return (await session.run(_WINS, client_id=client_id)).mappings().all()


async def derived_wins(session: ScopedSession, *, client_id: UUID) -> Sequence[Row]:
    """Return what follows from a client's timelines, as far as the caller may know what it rests on."""
    found = await session.run(_DERIVED, client_id=client_id, **visibility.parameters(session))
    return found.mappings().all()


async def activities(session: ScopedSession, *, client_id: UUID) -> Sequence[Row]:
    """Return the development activities of a client with their `opportunity_ids`."""
    return (await session.run(_ACTIVITIES, client_id=client_id)).mappings().all()
