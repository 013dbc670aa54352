"""How an action is shown: the stored one, or what the step says with what was decided about it."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from app.actions.schemas import Acceptor, ActionOut
from app.assessments import service as assessments
from app.db.vocabulary import ActionOrigin, ActionState, Assignee, NextActionKind
from app.ghosting import words
from app.ghosting.vocabulary import ActionKind, Kind

#: Which interaction doing an action amounts to, where that is no question.
_AMOUNTS_TO: Mapping[ActionKind, Kind] = MappingProxyType(
    {
        ActionKind.REPLY: Kind.REPLY,
        ActionKind.SEND_THANK_YOU: Kind.THANK_YOU,
        ActionKind.SEND_FOLLOW_UP: Kind.FOLLOW_UP,
    }
)
_SAME = ("id", "origin", "client_id", "opportunity_id", "due_on", "accepted_at", "updated_at")


def present(row: Mapping[Any, Any]) -> ActionOut:
    """Return the action that a row of the repository holds, on the local date of its client."""
    state = row["shown_state"]
    accepted = row["accepted_by_type"] and Acceptor.model_construct(
        type=row["accepted_by_type"], id=row["accepted_by_id"]
    )
    return ActionOut.model_construct(
        **{name: row[name] for name in _SAME},
        **(_set_by_hand(row) if row["origin"] == ActionOrigin.MANUAL else _advised(row)),
        assignee=row["assignee"] or Assignee.CLIENT,
        state=state,
        snoozed_until=row["snoozed_until"] if state == ActionState.SNOOZED else None,
        dismiss_reason=row["dismiss_reason"],
        accepted_by=accepted,
        version=row["version"] or 1,
        created_at=row["created_at"] if row["origin"] == ActionOrigin.MANUAL else None,
    )


def _set_by_hand(row: Mapping[Any, Any]) -> dict[str, Any]:
    kind = NextActionKind.CUSTOM
    return {"key": None, "kind": kind, "title": row["title"], "reason": None, "interaction_kind": None}


def _advised(row: Mapping[Any, Any]) -> dict[str, Any]:
    kind = ActionKind(row["action_kind"])
    advice = assessments.next_action(assessments.step_of(row), today=row["today"])
    return {
        "key": advice and advice["key"],
        "kind": kind,
        "title": words.action_title(kind),
        "reason": advice and advice["reason"],
        "interaction_kind": _AMOUNTS_TO.get(kind),
    }
