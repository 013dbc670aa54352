"""Taking back what a commit made, as long as nobody has built on it."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from app.access.principal import Caller
from app.assessments import service as assessments
from app.db.scope import Row, ScopedSession
from app.db.vocabulary import ImportState
from app.imports.repository import files, traces
from app.imports.schemas import ImportOut
from app.imports.service.commits import hold
from app.imports.service.previews import read, record
from app.imports.service.rooms import Rooms
from app.kit.errors import Conflict, NotFound
from app.kit.preconditions import IfMatch


class ChangedSince(Conflict):
    code = "changed-since"
    title = "What the import made has been changed since"


@dataclass(frozen=True, slots=True)
class Made:
    """What the commit of an import made; `touched`: the opportunities that got interactions, old ones included."""

    opportunities: list[UUID]
    touched: list[UUID]
    contacts: list[UUID]
    companies: list[UUID]
    interactions: int


async def undo(
    session: ScopedSession, *, rooms: Rooms, caller: Caller, import_id: UUID, if_match: IfMatch
) -> ImportOut:
    """Remove what an import made. Raise Conflict unless it is committed, ChangedSince where others built on it."""
    file = await files.lock(session, import_id=import_id)
    if file is None:
        raise NotFound
    if_match.check(file["version"])
    if file["state"] != ImportState.COMMITTED:
        raise Conflict("Only a committed import can be undone.")
    await hold(session, client_id=file["client_id"])
    made = _made(await files.made(session, import_id=import_id))
    await _demand_unchanged(session, import_id, made)
    await _erase(session, rooms, import_id, made)
    await files.forget_made(session, import_id=import_id, gone=[*made.opportunities, *made.contacts])
    values = {"state": ImportState.UNDONE, "updated_at": caller.now}
    await files.update_import(session, import_id=import_id, values=values)
    kept = set(made.touched) - set(made.opportunities)
    await assessments.reassess(session, opportunity_ids=kept)
    await record(session, caller, "undo", import_id)
    return await read(session, import_id=import_id)


def _made(rows: Sequence[Row]) -> Made:
    return Made(
        opportunities=[row["opportunity_id"] for row in rows if "opportunity" in row["made"]],
        touched=list({row["opportunity_id"] for row in rows if row["made"].keys() & {"opportunity", "interactions"}}),
        contacts=[row["contact_id"] for row in rows if "contact" in row["made"]],
        companies=[UUID(row["made"]["company"]) for row in rows if "company" in row["made"]],
        interactions=sum(row["made"].get("interactions", 0) for row in rows),
    )


async def _demand_unchanged(session: ScopedSession, import_id: UUID, made: Made) -> None:
    # Whoever has built on it, be it for a client whom the caller does not see.
    async with session.as_system():
        found = await traces.look(
            session,
            import_id=import_id,
            opportunity_ids=made.opportunities,
            touched_ids=made.touched,
            contact_ids=made.contacts,
            company_ids=made.companies,
        )
    reasons = {
        "An opportunity of the import was changed or deleted.": found.opportunities < len(made.opportunities),
        "An interaction of the import was changed or voided.": found.interactions < made.interactions,
        "A contact of the import was changed or deleted.": found.contacts < len(made.contacts),
        "An opportunity of the import got further interactions.": found.added,
        "Actions or wins refer to an opportunity of the import.": found.guided,
        "A contact of the import is in use elsewhere.": found.contacts_in_use,
        "A company of the import was changed.": found.companies_edited,
    }
    told = [reason for reason, holds in reasons.items() if holds]
    if told:
        raise ChangedSince(" ".join(told))


async def _erase(session: ScopedSession, rooms: Rooms, import_id: UUID, made: Made) -> None:
    """Remove everything, children first."""
    ids = await traces.interactions(session, import_id=import_id, touched_ids=made.touched)
    await rooms.interactions.erase_interactions(session, ids=ids)
    await assessments.forget(session, opportunity_ids=made.opportunities)
    await rooms.opportunities.erase_opportunities(session, ids=made.opportunities)
    await rooms.companies.erase_contacts(session, ids=made.contacts)
    await rooms.companies.erase_idle_companies(session, ids=made.companies)
