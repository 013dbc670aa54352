"""What this room needs of the rooms whose records an import makes; `app/main.py` fills the ports.

All of it works on whole lists, and none of it leaves audit entries or recomputes a status: the import does both once.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from app.access.principal import Caller
from app.db.scope import ScopedSession
from app.kit.ports import Port

Values = Sequence[Mapping[str, Any]]


class Named(Protocol):
    """Companies by the names asked for."""

    @property
    def ids(self) -> Mapping[str, UUID]:
        """The id of each."""
        ...

    @property
    def made(self) -> frozenset[UUID]:
        """Those that had to be made."""
        ...


class Companies(Protocol):
    """Companies and contacts."""

    async def find_or_create_all(self, session: ScopedSession, *, names: Collection[str], caller: Caller) -> Named:
        """Return the companies of these names, made where there are none."""
        ...

    async def insert_contacts(self, session: ScopedSession, *, contacts: Values, now: datetime) -> None:
        """Store contacts with the ids that they bring."""
        ...

    async def erase_contacts(self, session: ScopedSession, *, ids: Sequence[UUID]) -> None:
        """Remove contacts that nothing refers to."""
        ...

    async def erase_idle_companies(self, session: ScopedSession, *, ids: Sequence[UUID]) -> None:
        """Remove those of the companies that nothing refers to."""
        ...


class Opportunities(Protocol):
    """Opportunities and the contacts on them."""

    async def insert_opportunities(self, session: ScopedSession, *, opportunities: Values, now: datetime) -> None:
        """Store opportunities with the ids and the `contact_ids` that they bring."""
        ...

    async def erase_opportunities(self, session: ScopedSession, *, ids: Sequence[UUID]) -> None:
        """Remove opportunities without interactions."""
        ...


class Interactions(Protocol):
    """The timelines."""

    async def insert_interactions(
        self, session: ScopedSession, *, interactions: Values, import_id: UUID, now: datetime
    ) -> None:
        """Store interactions with the ids that they bring, as recorded by an import."""
        ...

    async def erase_interactions(self, session: ScopedSession, *, ids: Sequence[UUID]) -> None:
        """Remove interactions as if they had never been."""
        ...


COMPANIES: Port[Companies] = Port("imports.companies")
OPPORTUNITIES: Port[Opportunities] = Port("imports.opportunities")
INTERACTIONS: Port[Interactions] = Port("imports.interactions")


@dataclass(frozen=True, slots=True)
class Rooms:
    """The rooms that an import writes through."""

    companies: Companies
    opportunities: Opportunities
    interactions: Interactions
