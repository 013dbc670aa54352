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
    `promised_on` is the date that the employer had named and that this wait was to show.
    """

    wait: Wait
    started_at: datetime
    started_on: date
    promised_on: date | None = None
    ended_at: datetime | None = None
    ended_on: date | None = None
    ending: Ending | None = None


@dataclass(slots=True)
class _Running:
    silence: Silence
    at: datetime
    hold: Hold | None


def waits(timeline: Timeline, calendar: Calendar) -> tuple[Waited, ...]:
    """List the waits of a timeline in their order: each silence of the fold in which no meeting was ahead.

    No policy is asked for: who owes an answer, and since when, does not depend on one. A silence with a meeting in the
    diary is none, as nobody waits for a word then; it ends with the meeting, which begins another.
    """
    return tuple(_waits(timeline, calendar))


def _waits(timeline: Timeline, calendar: Calendar) -> Iterator[Waited]:
    state = State(undated_hold_days=1)  # read for the dates of undated holds only, which count as no promise here
    running: _Running | None = None
    for event in in_order(timeline.interactions, calendar):
        apply(state, event)
        if running is not None and state.silence is not running.silence:
            if not _in_one_breath(running, event):
                yield _ended(running, event, state)
            running = None
        if running is None and state.silence is not None and not state.ahead:
            running = _Running(state.silence, event.at, state.hold)
    if running is not None:
        yield _waited(running, _promised(running.hold, running.silence))


def _in_one_breath(running: _Running, event: Event) -> bool:
    """Tell whether two words of the employer's are of one instant: nobody waited for the second."""
    return event.at == running.at and ACTORS[running.silence.opened_by.kind] is Actor.EMPLOYER


def _ended(running: _Running, event: Event, state: State) -> Waited:
    carried_on = state.hold is running.hold and state.silence is not None  # a word in between: the date still stands
    return _waited(running, None if carried_on else _promised(running.hold, running.silence), event)


def _waited(running: _Running, promised_on: date | None, end: Event | None = None) -> Waited:
    silence = running.silence
    began = (silence.wait, running.at, silence.on, promised_on)
    if end is None:
        return Waited(*began)
    # A word during a meeting comes before the day from which its silence would have counted.
    return Waited(*began, end.at, max(end.on, silence.on), _ENDINGS.get(end.act, Ending.CANDIDATE))


def _promised(hold: Hold | None, silence: Silence) -> date | None:
    if hold is None or hold.promised_by.reply_by is None or hold.until < silence.on:
        return None
    return hold.until
