"""Why a verdict is what it is: act by act through the table of the fold, then the dates, then what would change it.

Nothing here decides: the acts run through the same table as every verdict, and the last state told is the verdict's.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from uuid import UUID

from app.ghosting.calendar import END, Calendar
from app.ghosting.events import in_order
from app.ghosting.facts import NOT_STARTED, Facts, settled_facts
from app.ghosting.history import changes, history
from app.ghosting.moments import Moment, moments
from app.ghosting.policy import Policy
from app.ghosting.rule_words import CANCELLED, CLOSED, EFFECTS, NO_EFFECT, WHEN, Said, status_rule
from app.ghosting.rules import apply, matching
from app.ghosting.state import Act, Arranged, Event, State
from app.ghosting.steps import Step
from app.ghosting.steps import at as step_at
from app.ghosting.terms import Terms, course, held, terms_of
from app.ghosting.timeline import Interaction, Timeline
from app.ghosting.vocabulary import Kind, Stage, Status
from app.ghosting.windows import Window


class Aspect(StrEnum):
    """What an act can change; all but the first three are shown as local dates."""

    TURN = "turn"
    STAGE = "stage"
    OUTCOME = "outcome"
    WAIT = "wait"
    SILENT_ON = "silent_on"
    PROMISED_UNTIL = "promised_until"
    FOLLOW_UP_SENT_ON = "follow_up_sent_on"
    REQUESTED_ON = "requested_on"
    OFFERED_ON = "offered_on"
    UNDELIVERED_ON = "undelivered_on"
    MEETING_ON = "meeting_on"


class Turn(StrEnum):
    """Who is next."""

    NOBODY = "nobody"
    CANDIDATE = "candidate"
    EMPLOYER = "employer"
    CLOSED = "closed"


class Cause(StrEnum):
    """What brings the next status about."""

    TIME = "time"
    RECORDED = "recorded"


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that an act changed."""

    what: Aspect
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class Fired:
    """One act, the row of the table that it fell under, and what changed."""

    event: Event
    when: Said
    effect: Said
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Turned:
    """The next status by time alone, or by what is recorded to happen."""

    at: datetime
    to: Status
    cause: Cause


@dataclass(frozen=True, slots=True)
class Possible:
    """Where an act would lead if it happened at the instant of the explanation."""

    act: Act
    status: Status
    stage: Stage
    begins_silence: bool
    uses_follow_up: bool


@dataclass(frozen=True, slots=True)
class Explanation:
    """How the verdict of an instant comes about; `dates` and `base` only while a silence is counted."""

    acts: tuple[Fired, ...]
    facts: Facts
    since: datetime | None
    rule: Said
    dates: Window | None
    base: date | None
    by_time: Turned | None
    by_act: tuple[Possible, ...]


def explain(timeline: Timeline, policy: Policy, calendar: Calendar, *, at: datetime) -> Explanation:
    """Explain the verdict on a timeline at an instant."""
    terms = terms_of(policy, calendar, timeline.has_contact)
    fired: list[Fired] = []
    latest: Event | None = None
    state = State(policy.undated_hold_days)
    for moment in moments(timeline, terms):
        if moment.event.at > at:
            break
        fired.append(_fired(moment))
        latest, state = moment.event, moment.after.copy()
    facts = NOT_STARTED if latest is None else _facts(state, latest, terms, at)
    counted = state.silence if not state.ahead else None
    dates = course(state, counted, terms).dates if counted else None
    # What follows is read off the steps, which know what is recorded to happen.
    steps = history(timeline, policy, calendar)
    step = step_at(steps, at)
    return Explanation(
        acts=tuple(fired),
        facts=facts,
        since=step.status_since,
        rule=status_rule(facts.status, dates, held(state, counted) if counted else None),
        dates=dates,
        base=(dates.held_until or counted.on) if dates and counted else None,
        by_time=_turned(steps, in_order(timeline.interactions, calendar), step.status_until),
        by_act=tuple(_possible(state, facts, terms, at)),
    )


