"""A person's data over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Depends, Response

from app.access.rights import Right
from app.http import reply
from app.http.deps import Calling, Match, PathId, WriteSession, filled
from app.http.operation import operation
from app.kit.errors import StaleVersion
from app.privacy.schemas import ExportOut
from app.privacy.service import erasure, export
from app.privacy.service import rooms as ports

router = APIRouter()
TAG = "clients"


def _rooms(
    interactions: Annotated[ports.Interactions, Depends(filled(ports.INTERACTIONS))],
    opportunities: Annotated[ports.Opportunities, Depends(filled(ports.OPPORTUNITIES))],
    imports: Annotated[ports.Imports, Depends(filled(ports.IMPORTS))],
    companies: Annotated[ports.Companies, Depends(filled(ports.COMPANIES))],
    clients: Annotated[ports.Clients, Depends(filled(ports.CLIENTS))],
    actions: Annotated[ports.OfClient, Depends(filled(ports.ACTIONS))],
    wins: Annotated[ports.OfClient, Depends(filled(ports.WINS))],
    activities: Annotated[ports.OfClient, Depends(filled(ports.ACTIVITIES))],
) -> ports.Rooms:
    return ports.Rooms(interactions, opportunities, imports, companies, clients, (actions, wins, activities))


Rooms = Annotated[ports.Rooms, Depends(_rooms)]


@operation(
    router,
    "GET",
    "/v1/clients/{id}/export",
    id="exportClient",
    tag=TAG,
    right=Right.EXPORT_CLIENTS,
    answer=ExportOut,
)
async def export_client(client_id: PathId, caller: Calling, session: WriteSession) -> Response:
    """Export everything held about a client.

    One document of one instant: archived and hidden records, voided interactions and what they said before their
    edits included. A client login exports itself, without what is for coaches only, without the contacts' notes, and
    without the practice's own papers (import files, audit log). Every export leaves an entry in the audit log.
    """
    found = await export.export(session, caller=caller, client_id=client_id)
    return reply.document(found)


@operation(
    router,
    "DELETE",
    "/v1/clients/{id}",
    id="eraseClient",
    tag=TAG,
    right=Right.ERASE_CLIENTS,
    answer=None,
    status=204,
    raises=(StaleVersion,),
)
async def erase_client(
    client_id: PathId, if_match: Match, rooms: Rooms, caller: Calling, session: WriteSession
) -> Response:
    """Erase a client.

    For good, at once, and without a way back: the client, the login, every opportunity with its whole timeline, every
    import, and those contacts and companies that nobody else's records name. The audit log keeps that it happened and
    names of fields, never a value. The id stays taken.
    """
    await erasure.erase(session, rooms=rooms, caller=caller, client_id=client_id, if_match=if_match)
    return reply.empty()
