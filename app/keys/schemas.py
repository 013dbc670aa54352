"""API keys on the wire (API.md, api key)."""

from typing import Annotated, Any, ClassVar

from pydantic import Field

from app.access.rights import Scope
from app.kit import shown
from app.kit.fields import Id, Instant, Items, Line
from app.kit.lists import ListQuery
from app.kit.schema import In, Out
from app.kit.shown import Shown

Name = Annotated[str, Line(100)]
Scopes = Annotated[list[Scope], Items(len(Scope))]
Secret = Annotated[str, Shown(maxLength=40, pattern="^crk_[0-9A-Za-z]{36}$")]


class ApiKeyIn(In):
    """A key that is to be made."""

    id: Id | None = Field(default=None, description="An id of the caller's own, to work offline.")
    name: Name = Field(description="What the key is for.")
    scopes: Scopes = Field(description="What the key may do: scopes that your own role holds.")
    expires_at: Instant | None = Field(
        default=None, description="From when on it is refused: at most a year ahead, 90 days unless said."
    )

    example: ClassVar[dict[str, Any]] = {"name": "Nightly export", "scopes": ["clients:read", "pipeline:read"]}


class ApiKeyOut(Out):
    """A key, without its secret."""

    id: Id
    member_id: Id
    name: Annotated[str, Shown(Line(100))]
    scopes: Annotated[list[Scope], Shown(maxItems=len(Scope))]
    expires_at: Instant
    last4: Annotated[str, Shown(maxLength=4, pattern="^[0-9A-Za-z]{4}$")]
    last_used_at: Instant | None
    version: shown.Version
    created_at: Instant
    updated_at: Instant

    example: ClassVar[dict[str, Any]] = {
        "id": "01981d3c-5f0e-7c3a-9b1e-6a1d2f3c4b70",
        "member_id": "01981d3c-5f0e-7c3a-9b1e-6a1d2f3c4b01",
        "name": "Nightly export",
        "scopes": ["clients:read", "pipeline:read"],
        "expires_at": "2026-05-31T09:00:00.000000Z",
        "last4": "0a1B",
        "last_used_at": None,
        "version": 1,
        "created_at": "2026-03-02T09:00:00.000000Z",
        "updated_at": "2026-03-02T09:00:00.000000Z",
    }


class ApiKeyMade(ApiKeyOut):
    """A key with its secret, which no other answer holds."""

    key: Secret = Field(description="The secret: keep it now, it is not shown again.")

    example: ClassVar[dict[str, Any]] = {**ApiKeyOut.example, "key": "crk_" + "0aZ" * 12}


class ApiKeyPage(Out):
    """A page of API keys, the oldest first."""

    items: Annotated[list[ApiKeyOut], shown.Paged]
    next_cursor: shown.NextCursor | None

    example: ClassVar[dict[str, Any]] = {"items": [ApiKeyOut.example], "next_cursor": None}


class ApiKeyQuery(ListQuery):
    """Which keys to list: all that the caller may see."""
