"""Taking a client on, changing what is known of them, and finding them again."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import MISSING

from app.access import people
from app.access.principal import Caller
from app.assessments import service as assessments
from app.clients import repository
from app.clients.schemas import ClientIn, ClientOut, ClientPatch, ClientQuery
from app.db import keyset, ledger
from app.db.ids import new_id
from app.db.scope import Row, ScopedSession
from app.db.vocabulary import LoginStatus
from app.kit.errors import Fault, IdTaken, NotAllowed, NotFound, UnknownReference
from app.kit.keys import search_key
from app.kit.pages import Page, Position
from app.kit.preconditions import IfMatch

#: What a client's own login may change of the client (API.md, client).
_OWN_FIELDS = {"time_zone", "region", "employment_status", "hours_free_per_week", "goals", "target_titles"}
#: What the local dates of every rule depend on: a change recomputes the client's whole search.
_CALENDAR = {"time_zone", "region"}


async def register(session: ScopedSession, *, caller: Caller, draft: ClientIn) -> ClientOut:
    """Take a client on, coached by the caller unless the draft says otherwise."""
    await people.demand_free(session, ident=draft.id)
    client_id = draft.id or new_id()
    coaches = [caller.principal.id] if draft.coach_ids is MISSING else _unique(draft.coach_ids)
    await _demand_coaches(session, coaches)
    values = draft.model_dump(exclude={"id", "coach_ids"})
    stamps = {"id": client_id, "created_at": caller.now, "updated_at": caller.now}
    await repository.insert_client(session, values={**values, **stamps, "name_key": search_key(draft.name)})
    # Asked only now: an erasure under way makes the insertion wait for its end.
    if draft.id is not None and await repository.was_erased(session, client_id=client_id):
        raise IdTaken
    await _assign(session, client_id, coaches)
    await _record(session, caller, "client.create", client_id, draft.model_fields_set - {"id"})
    return await _written(session, client_id)


async def read(session: ScopedSession, *, client_id: UUID) -> ClientOut:
    """Return a client. Raise NotFound."""
    row = await repository.find(session, client_id=client_id)
    if row is None:
        raise NotFound
    return _out(row)


async def read_many(session: ScopedSession, *, caller: Caller, ids: Sequence[UUID]) -> dict[UUID, ClientOut]:  # noqa: ARG001  # as other rooms have it
    """Return, by id, those of these clients that the caller sees."""
    return {row["id"]: _out(row) for row in await repository.find_many(session, ids=ids)}


async def change(
    session: ScopedSession, *, caller: Caller, client_id: UUID, patch: ClientPatch, if_match: IfMatch
) -> ClientOut:
    """Change a client; a new zone or region recomputes every opportunity of theirs in the same transaction."""
    if caller.principal.is_client and not patch.model_fields_set <= _OWN_FIELDS:
        raise NotAllowed("Your coach keeps the other fields: leave them out.")
    row = await repository.lock(session, client_id=client_id)
    if row is None:
        raise NotFound
    if_match.check(row["version"])
    changes = {name: value for name, value in patch.changes().items() if _differs(row[name], value)}
    if not changes:
        return _out(row)
    await _apply(session, client_id=client_id, changes=changes, caller=caller)
    if changes.keys() & _CALENDAR:
        await assessments.reassess_client(session, client_id=client_id)
    await _record(session, caller, "client.update", client_id, changes)
    return await _written(session, client_id)


async def erase(session: ScopedSession, *, client_id: UUID, now: datetime) -> None:
    """Remove a client of whom nothing else is left; the audit entry is the erasure's."""
    await repository.erase(session, client_id=client_id, now=now)


async def hold(session: ScopedSession, *, client_id: UUID) -> Row:
    """Return a client, locked until the transaction ends, for the room that keeps logins. Raise NotFound."""
    row = await repository.lock(session, client_id=client_id)
    if row is None:
        raise NotFound
    return row


async def set_login_status(session: ScopedSession, *, client_id: UUID, status: LoginStatus, now: datetime) -> None:
    """Note how far a held client's login is; the audit entry is written by who changed the login."""
    await repository.update_client(session, client_id=client_id, values={"login_status": status, "updated_at": now})


async def search(
    session: ScopedSession, *, query: ClientQuery, after: Position | None, caller: Caller
) -> Page[ClientOut]:
    """Return a page of the clients that match."""
    filters: dict[str, Any] = {"archived": query.archived}
    if query.q is not None:
        filters["q"] = search_key(query.q)
    if query.coach_id is not None:
        filters["coach_id"] = query.coach_id
    page = keyset.parameters(after, query.limit)
    rows = await repository.list_clients(session, filters=filters, sort=query.sort, page=page)
    return keyset.cut(rows, limit=query.limit, at=caller.now, item=_out)


async def _apply(session: ScopedSession, *, client_id: UUID, changes: dict[str, Any], caller: Caller) -> None:
    values = {name: value for name, value in changes.items() if name != "coach_ids"} | {"updated_at": caller.now}
    if "name" in values:
        values["name_key"] = search_key(values["name"])
    await repository.update_client(session, client_id=client_id, values=values)
    if "coach_ids" in changes:
        coaches = _unique(changes["coach_ids"])
        await _demand_coaches(session, coaches)
        await _assign(session, client_id, coaches)


async def _assign(session: ScopedSession, client_id: UUID, coaches: Sequence[UUID]) -> None:
    # Where coaches see assigned clients only: a new client is nobody's yet, and one may be handed over to others.
    async with session.as_system():
        await repository.replace_coaches(session, client_id=client_id, coach_ids=coaches)


async def _written(session: ScopedSession, client_id: UUID) -> ClientOut:
    """Return what the caller just wrote, even if from now on it exists for others only."""
    async with session.as_system():
        return await read(session, client_id=client_id)


async def _demand_coaches(session: ScopedSession, ids: Sequence[UUID]) -> None:
    known = await repository.active_members(session, ids=ids)
    missing = [n for n, member_id in enumerate(ids) if member_id not in known]
    if missing:
        words = "No active member of the practice has this id."
        raise UnknownReference(faults=[Fault("body", f"/coach_ids/{n}", "unknown-reference", words) for n in missing])


async def _record(session: ScopedSession, caller: Caller, action: str, client_id: UUID, changed: Any) -> None:
    await ledger.record(
        session,
        by=caller.doer,
        now=caller.now,
        action=action,
        resource_type="client",
        resource_id=client_id,
        changed_fields=changed,
    )


def _unique(ids: Sequence[UUID]) -> list[UUID]:
    return list(dict.fromkeys(ids))


def _differs(stored: Any, sent: Any) -> bool:
    return bool(stored != (_unique(sent) if isinstance(sent, list) and sent and isinstance(sent[0], UUID) else sent))


def _out(row: Row) -> ClientOut:
    return ClientOut.model_construct(**{name: row[name] for name in ClientOut.model_fields})
