"""The verdict as answers show it, and the policy document it is computed with (API.md, assessment and policy)."""

from typing import Annotated, Any, ClassVar, Self
from uuid import UUID

from pydantic import Field, model_validator

from app.ghosting.vocabulary import (
    ActionKind,
    GhostKind,
    Outcome,
    PossibleReason,
    ReasonCode,
    Source,
    Stage,
    Status,
    WaitingOn,
)
from app.kit.fields import Day, Id, Instant, Whole
from app.kit.schema import In, Out, rule_error

Days = Annotated[int, Whole(0, 730)]
BusinessDays = Annotated[int, Whole(0, 30)]
LongDays = Annotated[int, Whole(1, 365)]


class WaitRuleDocument(In):
    """One row of the policy: calendar days after the start of a silence."""

    typical_reply_days: Days = Field(description="When a reply typically comes.")
    follow_up_from_days: Days = Field(description="When the follow-up window opens.")
    follow_up_until_days: Days = Field(description="When it closes.")
    ghosted_from_days: Annotated[int, Whole(1, 730)] = Field(description="From when on the silence is ghosting.")
    follow_up_needs_contact: bool = Field(description="Whether a follow-up needs a named contact.")

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.follow_up_from_days > self.follow_up_until_days:
            raise rule_error("order", "The window must not close before it opens.", "follow_up_until_days")
        if self.follow_up_until_days >= self.ghosted_from_days:
            raise rule_error("order", "Ghosting must begin after the window has closed.", "ghosted_from_days")
        return self


class WaitsDocument(In):
    """A row for each kind of wait."""

    application: WaitRuleDocument
    outreach: WaitRuleDocument
    introduction: WaitRuleDocument
    contact: WaitRuleDocument
    assessment: WaitRuleDocument
    screening: WaitRuleDocument
    interviewing: WaitRuleDocument
    final_round: WaitRuleDocument
    verbal_offer: WaitRuleDocument


_ROW = {
    "typical_reply_days": 10,
    "follow_up_from_days": 5,
    "follow_up_until_days": 7,
    "ghosted_from_days": 31,
    "follow_up_needs_contact": False,
}


class PolicyDocument(In):
    """The waiting periods of a practice, whole."""

    waits: WaitsDocument
    promise_grace_business_days: BusinessDays
    held_window_business_days: BusinessDays
    undated_hold_days: LongDays
    follow_up_rest_days: LongDays
    thank_you_due_days: BusinessDays
    thank_you_until_days: BusinessDays
    skip_weekends: bool

    example: ClassVar[dict[str, Any]] = {
        "waits": dict.fromkeys(WaitsDocument.model_fields, _ROW),
        "promise_grace_business_days": 2,
        "held_window_business_days": 2,
        "undated_hold_days": 14,
        "follow_up_rest_days": 7,
        "thank_you_due_days": 1,
        "thank_you_until_days": 2,
        "skip_weekends": True,
    }

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.thank_you_due_days > self.thank_you_until_days:
            raise rule_error("order", "A thank-you must be due before it is no longer offered.", "thank_you_until_days")
        return self


class ActionSummary(Out):
    """The advised next step, in short."""

    kind: ActionKind
    due_on: Day | None


class AssessmentSummary(Out):
    """The verdict in short, as lists show it."""

    as_of: Instant
    status: Status
    since: Instant | None
    until: Instant | None
    stage: Stage
    outcome: Outcome | None
    waiting_on: WaitingOn
    silent_days: int | None
    next_action: ActionSummary | None


class NextAction(Out):
    """The advised next step and why."""

    kind: ActionKind
    due_on: Day | None
    reason: str
    key: str
    source: Source
    interaction_ids: list[Id]
    alternative: ActionKind | None


class ReasonOut(Out):
    """A rule that led here."""

    code: ReasonCode
    text: str
    interaction_ids: list[Id]


class PossibleReasonOut(Out):
    """What may lie behind the silence; the order says nothing about likelihood."""

    code: PossibleReason
    text: str


class FollowUp(Out):
    """The one follow-up of this silence."""

    used: bool
    opens_on: Day | None
    closes_on: Day | None


class VerdictOut(Out):
    """What an assessment and a simulation have in common."""

    opportunity_id: UUID | None
    as_of: Instant
    status: Status
    since: Instant | None
    until: Instant | None
    stage: Stage
    outcome: Outcome | None
    waiting_on: WaitingOn
    silent_since: Instant | None
    silent_days: int | None
    follow_up: FollowUp
    reply_by: Day | None
    ghost_kind: GhostKind | None
    was_ghosted: bool
    possible_reasons: list[PossibleReasonOut]
    policy_version: int


class AssessmentOut(VerdictOut):
    """The verdict on an opportunity at an instant."""

    opportunity_id: Id
    next_action: NextAction | None
    reasons: list[ReasonOut]

    example: ClassVar[dict[str, Any]] = {
        "opportunity_id": "01981d3c-5f0e-7c3a-9b1e-6a1d2f3c4b5a",
        "as_of": "2026-03-09T12:00:00.000000Z",
        "status": "follow_up_due",
        "since": "2026-03-09T00:00:00.000000Z",
        "until": "2026-03-10T00:00:00.000000Z",
        "stage": "interviewing",
        "outcome": None,
        "waiting_on": "employer",
        "silent_since": "2026-03-02T12:00:00.000000Z",
        "silent_days": 7,
        "follow_up": {"used": False, "opens_on": "2026-03-09", "closes_on": "2026-03-09"},
        "reply_by": None,
        "ghost_kind": None,
        "was_ghosted": False,
        "possible_reasons": [{"code": "unknown", "text": "Something that cannot be seen from outside."}],
        "policy_version": 1,
        "next_action": {
            "kind": "send_follow_up",
            "due_on": "2026-03-09",
            "reason": "A week is a normal wait after an interview; now is the time for the one short follow-up.",
            "key": "send_follow_up:01981d3c-5f0e-7c3a-9b1e-6a1d2f3c4b5b",
            "source": "article",
            "interaction_ids": ["01981d3c-5f0e-7c3a-9b1e-6a1d2f3c4b5b"],
            "alternative": None,
        },
        "reasons": [
            {
                "code": "window_open",
                "text": "The time for the one follow-up has come.",
                "interaction_ids": ["01981d3c-5f0e-7c3a-9b1e-6a1d2f3c4b5b"],
            }
        ],
    }


class HistoryItem(Out):
    """One stretch of one status; `ends_at` is exclusive."""

    status: Status
    starts_at: Instant
    ends_at: Instant | None


class HistoryOut(Out):
    """The whole step function, into the future as if nobody writes."""

    items: list[HistoryItem]

    example: ClassVar[dict[str, Any]] = {
        "items": [
            {
                "status": "waiting",
                "starts_at": "2026-03-02T12:00:00.000000Z",
                "ends_at": "2026-03-09T00:00:00.000000Z",
            },
            {"status": "ghosted", "starts_at": "2026-04-02T00:00:00.000000Z", "ends_at": None},
        ]
    }
