"""A client as a person: who they are, how they sign in, what was uploaded for them, what was done to their records."""

from typing import Any

from pydantic import Field

from app.db.vocabulary import ActorType, EmploymentStatus, ImportState, LoginStatus, RowAction
from app.kit.fields import Id, Instant
from app.kit.schema import Out


class ExportedCoach(Out):
    """A member who coaches the client."""

    id: Id
    name: str | None = Field(description="Null for a client login, which is told nothing else of members either.")


class ExportedClient(Out):
    """Who the client is."""

    id: Id
    name: str
    email: str | None
    time_zone: str
    region: str | None
    employment_status: EmploymentStatus
    hours_free_per_week: int | None
    goals: list[str]
    target_titles: list[str]
    coaches: list[ExportedCoach]
    archived: bool
    login_status: LoginStatus
    version: int
    created_at: Instant
    updated_at: Instant


class ExportedSession(Out):
    """A sign-in and how long it lasts."""

    id: Id
    created_at: Instant
    expires_at: Instant


class ExportedInvitation(Out):
    """An invitation to sign in."""

    id: Id
    created_at: Instant
    expires_at: Instant
    accepted_at: Instant | None


class ExportedLogin(Out):
    """How the client signs in; no password and no token, of which only hashes are kept."""

    id: Id
    email: str
    created_at: Instant
    updated_at: Instant
    last_used_at: Instant | None


class ExportedRow(Out):
    """A row of an uploaded log."""

    number: int
    action: RowAction
    opportunity_id: Id | None
    contact_id: Id | None
    values: dict[str, Any] = Field(description="What the row says, in our terms.")
    source_status: str | None
    problems: list[dict[str, Any]]
    draft: dict[str, Any] = Field(description="The row as it was read, kept for the commit.")


class ExportedImport(Out):
    """An uploaded log."""

    id: Id
    format: str
    date_order: str | None
    state: ImportState
    counts: dict[str, int]
    warnings: list[str]
    rows: list[ExportedRow]
    version: int
    created_at: Instant
    updated_at: Instant


class ExportedAct(Out):
    """An entry of the audit log about one of the client's records: names of fields, never their values."""

    id: Id
    occurred_at: Instant
    actor_type: ActorType
    actor_id: Id | None
    api_key_id: Id | None
    action: str
    resource_type: str
    resource_id: Id
    changed_fields: list[str]
    request_id: Id | None
