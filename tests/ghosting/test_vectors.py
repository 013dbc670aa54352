import json
from datetime import date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from app.ghosting.calendar import Calendar
from app.ghosting.history import at, history
from app.ghosting.policy import DEFAULT_POLICY
from app.ghosting.timeline import Interaction, Timeline
from app.ghosting.vocabulary import Kind, Stage

CASES: list[dict[str, Any]] = json.loads(Path(__file__).with_name("vectors.json").read_text(encoding="utf-8"))


def instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def interaction(number: int, given: dict[str, Any]) -> Interaction:
    return Interaction(
        UUID(int=number),
        Kind(given["kind"]),
        datetime.fromisoformat(given["occurred_at"]),
        instant(given.get("ends_at")),
        instant(given.get("arranged_at")),
        day(given.get("reply_by")),
        Stage(given["stage"]) if given.get("stage") else None,
    )


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_worked_case(case: dict[str, Any]) -> None:
    interactions = tuple(interaction(number, given) for number, given in enumerate(case["interactions"]))
    calendar = Calendar(ZoneInfo(case["time_zone"]), {date.fromisoformat(text) for text in case["holidays"]})
    steps = history(Timeline(interactions, case["has_contact"]), DEFAULT_POLICY, calendar)
    for check in case["checks"]:
        step = at(steps, datetime.fromisoformat(check["as_of"]))
        action = step.action
        assert (step.status, step.status_until) == (check["status"], instant(check["until"]))
        assert (action and action.kind, action and action.due_on) == (check["next_action"], day(check["due_on"]))
