"""Why an item of the queue stands where it stands: the kind of work, its date, and how long the silence has been."""

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType

from app.db.vocabulary import NextActionKind
from app.ghosting.vocabulary import ActionKind
from app.guidance.schemas import WorkCode
from app.kit.shapes import Tree

_PLACES: Mapping[int, WorkCode] = MappingProxyType(
    {
        1: WorkCode.OWN_MOVE,
        2: WorkCode.MEETING_SOON,
        3: WorkCode.THANKS_DUE,
        4: WorkCode.FOLLOW_UP_DUE,
        5: WorkCode.FOLLOW_UP_OVERDUE,
        6: WorkCode.GHOSTED_LATELY,
        7: WorkCode.CONTACT_TO_FIND,
    }
)
_TEXTS: Mapping[WorkCode, str] = MappingProxyType(
    {
        WorkCode.OWN_MOVE: "The other side waits for the client, which comes before everything else.",
        WorkCode.MEETING_SOON: "A meeting is today or tomorrow, and it cannot be prepared afterwards.",
        WorkCode.THANKS_DUE: "They have met, and thanks count only for a day or two.",
        WorkCode.FOLLOW_UP_DUE: "The window for the one follow-up is open.",
        WorkCode.FOLLOW_UP_OVERDUE: "The window for the one follow-up has closed, and it is still unsent.",
        WorkCode.GHOSTED_LATELY: "It turned ghosted within a week: time to close it and to begin something else.",
        WorkCode.CONTACT_TO_FIND: "Without a name there is nobody to follow up with, and the time for it has come.",
        WorkCode.SET_BY_HAND: "Somebody has set this, and it is due.",
    }
)
#: What came back is the client's move too, but nobody there waits for it.
_NEVER_ARRIVED = "What the client sent never arrived, so nobody there can answer: it comes before everything else."


def why(*, place: int, kind: str, due_on: date | None, today: date, silent_days: int | None) -> Tree:
    """Return why an action of this kind stands at a place of the queue, in the order that decides its rank: a `Why`."""
    code = WorkCode.SET_BY_HAND if kind == NextActionKind.CUSTOM else _PLACES[place]
    text = _NEVER_ARRIVED if kind == ActionKind.FIX_CONTACT else _TEXTS[code]
    said = (text, _due(due_on, today), _silence(silent_days))
    return {"place": place, "code": code.value, "text": " ".join(part for part in said if part)}


def _due(due_on: date | None, today: date) -> str:
    if due_on is None:
        return "It has no date, so it comes after what has one."
    days = (due_on - today).days
    if days == 0:
        return "It is due today."
    if days > 0:
        return f"It is due in {_days(days)}."
    return f"It is {_days(-days)} late, and the longest late comes first."


def _silence(silent_days: int | None) -> str:
    return "" if not silent_days else f"{_days(silent_days)} of silence so far."


def _days(count: int) -> str:
    return "1 day" if count == 1 else f"{count} days"
