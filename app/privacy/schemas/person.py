"""A client as a person: who they are, how they sign in, what was uploaded for them, what was done to their records."""

from typing import Annotated, Any

from pydantic import Field

from app.db.vocabulary import ActorType, EmploymentStatus, ImportState, LoginStatus, RowAction
from app.kit import shown
from app.kit.fields import Id, Instant, Line, Whole
from app.kit.lists import MAX_IMPORT_BYTES, MAX_IMPORT_ROWS
from app.kit.schema import Out
from app.kit.shown import Shown


class ExportedCoach(Out):
    """A member who coaches the client."""

    id: Id
    name: shown.Name | None = Field(
        description="Null for a client login, which is told nothing else of members either."
    )


class ExportedClient(Out):
    """Who the client is, and who coaches them."""

    id: Id
    name: shown.Name
    email: shown.Email | None
    time_zone: shown.Zone
    region: shown.Region | None
    employment_status: EmploymentStatus
    hours_free_per_week: Annotated[int, Shown(Whole(0, 168))] | None
    goals: Annotated[list[shown.Name], Shown(maxItems=20)]
    target_titles: Annotated[list[shown.Name], Shown(maxItems=20)]
    coaches: Annotated[list[ExportedCoach], Shown(maxItems=20)]
    archived: bool
    login_status: LoginStatus
    version: shown.Version
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
    email: shown.Email
    created_at: Instant
    updated_at: Instant
    last_used_at: Instant | None


class ExportedRow(Out):
    """A row of an uploaded log."""

    number: shown.Place
    action: RowAction
    opportunity_id: Id | None
    contact_id: Id | None
    values: dict[str, Any] = Field(description="What the row says, in our terms.")
    source_status: Annotated[str, Shown(maxLength=MAX_IMPORT_BYTES, pattern=r"^[^\u0000]*$")] | None
    problems: Annotated[list[dict[str, Any]], shown.Unlimited]
    draft: dict[str, Any] = Field(description="The row as it was read, kept for the commit.")


class ExportedImport(Out):
    """An uploaded log and what came of it."""

    id: Id
    format: shown.Slug
    date_order: shown.Slug | None
    state: ImportState
    counts: dict[str, shown.Count]
    warnings: Annotated[list[Annotated[str, Shown(Line(2_000))]], Shown(maxItems=100)]
    rows: Annotated[list[ExportedRow], Shown(maxItems=MAX_IMPORT_ROWS)]
    version: shown.Version
    created_at: Instant
    updated_at: Instant


class ExportedAct(Out):
    """An entry of the audit log about one of the client's records: names of fields, never their values."""

    id: Id
    occurred_at: Instant
    actor_type: ActorType
    actor_id: Id | None
    api_key_id: Id | None
    action: shown.Slug
    resource_type: shown.Slug
    resource_id: Id
    changed_fields: Annotated[list[shown.Slug], Shown(maxItems=100)]
    request_id: Id | None
