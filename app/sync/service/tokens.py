"""What a token says: how far a device has come, in which database, and as of when."""

import json
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Self
from uuid import UUID

from app.access.principal import Caller
from app.kit.errors import InvalidCursor, SyncReset
from app.kit.pages import CursorSigner, Position
from app.sync.repository.feed import State

#: Rows are kept a little longer (migration 0013, `feed_forget`).
LIFE = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a device goes on: in a snapshot after a record of `kind`, then in the feed after `(xid, seq)`.

    `told` is the instant up to which it had been told everything when this walk began; going on page by page does not
    renew it, being up to date does.
    """

    origin: str
    xid: int
    seq: int
    told: datetime
    kind: str | None = None
    after: UUID | None = None

    def within(self, kind: str | None, after: UUID | None = None) -> Self:
        """Return the place after a record in a snapshot; None for the kind ends the snapshot."""
        return replace(self, kind=kind, after=after)

    def beyond(self, xid: int, seq: int) -> Self:
        """Return the place after a row of the feed."""
        return replace(self, xid=xid, seq=seq)


def seal(place: Place, *, signer: CursorSigner, caller: Caller) -> str:
    """Return the token of a place."""
    key = json.dumps([place.origin, place.xid, place.seq, place.kind], separators=(",", ":"))
    after = "" if place.after is None else str(place.after)
    return signer.seal(Position(key, after, place.told), binding=_binding(caller))


def opened(token: str, *, signer: CursorSigner, caller: Caller) -> Place:
    """Return the place inside a token. Raise InvalidCursor for one that was not issued to this caller."""
    try:
        position = signer.open(token, binding=_binding(caller))
    except InvalidCursor as error:
        raise InvalidCursor("Start again without a token.") from error
    origin, xid, seq, kind = json.loads(position.key)
    return Place(origin, xid, seq, position.at, kind, UUID(position.id) if position.id else None)


def demand_current(place: Place, *, state: State, origin: str, now: datetime) -> None:
    """Raise SyncReset when rows after the place may be missing: too old, or of another history of the database."""
    if now - place.told > LIFE or place.origin != origin or place.xid > state.ceiling:
        raise SyncReset("Drop the copy and start again without a token.")


def _binding(caller: Caller) -> str:
    return repr(("changes", str(caller.principal.practice_id), str(caller.principal.id)))
