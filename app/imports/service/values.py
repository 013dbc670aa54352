"""What a row of the report shows."""

from datetime import date
from typing import Any

from app.imports.service.acts import Act
from app.imports.service.planning import Plan
from app.kit.fields import instant_text
from app.logbook import ContactDraft, Problem

_FIELDS = (
    "company", "title", "url", "location", "requisition_id", "salary_min", "salary_max", "currency", "kind", "source",
    "notes",
)  # fmt: skip


def values_of(plan: Plan) -> dict[str, Any]:
    """Return the `values` of a row; what it does not say is left out."""
    shown = {name: value for name in _FIELDS if (value := getattr(plan.row, name)) is not None}
    if plan.row.saved_on:
        shown["saved_at"] = plan.row.saved_on.isoformat()
    if plan.told:
        added = set(map(id, plan.acts))  # the very same ones; comparing them field by field takes its time
        shown["interactions"] = [_interaction(act, new=id(act) in added) for act in plan.told]
    if plan.row.contact:
        shown["contact"] = _contact(plan.row.contact)
    return shown


def problems_of(plan: Plan) -> list[dict[str, Any]]:
    """Return the `problems` of a row."""
    return [_problem(problem) for problem in plan.problems]


def _problem(problem: Problem) -> dict[str, Any]:
    return {"code": problem.code, "column": problem.column, "message": problem.message}


def _interaction(act: Act, *, new: bool) -> dict[str, Any]:
    return {
        "kind": act.kind,
        "occurred_at": instant_text(act.at),
        "stage": act.stage,
        "summary": act.summary,
        "guessed": act.guessed,
        "new": new,
    }


def _contact(draft: ContactDraft) -> dict[str, Any]:
    connected = draft.connected_on
    shown = {
        "name": draft.name,
        "role": draft.role,
        "company": draft.company,
        "title": draft.title,
        "email": draft.email,
        "profile_url": draft.url,
        "connected_on": connected.isoformat() if isinstance(connected, date) else None,
    }
    return {name: value for name, value in shown.items() if value is not None}
