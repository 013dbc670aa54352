from bisect import bisect_right
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from types import MappingProxyType
from typing import Final, NamedTuple
from uuid import UUID

from app.ghosting.vocabulary import (
    ActionKind,
    GhostKind,
    Outcome,
    ReasonCode,
    Source,
    Stage,
    Status,
    Wait,
    WaitingOn,
)

WAITING_ON: Mapping[Status, WaitingOn] = MappingProxyType(
    dict.fromkeys(Status, WaitingOn.EMPLOYER)
    | {
        Status.YOUR_MOVE: WaitingOn.CANDIDATE,
        Status.NOT_STARTED: WaitingOn.NOBODY,
        Status.SCHEDULED: WaitingOn.NOBODY,
        Status.CLOSED: WaitingOn.NOBODY,
    },
)

#: Stands in a key for what raised it where nothing has been sent yet.
START: Final = "start"


class Reason(NamedTuple):
    """A rule that led to the status, and the interactions it rests on."""

    code: ReasonCode
    interaction_ids: tuple[UUID, ...]


class Action(NamedTuple):
    """The advised next action (GHOSTING.md, section 6); `due_on` is a local date.

    Before anything was sent there are no interactions, and none raised it. What came back is asked for anew: the bounce
    raises it, and nobody's "done" of the first attempt settles it.
    """

    kind: ActionKind
    due_on: date | None
    interaction_ids: tuple[UUID, ...]
    alternative: ActionKind | None
    source: Source
    raised_by: UUID | None

    @property
    def key(self) -> str:
        """What the action answers, so that a person's decision about it survives a re-computation."""
        return f"{self.kind}:{self.raised_by or START}"


class Step(NamedTuple):
    """A stretch of time in which every answer is the same: [starts_at, ends_at), UTC; dates are local.

    `status_since` and `status_until` bound the run of neighbouring steps with this status; `status_since` is None
    before anything happened. `wait`, `silent_since`, `silent_on`, `opens_on`, `closes_on` and `ghosted_on` are None
    unless the employer owes an answer. `reply_by` is the employer's own date while its silence is measured from it,
    or the date by which it wants what is asked (with an offer and a request open the offer's, if it has one).
    """

    starts_at: datetime
    ends_at: datetime | None
    status_since: datetime | None
    status_until: datetime | None
    was_ghosted: bool
    status: Status
    stage: Stage
    outcome: Outcome | None
    wait: Wait | None
    silent_since: datetime | None
    silent_on: date | None
    follow_up_used: bool
    opens_on: date | None
    closes_on: date | None
    ghosted_on: date | None
    reply_by: date | None
    ghost_kind: GhostKind | None
    action: Action | None
    reasons: tuple[Reason, ...]

    @property
    def waiting_on(self) -> WaitingOn:
        """Who owes the next word (GHOSTING.md, section 6)."""
        return WAITING_ON[self.status]


def at(steps: Sequence[Step], instant: datetime) -> Step:
    """Look up the step that holds at an aware instant (GHOSTING.md, section 1)."""
    return steps[bisect_right(steps, instant, key=lambda step: step.starts_at) - 1]


def silent_days(step: Step, today: date) -> int | None:
    """Count whole local days of silence up to `today`, or None while the employer owes nothing (section 6)."""
    return None if step.silent_on is None else max(0, (today - step.silent_on).days)
