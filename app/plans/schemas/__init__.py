"""The client's plan and summary on the wire."""

from app.plans.schemas.parts import (
    ActiveOut,
    AdviceOut,
    ComparisonOut,
    ConcentrationOut,
    ConfidentCounts,
    ConfidentOut,
    CredentialIdea,
    CredentialsOut,
    FunnelCheck,
    FunnelCounts,
    FunnelOut,
    LossOut,
    PlanWin,
    RoleOut,
    UnderWay,
)
from app.plans.schemas.plan import AsOfQuery, PlanOut
from app.plans.schemas.summary import ActivityCounts, StatusCounts, SummaryOut

__all__ = [
    "ActiveOut",
    "ActivityCounts",
    "AdviceOut",
    "AsOfQuery",
    "ComparisonOut",
    "ConcentrationOut",
    "ConfidentCounts",
    "ConfidentOut",
    "CredentialIdea",
    "CredentialsOut",
    "FunnelCheck",
    "FunnelCounts",
    "FunnelOut",
    "LossOut",
    "PlanOut",
    "PlanWin",
    "RoleOut",
    "StatusCounts",
    "SummaryOut",
    "UnderWay",
]
