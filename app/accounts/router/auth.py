"""Signing in and out, and passwords, without a credential."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from app.access.rights import Right
from app.accounts.schemas.auth import ForgotIn, LoginIn, NewPasswordIn, RefreshIn, TokensOut
from app.accounts.service import entry, invitations, rooms, sessions
from app.accounts.service.errors import LoginFailed
from app.http import reply, visitors
from app.http.deps import Body, filled
from app.http.mailing import Mailing
from app.http.operation import operation
from app.http.visitors import Visiting
from app.kit.errors import ExpiredToken, InvalidToken
from app.kit.keys import email_key

router = APIRouter()
TAG = "access"
Clients = Annotated[rooms.Clients, Depends(filled(rooms.CLIENTS))]


@operation(
    router,
    "POST",
    "/v1/auth/login",
    id="startLogin",
    tag=TAG,
    right=Right.PUBLIC,
    body=LoginIn,
    answer=TokensOut,
    raises=(LoginFailed,),
)
async def login(request: Request, body: Body[LoginIn], visit: Visiting) -> Response:
    """Sign in.

    Every failure is the same 401 after the same time. The access token holds every scope of the role for an hour.
    """
    await visitors.attempt(request, account=email_key(body.email), now=visit.now)
    return reply.document(await entry.sign_in(visit, draft=body))


@operation(
    router,
    "POST",
    "/v1/auth/refresh",
    id="refreshLogin",
    tag=TAG,
    right=Right.PUBLIC,
    body=RefreshIn,
    answer=TokensOut,
    raises=(InvalidToken, ExpiredToken),
    stands=sessions.is_unused,
)
async def refresh_login(body: Body[RefreshIn], visit: Visiting) -> Response:
    """Exchange a refresh token for a new pair.

    Repeated within 30 seconds it gives the same pair again, for an answer that was lost. Any other reuse of an old
    refresh token ends the whole sign-in.
    """
    return reply.document(await sessions.refresh(visit, token=body.refresh_token))


@operation(
    router,
    "POST",
    "/v1/auth/logout",
    id="endLogin",
    tag=TAG,
    right=Right.PUBLIC,
    body=RefreshIn,
    answer=None,
    status=204,
)
async def logout(body: Body[RefreshIn], visit: Visiting) -> Response:
    """Sign out.

    Every token of the sign-in ends at once. A token that is not known is answered in the same way.
    """
    await sessions.end(visit, token=body.refresh_token)
    return reply.empty()


@operation(
    router,
    "POST",
    "/v1/auth/password/forgot",
    id="forgotPassword",
    tag=TAG,
    right=Right.PUBLIC,
    body=ForgotIn,
    answer=None,
    status=204,
)
async def forgot_password(request: Request, body: Body[ForgotIn], visit: Visiting, mail: Mailing) -> Response:
    """Ask for a new password.

    A letter with a token, good for an hour, goes to an address that can sign in, where the service can send mail. The
    answer is the same for any other address.
    """
    await visitors.attempt(request, account=email_key(body.email), now=visit.now)
    letters = await entry.forgot(visit, email=body.email, mailed=mail.post is not None, app_url=mail.app_url)
    return mail.after(reply.empty(), letters)


@operation(
    router,
    "POST",
    "/v1/auth/password/reset",
    id="resetPassword",
    tag=TAG,
    right=Right.PUBLIC,
    body=NewPasswordIn,
    answer=None,
    status=204,
    raises=(InvalidToken, ExpiredToken),
)
async def reset_password(body: Body[NewPasswordIn], visit: Visiting) -> Response:
    """Choose a new password with a token from a letter.

    Every sign-in of this login ends, on every device; sign in again with the new password.
    """
    await entry.reset(visit, token=body.token, password=body.password)
    return reply.empty()


@operation(
    router,
    "POST",
    "/v1/auth/invitations/accept",
    id="acceptInvitation",
    tag=TAG,
    right=Right.PUBLIC,
    body=NewPasswordIn,
    answer=None,
    status=204,
    raises=(InvalidToken, ExpiredToken),
)
async def accept_invitation(body: Body[NewPasswordIn], visit: Visiting, clients: Clients) -> Response:
    """Accept an invitation.

    The password is set and the member or client is active; sign in with it.
    """
    await invitations.accept(visit, clients=clients, token=body.token, password=body.password)
    return reply.empty()
