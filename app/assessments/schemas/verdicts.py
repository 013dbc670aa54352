"""The verdict as answers show it (API.md, assessment and status history)."""

from typing import Annotated, Any, ClassVar

from pydantic import Field

from app.ghosting.outlook import OutlookBasis
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
from app.kit import shown
from app.kit.fields import Day, Id, Instant
from app.kit.schema import Out
from app.kit.shown import Shown


class ActionSummary(Out):
    """The advised next step, in short."""

    kind: ActionKind
    due_on: Day | None


class OutlookOut(Out):
    """How likely an answer still is: information beside the status, which it never moves."""

    text: shown.Sentence
    probability: Annotated[float, Field(ge=0, le=1)] = Field(description="That an answer still comes, however late.")
    n: shown.Count = Field(description="How many waits of this kind the estimate rests on; 0 where that is not known.")
    basis: OutlookBasis = Field(description="Whose waits: published ones, the practice's, or those at this employer.")


class AssessmentSummary(Out):
    """The verdict in short, as lists show it."""

    as_of: Instant
    status: Status
    since: Instant | None
    until: Instant | None
    stage: Stage
    outcome: Outcome | None
    waiting_on: WaitingOn
    silent_days: shown.Count | None
    next_action: ActionSummary | None
    outlook: OutlookOut | None = Field(description="Null while the employer owes nothing.")


class ActionAdvice(Out):
    """The advised next step and why; what it rests on is named by whoever answers."""

    kind: ActionKind
    due_on: Day | None
    reason: shown.Sentence
    key: Annotated[str, Shown(maxLength=100, pattern="^[a-z_]+(:[0-9a-z_-]+)*$")]
    source: Source
    alternative: ActionKind | None


class NextAction(ActionAdvice):
    """The advised next step, why, and the interactions that it rests on."""

    interaction_ids: Annotated[list[Id], shown.Unlimited]


class ReasonOut(Out):
    """A rule that led here."""

    code: ReasonCode
    text: shown.Sentence
    interaction_ids: Annotated[list[Id], shown.Unlimited]


class PossibleReasonOut(Out):
    """What may lie behind the silence; the order says nothing about likelihood."""

    code: PossibleReason
    text: shown.Sentence


class FollowUp(Out):
    """The one follow-up of this silence."""

    used: bool
    opens_on: Day | None
    closes_on: Day | None


class VerdictOut(Out):
    """What an assessment and a simulation have in common."""

    as_of: Instant
    status: Status
    since: Instant | None
    until: Instant | None
    stage: Stage
    outcome: Outcome | None
    waiting_on: WaitingOn
    silent_since: Instant | None
    silent_days: shown.Count | None
    follow_up: FollowUp
    reply_by: Day | None
    ghost_kind: GhostKind | None
    was_ghosted: bool
    possible_reasons: Annotated[list[PossibleReasonOut], Shown(maxItems=len(PossibleReason))]
    outlook: OutlookOut | None = Field(description="Null while the employer owes nothing.")
    policy_version: shown.Version


class AssessmentOut(VerdictOut):
    """The verdict on an opportunity at an instant."""

    opportunity_id: Id
    next_action: NextAction | None
    reasons: Annotated[list[ReasonOut], Shown(maxItems=len(ReasonCode))]

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
        "outlook": {
            "text": "More likely than not to still answer.",
            "probability": 0.8806,
            "n": 72,
            "basis": "prior",
        },
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

    items: Annotated[list[HistoryItem], shown.Unlimited]

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
