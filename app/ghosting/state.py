"""What the fold of GHOSTING.md, section 3, keeps in mind, and the moves its table is written in."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum, auto
from types import MappingProxyType
from typing import Final, NamedTuple
from uuid import UUID

from app.ghosting.made import made
from app.ghosting.timeline import Interaction
from app.ghosting.vocabulary import Kind, ReasonCode, Stage, Wait


class Arranged(StrEnum):
    """A meeting ahead acts twice; this names its first act."""

    ARRANGEMENT = "arrangement"


Act = Kind | Arranged


class Event(NamedTuple):
    """An act in the order of section 2: at an instant, on its local date.

    `over_at` and `over_on` are the instant and date from which silence counts: a meeting's end, else the same.
    """

    at: datetime
    rank: int  # of its act, among those of one instant
    id: UUID
    act: Act
    interaction: Interaction
    on: date
    over_at: datetime
    over_on: date
    arranged: bool = False  # a meeting that had been arranged: it takes place only while it stands in the diary


class Silence(NamedTuple):
    """The employer owes an answer of this kind since `since` (S0), local date `on` (D0)."""

    since: datetime
    on: date
    wait: Wait
    opened_by: Interaction
    opening: ReasonCode


class Hold(NamedTuple):
    until: date
    promised_by: Interaction


class FollowUp(NamedTuple):
    on: date
    sent: Interaction


class Met(NamedTuple):
    """The latest meeting, when it ended, and what became of the thank-you for it; `came_back` is a bounce of one."""

    interaction: Interaction
    over_at: datetime
    over_on: date
    thanks: int = 0
    stood_up: bool = False
    came_back: Interaction | None = None


class Effect(StrEnum):
    """What the candidate's latest act did, as far as a bounce can undo it."""

    NOTHING = auto()
    PASSED_BALL = auto()
    USED_FOLLOW_UP = auto()
    THANKED = auto()


class Undo(NamedTuple):
    """The candidate's latest act and what a bounce of it takes back."""

    act: Interaction
    effect: Effect = Effect.NOTHING
    settled: Event | None = None


class Bounced(NamedTuple):
    """The candidate has the ball because an act came back; `silence` is the one that this act had begun."""

    bounce: Event
    act: Interaction
    silence: Silence | None
    reopened: Event | None


@dataclass(slots=True)
class State:
    """The one mutable thing of the engine; it lives and dies inside one call of `history`.

    Who has the ball is not kept beside these facts but follows from them, so they cannot disagree: the employer while
    there is a silence, nobody once closed, the candidate while something is open or came back.
    """

    undated_hold_days: int
    stage: Stage = Stage.LEAD
    silence: Silence | None = None
    closed_by: Interaction | None = None
    request: Event | None = None
    offer: Event | None = None
    bounced: Bounced | None = None
    hold: Hold | None = None
    follow_up: FollowUp | None = None
    given_back: Interaction | None = None  # the bounce by which the follow-up of this silence is unused again
    undo: Undo | None = None
    met: Met | None = None
    applied: bool = False
    ahead: dict[UUID, Interaction] = field(default_factory=dict)

    def copy(self) -> "State":
        """Return the state as it is now."""
        return State(
            *(self.undated_hold_days, self.stage, self.silence, self.closed_by, self.request, self.offer, self.bounced),
            *(self.hold, self.follow_up, self.given_back, self.undo, self.met, self.applied, dict(self.ahead)),
        )


_MET: Final = ReasonCode.MET
_PASSED_BALL: Final = Effect.PASSED_BALL
_OWN_WAITS: Mapping[Act, Wait] = MappingProxyType(
    {
        Kind.APPLICATION: Wait.APPLICATION,
        Kind.OUTREACH: Wait.OUTREACH,
        Kind.INTRODUCTION: Wait.INTRODUCTION,
        Kind.SUBMISSION: Wait.ASSESSMENT,
        Kind.VERBAL_OFFER: Wait.VERBAL_OFFER,
        Kind.FOLLOW_UP: Wait.OUTREACH,  # it passes the ball only where nobody had it, or keeps the wait it repairs
    },
)
_STAGE_WAITS: Mapping[Stage, Wait] = MappingProxyType(
    {
        Stage.LEAD: Wait.CONTACT,
        Stage.APPLIED: Wait.CONTACT,
        Stage.SCREENING: Wait.SCREENING,
        Stage.INTERVIEWING: Wait.INTERVIEWING,
        Stage.FINAL_ROUND: Wait.FINAL_ROUND,
        Stage.OFFER: Wait.VERBAL_OFFER,
    },
)
_OPENINGS: Mapping[Act, ReasonCode] = MappingProxyType(
    {
        Kind.APPLICATION: ReasonCode.OPENER_SENT,
        Kind.OUTREACH: ReasonCode.OPENER_SENT,
        Kind.INTRODUCTION: ReasonCode.OPENER_SENT,
        Kind.FOLLOW_UP: ReasonCode.OPENER_SENT,
        Kind.REPLY: ReasonCode.ANSWER_SENT,
        Kind.SUBMISSION: ReasonCode.ANSWER_SENT,
        Kind.EMPLOYER_MESSAGE: ReasonCode.EMPLOYER_WROTE,
        Kind.HOLD: ReasonCode.EMPLOYER_WROTE,
        Kind.VERBAL_OFFER: ReasonCode.OFFERED_VERBALLY,
    },
)


def begin_silence(state: State, event: Event, like: Silence | None = None) -> None:
    """Give the ball to the employer; `like` keeps the kind of wait of an act that is sent again."""
    act = event.act
    if like:
        wait, opening = like.wait, like.opening
    else:
        wait, opening = _OWN_WAITS.get(act) or _STAGE_WAITS[state.stage], _OPENINGS.get(act, _MET)
    state.silence = made(Silence, (event.over_at, event.over_on, wait, event.interaction, opening))
    state.closed_by = state.follow_up = state.given_back = state.bounced = state.undo = None


def pass_ball(state: State, event: Event, settled: Event | None, like: Silence | None = None) -> None:
    """Give the ball to the employer by an act of the candidate, which may yet bounce."""
    begin_silence(state, event, like)
    state.undo = made(Undo, (event.interaction, _PASSED_BALL, settled))


def end_silence(state: State) -> None:
    """Take the ball from the employer, or reopen: it is the candidate's where something is open."""
    state.silence = state.closed_by = state.follow_up = state.bounced = None
