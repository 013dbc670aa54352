"""A client's search: opportunities, what happened on each, and the people met."""

from typing import Any

from pydantic import Field

from app.assessments.schemas import AssessmentSummary, HistoryItem
from app.db.vocabulary import (
    ActorType,
    Channel,
    ContactRole,
    OpportunityKind,
    OpportunitySource,
    RecorderType,
    Visibility,
)
from app.ghosting.vocabulary import Kind, Outcome, Stage
from app.kit.fields import Day, Id, Instant
from app.kit.schema import Out


class ExportedRecorder(Out):
    """Who recorded something."""

    type: RecorderType
    id: Id


class ExportedEditor(Out):
    """Who edited something."""

    type: ActorType
    id: Id | None


class ExportedFormer(Out):
    """What an interaction said before it was edited."""

    version: int = Field(description="The version that said so.")
    said: dict[str, Any] = Field(description="The interaction as it was answered then.")
    replaced_at: Instant
    replaced_by: ExportedEditor


class ExportedInteraction(Out):
    """Something that happened, or is arranged; a void one too."""

    id: Id
    kind: Kind
    occurred_at: Instant
    ends_at: Instant | None
    arranged_at: Instant | None
    reply_by: Day | None
    stage: Stage | None
    contact_id: Id | None
    channel: Channel | None
    summary: str | None
    visibility: Visibility
    recorded_at: Instant
    recorded_by: ExportedRecorder
    voided_at: Instant | None
    version: int
    created_at: Instant
    updated_at: Instant
    former: list[ExportedFormer]


class ExportedCompany(Out):
    """An employer or agency."""

    id: Id
    name: str
    domain: str | None


class ExportedOpportunity(Out):
    """A role pursued, with everything that hangs on it."""

    id: Id
    company: ExportedCompany
    title: str
    kind: OpportunityKind
    source: OpportunitySource
    url: str | None
    location: str | None
    requisition_id: str | None
    salary_min: int | None
    salary_max: int | None
    currency: str | None
    contact_ids: list[Id]
    deleted_at: Instant | None = Field(description="Since when it is hidden; such a one is erased after 30 days.")
    stage: Stage
    outcome: Outcome | None
    assessment: AssessmentSummary
    policy_version: int = Field(description="The policy that the assessment and the history are computed with.")
    status_history: list[HistoryItem]
    interactions: list[ExportedInteraction]
    version: int
    created_at: Instant
    updated_at: Instant


class ExportedContact(Out):
    """A person on the employer's side, or one who knows them."""

    id: Id
    company_id: Id | None
    company_name: str | None = Field(description="Null for a client login without an opportunity there.")
    name: str
    role: ContactRole
    email: str | None
    phone: str | None
    title: str | None
    profile_url: str | None
    notes: str | None = Field(description="Null for a client login, whatever is stored.")
    version: int
    created_at: Instant
    updated_at: Instant
