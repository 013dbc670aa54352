"""Members over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from app.access.rights import Right
from app.accounts.schemas.members import MemberIn, MemberInvited, MemberOut, MemberPage, MemberPatch, MemberQuery
from app.accounts.service import members as service
from app.accounts.service import rooms
from app.accounts.service.errors import LastOwner
from app.http import reply
from app.http.deps import Body, Calling, Match, PathId, Query, ReadSession, Walking, WriteSession, filled
from app.http.mailing import Mailing
from app.http.operation import operation
from app.kit.errors import Duplicate, IdTaken, StaleVersion

router = APIRouter()
TAG = "access"
Keys = Annotated[rooms.Keys, Depends(filled(rooms.KEYS))]


@operation(
    router,
    "GET",
    "/v1/members",
    id="listMembers",
    tag=TAG,
    right=Right.READ_MEMBERS,
    query=MemberQuery,
    answer=MemberPage,
)
async def list_members(
    request: Request, query: Query[MemberQuery], walk: Walking, caller: Calling, session: ReadSession
) -> Response:
    """List members.

    Invited and deactivated ones included, in the order in which they were invited.
    """
    page = await service.search(session, query=query, after=walk.after, caller=caller)
    return reply.page(request, walk, page, answer=MemberPage)


@operation(
    router,
    "POST",
    "/v1/members",
    id="createMember",
    tag=TAG,
    right=Right.WRITE_MEMBERS,
    body=MemberIn,
    answer=MemberInvited,
    status=201,
    versioned=True,
    raises=(IdTaken, Duplicate),
)
async def create_member(body: Body[MemberIn], mail: Mailing, caller: Calling, session: WriteSession) -> Response:
    """Invite a member.

    The answer carries the token of the invitation, once; it is mailed too where the service can send mail.
    """
    made, letter = await service.invite(session, caller=caller, draft=body, app_url=mail.app_url)
    response = reply.created(made, location=f"/v1/members/{made.id}", version=made.version)
    return mail.after(response, [letter])


@operation(
    router,
    "GET",
    "/v1/members/{id}",
    id="getMember",
    tag=TAG,
    right=Right.READ_MEMBERS,
    answer=MemberOut,
    versioned=True,
)
async def get_member(request: Request, member_id: PathId, session: ReadSession) -> Response:
    """Read a member.

    Deactivated members stay readable.
    """
    member = await service.read(session, member_id=member_id)
    return reply.item(request, member, version=member.version)


@operation(
    router,
    "PATCH",
    "/v1/members/{id}",
    id="updateMember",
    tag=TAG,
    right=Right.WRITE_MEMBERS,
    body=MemberPatch,
    answer=MemberOut,
    versioned=True,
    raises=(Duplicate, LastOwner),
)
async def update_member(
    request: Request,
    body: Body[MemberPatch],
    member_id: PathId,
    if_match: Match,
    caller: Calling,
    session: WriteSession,
) -> Response:
    """Change a member.

    Only owners make and change owners. A new role holds from the member's next request on, a new address from the next
    sign-in.
    """
    member = await service.change(session, caller=caller, member_id=member_id, patch=body, if_match=if_match)
    return reply.item(request, member, version=member.version)


@operation(
    router,
    "POST",
    "/v1/members/{id}/deactivate",
    id="deactivateMember",
    tag=TAG,
    right=Right.WRITE_MEMBERS,
    answer=MemberOut,
    versioned=True,
    raises=(LastOwner, StaleVersion),
)
async def deactivate_member(
    request: Request, member_id: PathId, if_match: Match, caller: Calling, keys: Keys, session: WriteSession
) -> Response:
    """Deactivate a member.

    Their sign-ins and API keys end at once. What they recorded stays; inviting them again brings them back.
    """
    member = await service.deactivate(session, keys=keys, caller=caller, member_id=member_id, if_match=if_match)
    return reply.item(request, member, version=member.version)


@operation(
    router,
    "POST",
    "/v1/members/{id}/invite",
    id="inviteMember",
    tag=TAG,
    right=Right.WRITE_MEMBERS,
    answer=MemberInvited,
    versioned=True,
    raises=(StaleVersion,),
)
async def invite_member(
    request: Request, member_id: PathId, if_match: Match, mail: Mailing, caller: Calling, session: WriteSession
) -> Response:
    """Invite a member again.

    The token before is void. An active member keeps the password until the invitation is accepted; a deactivated one
    is invited anew.
    """
    member, letter = await service.invite_again(
        session, caller=caller, member_id=member_id, if_match=if_match, app_url=mail.app_url
    )
    return mail.after(reply.item(request, member, version=member.version), [letter])
