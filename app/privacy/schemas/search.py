"""A client's search: opportunities, what happened on each, and the people met."""

from typing import Annotated, Any

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
from app.kit import shown
from app.kit.fields import Day, Id, Instant, Line, Text, Whole
from app.kit.schema import Out
from app.kit.shown import Shown


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

    version: shown.Version = Field(description="The version that said so.")
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
    summary: Annotated[str, Shown(Text(10_000))] | None
    visibility: Visibility
    recorded_at: Instant
    recorded_by: ExportedRecorder
    voided_at: Instant | None
    version: shown.Version
    created_at: Instant
    updated_at: Instant
    former: Annotated[list[ExportedFormer], shown.Unlimited]


class ExportedCompany(Out):
    """An employer or agency."""

    id: Id
    name: shown.Name
    domain: shown.HostName | None


class ExportedOpportunity(Out):
    """A role pursued, with everything that hangs on it."""

    id: Id
    company: ExportedCompany
    title: shown.Name
    kind: OpportunityKind
    source: OpportunitySource
    url: shown.Url | None
    location: shown.Name | None
    requisition_id: Annotated[str, Shown(Line(100))] | None
    salary_min: Annotated[int, Shown(Whole(0))] | None
    salary_max: Annotated[int, Shown(Whole(0))] | None
    currency: shown.Currency | None
    contact_ids: Annotated[list[Id], Shown(maxItems=50)]
    deleted_at: Instant | None = Field(description="Since when it is hidden; such a one is erased after 30 days.")
    stage: Stage
    outcome: Outcome | None
    assessment: AssessmentSummary
    policy_version: shown.Version = Field(
        description="The policy that the assessment and the history are computed with."
    )
    status_history: Annotated[list[HistoryItem], shown.Unlimited]
    interactions: Annotated[list[ExportedInteraction], shown.Unlimited]
    version: shown.Version
    created_at: Instant
    updated_at: Instant


class ExportedContact(Out):
    """A person on the employer's side, or one who knows them."""

    id: Id
    company_id: Id | None
    company_name: shown.Name | None = Field(description="Null for a client login without an opportunity there.")
    name: shown.Name
    role: ContactRole
    email: shown.Email | None
    phone: shown.Phone | None
    title: shown.Name | None
    profile_url: shown.Url | None
    notes: shown.Note | None = Field(description="Null for a client login, whatever is stored.")
    version: shown.Version
    created_at: Instant
    updated_at: Instant
