"""The caller and their practice over HTTP."""

from fastapi import APIRouter, Request, Response

from app.access.rights import Right
from app.http import reply
from app.http.deps import Calling, ReadSession
from app.http.operation import operation
from app.practices import service
from app.practices.schemas import MeOut, PracticeOut

router = APIRouter()
TAG = "access"


@operation(router, "GET", "/v1/me", id="getMe", tag=TAG, right=Right.SIGNED_IN, answer=MeOut)
async def get_me(caller: Calling, session: ReadSession) -> Response:
    """Read who you are.

    The person behind the credential, their role, and the scopes that the credential holds.
    """
    return reply.document(await service.who_am_i(session, principal=caller.principal))


@operation(
    router, "GET", "/v1/practice", id="getPractice", tag=TAG, right=Right.SIGNED_IN, answer=PracticeOut, versioned=True
)
async def get_practice(request: Request, session: ReadSession) -> Response:
    """Read your practice.

    Everything a credential can see lies inside this one practice.
    """
    practice = await service.read(session)
    return reply.item(request, practice, version=practice.version)
