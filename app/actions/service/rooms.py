"""What this room needs of the one that keeps timelines; `app/main.py` fills the port."""

from collections.abc import Sequence
from typing import Protocol
from uuid import UUID

from pydantic import MISSING

from app.access.principal import Caller
from app.assessments.schemas import InteractionIn, WarningOut
from app.db.scope import ScopedSession
from app.kit.ports import Port


class Recorded(Protocol):
    """An interaction that has just been recorded."""

    @property
    def id(self) -> UUID:
        """Its id."""
        ...

    @property
    def warnings(self) -> Sequence[WarningOut] | MISSING:
        """What there is to say about it, if anything."""
        ...


class Interactions(Protocol):
    """The timelines."""

    async def record_along(
        self, session: ScopedSession, *, caller: Caller, opportunity_id: UUID, draft: InteractionIn, at: str
    ) -> Recorded:
        """Record an interaction as part of a change whose audit entry is its own; `at` points to it in the body."""
        ...


INTERACTIONS: Port[Interactions] = Port("actions.interactions")
