"""The policy document that verdicts are computed with (API.md, policy)."""

from typing import Annotated, Any, ClassVar, Self

from pydantic import Field, model_validator

from app.kit.fields import Whole
from app.kit.schema import In, rule_error

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
