"""Making what a preview announced: all of it, or nothing."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from app.access.principal import Caller
from app.assessments import service as assessments
from app.db.ids import new_id
from app.db.scope import ScopedSession
from app.db.vocabulary import ImportState, OpportunityKind, OpportunitySource
from app.imports.repository import files, state
from app.imports.schemas import ImportOut
from app.imports.service import paper
from app.imports.service.planning import Plan
from app.imports.service.previews import counts_of, read, record
from app.imports.service.rooms import Named, Rooms
from app.imports.service.survey import survey
from app.imports.service.values import problems_of, values_of
from app.kit.errors import Conflict, NotFound
from app.kit.preconditions import IfMatch
from app.logbook import ContactDraft

_OWN = ("title", "url", "location", "requisition_id", "salary_min", "salary_max", "currency")


async def commit(
    session: ScopedSession, *, rooms: Rooms, caller: Caller, import_id: UUID, if_match: IfMatch
) -> ImportOut:
    """Make the records of a previewed import, planned again on what is there now. Raise Conflict if it is done."""
    file = await files.lock(session, import_id=import_id)
    if file is None:
        raise NotFound
    if_match.check(file["version"])
    if file["state"] != ImportState.PREVIEWED:
        raise Conflict("Only an import that is still a preview can be committed.")
    plans = await _planned(session, import_id, file["client_id"], caller)
    made = await _make(session, rooms, plans, file["client_id"], import_id, caller)
    await files.settle_rows(session, import_id=import_id, rows=made)
    values = {"state": ImportState.COMMITTED, "counts": counts_of(plans), "updated_at": caller.now}
    await files.update_import(session, import_id=import_id, values=values)
    await assessments.reassess(session, opportunity_ids=touched(plans), new=True)
    await record(session, caller, "commit", import_id)
    return await read(session, import_id=import_id)


def touched(plans: Iterable[Plan]) -> list[UUID]:
    """Return the opportunities that plans make or add to."""
    return list(dict.fromkeys(plan.job.id for plan in plans if plan.job and (plan.makes_job or plan.acts)))


async def hold(session: ScopedSession, *, client_id: UUID) -> Any:
    """Return the client, with all that an import of theirs depends on held until the transaction ends. Raise NotFound.

    The rules come first, then the client, then the opportunities: the order in which everybody else takes them.
    """
    await assessments.reassess(session, opportunity_ids=(), new=True)
    client = await state.hold_client(session, client_id=client_id)
    if client is None:  # out of the caller's sight since they were let in
        raise NotFound
    await state.hold_opportunities(session, client_id=client_id)
    return client


async def _planned(session: ScopedSession, import_id: UUID, client_id: UUID, caller: Caller) -> list[Plan]:
    client = await hold(session, client_id=client_id)
    rows = [paper.read(draft) for draft in await files.drafts(session, import_id=import_id)]
    planner = await survey(session, client=client, rows=rows, now=caller.now)
    return await asyncio.to_thread(planner.plan, rows)


async def _make(
    session: ScopedSession, rooms: Rooms, plans: Sequence[Plan], client_id: UUID, import_id: UUID, caller: Caller
) -> list[dict[str, Any]]:
    """Make everything, parents first; return what became of each row."""
    names = dict.fromkeys(name for plan in plans if (name := _employer(plan)))
    companies = await rooms.companies.find_or_create_all(session, names=list(names), caller=caller)
    contacts = [_contact(plan, companies) for plan in plans if plan.makes_person]
    await rooms.companies.insert_contacts(session, contacts=contacts, now=caller.now)
    jobs = [_opportunity(plan, companies, client_id) for plan in plans if plan.makes_job]
    await rooms.opportunities.insert_opportunities(session, opportunities=jobs, now=caller.now)
    acts = [act for plan in plans for act in _interactions(plan)]
    await rooms.interactions.insert_interactions(session, interactions=acts, import_id=import_id, now=caller.now)
    return _settled(plans, companies)


def _employer(plan: Plan) -> str | None:
    """Return the name of the company that the making of a row needs."""
    if plan.makes_job:
        return plan.row.company
    return plan.person.company if plan.person and plan.makes_person else None


def _contact(plan: Plan, companies: Named) -> dict[str, Any]:
    person = plan.person
    draft = (person and person.draft) or ContactDraft("")
    connected = f"Connected on {draft.connected_on.isoformat()[:10]}." if draft.connected_on else None
    return {
        "id": person and person.id,
        "company_id": companies.ids[person.company] if person and person.company else None,
        "name": draft.name,
        "role": draft.role,
        "email": draft.email,
        "phone": None,
        "title": draft.title,
        "profile_url": draft.url,
        "notes": connected,
    }


def _opportunity(plan: Plan, companies: Named, client_id: UUID) -> dict[str, Any]:
    row, job = plan.row, plan.job
    return {
        **{name: getattr(row, name) for name in _OWN},
        "id": job and job.id,
        "client_id": client_id,
        "company_id": companies.ids[row.company or ""],
        "kind": row.kind or OpportunityKind.PERMANENT,
        "source": row.source or OpportunitySource.OTHER,
        "contact_ids": job.contact_ids if job else [],
    }


def _interactions(plan: Plan) -> Iterable[dict[str, Any]]:
    for act in plan.acts:
        yield {
            "id": new_id(),
            "opportunity_id": plan.job and plan.job.id,
            "kind": act.kind,
            "occurred_at": act.at,
            "arranged_at": act.arranged_at,
            "stage": act.stage,
            "summary": act.summary,
        }


def _settled(plans: Iterable[Plan], companies: Named) -> list[dict[str, Any]]:
    left = set(companies.made)
    settled: list[dict[str, Any]] = []
    for plan in plans:
        name = _employer(plan)
        company_id = companies.ids[name] if name else None
        made = _made(plan, company_id if company_id in left else None)
        left.discard(company_id) if company_id else None
        settled.append(
            {
                "number": plan.row.number,
                "action": plan.action,
                "opportunity_id": plan.job and plan.job.id,
                "contact_id": plan.person and plan.person.id,
                "values": values_of(plan),
                "problems": problems_of(plan),
                "made": made,
            }
        )
    return settled


def _made(plan: Plan, company_id: UUID | None) -> Mapping[str, Any]:
    made: dict[str, Any] = {"interactions": len(plan.acts)} if plan.acts else {}
    made |= {"opportunity": True} if plan.makes_job else {}
    made |= {"contact": True} if plan.makes_person else {}
    return made | ({"company": str(company_id)} if company_id else {})
