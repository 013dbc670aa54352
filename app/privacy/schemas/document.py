"""The document as a whole."""

from typing import Annotated, Any, ClassVar

from pydantic import Field

from app.kit import shown
from app.kit.fields import Id, Instant
from app.kit.schema import Out
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
    ExportedImport,
    ExportedInvitation,
    ExportedLogin,
    ExportedSession,
)
from app.privacy.schemas.search import ExportedContact, ExportedOpportunity

_CLIENT, _COACH = "01981d3c-5f0e-7c3a-9b1e-6a1d2f3c4a01", "01981d3c-5f0e-7c3a-9b1e-6a1d2f3c4b01"
_OPPORTUNITY, _COMPANY = "01981d3c-5f0e-7c3a-9b1e-6a1d2f3c4b5a", "01981d3c-5f0e-7c3a-9b1e-6a1d2f3c4c01"
_THEN = "2026-03-02T09:00:00.000000Z"
_STAMPS = {"version": 1, "created_at": _THEN, "updated_at": _THEN}
_PEOPLE = "The people whom any of the client's records names."
_ACTS = "Empty for a client login: the log is the practice's, for its owners and admins."
_IMPORTS = "Empty for a client login, which finds what came of them among the opportunities."


class ExportOut(Out):
    """Everything held about a client at one instant."""

    exported_at: Instant
    practice_id: Id
    client: ExportedClient
    login: ExportedLogin | None
    sessions: Annotated[list[ExportedSession], shown.Unlimited]
    invitations: Annotated[list[ExportedInvitation], shown.Unlimited]
    opportunities: Annotated[list[ExportedOpportunity], shown.Unlimited] = Field(description="Hidden ones too.")
    contacts: Annotated[list[ExportedContact], shown.Unlimited] = Field(
        description="The people whom any of the client's records names."
    )
    next_actions: Annotated[list[ExportedAction], shown.Unlimited] = Field(
        description="Those set by hand; the computed ones follow from the rules."
    )
    action_decisions: Annotated[list[ExportedDecision], shown.Unlimited]
    wins: Annotated[list[ExportedWin], shown.Unlimited] = Field(description="Those that somebody noted.")
    derived_wins: Annotated[list[ExportedDerivedWin], shown.Unlimited]
    development_activities: Annotated[list[ExportedActivity], shown.Unlimited]
    imports: Annotated[list[ExportedImport], shown.Unlimited] = Field(description=_IMPORTS)
    audit_events: Annotated[list[ExportedAct], shown.Unlimited] = Field(description=_ACTS)

    example: ClassVar[dict[str, Any]] = {
        "exported_at": "2026-03-09T12:00:00.000000Z",
        "practice_id": "01981d3c-5f0e-7c3a-9b1e-6a1d2f3c4b00",
        "client": {
            "id": _CLIENT,
            "name": "Mara Example",
            "email": "mara@example.com",
            "time_zone": "Europe/Berlin",
            "region": "DE-BE",
            "employment_status": "unemployed",
            "hours_free_per_week": 20,
            "goals": ["Lead a design team"],
            "target_titles": ["Head of Design"],
            "coaches": [{"id": _COACH, "name": "Owner Example"}],
            "archived": False,
            "login_status": "none",
            **_STAMPS,
        },
        "login": None,
        "sessions": [],
        "invitations": [],
        "opportunities": [
            {
                "id": _OPPORTUNITY,
                "company": {"id": _COMPANY, "name": "Lighthouse Software", "domain": "lighthouse.example"},
                "title": "Product Designer",
                "kind": "permanent",
                "source": "applied",
                "url": "https://jobs.lighthouse.example/product-designer",
                "location": "Berlin",
                "requisition_id": None,
                "salary_min": None,
                "salary_max": None,
                "currency": None,
                "contact_ids": [],
                "deleted_at": None,
                "stage": "lead",
                "outcome": None,
                "assessment": {
                    "as_of": "2026-03-09T12:00:00.000000Z",
                    "status": "not_started",
                    "since": None,
                    "until": None,
                    "stage": "lead",
                    "outcome": None,
                    "waiting_on": "candidate",
                    "silent_days": None,
                    "next_action": {"kind": "make_contact", "due_on": None},
                    "outlook": None,
                },
                "policy_version": 1,
                "status_history": [],
                "interactions": [],
                **_STAMPS,
            }
        ],
        "contacts": [],
        "next_actions": [],
        "action_decisions": [],
        "wins": [],
        "derived_wins": [],
        "development_activities": [],
        "imports": [],
        "audit_events": [
            {
                "id": "01981d3c-5f0e-7c3a-9b1e-6a1d2f3c4f01",
                "occurred_at": _THEN,
                "actor_type": "member",
                "actor_id": _COACH,
                "api_key_id": None,
                "action": "client.create",
                "resource_type": "client",
                "resource_id": _CLIENT,
                "changed_fields": ["email", "employment_status", "name", "time_zone"],
                "request_id": None,
            }
        ],
    }
