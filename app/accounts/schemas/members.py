"""Members on the wire (API.md, member)."""

from typing import Annotated, Any, ClassVar

from pydantic import MISSING, Field

from app.db.vocabulary import LoginStatus, MemberRole, MemberStatus
from app.kit import shown
from app.kit.fields import Email, Id, Instant, Line, Zone
from app.kit.lists import ListQuery
from app.kit.schema import In, Out, Patch
from app.kit.shown import Shown

Name = Annotated[str, Line(200)]
Invitation = Annotated[str, Shown(maxLength=47, pattern="^cri_[A-Za-z0-9_-]{43}$")]

_TOKEN = "cri_2bMs9cQv1L0rY2nC6mWk3Hq8tXb5sDf7gJk0lPz4xVn"  # noqa: S105  # an example
_EXAMPLE: dict[str, Any] = {
    "name": "Coach Example",
    "email": "coach@example.com",
    "role": "coach",
    "time_zone": "Europe/Berlin",
}
_TOKEN_WORDS = "For `/v1/auth/invitations/accept`, once, within 7 days. Shown here and never again."  # noqa: S105  # prose


class MemberIn(In):
    """Who is invited to the practice."""

    id: Id | None = Field(default=None, description="An id of the caller's own, to work offline.")
    name: Name
    email: Email = Field(description="The address to sign in with; unique in the practice.")
    role: MemberRole = Field(description="Only owners make owners.")
    time_zone: Zone | None = Field(default=None, description="Default: the practice's.")

    example: ClassVar[dict[str, Any]] = _EXAMPLE


class MemberPatch(Patch):
    """What to change of a member."""

    name: Name | MISSING = MISSING
    email: Email | MISSING = Field(
        default=MISSING, description="Invitations and resets sent to the former address end with it."
    )
    role: MemberRole | MISSING = MISSING
    time_zone: Zone | MISSING = MISSING

    example: ClassVar[dict[str, Any]] = {"role": "admin"}


class MemberOut(Out):
    """Somebody who works in the practice."""

    id: Id
    name: shown.Name
    email: shown.Email
    role: MemberRole
    time_zone: shown.Zone
    status: MemberStatus
    version: shown.Version
    created_at: Instant
    updated_at: Instant

    example: ClassVar[dict[str, Any]] = {
        "id": "01981d3c-5f0e-7c3a-9b1e-6a1d2f3c4b00",
        **_EXAMPLE,
        "status": "active",
        "version": 2,
        "created_at": "2026-03-02T09:00:00.000000Z",
        "updated_at": "2026-03-02T09:05:00.000000Z",
    }


class MemberInvited(MemberOut):
    """A member and the invitation that was made for them."""

    invitation_token: Invitation = Field(description=_TOKEN_WORDS)

    example: ClassVar[dict[str, Any]] = {**MemberOut.example, "status": "invited", "invitation_token": _TOKEN}


class MemberPage(Out):
    """A page of the members of the practice."""

    items: Annotated[list[MemberOut], shown.Paged]
    next_cursor: shown.NextCursor | None

    example: ClassVar[dict[str, Any]] = {"items": [MemberOut.example], "next_cursor": None}


class MemberQuery(ListQuery):
    """Which members to list."""


class ClientLoginInvited(Out):
    """The login of a client and the invitation that was made for them."""

    client_id: Id
    email: shown.Email = Field(description="The address to sign in with.")
    login_status: LoginStatus
    expires_at: Instant = Field(description="When the invitation ends.")
    invitation_token: Invitation = Field(description=_TOKEN_WORDS)

    example: ClassVar[dict[str, Any]] = {
        "client_id": "01981d3c-5f0e-7c3a-9b1e-6a1d2f3c4b5a",
        "email": "mara@example.com",
        "login_status": "invited",
        "expires_at": "2026-03-09T09:00:00.000000Z",
        "invitation_token": _TOKEN,
    }
