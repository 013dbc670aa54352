"""Reading a log and telling what would come of it; nothing but the report is stored."""

import asyncio
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from app.access.principal import Caller
from app.db import keyset, ledger
from app.db.ids import new_id
from app.db.scope import Row as Record
from app.db.scope import ScopedSession
from app.db.vocabulary import ImportState, RowAction
from app.imports.repository import files, state
from app.imports.schemas import ImportIn, ImportOut, ImportQuery, RowOut, RowQuery
from app.imports.service import paper, reading
from app.imports.service.planning import Plan, Planner
from app.imports.service.survey import survey
from app.imports.service.values import problems_of, values_of
from app.kit.errors import Fault, NotFound, UnknownReference
from app.kit.pages import Page, Position
from app.logbook import Log


async def preview(session: ScopedSession, *, caller: Caller, body: ImportIn) -> ImportOut:
    """Read a log for a client and report row by row what a commit would do."""
    log = await reading.read(body)  # before the first statement: no transaction is open while it takes its time
    client = await state.find_client(session, client_id=body.client_id)
    if client is None:
        words = "The practice has no client of this id."
        raise UnknownReference(faults=[Fault("body", "/client_id", "unknown-reference", words)])
    planner = await survey(session, client=client, rows=log.rows, now=caller.now)
    plans, report = await asyncio.to_thread(_reported, planner, log)
    values = _stored(body, log, plans, caller)
    await files.insert_import(session, values=values, rows=report)
    await record(session, caller, "create", values["id"])
    return await read(session, import_id=values["id"])


async def read(session: ScopedSession, *, import_id: UUID) -> ImportOut:
    """Return an import. Raise NotFound."""
    found = await files.find(session, import_id=import_id)
    if found is None:
        raise NotFound
    return _out(found)


async def search(
    session: ScopedSession, *, query: ImportQuery, after: Position | None, caller: Caller
) -> Page[ImportOut]:
    """Return a page of all imports."""
    found = await files.list_imports(session, page=keyset.parameters(after, query.limit))
    return keyset.cut(found, limit=query.limit, at=caller.now, item=_out)


async def rows(
    session: ScopedSession, *, import_id: UUID, query: RowQuery, after: Position | None, caller: Caller
) -> Page[RowOut]:
    """Return a page of the rows of an import. Raise NotFound."""
    await read(session, import_id=import_id)
    found = await files.list_rows(session, import_id=import_id, page=keyset.parameters(after, query.limit))
    return keyset.cut(found, limit=query.limit, at=caller.now, item=_row_out)


def counts_of(plans: Iterable[Plan]) -> dict[str, int]:
    """Return how many rows there are and what becomes of them."""
    counted = Counter(plan.action for plan in plans)
    return {"rows": counted.total(), **{action.value: counted[action] for action in RowAction}}


async def record(session: ScopedSession, caller: Caller, verb: str, import_id: UUID) -> None:
    """Leave the one audit entry of a change."""
    await ledger.record(
        session,
        by=caller.doer,
        now=caller.now,
        action=f"import.{verb}",
        resource_type="import",
        resource_id=import_id,
    )


def _reported(planner: Planner, log: Log) -> tuple[list[Plan], list[Mapping[str, Any]]]:
    plans = planner.plan(log.rows)
    return plans, [_row(plan) for plan in plans]


def _stored(body: ImportIn, log: Log, plans: Iterable[Plan], caller: Caller) -> dict[str, Any]:
    return {
        "id": body.id or new_id(),
        "client_id": body.client_id,
        "format": log.format.value,
        "date_order": log.date_order.value if log.date_order else None,
        "state": ImportState.PREVIEWED,
        "counts": counts_of(plans),
        "warnings": list(log.warnings),
        "created_at": caller.now,
        "updated_at": caller.now,
    }


def _row(plan: Plan) -> Mapping[str, Any]:
    """Return the row to be stored; what is yet to be made has no id that anybody should see."""
    return {
        "number": plan.row.number,
        "action": plan.action,
        "opportunity_id": plan.job.id if plan.job and plan.job.row is None else None,
        "contact_id": plan.person.id if plan.person and plan.person.row is None else None,
        "values": values_of(plan),
        "source_status": plan.row.source_status,
        "problems": problems_of(plan),
        "draft": paper.written(plan.row),
        "made": {},
    }


def _out(found: Record) -> ImportOut:
    return ImportOut.model_validate({name: found[name] for name in ImportOut.model_fields})


def _row_out(found: Record) -> RowOut:
    return RowOut.model_validate({name: found[name] for name in RowOut.model_fields})
