"""Planning what builds credentials, doing it, and showing what came of it."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from app.access.principal import Caller
from app.activities import repository
from app.activities.schemas import ActivityIn, ActivityOut, ActivityPatch, ActivityQuery, Finding, findings
from app.db import keyset, ledger
from app.db.ids import new_id
from app.db.scope import Row, ScopedSession
from app.db.vocabulary import ActivityStatus
from app.kit.errors import Fault, NotFound, RuleBroken, UnknownReference
from app.kit.pages import Page, Position
from app.kit.preconditions import IfMatch


async def plan(session: ScopedSession, *, caller: Caller, draft: ActivityIn) -> ActivityOut:
    """Take up an activity for a client, at whatever point it stands."""
    person = await repository.person(session, client_id=draft.client_id, now=caller.now)
    if person is None:
        raise UnknownReference(faults=[_unknown("/client_id", "client")])
    ids = _unique(draft.opportunity_ids)
    await _demand_theirs(session, client_id=draft.client_id, ids=ids)
    values = draft.model_dump(exclude={"id", "opportunity_ids"})
    values |= _dated(values, today=person["today"], sent=draft.model_fields_set)
    activity_id = draft.id or new_id()
    stamps = {"id": activity_id, "created_at": caller.now, "updated_at": caller.now}
    await repository.insert_activity(session, values={**values, **stamps})
    await repository.replace_opportunities(session, activity_id=activity_id, ids=ids)
    await _record(session, caller, "create", activity_id, draft.model_fields_set - {"id"})
    return await read(session, activity_id=activity_id)


async def read(session: ScopedSession, *, activity_id: UUID) -> ActivityOut:
    """Return an activity. Raise NotFound."""
    row = await repository.find(session, activity_id=activity_id)
    if row is None:
        raise NotFound
    return _out(row)


async def read_many(session: ScopedSession, *, caller: Caller, ids: Sequence[UUID]) -> dict[UUID, ActivityOut]:  # noqa: ARG001  # as other rooms have it
    """Return, by id, those of these activities that the caller sees."""
    return {row["id"]: _out(row) for row in await repository.find_many(session, ids=ids)}


async def change(
    session: ScopedSession, *, caller: Caller, activity_id: UUID, patch: ActivityPatch, if_match: IfMatch
) -> ActivityOut:
    """Change an activity; one that gets done without a date was finished on the client's date. Raise NotFound.

    The day on which it was finished belongs to its status: another one comes with its own, or with none.
    """
    row = await _lock(session, activity_id, if_match)
    wanted = patch.changes()
    sent = frozenset(wanted)
    if "opportunity_ids" in wanted:
        wanted["opportunity_ids"] = _unique(wanted["opportunity_ids"])
    if wanted.get("status", row["status"]) != row["status"]:
        wanted.setdefault("finished_on", None)
    elif row["status"] == ActivityStatus.DONE and "finished_on" in sent and wanted["finished_on"] is None:
        words = "What is done was finished on some day."
        raise RuleBroken(faults=[Fault("body", "/finished_on", "not-nullable", words)])
    changes = {name: value for name, value in wanted.items() if row[name] != value}
    if changes:
        await _apply(session, caller, row, changes, sent=sent)
    return await read(session, activity_id=activity_id)


async def remove(session: ScopedSession, *, caller: Caller, activity_id: UUID, if_match: IfMatch) -> None:
    """Remove an activity as if it had never been planned, and the win with it. Raise NotFound."""
    await _lock(session, activity_id, if_match)
    await repository.remove(session, activity_id=activity_id)
    await _record(session, caller, "delete", activity_id)


async def search(
    session: ScopedSession, *, query: ActivityQuery, after: Position | None, caller: Caller
) -> Page[ActivityOut]:
    """Return a page of the activities that match, the newest first."""
    filters: dict[str, Any] = {"current_clients": True} if query.client_id is None else {"client_id": query.client_id}
    if query.status:
        filters["status"] = list(query.status)
    page = keyset.parameters(after, query.limit)
    rows = await repository.list_activities(session, filters=filters, page=page)
    return keyset.cut(rows, limit=query.limit, at=caller.now, item=_out)


async def erase_of_client(session: ScopedSession, *, client_id: UUID) -> None:
    """Remove every activity of a client; the audit entry is the erasure's."""
    await repository.erase_of_client(session, client_id=client_id)


