"""What this room needs of the one that keeps companies; `app/main.py` fills the port."""

from typing import Protocol
from uuid import UUID

from app.access.principal import Caller
from app.db.scope import ScopedSession
from app.kit.ports import Port


class Companies(Protocol):
    """Companies by their name."""

    async def find_or_create(self, session: ScopedSession, *, name: str, caller: Caller) -> UUID:
        """Return the company of this name, made if there is none, without an audit entry of its own."""
        ...


COMPANIES: Port[Companies] = Port("opportunities.companies")
