"""The caller and their practice over HTTP."""

from fastapi import APIRouter, Request, Response

from app.access.rights import Right
from app.http import reply
from app.http.deps import Body, Calling, Match, ReadSession, WriteSession
from app.http.operation import operation
from app.practices import service
from app.practices.schemas import MeOut, PracticeOut, PracticePatch

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


@operation(
    router,
    "PATCH",
    "/v1/practice",
    id="updatePractice",
    tag=TAG,
    right=Right.WRITE_PRACTICE,
    body=PracticePatch,
    answer=PracticeOut,
    versioned=True,
)
async def update_practice(
    request: Request, body: Body[PracticePatch], if_match: Match, caller: Calling, session: WriteSession
) -> Response:
    """Change your practice.

    A changed `coach_access` takes effect with the next request of every coach and assistant.
    """
    practice = await service.change(session, caller=caller, patch=body, if_match=if_match)
    return reply.item(request, practice, version=practice.version)
