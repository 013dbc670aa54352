"""What this room needs of those that keep clients and API keys; `app/main.py` fills the ports."""

from datetime import datetime
from typing import Protocol
from uuid import UUID

from app.db.scope import Row, ScopedSession
from app.db.vocabulary import LoginStatus
from app.kit.ports import Port


class Clients(Protocol):
    """Clients, as far as their logins are concerned."""

    async def hold(self, session: ScopedSession, *, client_id: UUID) -> Row:
        """Return a client (`email`, `login_status`, `version`), locked until the transaction ends. Raise NotFound."""
        ...

    async def set_login_status(
        self, session: ScopedSession, *, client_id: UUID, status: LoginStatus, now: datetime
    ) -> None:
        """Note how far a held client's login is."""
        ...


class Keys(Protocol):
    """API keys, as far as their members are concerned."""

    async def revoke_all(self, session: ScopedSession, *, member_id: UUID, now: datetime) -> None:
        """End every key of a member, without an audit entry of its own."""
        ...


CLIENTS: Port[Clients] = Port("accounts.clients")
KEYS: Port[Keys] = Port("accounts.keys")
