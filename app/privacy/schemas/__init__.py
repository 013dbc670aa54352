"""Everything held about a client, as one document."""

from app.privacy.schemas.document import ExportOut
from app.privacy.schemas.guidance import (
    ExportedAction,
    ExportedActivity,
    ExportedDecision,
    ExportedDerivedWin,
    ExportedWin,
)
from app.privacy.schemas.person import (
    ExportedAct,
    ExportedClient,
    ExportedCoach,
    ExportedImport,
    ExportedInvitation,
    ExportedLogin,
    ExportedRow,
    ExportedSession,
)
from app.privacy.schemas.search import (
    ExportedCompany,
    ExportedContact,
    ExportedEditor,
    ExportedFormer,
    ExportedInteraction,
    ExportedOpportunity,
    ExportedRecorder,
)

__all__ = [
    "ExportOut",
    "ExportedAct",
    "ExportedAction",
    "ExportedActivity",
    "ExportedClient",
    "ExportedCoach",
    "ExportedCompany",
    "ExportedContact",
    "ExportedDecision",
    "ExportedDerivedWin",
    "ExportedEditor",
    "ExportedFormer",
    "ExportedImport",
    "ExportedInteraction",
    "ExportedInvitation",
    "ExportedLogin",
    "ExportedOpportunity",
    "ExportedRecorder",
    "ExportedRow",
    "ExportedSession",
    "ExportedWin",
]
