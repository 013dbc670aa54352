"""One page of changes: first, without a token, of what is there; then of what has changed since.

What a page tells is read in one snapshot of the database, in which each record is fetched as its own room answers it to
this caller now. A row of the feed says only that there is something to look at.
"""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from pydantic import BaseModel

from app.access.principal import Caller
from app.db.scope import Row, ScopedSession
from app.kit.errors import Fault, RuleBroken
from app.kit.pages import CursorSigner
from app.sync.repository import feed, listings
from app.sync.schemas import ChangePage, ChangeQuery
from app.sync.service import tokens
from app.sync.service.kinds import Kinds
from app.sync.service.tokens import Place

_FIRST_SEQ = 0


async def page(
    session: ScopedSession, *, caller: Caller, kinds: Kinds, signer: CursorSigner, query: ChangeQuery
) -> ChangePage:
    """Return the changes after a token, or the first ones. Raise InvalidCursor and SyncReset."""
    if query.token is not None and query.cursor is not None:
        raise RuleBroken(faults=[Fault("query", "cursor", "exactly-one", "Give token or cursor, not both.")])
    told = query.cursor if query.token is None else query.token
    place = None if told is None else tokens.opened(told, signer=signer, caller=caller)
    state = await feed.state(session)
    # A release that knows more types makes every device start again: it has never been told of those.
    # So did the one that tells clients from members, of whom somebody could once have the same id.
    origin = f"{state.origin}.{','.join(kinds.names)}"
    if caller.principal.is_client:
        origin += ".client"
    if place is None:
        place = Place(origin, state.floor, _FIRST_SEQ, caller.now, kinds.names[0])
    tokens.demand_current(place, state=state, origin=origin, now=caller.now)
    walk = _Walk(session, caller, kinds, query.limit)
    changes, onwards, more = await walk.page(place, state.floor)
    token = tokens.seal(onwards, signer=signer, caller=caller)
    return kinds.page.model_construct(changes=changes, next_token=token, has_more=more)


class _Walk:
    """What all steps of making a page need."""

    def __init__(self, session: ScopedSession, caller: Caller, kinds: Kinds, limit: int) -> None:
        self.session, self.caller, self.kinds, self.limit = session, caller, kinds, limit

    async def page(self, place: Place, floor: int) -> tuple[list[BaseModel], Place, bool]:
        """Return the next changes, the place after them, and whether there are more."""
        changes, place = await self._snapshot(place) if place.kind is not None else ([], place)
        room = self.limit - len(changes)
        if place.kind is not None or room == 0:
            return changes, place, True
        rows = await feed.rows(self.session, xid=place.xid, seq=place.seq, floor=floor, take=room + 1)
        changes += await self._changes(rows[:room])
        if len(rows) > room:
            last = rows[room - 1]
            return changes, place.beyond(last["xid"], last["seq"]), True
        return changes, Place(place.origin, floor, _FIRST_SEQ, self.caller.now), False

    async def _snapshot(self, place: Place) -> tuple[list[BaseModel], Place]:
        """Return the next records of a snapshot; after the last of them the feed begins where the snapshot did."""
        changes: list[BaseModel] = []
        names = self.kinds.names[self.kinds.names.index(str(place.kind)) :]
        after = place.after or listings.FIRST
        for name in names:
            take = self.limit - len(changes)
            ids = await listings.ids(self.session, kind=name, after=after, take=take + 1)
            changes += await self._upserts(name, ids[:take])
            if len(ids) > take:
                return changes, place.within(name, ids[take - 1] if take else after)
            after = listings.FIRST
        return changes, place.within(None)

    async def _upserts(self, name: str, ids: Sequence[UUID]) -> list[BaseModel]:
        kind = self.kinds[name]
        found = await kind.read(self.session, caller=self.caller, ids=ids) if ids else {}
        return [kind.upsert(ident, found[ident]) for ident in ids if ident in found]

    async def _changes(self, rows: Sequence[Row]) -> list[BaseModel]:
        named: dict[str, list[UUID]] = {}
        for row in rows:
            named.setdefault(row["type"], []).append(row["resource_id"])
        found: Mapping[str, Mapping[UUID, Any]] = {
            name: await self.kinds[name].read(self.session, caller=self.caller, ids=list(dict.fromkeys(ids)))
            for name, ids in named.items()
            if name in self.kinds.of
        }
        return [self._change(*each, found) for each in dict.fromkeys((row["type"], row["resource_id"]) for row in rows)]

    def _change(self, name: str, ident: UUID, found: Mapping[str, Mapping[UUID, Any]]) -> BaseModel:
        record = found[name].get(ident)
        # The row is here because the caller saw the record right before or after: it may be said that it is gone.
        return self.kinds[name].remove(ident) if record is None else self.kinds[name].upsert(ident, record)
