"""Opening an opportunity, changing what is known of it, and reading it with the verdict of the moment."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from app.access.principal import Caller
from app.assessments import service as assessments
from app.db import ledger
from app.db.ids import new_id
from app.db.scope import Row, ScopedSession
from app.experience import service as experience
from app.kit.errors import NotFound
from app.kit.keys import search_key
from app.kit.preconditions import IfMatch
from app.kit.shapes import Tree
from app.opportunities.repository import reads, writes
from app.opportunities.schemas import OpportunityIn, OpportunityOut, OpportunityPatch
from app.opportunities.service import checks
from app.opportunities.service.employers import Companies
from app.opportunities.service.views import present


async def create(session: ScopedSession, *, companies: Companies, caller: Caller, draft: OpportunityIn) -> Tree:
    """Open an opportunity; its company is found, or made, by name where the draft has no id."""
    opportunity_id = draft.id or new_id()
    values = draft.model_dump(exclude={"id", "company_name", "contact_ids"})
    checks.demand_sound_pay(values)
    await checks.demand_known(
        session, client_id=draft.client_id, company_id=draft.company_id, contact_ids=draft.contact_ids
    )
    if draft.company_name is not None:
        values["company_id"] = await companies.find_or_create(session, name=draft.company_name, caller=caller)
    values |= {"title_key": search_key(draft.title), "created_at": caller.now, "updated_at": caller.now}
    await writes.insert_opportunity(session, values={**values, "id": opportunity_id})
    contact_ids = _unique(draft.contact_ids)
    await writes.link_contacts(session, opportunity_id=opportunity_id, contact_ids=contact_ids)
    await assessments.reassess(session, opportunity_ids=[opportunity_id], new=True)
    await record(session, caller, "create", opportunity_id, draft.model_fields_set - {"id"})
    return await read(session, caller=caller, opportunity_id=opportunity_id)


async def read(session: ScopedSession, *, caller: Caller, opportunity_id: UUID) -> Tree:
    """Return an opportunity as of now. Raise NotFound."""
    known = await experience.known(session)
    row = await reads.find(session, opportunity_id=opportunity_id, now=caller.now, **known.parameters)
    if row is None:
        raise NotFound
    learnt = experience.learnt(session, row["learnt"], known=known)
    return present(row, as_of=caller.now, learnt=learnt)


async def read_many(session: ScopedSession, *, caller: Caller, ids: Sequence[UUID]) -> dict[UUID, OpportunityOut]:
    """Return, by id, those of these opportunities that the caller sees, as of now."""
    known = await experience.known(session)
    rows = await reads.find_many(session, ids=ids, now=caller.now, **known.parameters)
    learnt = experience.learnt(session, experience.told(rows), known=known)
    trees = {row["id"]: present(row, as_of=caller.now, learnt=learnt) for row in rows}
    return {ident: OpportunityOut.model_validate(tree) for ident, tree in trees.items()}


async def locked(session: ScopedSession, *, opportunity_id: UUID) -> Row:
    """Return an opportunity of the caller's, hidden or not, locked until the transaction ends. Raise NotFound."""
    row = await writes.lock(session, opportunity_id=opportunity_id)
    if row is None:
        raise NotFound
    return row


async def change(
    session: ScopedSession,
    *,
    companies: Companies,
    caller: Caller,
    opportunity_id: UUID,
    patch: OpportunityPatch,
    if_match: IfMatch,
) -> Tree:
    """Change an opportunity; its first and its last contact decide on a follow-up window, so they recompute it."""
    row = await locked(session, opportunity_id=opportunity_id)
    if row["deleted_at"] is not None:
        raise NotFound
    if_match.check(row["version"])
    wanted = patch.changes()
    checks.demand_same_client(row["client_id"], wanted.get("client_id", row["client_id"]))
    checks.demand_sound_pay({**row, **wanted})
    await _demand_known(session, wanted)
    if "company_name" in wanted:
        name = wanted.pop("company_name")
        wanted["company_id"] = await companies.find_or_create(session, name=name, caller=caller)
    if "contact_ids" in wanted:
        wanted["contact_ids"] = _unique(wanted["contact_ids"])
    changes = {name: value for name, value in wanted.items() if row[name] != value}
    if changes:
        await _apply(session, caller, row, changes)
        await record(session, caller, "update", opportunity_id, changes)
    return await read(session, caller=caller, opportunity_id=opportunity_id)


async def record(
    session: ScopedSession, caller: Caller, verb: str, opportunity_id: UUID, changed: Iterable[str] = ()
) -> None:
    """Leave the one audit entry of a change."""
    await ledger.record(
        session,
        by=caller.doer,
        now=caller.now,
        action=f"opportunity.{verb}",
        resource_type="opportunity",
        resource_id=opportunity_id,
        changed_fields=changed,
    )


async def _demand_known(session: ScopedSession, wanted: dict[str, Any]) -> None:
    named = {name: wanted[name] for name in ("company_id", "contact_ids") if wanted.get(name)}
    if named:
        await checks.demand_known(session, **named)


async def _apply(session: ScopedSession, caller: Caller, row: Row, changes: dict[str, Any]) -> None:
    values = {name: value for name, value in changes.items() if name != "contact_ids"} | {"updated_at": caller.now}
    if "title" in values:
        values["title_key"] = search_key(values["title"])
    await writes.update_opportunity(session, opportunity_id=row["id"], values=values)
    if "contact_ids" in changes:
        contact_ids = changes["contact_ids"]
        await writes.replace_contacts(session, opportunity_id=row["id"], contact_ids=contact_ids)
    # A follow-up window may need a contact, and what a silence teaches it teaches of its employer.
    first_or_last = bool(changes.get("contact_ids", row["contact_ids"])) != bool(row["contact_ids"])
    if first_or_last or "company_id" in changes:
        await assessments.reassess(session, opportunity_ids=[row["id"]])


def _unique(ids: Iterable[UUID]) -> list[UUID]:
    return list(dict.fromkeys(ids))
