"""Small successes that follow from a timeline: what counts as one, and what takes it back."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType
from typing import NamedTuple
from uuid import UUID

from app.ghosting.calendar import Calendar, add_days
from app.ghosting.facts import OUTCOMES
from app.ghosting.moments import NUDGES, Moment, moments
from app.ghosting.policy import Policy
from app.ghosting.state import Act, Arranged, Effect
from app.ghosting.terms import course, terms_of
from app.ghosting.timeline import Timeline
from app.ghosting.vocabulary import STAGE_KINDS, Kind, Outcome, ReasonCode, Stage, WinKind


class Win(NamedTuple):
    """A small success: of which kind, which interaction brought it, how far the process was, and when.

    From `retracted_at` on it is none any more; until then nobody knew better.
    """

    kind: WinKind
    interaction_id: UUID
    stage: Stage
    occurred_at: datetime
    occurred_on: date
    retracted_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """Which acts can be a success and when one is, and whether only the first one of an opportunity is."""

    acts: frozenset[Act]
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
_STAGED: frozenset[Act] = frozenset(STAGE_KINDS)


def _answers_an_opener(moment: Moment) -> bool:
    silence = moment.before.silence
    asked = silence is not None and silence.opening is ReasonCode.OPENER_SENT
    return asked and moment.acted


def _takes_place(moment: Moment) -> bool:
    return moment.acted


def _reaches_the_final_round(moment: Moment) -> bool:
    return moment.after.stage is Stage.FINAL_ROUND and _rises(moment)


def _rises(moment: Moment) -> bool:
    return moment.after.stage.rank > moment.before.stage.rank


def _gets_far(moment: Moment) -> bool:
    return _rises(moment) and moment.after.stage.rank >= Stage.SCREENING.rank


def shows_an_offer(outcome: Outcome | None, stage: Stage) -> bool:
    """Say whether an ending at a stage tells of an offer, recorded or not: nobody declines one before any interview."""
    return outcome is Outcome.ACCEPTED or (outcome is Outcome.DECLINED and stage.rank >= Stage.INTERVIEWING.rank)


def _is_offered(moment: Moment) -> bool:
    ending = OUTCOMES.get(moment.event.interaction.kind)
    return ending is None or (moment.before.closed_by is None and shows_an_offer(ending, moment.after.stage))


def _thanks_in_time(moment: Moment) -> bool:
    met, due_days = moment.before.met, moment.terms.policy.thank_you_due_days
    if met is None or met.stood_up or met.thanks:
        return False
    return moment.event.on <= add_days(met.over_on, due_days)


def _follows_up_in_time(moment: Moment) -> bool:
    silence = moment.before.silence
    if not moment.nudged or silence is None or moment.before.follow_up:
        return False
    dates = course(moment.before, silence, moment.terms).dates
    return not dates.shut and moment.event.on >= dates.opens


#: `further_stage` is told of every rise from screening on: only the client's other opportunities say if it is news.
RULES: Mapping[WinKind, Rule] = MappingProxyType(
    {
        WinKind.FIRST_REPLY: Rule(_SIGNS_OF_LIFE, _answers_an_opener),
        WinKind.INTERVIEW: Rule(frozenset({Kind.INTERVIEW}), _takes_place),
        WinKind.FINAL_ROUND: Rule(_STAGED, _reaches_the_final_round),
        WinKind.OFFER: Rule(frozenset({Kind.VERBAL_OFFER, Kind.OFFER, Kind.ACCEPTANCE, Kind.DECLINE}), _is_offered),
        WinKind.FURTHER_STAGE: Rule(_STAGED, _gets_far, once=False),
        WinKind.THANK_YOU_ON_TIME: Rule(frozenset({Kind.THANK_YOU}), _thanks_in_time, once=False),
        WinKind.FOLLOWED_UP_ONCE: Rule(NUDGES, _follows_up_in_time, once=False),
    },
)


def _nobody_came(moment: Moment) -> UUID | None:
    met = moment.before.met
    return met.interaction.id if met and met.over_on == moment.event.on else None


def _thanks_came_back(moment: Moment) -> UUID | None:
    return _came_back(moment, Effect.THANKED)


def _follow_up_came_back(moment: Moment) -> UUID | None:
    return _came_back(moment, Effect.USED_FOLLOW_UP)


def _came_back(moment: Moment, effect: Effect) -> UUID | None:
    undo = moment.before.undo
    return undo.act.id if undo and moment.before.silence and undo.effect is effect else None


def _once_too_often(moment: Moment) -> UUID | None:
    first = moment.before.follow_up
    return first.sent.id if first and moment.nudged else None


#: Which act shows that an earlier one was no success after all: each names the interaction of that one.
RETRACTIONS: Mapping[Act, tuple[tuple[WinKind, Callable[[Moment], UUID | None]], ...]] = MappingProxyType(
    {
        Kind.NO_SHOW: ((WinKind.INTERVIEW, _nobody_came),),
        Kind.BOUNCE: (
            (WinKind.THANK_YOU_ON_TIME, _thanks_came_back),
            (WinKind.FOLLOWED_UP_ONCE, _follow_up_came_back),
        ),
        **dict.fromkeys(NUDGES, ((WinKind.FOLLOWED_UP_ONCE, _once_too_often),)),
    },
)
_ACTS: tuple[Act, ...] = (*Kind, Arranged.ARRANGEMENT)
_RULES_OF: Mapping[Act, tuple[tuple[WinKind, Rule], ...]] = MappingProxyType(
    {act: tuple((kind, rule) for kind, rule in RULES.items() if act in rule.acts) for act in _ACTS},
)


def wins(timeline: Timeline, policy: Policy, calendar: Calendar) -> tuple[Win, ...]:
    """Return the successes on an opportunity in the order of their acts, those ahead and those taken back later too.

    Whoever asks knows the time.
    `further_stage` stands for each stage that was higher than all before on this opportunity.
    """
    found: dict[tuple[WinKind, UUID], Win] = {}
    highest = Stage.LEAD
    for moment in moments(timeline, terms_of(policy, calendar, timeline.has_contact)):
        event, stage = moment.event, moment.after.stage
        for kind, names in RETRACTIONS.get(event.act, ()):
            win = (retracted := names(moment)) and found.get((kind, retracted))
            if win and win.retracted_at is None:
                found[kind, win.interaction_id] = win._replace(retracted_at=event.at)
        for kind, rule in _RULES_OF[event.act]:
            again = rule.once and any(win.kind is kind and win.retracted_at is None for win in found.values())
            repeated = kind is WinKind.FURTHER_STAGE and stage.rank <= highest.rank
            if not again and not repeated and rule.counts(moment):
                found[kind, event.id] = Win(kind, event.id, stage, event.at, event.on)
        highest = stage if stage.rank > highest.rank else highest
    return tuple(found.values())
