"""The logins of clients over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Depends, Response

from app.access.rights import Right
from app.accounts.schemas.members import ClientLoginInvited
from app.accounts.service import client_logins as service
from app.accounts.service import rooms
from app.http import reply
from app.http.deps import Calling, Match, PathId, WriteSession, filled
from app.http.mailing import Mailing
from app.http.operation import operation
from app.kit.errors import Conflict, StaleVersion

router = APIRouter()
TAG = "access"
Clients = Annotated[rooms.Clients, Depends(filled(rooms.CLIENTS))]


@operation(
    router,
    "POST",
    "/v1/clients/{id}/login",
    id="inviteClient",
    tag=TAG,
    right=Right.INVITE_CLIENTS,
    answer=ClientLoginInvited,
    status=201,
    versioned=True,
    raises=(Conflict, StaleVersion),
)
async def invite_client(
    client_id: PathId, if_match: Match, mail: Mailing, caller: Calling, clients: Clients, session: WriteSession
) -> Response:
    """Invite a client to sign in.

    With the address that the client has now; ask again after it has changed. The answer carries the token of the
    invitation, once, and the one before is void. ETag is the client's.
    """
    made, version, letter = await service.invite(
        session, clients=clients, caller=caller, client_id=client_id, if_match=if_match, app_url=mail.app_url
    )
    return mail.after(reply.created(made, location=f"/v1/clients/{client_id}", version=version), [letter])


@operation(
    router,
    "DELETE",
    "/v1/clients/{id}/login",
    id="revokeClientLogin",
    tag=TAG,
    right=Right.INVITE_CLIENTS,
    answer=None,
    status=204,
    raises=(StaleVersion,),
)
async def revoke_client_login(
    client_id: PathId, if_match: Match, caller: Calling, clients: Clients, session: WriteSession
) -> Response:
    """Revoke a client's login.

    Their sign-ins end at once; the client and everything recorded stay.
    """
    await service.revoke(session, clients=clients, caller=caller, client_id=client_id, if_match=if_match)
    return reply.empty()
