"""Noticing small successes: those that follow from what happened, and those that somebody notes."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from types import MappingProxyType
from typing import Any
from uuid import UUID

from app.access.principal import Caller
from app.db import keyset, ledger
from app.db.ids import is_derived, new_id
from app.db.scope import Row, ScopedSession
from app.db.vocabulary import WinOrigin
from app.ghosting import words
from app.ghosting.vocabulary import Stage, WinKind
from app.kit.errors import Derived, Fault, IdTaken, NotFound, RuleBroken, UnknownReference
from app.kit.pages import Page, Position
from app.kit.preconditions import IfMatch
from app.wins.repository import reads, writes
from app.wins.schemas import WinIn, WinOut, WinPatch, WinQuery

_MOST = 200
_FIXED: Mapping[str, Any] = MappingProxyType(
    {
        "origin": WinOrigin.NOTED,
        "kind": WinKind.OTHER,
        "interaction_id": None,
        "activity_id": None,
        "evidence_url": None,
        "credential": None,
    }
)


async def note(session: ScopedSession, *, caller: Caller, draft: WinIn) -> WinOut:
    """Note a win of a client."""
    await _demand_sound(session, caller, draft.client_id, draft.model_dump())
    win_id = draft.id or new_id()
    if is_derived(win_id) and await writes.is_of_derived(session, win_id=win_id):
        raise IdTaken
    stamps = {"id": win_id, "version": 1, "created_at": caller.now, "updated_at": caller.now}
    values = {**draft.model_dump(exclude={"id"}), **stamps}
    await writes.insert_win(session, values=values)
    await _record(session, caller, "create", win_id, draft.model_fields_set - {"id"})
    return _noted(values)


async def read(session: ScopedSession, *, win_id: UUID, now: datetime) -> WinOut:
    """Return a win, noted or derived. Raise NotFound."""
    row = await reads.find(session, win_id=win_id, now=now)
    if row is None:
        raise NotFound
    return _out(row)


async def read_many(session: ScopedSession, *, caller: Caller, ids: Sequence[UUID]) -> dict[UUID, WinOut]:  # noqa: ARG001  # as other rooms have it
    """Return, by id, those of these wins that were noted and that the caller sees."""
    return {row["id"]: _out(row) for row in await reads.find_noted(session, ids=ids)}


async def change(session: ScopedSession, *, caller: Caller, win_id: UUID, patch: WinPatch, if_match: IfMatch) -> WinOut:
    """Change a noted win. Raise NotFound and Derived."""
    row = await _lock(session, caller, win_id, if_match)
    changes = {name: value for name, value in patch.changes().items() if row[name] != value}
    if not changes:
        return _noted(row)
    if changes.keys() & {"opportunity_id", "occurred_on"}:
        await _demand_sound(session, caller, row["client_id"], changes)
    await writes.update_win(session, win_id=win_id, values={**changes, "updated_at": caller.now})
    await _record(session, caller, "update", win_id, changes)
    return _noted({**row, **changes, "version": row["version"] + 1, "updated_at": caller.now})


async def remove(session: ScopedSession, *, caller: Caller, win_id: UUID, if_match: IfMatch) -> None:
    """Remove a noted win. Raise NotFound and Derived."""
    await _lock(session, caller, win_id, if_match)
    await writes.remove(session, win_id=win_id)
    await _record(session, caller, "delete", win_id)


async def search(session: ScopedSession, *, query: WinQuery, after: Position | None, now: datetime) -> Page[WinOut]:
    """Return a page of the wins up to `now` that match, the newest first."""
    filters = {n: v for n in ("client_id", "after", "before") if (v := getattr(query, n)) is not None}
    page = keyset.parameters(after, query.limit, twins=True)
    rows = await reads.list_wins(session, filters=filters, now=now, page=page)
    return keyset.cut(rows, limit=query.limit, at=now, item=_out)


async def of_client(
    session: ScopedSession, *, client_id: UUID, since: date, today: date, now: datetime
) -> Sequence[WinOut]:
    """Return the wins of a client from one local date to another as of an instant, the newest first, at most 200."""
    query = WinQuery(client_id=client_id, after=since, before=today + timedelta(days=1), limit=_MOST)
    return (await search(session, query=query, after=None, now=now)).items


async def erase_of_client(session: ScopedSession, *, client_id: UUID) -> None:
    """Remove every noted win of a client; the audit entry is the erasure's."""
    await writes.erase_of_client(session, client_id=client_id)


async def erase_of_opportunity(session: ScopedSession, *, opportunity_id: UUID) -> None:
    """Remove every noted win on an opportunity that is about to be removed."""
    await writes.erase_of_opportunity(session, opportunity_id=opportunity_id)


async def _lock(session: ScopedSession, caller: Caller, win_id: UUID, if_match: IfMatch) -> Row:
    row = await writes.lock(session, win_id=win_id)
    if row is not None:
        if_match.check(row["version"])
        return row
    derived = await read(session, win_id=win_id, now=caller.now)
    if derived.origin == WinOrigin.NOTED:  # come into sight since the look before
        raise NotFound
    if_match.check(derived.version)
    raise Derived("It follows from what happened; change that instead.")


async def _demand_sound(session: ScopedSession, caller: Caller, client_id: UUID, given: Mapping[str, Any]) -> None:
    """Raise UnknownReference and, where it is to have happened on a day still to come, RuleBroken."""
    opportunity_id, occurred_on = given.get("opportunity_id"), given.get("occurred_on")
    known = await writes.known(session, client_id=client_id, opportunity_id=opportunity_id, now=caller.now)
    faults = [] if known["today"] else [_unknown("client_id", "client")]
    if opportunity_id is not None and not known["opportunity"]:
        faults.append(_unknown("opportunity_id", "opportunity of the client"))
    if faults:
        raise UnknownReference(faults=faults)
    if occurred_on is not None and occurred_on > known["today"]:
        words = "Must not lie after the client's own date."
        raise RuleBroken(faults=[Fault("body", "/occurred_on", "out-of-range", words)])


def _unknown(field: str, what: str) -> Fault:
    return Fault("body", f"/{field}", "unknown-reference", f"No {what} has this id.")


async def _record(session: ScopedSession, caller: Caller, verb: str, win_id: UUID, changed: Iterable[str] = ()) -> None:
    await ledger.record(
        session,
        by=caller.doer,
        now=caller.now,
        action=f"win.{verb}",
        resource_type="win",
        resource_id=win_id,
        changed_fields=changed,
    )


def _noted(row: Mapping[Any, Any]) -> WinOut:
    known = {name: row[name] for name in WinOut.model_fields if name not in _FIXED}
    return WinOut.model_construct(**known, **_FIXED)


def _out(row: Row) -> WinOut:
    known = {name: row[name] for name in WinOut.model_fields if name != "title"}
    return WinOut.model_construct(**known, title=_title(row))


def _title(row: Row) -> str:
    if row["origin"] == WinOrigin.NOTED:
        return str(row["title"])
    stage = Stage(row["stage"]) if row["stage"] else None
    title = words.win_title(WinKind(row["kind"]), stage=stage, finished=row["title"] or "")
    return title if len(title) <= _MOST else f"{title[: _MOST - 1]}…"
