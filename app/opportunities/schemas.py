"""Opportunities on the wire (API.md, opportunity)."""

from enum import StrEnum
from typing import Annotated, Any, ClassVar, Self

from pydantic import MISSING, Field, model_validator

from app.assessments.schemas import AssessmentOut, AssessmentSummary
from app.db.vocabulary import OpportunityKind, OpportunitySource
from app.ghosting.vocabulary import Outcome, Stage, Status
from app.kit import shown
from app.kit.fields import Currency, Id, Instant, Items, Line, Url, Whole
from app.kit.lists import MAX_CHOICES, ListQuery
from app.kit.schema import In, Out, Patch, rule_error
from app.kit.shown import Shown

Name = Annotated[str, Line(200)]
Requisition = Annotated[str, Line(100)]
Money = Annotated[int, Whole(0)]
Statuses = Annotated[list[Status], Items(MAX_CHOICES)]
Stages = Annotated[list[Stage], Items(MAX_CHOICES)]
Outcomes = Annotated[list[Outcome], Items(MAX_CHOICES)]
ContactIds = Annotated[list[Id], Items(50)]

_EXAMPLE: dict[str, Any] = {
    "client_id": "01981d3c-5f0e-7c3a-9b1e-6a1d2f3c4a01",
    "company_name": "Lighthouse Software",
    "title": "Product Designer",
    "kind": "permanent",
    "source": "applied",
    "url": "https://jobs.lighthouse.example/product-designer",
    "location": "Berlin",
    "requisition_id": "R-1042",
    "salary_min": 6_500_000,
    "salary_max": 7_500_000,
    "currency": "EUR",
    "contact_ids": ["01981d3c-5f0e-7c3a-9b1e-6a1d2f3c4d01"],
}
_ONE_COMPANY = "Name the company by company_id or by company_name, by one of the two."


class OpportunityIn(In):
    """An opportunity that is to be pursued."""

    id: Id | None = Field(default=None, description="An id of the caller's own, to work offline.")
    client_id: Id = Field(description="Whose search it is; never changes.")
    company_id: Id | None = Field(default=None, description="Exactly one of this and `company_name`.")
    company_name: Name | None = Field(
        default=None, description="Finds the company, whatever the case and spacing of its name, or makes it."
    )
    title: Name
    kind: OpportunityKind
    source: OpportunitySource
    url: Url | None = None
    location: Name | None = None
    requisition_id: Requisition | None = None
    salary_min: Money | None = Field(default=None, description="In minor units of the currency.")
    salary_max: Money | None = Field(default=None, description="In minor units of the currency.")
    currency: Currency | None = Field(default=None, description="Needed with either salary.")
    contact_ids: ContactIds = Field(default=[], description="People on the employer's side of this opportunity.")

    example: ClassVar[dict[str, Any]] = _EXAMPLE

    @model_validator(mode="after")
    def _one_company(self) -> Self:
        if (self.company_id is None) == (self.company_name is None):
            raise rule_error("exactly-one", _ONE_COMPANY, "company_id")
        return self


class OpportunityPatch(Patch):
    """What to change of an opportunity."""

    client_id: Id | MISSING = Field(default=MISSING, description="Only the client it has.")
    company_id: Id | MISSING = MISSING
    company_name: Name | MISSING = MISSING
    title: Name | MISSING = MISSING
    kind: OpportunityKind | MISSING = MISSING
    source: OpportunitySource | MISSING = MISSING
    url: Url | None | MISSING = MISSING
    location: Name | None | MISSING = MISSING
    requisition_id: Requisition | None | MISSING = MISSING
    salary_min: Money | None | MISSING = MISSING
    salary_max: Money | None | MISSING = MISSING
    currency: Currency | None | MISSING = MISSING
    contact_ids: ContactIds | MISSING = MISSING

    example: ClassVar[dict[str, Any]] = {"title": "Senior Product Designer", "requisition_id": None}

    @model_validator(mode="after")
    def _one_company(self) -> Self:
        if self.company_id is not MISSING and self.company_name is not MISSING:
            raise rule_error("exactly-one", _ONE_COMPANY, "company_id")
        return self


