"""Everything held about a client, put together from a constant number of statements, whatever the client has."""

from typing import Any
from uuid import UUID

from app.access.principal import Caller
from app.db import ledger
from app.db.scope import ScopedSession
from app.experience import service as experience
from app.kit.errors import NotFound
from app.privacy import schemas
from app.privacy.repository import guidance, holds, person, search
from app.privacy.service.parts import guided_ids, histories, ids_of, imports_of, opportunity_of, part, parts, timelines


async def export(session: ScopedSession, *, caller: Caller, client_id: UUID) -> schemas.ExportOut:
    """Return everything held about a client, as far as it is for the caller, and note that it was given.

    The note needs a session that writes, which is no snapshot; so the client's records are kept still meanwhile. Raise
    NotFound.
    """
    if not await holds.still(session, client_id=client_id):
        raise NotFound
    found = await _document(session, caller=caller, client_id=client_id)
    await ledger.record(
        session,
        by=caller.doer,
        now=caller.now,
        action="client.export",
        resource_type="client",
        resource_id=client_id,
    )
    return found


async def _document(session: ScopedSession, *, caller: Caller, client_id: UUID) -> schemas.ExportOut:
    row = await person.find(session, client_id=client_id)
    coaches = parts(schemas.ExportedCoach, await person.coaches(session, client_id=client_id))
    login = await person.login_of(session, client_id=client_id)
    opportunities = await _opportunities(session, caller=caller, client_id=client_id)
    # Working papers of the practice, which could tell a client login of interactions that are for coaches only.
    of_practice = not caller.principal.is_client
    imports = await _imports(session, client_id=client_id) if of_practice else []
    told = await _guidance(session, client_id=client_id)
    about = [client_id, *ids_of(opportunities), *(found.id for found in imports), *guided_ids(told)]
    acts = await person.audit_events(session, resource_ids=about) if of_practice else ()
    return schemas.ExportOut.model_construct(
        exported_at=caller.now,
        practice_id=caller.principal.practice_id,
        client=part(schemas.ExportedClient, row, coaches=coaches),
        login=part(schemas.ExportedLogin, login) if login else None,
        sessions=parts(schemas.ExportedSession, await person.sessions(session, client_id=client_id)),
        invitations=parts(schemas.ExportedInvitation, await person.invitations(session, client_id=client_id)),
        opportunities=opportunities,
        contacts=await _contacts(session, caller=caller, client_id=client_id),
        **told,
        imports=imports,
        audit_events=parts(schemas.ExportedAct, acts),
    )


async def _opportunities(
    session: ScopedSession, *, caller: Caller, client_id: UUID
) -> list[schemas.ExportedOpportunity]:
    known = await experience.known(session)
    rows = await search.opportunities(session, client_id=client_id, now=caller.now, **known.parameters)
    learnt = experience.learnt(session, experience.told(rows), known=known)
    history = histories(await search.runs(session, client_id=client_id))
    interactions = await search.interactions(session, client_id=client_id)
    timeline = timelines(interactions, await search.former(session, client_id=client_id))
    return [opportunity_of(row, now=caller.now, timeline=timeline, history=history, learnt=learnt) for row in rows]


async def _contacts(session: ScopedSession, *, caller: Caller, client_id: UUID) -> list[schemas.ExportedContact]:
    own = caller.principal.is_client
    rows = await search.contacts(session, client_id=client_id, linked_only=own)
    return [part(schemas.ExportedContact, row, **({"notes": None} if own else {})) for row in rows]


async def _guidance(session: ScopedSession, *, client_id: UUID) -> dict[str, Any]:
    """Return the fields of the document that tell what was to be done, what went well, and what was learned."""
    decisions = await guidance.decisions(session, client_id=client_id)
    derived = await guidance.derived_wins(session, client_id=client_id)
    activities = await guidance.activities(session, client_id=client_id)
    return {
        "next_actions": parts(schemas.ExportedAction, await guidance.actions(session, client_id=client_id)),
        "action_decisions": parts(schemas.ExportedDecision, decisions),
        "wins": parts(schemas.ExportedWin, await guidance.wins(session, client_id=client_id)),
        "derived_wins": parts(schemas.ExportedDerivedWin, derived),
        "development_activities": parts(schemas.ExportedActivity, activities),
    }


async def _imports(session: ScopedSession, *, client_id: UUID) -> list[schemas.ExportedImport]:
    files = await person.imports(session, client_id=client_id)
    rows = await person.import_rows(session, import_ids=[file["id"] for file in files])
    return imports_of(files, rows)