async def forget_opportunity(session: ScopedSession, *, opportunity_id: UUID) -> None:
    """Take an opportunity that is about to be removed off every activity."""
    await repository.forget_opportunity(session, opportunity_id=opportunity_id)


async def _lock(session: ScopedSession, activity_id: UUID, if_match: IfMatch) -> Row:
    row = await repository.lock(session, activity_id=activity_id)
    if row is None:
        raise NotFound
    if_match.check(row["version"])
    return row


async def _apply(
    session: ScopedSession, caller: Caller, row: Row, changes: dict[str, Any], *, sent: Collection[str]
) -> None:
    if "opportunity_ids" in changes:
        new = [i for i in changes["opportunity_ids"] if i not in row["opportunity_ids"]]
        await _demand_theirs(session, client_id=row["client_id"], ids=changes["opportunity_ids"], asked=new)
        await repository.replace_opportunities(session, activity_id=row["id"], ids=changes["opportunity_ids"])
    values = {name: value for name, value in changes.items() if name != "opportunity_ids"}
    if values.keys() & {"status", "started_on", "finished_on"}:
        person = await repository.person(session, client_id=row["client_id"], now=caller.now)
        if person is None:
            raise NotFound
        values |= _dated({**row, **values}, today=person["today"], sent=sent)
    await repository.update_activity(session, activity_id=row["id"], values={**values, "updated_at": caller.now})
    await _record(session, caller, "update", row["id"], {*changes, *values})


def _dated(values: Mapping[Any, Any], *, today: date, sent: Collection[str]) -> dict[str, date]:
    """Return the `finished_on` of what is done without one. Raise RuleBroken where its dates cannot be."""
    default = values["status"] == ActivityStatus.DONE and values["finished_on"] is None
    finished = today if default else values["finished_on"]
    wrong = list(findings(status=values["status"], started_on=values["started_on"], finished_on=finished))
    if finished is not None and finished > today:
        wrong.append(Finding("finished_on", "out-of-range", "Must not lie after the client's own date."))
    if wrong:
        at = next((name for name in ("finished_on", "started_on") if name in sent), "status")
        raise RuleBroken(faults=[Fault("body", f"/{at}", found.code, found.words) for found in wrong])
    return {"finished_on": finished} if default else {}


async def _demand_theirs(
    session: ScopedSession, *, client_id: UUID, ids: Sequence[UUID], asked: Iterable[UUID] | None = None
) -> None:
    wanted = list(ids if asked is None else asked)
    if not wanted:
        return
    known = await repository.theirs(session, client_id=client_id, ids=wanted)
    missing = [n for n, i in enumerate(ids) if i in wanted and i not in known]
    if missing:
        raise UnknownReference(faults=[_unknown(f"/opportunity_ids/{n}", "opportunity of the client") for n in missing])


def _unknown(pointer: str, what: str) -> Fault:
    return Fault("body", pointer, "unknown-reference", f"No {what} has this id.")


async def _record(
    session: ScopedSession, caller: Caller, verb: str, activity_id: UUID, changed: Iterable[str] = ()
) -> None:
    await ledger.record(
        session,
        by=caller.doer,
        now=caller.now,
        action=f"development_activity.{verb}",
        resource_type="development_activity",
        resource_id=activity_id,
        changed_fields=changed,
    )


def _unique(ids: Iterable[UUID]) -> list[UUID]:
    return list(dict.fromkeys(ids))


def _out(row: Row) -> ActivityOut:
    return ActivityOut.model_construct(**{name: row[name] for name in ActivityOut.model_fields})
