"""The account of a verdict on the wire."""

from typing import Annotated, Any, ClassVar

from pydantic import Field

from app.assessments.schemas import WaitRuleDocument
from app.ghosting.explain import Aspect, Cause
from app.ghosting.state import Arranged
from app.ghosting.vocabulary import Kind, Outcome, Stage, Status, Wait, WaitingOn
from app.kit import shown
from app.kit.fields import Day, Id, Instant
from app.kit.schema import Out


class RuleOut(Out):
    """Something of the rules: a code for programs, and a sentence."""

    code: shown.Slug
    text: shown.Sentence


class ChangeOut(Out):
    """What an act changed; days are local dates."""

    what: Aspect
    before: shown.Sentence | None
    after: shown.Sentence | None


class ActOut(Out):
    """One act, in the order in which acts count, and the row of the rules that it fell under.

    Of an act that the reader may not know of, only what it changed is told: the verdict tells it as well.
    """

    interaction_id: Id | None
    act: Kind | Arranged | None = Field(description="A meeting ahead acts twice, first as `arrangement`.")
    at: Instant | None
    when: RuleOut | None = Field(description="The condition under which the row applies.")
    effect: RuleOut | None = Field(description="What the row does.")
    changes: Annotated[list[ChangeOut], shown.Unlimited]


class UsedPolicy(Out):
    """What of the policy the dates were computed with."""

    version: shown.Version
    wait: Wait | None = Field(description="What kind of answer is waited for; null while no silence is counted.")
    rule: WaitRuleDocument | None = Field(description="The row of that kind.")
    promise_grace_business_days: shown.Count
    held_window_business_days: shown.Count
    undated_hold_days: shown.Count
    follow_up_rest_days: shown.Count
    thank_you_due_days: shown.Count
    thank_you_until_days: shown.Count
    skip_weekends: bool


class CountedDates(Out):
    """The local dates of a silence, in the order in which they follow from one another."""

    silent_on: Day = Field(description="Since when the employer owes an answer: D0.")
    promised_until: Day | None = Field(
        description="What it is counted from instead: the date that the employer gave, or where it asked for time "
        "without one, the end of the days that the policy allows."
    )
    counted_from: Day
    follow_up_sent_on: Day | None
    opens_on: Day | None = Field(description="The window of the follow-up; null where a missing contact shuts it.")
    closes_on: Day | None
    ghosted_on: Day


class NextByTime(Out):
    """The next status if nobody writes."""

    at: Instant
    status: Status
    cause: Cause = Field(description="Time alone, or something already recorded for then.")


class NextByAct(Out):
    """Where an act would lead, were it to happen right now."""

    act: Kind | Arranged
    status: Status
    stage: Stage
    begins_silence: bool = Field(description="Whether the wait would start over.")
    uses_follow_up: bool


class NextOut(Out):
    """What would change the verdict; acts that would change nothing are left out."""

    by_time: NextByTime | None
    by_act: Annotated[list[NextByAct], shown.Unlimited]


class ExplanationOut(Out):
    """How the verdict of an instant comes about."""

    opportunity_id: Id
    as_of: Instant
    status: Status
    since: Instant | None
    stage: Stage
    outcome: Outcome | None
    waiting_on: WaitingOn
    rule: RuleOut = Field(description="The rule by which this is the status.")
    acts: Annotated[list[ActOut], shown.Unlimited] = Field(
        description="The latest 500 that count; receipts and notes never do."
    )
    earlier_acts: shown.Count = Field(description="How many came before those.")
    dates: CountedDates | None = Field(description="Null while no silence is counted.")
    policy: UsedPolicy
    next: NextOut

    example: ClassVar[dict[str, Any]] = {
        "opportunity_id": "01981d3c-5f0e-7c3a-9b1e-6a1d2f3c4b5a",
        "as_of": "2026-03-09T12:00:00.000000Z",
        "status": "follow_up_due",
        "since": "2026-03-09T00:00:00.000000Z",
        "stage": "interviewing",
        "outcome": None,
        "waiting_on": "employer",
        "rule": {"code": "in_window", "text": "The follow-up is unused and its window is open."},
        "acts": [
            {
                "interaction_id": "01981d3c-5f0e-7c3a-9b1e-6a1d2f3c4b5b",
                "act": "interview",
                "at": "2026-03-02T12:00:00.000000Z",
                "when": {"code": "otherwise", "text": "No earlier row of the table applied."},
                "effect": {"code": "meets", "text": "They meet, and afterwards the employer owes what comes next."},
                "changes": [
                    {"what": "turn", "before": "nobody", "after": "employer"},
                    {"what": "silent_on", "before": None, "after": "2026-03-02"},
                ],
            }
        ],
        "earlier_acts": 0,
        "dates": {
            "silent_on": "2026-03-02",
            "promised_until": None,
            "counted_from": "2026-03-02",
            "follow_up_sent_on": None,
            "opens_on": "2026-03-09",
            "closes_on": "2026-03-09",
            "ghosted_on": "2026-04-02",
        },
        "policy": {
            "version": 1,
            "wait": "interviewing",
            "rule": {
                "typical_reply_days": 10,
                "follow_up_from_days": 5,
                "follow_up_until_days": 7,
                "ghosted_from_days": 31,
                "follow_up_needs_contact": False,
            },
            "promise_grace_business_days": 2,
            "held_window_business_days": 2,
            "undated_hold_days": 14,
            "follow_up_rest_days": 7,
            "thank_you_due_days": 1,
            "thank_you_until_days": 2,
            "skip_weekends": True,
        },
        "next": {
            "by_time": {"at": "2026-03-10T00:00:00.000000Z", "status": "follow_up_overdue", "cause": "time"},
            "by_act": [
                {
                    "act": "follow_up",
                    "status": "ball_in_their_court",
                    "stage": "interviewing",
                    "begins_silence": False,
                    "uses_follow_up": True,
                }
            ],
        },
    }
