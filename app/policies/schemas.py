"""The policy on the wire (API.md, policy); its document is the one that `assessments` computes with."""

from typing import Any, ClassVar

from app.assessments.schemas import PolicyDocument, WaitsDocument
from app.kit.fields import Id, Instant
from app.kit.lists import ListQuery
from app.kit.schema import Out


class PolicyOut(Out):
    """A version of the practice's waiting periods."""

    waits: WaitsDocument
    promise_grace_business_days: int
    held_window_business_days: int
    undated_hold_days: int
    follow_up_rest_days: int
    thank_you_due_days: int
    thank_you_until_days: int
    skip_weekends: bool
    version: int
    created_at: Instant
    created_by: Id | None

    example: ClassVar[dict[str, Any]] = {
        **PolicyDocument.example,
        "version": 2,
        "created_at": "2026-03-02T09:00:00.000000Z",
        "created_by": "01981d3c-5f0e-7c3a-9b1e-6a1d2f3c4b01",
    }


class PolicyPage(Out):
    """A page of the versions of the policy."""

    items: list[PolicyOut]
    next_cursor: str | None

    example: ClassVar[dict[str, Any]] = {"items": [PolicyOut.example], "next_cursor": None}


class PolicyVersionsQuery(ListQuery):
    """Which page of the versions to list."""
