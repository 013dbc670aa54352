"""Erasing a person: what was kept because of them goes, and nothing is kept that would point at them."""

from uuid import UUID

from app.access.principal import Caller
from app.assessments import service as assessments
from app.db import answers, ledger
from app.db.scope import ScopedSession
from app.kit.errors import NotFound
from app.kit.preconditions import IfMatch
from app.privacy.repository import holds
from app.privacy.service.rooms import Rooms


async def erase(session: ScopedSession, *, rooms: Rooms, caller: Caller, client_id: UUID, if_match: IfMatch) -> None:
    """Remove a client and everything that hangs on them. Raise NotFound."""
    client = await holds.take(session, client_id=client_id)
    if client is None:
        raise NotFound
    if_match.check(client["version"])
    await _empty(session, rooms=rooms, client_id=client_id)
    await rooms.clients.erase(session, client_id=client_id, now=caller.now)
    await ledger.record(
        session,
        by=caller.doer,
        now=caller.now,
        action="client.erase",
        resource_type="client",
        resource_id=client_id,
    )


async def _empty(session: ScopedSession, *, rooms: Rooms, client_id: UUID) -> None:
    """Let each room remove its own rows, children first; what the client's records name is looked up before."""
    opportunity_ids = await holds.take_opportunities(session, client_id=client_id)
    contact_ids = await holds.contact_ids(session, client_id=client_id)
    company_ids = await holds.company_ids(session, client_id=client_id, contact_ids=contact_ids)
    for room in rooms.of_client:
        await room.erase_of_client(session, client_id=client_id)
    await rooms.interactions.erase_timelines(session, opportunity_ids=opportunity_ids)
    await assessments.forget(session, opportunity_ids=opportunity_ids)
    await rooms.opportunities.erase_opportunities(session, ids=opportunity_ids)
    await rooms.imports.erase_imports(session, client_id=client_id)
    await rooms.companies.erase_unused(session, contact_ids=contact_ids, company_ids=company_ids)
    theirs = {client_id, *opportunity_ids, *contact_ids, *company_ids}
    await answers.forget(session, ids=theirs - await holds.outsiders(session, ids=theirs))
