"""The policy on the wire (API.md, policy); its document is the one that `assessments` computes with."""

from typing import Annotated, Any, ClassVar

from app.assessments.schemas import BusinessDays, LongDays, PolicyDocument, WaitsDocument
from app.kit import shown
from app.kit.fields import Id, Instant
from app.kit.lists import ListQuery
from app.kit.schema import Out
from app.kit.shown import Shown


class PolicyOut(Out):
    """A version of the practice's waiting periods."""

    waits: WaitsDocument
    promise_grace_business_days: Annotated[int, Shown(BusinessDays)]
    held_window_business_days: Annotated[int, Shown(BusinessDays)]
    undated_hold_days: Annotated[int, Shown(LongDays)]
    follow_up_rest_days: Annotated[int, Shown(LongDays)]
    thank_you_due_days: Annotated[int, Shown(BusinessDays)]
    thank_you_until_days: Annotated[int, Shown(BusinessDays)]
    skip_weekends: bool
    version: shown.Version
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

    items: Annotated[list[PolicyOut], shown.Paged]
    next_cursor: shown.NextCursor | None

    example: ClassVar[dict[str, Any]] = {"items": [PolicyOut.example], "next_cursor": None}


class PolicyVersionsQuery(ListQuery):
    """Which page of the versions to list."""
