"""How it stands, in a sentence for whoever made an introduction."""

from collections.abc import Mapping
from types import MappingProxyType

from app.ghosting.vocabulary import Outcome, Status

_NOT_YET = "I have not heard back yet, and am in good spirits."
STANDING: Mapping[Status, str] = MappingProxyType(
    {
        Status.NOT_STARTED: "I am about to write to them.",
        Status.YOUR_MOVE: "they have come back to me, and the next step is mine.",
        Status.SCHEDULED: "we are going to talk, and the date is set.",
        Status.WAITING: _NOT_YET,
        Status.ON_HOLD: "they have asked for a little time.",
        Status.FOLLOW_UP_DUE: _NOT_YET,
        Status.FOLLOW_UP_OVERDUE: _NOT_YET,
        Status.BALL_IN_THEIR_COURT: "I have asked once how things are, and leave it with them now.",
        Status.GHOSTED: "I have not heard from them for a good while and am looking elsewhere meanwhile.",
    }
)
ENDED: Mapping[Outcome, str] = MappingProxyType(
    {
        Outcome.ACCEPTED: "they made me an offer, and I have accepted it!",
        Outcome.DECLINED: "they made me an offer, and after some thought I have declined it.",
        Outcome.REJECTED: "in the end they decided for somebody else.",
        Outcome.WITHDRAWN: "after some thought I have withdrawn.",
        Outcome.POSITION_CLOSED: "the position has been closed.",
    }
)


def standing(status: Status, outcome: Outcome | None) -> str:
    """Say how it stands, in the client's words."""
    return ENDED[outcome] if outcome is not None else STANDING[status]
