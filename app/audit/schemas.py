"""The audit log on the wire (API.md, audit event)."""

from enum import StrEnum
from typing import Annotated, Any, ClassVar

from pydantic import Field

from app.db.vocabulary import ActorType
from app.kit import shown
from app.kit.fields import Id, Instant
from app.kit.lists import ListQuery
from app.kit.schema import Out
from app.kit.shown import Shown

Fields = Annotated[list[shown.Slug], Shown(maxItems=100)]


class ResourceType(StrEnum):
    """What can be changed, and so be asked for."""

    API_KEY = "api_key"
    CLIENT = "client"
    COMPANY = "company"
    CONTACT = "contact"
    DEVELOPMENT_ACTIVITY = "development_activity"
    IMPORT = "import"
    INTERACTION = "interaction"
    MEMBER = "member"
    NEXT_ACTION = "next_action"
    OPPORTUNITY = "opportunity"
    POLICY = "policy"
    PRACTICE = "practice"
    WIN = "win"


class ActorOut(Out):
    """Who did it, and with which key."""

    type: ActorType
    id: Id | None = Field(description="The member or client; null for the service itself.")
    api_key_id: Id | None = Field(description="The API key; null where the person had signed in.")


class ResourceOut(Out):
    """What it was done to."""

    type: shown.Slug
    id: Id | None = Field(description="Null where the practice has only one, as its policy.")


class AuditEventOut(Out):
    """One change, or one export."""

    id: Id
    occurred_at: Instant
    actor: ActorOut
    action: shown.Slug = Field(description="What was done, such as `client.update`.")
    resource: ResourceOut
    changed_fields: Fields = Field(description="Names only, sorted; never what was in them.")
    request_id: Id | None = Field(description="The Request-Id of the answer that told of it.")

    example: ClassVar[dict[str, Any]] = {
        "id": "01981d3c-5f0e-7c3a-9b1e-6a1d2f3c4b5f",
        "occurred_at": "2026-03-02T09:00:00.000000Z",
        "actor": {
            "type": "member",
            "id": "01981d3c-5f0e-7c3a-9b1e-6a1d2f3c4b01",
            "api_key_id": "01981d3c-5f0e-7c3a-9b1e-6a1d2f3c4b02",
        },
        "action": "client.update",
        "resource": {"type": "client", "id": "01981d3c-5f0e-7c3a-9b1e-6a1d2f3c4b5a"},
        "changed_fields": ["employment_status", "region"],
        "request_id": "01981d3c-5f0e-7c3a-9b1e-6a1d2f3c4b60",
    }


class AuditEventPage(Out):
    """A page of the audit log."""

    items: Annotated[list[AuditEventOut], shown.Paged]
    next_cursor: shown.NextCursor | None

    example: ClassVar[dict[str, Any]] = {"items": [AuditEventOut.example], "next_cursor": None}


class AuditEventQuery(ListQuery):
    """Which entries to list."""

    actor_id: Id | None = Field(default=None, description="Only what this member or client did.")
    resource_type: ResourceType | None = Field(default=None, description="Only what was done to such records.")
    resource_id: Id | None = Field(default=None, description="Only what was done to this record.")
    after: Instant | None = Field(default=None, description="Only from this instant on.")
    before: Instant | None = Field(default=None, description="Only until this instant, itself not included.")
