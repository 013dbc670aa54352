"""The I/O half of ghosting: whatever changes a timeline calls `reassess`; whoever reads a verdict calls `assess`."""

from app.assessments.service.convert import calendar_of, document_of, policy_of, step_of
from app.assessments.service.explained import Explained, explained
from app.assessments.service.follow_ups import SentFollowUp, follow_up_sent, follow_up_warnings
from app.assessments.service.meetings import meetings_of
from app.assessments.service.recompute import (
    BACKGROUND_FROM,
    forget,
    practice_size,
    reassess,
    reassess_client,
    reassess_outdated,
    replace_policy,
)
from app.assessments.service.verdicts import (
    Chooser,
    assess,
    history_of,
    next_action,
    policy_in_force,
    prospects_of,
    status_history,
    summary,
    verdict,
)
from app.ghosting.steps import silent_days

__all__ = [
    "BACKGROUND_FROM",
    "Chooser",
    "Explained",
    "SentFollowUp",
    "assess",
    "calendar_of",
    "document_of",
    "explained",
    "follow_up_sent",
    "follow_up_warnings",
    "forget",
    "history_of",
    "meetings_of",
    "next_action",
    "policy_in_force",
    "policy_of",
    "practice_size",
    "prospects_of",
    "reassess",
    "reassess_client",
    "reassess_outdated",
    "replace_policy",
    "silent_days",
    "status_history",
    "step_of",
    "summary",
    "verdict",
]
