"""The client's plan on the wire (API.md section 4)."""

from typing import Any, ClassVar

from pydantic import Field

from app.kit.fields import Id, Instant
from app.kit.schema import In, Out
from app.plans.schemas.parts import ActiveOut, ConfidentOut, CredentialsOut, FunnelOut

_CLIENT = "01981d3c-5f0e-7c3a-9b1e-6a1d2f3c4b10"
_OPPORTUNITY = "01981d3c-5f0e-7c3a-9b1e-6a1d2f3c4b5a"


class AsOfQuery(In):
    """For which instant the answer holds."""

    as_of: Instant | None = Field(
        default=None, description="Default: now. Earlier: what is now known about then. Later: if nobody writes."
    )


class PlanOut(Out):
    """What to do besides waiting."""

    client_id: Id
    as_of: Instant
    stay_active: ActiveOut
    stay_confident: ConfidentOut
    credentials: CredentialsOut
    funnel: FunnelOut

    example: ClassVar[dict[str, Any]] = {
        "client_id": _CLIENT,
        "as_of": "2026-03-09T12:00:00.000000Z",
        "stay_active": {
            "live_openings": 1,
            "leads": 0,
            "new_openings": 1,
            "weekly_target": 5,
            "last_new_on": "2026-03-03",
            "days_since_last_new": 6,
            "concentration": {
                "opportunity_id": _OPPORTUNITY,
                "title": "Head of Design",
                "company_name": "Example Works",
                "share": 0.8,
                "n": 5,
            },
            "suggestion": {
                "code": "spread_out",
                "text": "Much hangs on Head of Design at Example Works: begin something else beside it before you hear "
                "from them.",
                "why": "However well it looks, nobody outside can see whether and when they decide.",
                "source": "article",
            },
        },
        "stay_confident": {
            "since": "2026-02-10",
            "counts": {"wins": 1, "losses": 0},
            "text": "1 small win in 4 weeks: what you do is working, whatever is still unanswered.",
            "wins": [
                {
                    "id": "01981d3c-5f0e-7c3a-9b1e-6a1d2f3c4e10",
                    "kind": "interview",
                    "origin": "derived",
                    "title": "Reached an interview",
                    "occurred_on": "2026-03-06",
                    "opportunity_id": _OPPORTUNITY,
                }
            ],
            "losses": [],
        },
        "credentials": {
            "employment_status": "employed",
            "hours_free_per_week": 4,
            "hours_left": 4,
            "text": "Choose one of these and take its first step this week; one at a time is enough.",
            "under_way": [],
            "suggestions": [
                {
                    "id": "stretch_assignment",
                    "kind": "stretch_assignment",
                    "title": "Take on an assignment at work that you have not done before",
                    "why": "It widens what you can be hired for, while somebody else pays for the learning.",
                    "first_step": "Ask your manager which problem nobody has time for, and offer to take one part.",
                    "hours_per_week": 0,
                    "after_activity_id": None,
                    "source": "article",
                }
            ],
        },
        "funnel": {
            "counts": {
                "openings": 1,
                "applied": 1,
                "screening": 1,
                "interviewing": 1,
                "final_round": 0,
                "offer": 0,
                "introductions": 0,
            },
            "points_to": [],
            "checks": [
                {
                    "step": "interview_to_offer",
                    "verdict": "too_few",
                    "n": 1,
                    "least_n": 4,
                    "passed": 0,
                    "rate": None,
                    "comparison": {"basis": "benchmark", "rate": 0.25, "source": "a rule of thumb, not measured"},
                    "points_to": None,
                    "text": "1 so far, which is too few to say anything; from 4 on it will be said.",
                }
            ],
        },
    }
