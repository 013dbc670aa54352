"""The I/O half of ghosting: whatever changes a timeline calls `reassess`; whoever reads a verdict calls `assess`."""

from app.assessments.service.convert import calendar_of, document_of, policy_of
from app.assessments.service.recompute import (
    BACKGROUND_FROM,
    practice_size,
    reassess,
    reassess_client,
    reassess_outdated,
    replace_policy,
)
from app.assessments.service.verdicts import assess, history_of, status_history, summary, verdict

__all__ = [
    "BACKGROUND_FROM",
    "assess",
    "calendar_of",
    "document_of",
    "history_of",
    "policy_of",
    "practice_size",
    "reassess",
    "reassess_client",
    "reassess_outdated",
    "replace_policy",
    "status_history",
    "summary",
    "verdict",
]
