"""What a wait is: a silence as something that was observed, and how the observation ended (docs/outlook.md)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType

from app.ghosting.calendar import Calendar
from app.ghosting.events import in_order
from app.ghosting.rules import apply
from app.ghosting.state import Act, Arranged, Event, Hold, Silence, State
from app.ghosting.timeline import Timeline
from app.ghosting.vocabulary import ACTORS, Actor, Kind, Wait


class Ending(StrEnum):
    """What ended a wait. Only a reply is an answer; all others cut the observation short."""

    REPLY = "reply"
    HOLD = "hold"
    NO_SHOW = "no_show"
    CANDIDATE = "candidate"
    BOUNCE = "bounce"


_ENDINGS: Mapping[Act, Ending] = MappingProxyType(
    {
        **dict.fromkeys(
            (
                Arranged.ARRANGEMENT,
                Kind.EMPLOYER_MESSAGE,
                Kind.INTERVIEW,
                Kind.MEETING,
                Kind.REQUEST,
                Kind.VERBAL_OFFER,
                Kind.OFFER,
                Kind.REJECTION,
                Kind.POSITION_CLOSED,
            ),
            Ending.REPLY,
        ),
        Kind.HOLD: Ending.HOLD,
        Kind.NO_SHOW: Ending.NO_SHOW,
        Kind.BOUNCE: Ending.BOUNCE,  # it never reached anybody: from then on there was no wait at all
    },
)


@dataclass(frozen=True, slots=True)
class Waited:
    """The employer owed an answer from `started_at` on, counted in local dates from `started_on` (D0).

    `started_at` is when the act happened: during a meeting the wait has begun, though its days count from the end.
    `promised_on` is the date that the employer had named, if this wait could still reach it; `handed_on` says that a
    word, or an act of the candidate's, came before the promise was decided: the next wait shows what it is worth.
    """

    wait: Wait
    started_at: datetime
    started_on: date
    promised_on: date | None = None
    ended_at: datetime | None = None
    ended_on: date | None = None
    ending: Ending | None = None
    handed_on: bool = False


@dataclass(slots=True)
class _Running:
    silence: Silence
    at: datetime
    hold: Hold | None  # the promise that stands, unless it was kept before

    @property
    def promised_on(self) -> date | None:
        hold = self.hold
        if hold is None or hold.promised_by.reply_by is None or hold.until < self.silence.on:
            return None
        return hold.until


def waits(timeline: Timeline, calendar: Calendar) -> tuple[Waited, ...]:
    """List the waits of a timeline in their order: each silence of the fold in which no meeting was ahead.

    No policy is asked for: who owes an answer, and since when, does not depend on one. A silence with a meeting in the
    diary is none, as nobody waits for a word then; it ends with the meeting, which begins another.
    """
    return tuple(_waits(timeline, calendar))


def _waits(timeline: Timeline, calendar: Calendar) -> Iterator[Waited]:
    state = State(undated_hold_days=1)  # read for the dates of undated holds only, which count as no promise here
    running: _Running | None = None
    kept: Hold | None = None
    for event in in_order(timeline.interactions, calendar):
        apply(state, event)
        if running is not None and state.silence is not running.silence:
            if not _in_one_breath(running, event):
                waited = _ended(running, event, state)
                kept = kept if waited.handed_on else running.hold or kept
                yield waited
            running = None
        if running is None and state.silence is not None and not state.ahead:
            running = _Running(state.silence, event.at, None if state.hold is kept else state.hold)
    if running is not None:
        yield Waited(running.silence.wait, running.at, running.silence.on, running.promised_on)


def _in_one_breath(running: _Running, event: Event) -> bool:
    """Tell whether two words of the employer's are of one instant: nobody waited for the second."""
    return event.at == running.at and ACTORS[running.silence.opened_by.kind] is Actor.EMPLOYER


def _ended(running: _Running, end: Event, state: State) -> Waited:
    silence, promised_on = running.silence, running.promised_on
    ending = _ENDINGS.get(end.act, Ending.CANDIDATE)
    # A word during a meeting comes before the day from which its silence would have counted.
    ended_on = max(end.on, silence.on)
    handed_on = state.hold is running.hold and not _is_decided(promised_on, end.on, ending)
    return Waited(silence.wait, running.at, silence.on, promised_on, end.at, ended_on, ending, handed_on)


def _is_decided(promised_on: date | None, on: date, ending: Ending) -> bool:
    """Tell whether nothing is left of a promise that was not taken back: its date is over, or here with a word."""
    return promised_on is None or on > promised_on or (on == promised_on and ending is Ending.REPLY)
