"""Timelines as stories: `t("application 0d", "interview 3d ends=1h stage=final_round")`.

A line is a kind and a moment after START (`3d`, `3d4h`, `-1d`), then any of `ends=` and `arranged=` (moments after the
line's own one: `ends=1h`, `arranged=-2d`), `by=` (a date, or days after START's date: `by=10d`) and `stage=`.
"""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from app.ghosting.calendar import Calendar
from app.ghosting.history import Step, at, history
from app.ghosting.policy import DEFAULT_POLICY, Policy
from app.ghosting.timeline import Interaction, Timeline
from app.ghosting.vocabulary import Kind, Stage

START = datetime(2026, 3, 2, 10, tzinfo=UTC)  # a Monday

_UNITS = {"d": "days", "h": "hours", "m": "minutes", "s": "seconds"}


def span(text: str) -> timedelta:
    sign = -1 if text.startswith("-") else 1
    parts = re.findall(r"(\d+)([dhms])", text)
    return sign * timedelta(**{_UNITS[unit]: int(number) for number, unit in parts})


def moment(text: str) -> datetime:
    return START + span(text)


def day(text: str) -> date:
    return moment(text).date() if text.endswith("d") else date.fromisoformat(text)


def name(number: int) -> UUID:
    """The id of the story's line with this number, counted from 1."""
    return UUID(int=number)


def act(line: str, number: int = 1) -> Interaction:
    kind, when, *options = line.split()
    occurred_at = moment(when)
    given: dict[str, Any] = {}
    for key, value in (option.split("=") for option in options):
        match key:
            case "ends":
                given["ends_at"] = occurred_at + span(value)
            case "arranged":
                given["arranged_at"] = occurred_at + span(value)
            case "by":
                given["reply_by"] = day(value)
            case _:
                given["stage"] = Stage(value)
    return Interaction(name(number), Kind(kind), occurred_at, **given)


def t(*lines: str, has_contact: bool = True) -> Timeline:
    return Timeline(tuple(act(line, number) for number, line in enumerate(lines, 1)), has_contact)


UTC_WITHOUT_HOLIDAYS = Calendar(ZoneInfo("UTC"), frozenset())


def story(
    *lines: str, has_contact: bool = True, policy: Policy = DEFAULT_POLICY, calendar: Calendar = UTC_WITHOUT_HOLIDAYS
) -> Callable[[str], Step]:
    """Tell a story and ask for the step at any moment of it: `story("application 0d")("3d")`."""
    steps = history(t(*lines, has_contact=has_contact), policy, calendar)
    return lambda when: at(steps, moment(when))


def course(
    *lines: str, has_contact: bool = True, policy: Policy = DEFAULT_POLICY, calendar: Calendar = UTC_WITHOUT_HOLIDAYS
) -> list[tuple[str, str]]:
    """The statuses of a story and the local days (`03-09`) or moments on which they begin, `not_started` left out."""
    found: list[tuple[str, str]] = []
    for step in history(t(*lines, has_contact=has_contact), policy, calendar)[1:]:
        if step.status_since == step.starts_at:
            local = step.starts_at.astimezone(calendar.zone)
            found.append((step.status, f"{local:%m-%d}" if local.time() == time.min else f"{local:%m-%d %H:%M}"))
    return found
