"""What this room needs of the rooms whose records an erasure removes; `app/main.py` fills the ports.

All of it works on whole sets, and none of it leaves audit entries: the erasure leaves its one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from app.db.scope import ScopedSession
from app.kit.ports import Port


class Interactions(Protocol):
    """The timelines."""

    async def erase_timelines(self, session: ScopedSession, *, opportunity_ids: Sequence[UUID]) -> None:
        """Remove the interactions of opportunities, and what they said before."""
        ...


class Opportunities(Protocol):
    """Opportunities and the contacts on them."""

    async def erase_opportunities(self, session: ScopedSession, *, ids: Sequence[UUID]) -> None:
        """Remove opportunities that have neither interactions nor steps."""
        ...


class Imports(Protocol):
    """Uploaded logs."""

    async def erase_imports(self, session: ScopedSession, *, client_id: UUID) -> None:
        """Remove every import of a client."""
        ...


class Companies(Protocol):
    """Companies and contacts."""

    async def erase_unused(
        self, session: ScopedSession, *, contact_ids: Sequence[UUID], company_ids: Sequence[UUID]
    ) -> None:
        """Remove those of the contacts and companies that nobody else's records refer to."""
        ...


class Clients(Protocol):
    """The clients themselves."""

    async def erase(self, session: ScopedSession, *, client_id: UUID, now: datetime) -> None:
        """Remove a client of whom nothing else is left, with the login."""
        ...


class OfClient(Protocol):
    """Records that hang on a client and on nobody else: actions, wins, development activities."""

    async def erase_of_client(self, session: ScopedSession, *, client_id: UUID) -> None:
        """Remove every one of a client."""
        ...


INTERACTIONS: Port[Interactions] = Port("privacy.interactions")
OPPORTUNITIES: Port[Opportunities] = Port("privacy.opportunities")
IMPORTS: Port[Imports] = Port("privacy.imports")
COMPANIES: Port[Companies] = Port("privacy.companies")
CLIENTS: Port[Clients] = Port("privacy.clients")
ACTIONS: Port[OfClient] = Port("privacy.actions")
WINS: Port[OfClient] = Port("privacy.wins")
ACTIVITIES: Port[OfClient] = Port("privacy.activities")


@dataclass(frozen=True, slots=True)
class Rooms:
    """The rooms that an erasure goes through."""

    interactions: Interactions
    opportunities: Opportunities
    imports: Imports
    companies: Companies
    clients: Clients
    of_client: Sequence[OfClient]
