"""What this room needs of the one that knows the wins; `app/main.py` fills the port."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Protocol
from uuid import UUID

from app.db.scope import ScopedSession
from app.db.vocabulary import WinOrigin
from app.ghosting.vocabulary import WinKind
from app.kit.ports import Port


class Won(Protocol):
    """A win."""

    @property
    def id(self) -> UUID: ...
    @property
    def kind(self) -> WinKind: ...
    @property
    def origin(self) -> WinOrigin: ...
    @property
    def title(self) -> str: ...
    @property
    def occurred_on(self) -> date: ...
    @property
    def opportunity_id(self) -> UUID | None: ...


class Wins(Protocol):
    """The wins."""

    async def of_client(
        self, session: ScopedSession, *, client_id: UUID, since: date, today: date, now: datetime
    ) -> Sequence[Won]:
        """Return the wins of a client from one local date to another as of an instant, the newest first."""
        ...


WINS: Port[Wins] = Port("plans.wins")
