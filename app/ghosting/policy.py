from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from app.ghosting.vocabulary import Wait


@dataclass(frozen=True, slots=True)
class WaitRule:
    """One row of the policy (GHOSTING.md, section 5): calendar days after the start of a silence."""

    typical_reply_days: int
    follow_up_from_days: int
    follow_up_until_days: int
    ghosted_from_days: int
    follow_up_needs_contact: bool


@dataclass(frozen=True, slots=True, eq=False)
class Policy:
    """A practice's waiting periods: a row per kind of wait, and the numbers beside the table (section 5).

    Each is itself only, so that what follows from one can be remembered by it.
    """

    waits: Mapping[Wait, WaitRule]
    promise_grace_business_days: int
    held_window_business_days: int
    undated_hold_days: int
    follow_up_rest_days: int
    thank_you_due_days: int
    thank_you_until_days: int
    skip_weekends: bool


DEFAULT_POLICY = Policy(
    waits=MappingProxyType(
        {
            Wait.APPLICATION: WaitRule(14, 7, 14, 31, follow_up_needs_contact=True),
            Wait.OUTREACH: WaitRule(3, 5, 7, 31, follow_up_needs_contact=False),
            Wait.INTRODUCTION: WaitRule(7, 5, 7, 31, follow_up_needs_contact=False),
            Wait.CONTACT: WaitRule(7, 5, 7, 31, follow_up_needs_contact=False),
            Wait.ASSESSMENT: WaitRule(10, 5, 7, 31, follow_up_needs_contact=False),
            Wait.SCREENING: WaitRule(7, 5, 7, 31, follow_up_needs_contact=False),
            Wait.INTERVIEWING: WaitRule(10, 5, 7, 31, follow_up_needs_contact=False),
            Wait.FINAL_ROUND: WaitRule(14, 5, 7, 31, follow_up_needs_contact=False),
            Wait.VERBAL_OFFER: WaitRule(7, 3, 7, 31, follow_up_needs_contact=False),
        },
    ),
    promise_grace_business_days=2,
    held_window_business_days=2,
    undated_hold_days=14,
    follow_up_rest_days=7,
    thank_you_due_days=1,
    thank_you_until_days=2,
    skip_weekends=True,
)
