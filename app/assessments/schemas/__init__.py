"""What the rooms around a verdict share on the wire."""

from app.assessments.schemas.policy import BusinessDays, LongDays, PolicyDocument, WaitRuleDocument, WaitsDocument
from app.assessments.schemas.timeline import Finding, InteractionFields, Summary, arranged, findings, rearranged
from app.assessments.schemas.verdicts import (
    ActionAdvice,
    ActionSummary,
    AssessmentOut,
    AssessmentSummary,
    FollowUp,
    HistoryItem,
    HistoryOut,
    NextAction,
    PossibleReasonOut,
    ReasonOut,
    VerdictOut,
)

__all__ = [
    "ActionAdvice",
    "ActionSummary",
    "AssessmentOut",
    "AssessmentSummary",
    "BusinessDays",
    "Finding",
    "FollowUp",
    "HistoryItem",
    "HistoryOut",
    "InteractionFields",
    "LongDays",
    "NextAction",
    "PolicyDocument",
    "PossibleReasonOut",
    "ReasonOut",
    "Summary",
    "VerdictOut",
    "WaitRuleDocument",
    "WaitsDocument",
    "arranged",
    "findings",
    "rearranged",
]