def _facts(state: State, latest: Event, terms: Terms, at: datetime) -> Facts:
    """Return what holds at an instant at which the latest act was `latest`."""
    return [facts for start, facts in changes(state, latest.at, END, terms) if start <= at][-1]


def _fired(moment: Moment) -> Fired:
    row = matching(moment.before, moment.event)
    if row is None:
        when, effect = (CLOSED if moment.acted else CANCELLED), NO_EFFECT
    else:
        when, effect = WHEN[row[0]], EFFECTS[row[1]]
    before, after = (_told(state, moment.terms) for state in (moment.before, moment.after))
    changed = tuple(Change(what, before[what], after[what]) for what in Aspect if before[what] != after[what])
    return Fired(moment.event, when, effect, changed)


def _turn(state: State) -> Turn:
    if state.closed_by:
        return Turn.CLOSED
    if state.silence:
        return Turn.EMPLOYER
    return Turn.CANDIDATE if state.bounced or state.offer or state.request else Turn.NOBODY


def _told(state: State, terms: Terms) -> Mapping[Aspect, str | None]:
    outcome = settled_facts(state, terms).outcome if state.closed_by else None
    ahead = min((meeting.occurred_at for meeting in state.ahead.values()), default=None)
    silence, bounced = state.silence, state.bounced
    days = {
        Aspect.SILENT_ON: silence.on if silence else None,
        Aspect.PROMISED_UNTIL: state.hold.until if state.hold else None,
        Aspect.FOLLOW_UP_SENT_ON: state.follow_up.on if state.follow_up else None,
        Aspect.REQUESTED_ON: state.request.on if state.request else None,
        Aspect.OFFERED_ON: state.offer.on if state.offer else None,
        Aspect.UNDELIVERED_ON: bounced.bounce.on if bounced else None,
        Aspect.MEETING_ON: terms.calendar.local_date(ahead) if ahead else None,
    }
    return {
        Aspect.TURN: _turn(state).value,
        Aspect.STAGE: state.stage.value,
        Aspect.OUTCOME: outcome and outcome.value,
        Aspect.WAIT: silence.wait.value if silence else None,
        **{what: day.isoformat() if day else None for what, day in days.items()},
    }


def _turned(steps: Sequence[Step], events: Sequence[Event], until: datetime | None) -> Turned | None:
    if until is None:
        return None
    recorded = any(event.at == until for event in events)
    return Turned(until, step_at(steps, until).status, Cause.RECORDED if recorded else Cause.TIME)


_NOBODYS = UUID(int=2**128 - 1)
_LATER = timedelta(days=7)
_IMAGINED: Sequence[Act] = (*Kind, Arranged.ARRANGEMENT)
_KINDS: Mapping[Act, Kind] = MappingProxyType({**{kind: kind for kind in Kind}, Arranged.ARRANGEMENT: Kind.MEETING})
_INERT = frozenset({Kind.ACKNOWLEDGEMENT, Kind.NOTE})


def _possible(state: State, now: Facts, terms: Terms, at: datetime) -> Iterator[Possible]:
    on = terms.calendar.local_date(at)
    for act in _IMAGINED:
        if act in _INERT:
            continue
        imagined = Interaction(_NOBODYS, _KINDS[act], _later(at) if act is Arranged.ARRANGEMENT else at)
        event = Event(at, 0, _NOBODYS, act, imagined, on, at, on)
        then = state.copy()
        apply(then, event)
        facts = _facts(then, event, terms, at)
        begins = then.silence is not None and then.silence.opened_by is imagined
        found = Possible(act, facts.status, facts.stage, begins, facts.follow_up_used and not now.follow_up_used)
        if begins or found.uses_follow_up or _differs(facts, now):
            yield found


def _later(at: datetime) -> datetime:
    return at + _LATER if at < END - _LATER else END


def _differs(then: Facts, now: Facts) -> bool:
    return _unadvised(then) != _unadvised(now)


def _unadvised(facts: Facts) -> Facts:
    """Return the facts without what is advised: a thank-you changes the advice and nothing else."""
    return facts._replace(action=None, reasons=())
