"""Small successes that follow from a timeline: what counts as one, and what takes it back."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType
from uuid import UUID

from app.ghosting.calendar import Calendar, add_days
from app.ghosting.moments import Moment, moments
from app.ghosting.policy import Policy
from app.ghosting.state import Act, Arranged, Effect
from app.ghosting.timeline import Timeline
from app.ghosting.vocabulary import Kind, ReasonCode, Stage, WinKind
from app.ghosting.windows import Terms, window


@dataclass(frozen=True, slots=True)
class Win:
    """A small success: of which kind, which interaction brought it, how far the process was, and when."""

    kind: WinKind
    interaction_id: UUID
    stage: Stage
    occurred_at: datetime
    occurred_on: date


@dataclass(frozen=True, slots=True)
class Rule:
    """When an act is a success, and whether only the first one of an opportunity is."""

    counts: Callable[[Moment], bool]
    once: bool = True


_SIGNS_OF_LIFE: frozenset[Act] = frozenset(
    {
        Kind.EMPLOYER_MESSAGE,
        Kind.HOLD,
        Kind.REQUEST,
        Kind.VERBAL_OFFER,
        Kind.OFFER,
        Kind.INTERVIEW,
        Kind.MEETING,
        Arranged.ARRANGEMENT,
    }
)


def _answers_an_opener(moment: Moment) -> bool:
    silence = moment.before.silence
    asked = silence is not None and silence.opening is ReasonCode.OPENER_SENT
    return asked and moment.event.act in _SIGNS_OF_LIFE and moment.acted


def _is_an_interview(moment: Moment) -> bool:
    return moment.event.act is Kind.INTERVIEW and moment.acted


def _reaches_the_final_round(moment: Moment) -> bool:
    return moment.after.stage is Stage.FINAL_ROUND and _rises(moment)


def _rises(moment: Moment) -> bool:
    return moment.after.stage.rank > moment.before.stage.rank


def _gets_far(moment: Moment) -> bool:
    return _rises(moment) and moment.after.stage.rank >= Stage.SCREENING.rank


def _is_an_offer(moment: Moment) -> bool:
    return moment.event.act in {Kind.VERBAL_OFFER, Kind.OFFER}


def _thanks_in_time(moment: Moment) -> bool:
    met, due_days = moment.before.met, moment.terms.policy.thank_you_due_days
    if moment.event.act is not Kind.THANK_YOU or met is None or met.stood_up or met.thanks:
        return False
    return moment.event.on <= add_days(met.over_on, due_days)


def _follows_up_in_time(moment: Moment) -> bool:
    silence = moment.before.silence
    if not moment.nudged or silence is None or moment.before.follow_up:
        return False
    dates = window(moment.before, silence, moment.terms)
    return not dates.shut and moment.event.on >= dates.opens


#: `further_stage` is told of every rise from screening on: only the client's other opportunities say if it is news.
RULES: Mapping[WinKind, Rule] = MappingProxyType(
    {
        WinKind.FIRST_REPLY: Rule(_answers_an_opener),
        WinKind.INTERVIEW: Rule(_is_an_interview),
        WinKind.FINAL_ROUND: Rule(_reaches_the_final_round),
        WinKind.OFFER: Rule(_is_an_offer),
        WinKind.FURTHER_STAGE: Rule(_gets_far, once=False),
        WinKind.THANK_YOU_ON_TIME: Rule(_thanks_in_time, once=False),
        WinKind.FOLLOWED_UP_ONCE: Rule(_follows_up_in_time, once=False),
    },
)


def _nobody_came(moment: Moment) -> UUID | None:
    met = moment.before.met
    came_to_nothing = moment.event.act is Kind.NO_SHOW and met is not None and met.over_on == moment.event.on
    return met.interaction.id if met and came_to_nothing else None


def _thanks_came_back(moment: Moment) -> UUID | None:
    return _came_back(moment, Effect.THANKED)


def _follow_up_came_back(moment: Moment) -> UUID | None:
    return _came_back(moment, Effect.USED_FOLLOW_UP)


def _came_back(moment: Moment, effect: Effect) -> UUID | None:
    undo = moment.before.undo
    bounced = moment.event.act is Kind.BOUNCE and moment.before.silence is not None
    return undo.act.id if undo and bounced and undo.effect is effect else None


def _once_too_often(moment: Moment) -> UUID | None:
    first = moment.before.follow_up
    return first.sent.id if first and moment.nudged else None


#: Which act shows that an earlier one was no success after all: each names the interaction of that one.
RETRACTIONS: tuple[tuple[WinKind, Callable[[Moment], UUID | None]], ...] = (
    (WinKind.INTERVIEW, _nobody_came),
    (WinKind.THANK_YOU_ON_TIME, _thanks_came_back),
    (WinKind.FOLLOWED_UP_ONCE, _follow_up_came_back),
    (WinKind.FOLLOWED_UP_ONCE, _once_too_often),
)


def wins(timeline: Timeline, policy: Policy, calendar: Calendar) -> tuple[Win, ...]:
    """Return the successes on an opportunity in the order of their acts, those ahead too: whoever asks knows the time.

    `further_stage` stands for each stage that was higher than all before on this opportunity.
    """
    found: dict[tuple[WinKind, UUID], Win] = {}
    highest = Stage.LEAD
    for moment in moments(timeline, Terms(policy, calendar, timeline.has_contact), calendar):
        for kind, names in RETRACTIONS:
            if retracted := names(moment):
                found.pop((kind, retracted), None)
        for kind, rule in RULES.items():
            again = rule.once and any(known is kind for known, _ in found)
            repeated = kind is WinKind.FURTHER_STAGE and moment.after.stage.rank <= highest.rank
            if not again and not repeated and rule.counts(moment):
                event, stage = moment.event, moment.after.stage
                found[kind, event.interaction.id] = Win(kind, event.interaction.id, stage, event.at, event.on)
        highest = max(highest, moment.after.stage, key=lambda stage: stage.rank)
    return tuple(found.values())