class OpportunityOut(Out):
    """An opportunity, where it stands, and what the employer's silence means."""

    id: Id
    client_id: Id
    company_id: Id
    company_name: shown.Name
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
    stage: Stage = Field(description="As of now, also where `as_of` asks for another instant.")
    outcome: Outcome | None = Field(description="As of now.")
    last_activity_at: Instant | None = Field(description="The newest thing on the timeline that has happened.")
    assessment: AssessmentSummary = Field(description="As of now, or of `as_of` in lists.")
    version: shown.Version = Field(description="Counts changes of the own fields, not of the timeline.")
    created_at: Instant
    updated_at: Instant

    example: ClassVar[dict[str, Any]] = {
        "id": "01981d3c-5f0e-7c3a-9b1e-6a1d2f3c4b5a",
        "company_id": "01981d3c-5f0e-7c3a-9b1e-6a1d2f3c4c01",
        **_EXAMPLE,
        "stage": "interviewing",
        "outcome": None,
        "last_activity_at": "2026-03-02T12:00:00.000000Z",
        "assessment": {
            "as_of": "2026-03-09T12:00:00.000000Z",
            "status": "follow_up_due",
            "since": "2026-03-08T23:00:00.000000Z",
            "until": "2026-03-09T23:00:00.000000Z",
            "stage": "interviewing",
            "outcome": None,
            "waiting_on": "employer",
            "silent_days": 7,
            "next_action": {"kind": "send_follow_up", "due_on": "2026-03-09"},
            "outlook": AssessmentOut.example["outlook"],
        },
        "version": 1,
        "created_at": "2026-02-20T09:00:00.000000Z",
        "updated_at": "2026-02-20T09:00:00.000000Z",
    }


class OpportunityPage(Out):
    """A page of opportunities."""

    items: Annotated[list[OpportunityOut], shown.Paged]
    next_cursor: shown.NextCursor | None

    example: ClassVar[dict[str, Any]] = {"items": [OpportunityOut.example], "next_cursor": None}


class OpportunitySort(StrEnum):
    """By what opportunities can be sorted; those without a value come last either way."""

    UPDATED_AT = "updated_at"
    UPDATED_AT_DESC = "-updated_at"
    CREATED_AT = "created_at"
    CREATED_AT_DESC = "-created_at"
    LAST_ACTIVITY_AT = "last_activity_at"
    LAST_ACTIVITY_AT_DESC = "-last_activity_at"
    DUE_ON = "due_on"
    DUE_ON_DESC = "-due_on"
    SILENT_DAYS = "silent_days"
    SILENT_DAYS_DESC = "-silent_days"
    TITLE = "title"
    TITLE_DESC = "-title"


class OpportunityQuery(ListQuery):
    """Which opportunities to list."""

    client_id: Id | None = Field(default=None, description="Only this client's; an archived client's only so.")
    status: Statuses = Field(default=[], description="Any of these statuses, at `as_of`; repeatable.")
    as_of: Instant | None = Field(default=None, description="The instant of the assessment; now when left out.")
    stage: Stages = Field(default=[], description="Any of these stages, as of now; repeatable.")
    outcome: Outcomes = Field(default=[], description="Any of these outcomes, as of now; repeatable.")
    company_id: Id | None = Field(default=None, description="Only at this company.")
    coach_id: Id | None = Field(default=None, description="Only of clients of this coach.")
    q: Annotated[str, Line(100)] | None = Field(
        default=None, description="Part of the title or of the company's name, in any case and accent."
    )
    sort: OpportunitySort = Field(
        default=OpportunitySort.UPDATED_AT_DESC, description="Order; no value comes last, ties by id."
    )
