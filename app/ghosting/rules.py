"""The fold of GHOSTING.md, section 3: per act the rows of its table, a guard and an effect; the first match acts."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final, NamedTuple

from app.ghosting import moves
from app.ghosting.made import made
from app.ghosting.state import Act, Arranged, Effect, Event, State, Undo
from app.ghosting.vocabulary import OPENER_KINDS, STAGE_KINDS, STAGE_RANKS, Kind, Stage

Guard = Callable[[State, Event], bool]
Move = Callable[[State, Event], None]


def always(_state: State, _event: Event) -> bool:
    return True


def offer_open(state: State, _event: Event) -> bool:
    return state.offer is not None


def something_open(state: State, _event: Event) -> bool:
    return state.offer is not None or state.request is not None


def employer_has_ball(state: State, _event: Event) -> bool:
    return state.silence is not None


def employer_lacks_ball(state: State, _event: Event) -> bool:
    return state.silence is None


def first_application(state: State, _event: Event) -> bool:
    return not state.applied


def came_back(state: State, _event: Event) -> bool:
    return state.bounced is not None


def nobody_has_ball(state: State, _event: Event) -> bool:
    return not (state.silence or state.closed_by or state.bounced or state.offer or state.request)


_CLOSING = ((always, moves.close),)

RULES: Mapping[Act, tuple[tuple[Guard, Move], ...]] = MappingProxyType(
    {
        Kind.APPLICATION: (
            (offer_open, moves.do_nothing),
            (employer_lacks_ball, moves.open_road),
            (first_application, moves.open_road),
            (always, moves.do_nothing),
        ),
        Kind.OUTREACH: (
            (offer_open, moves.do_nothing),
            (employer_lacks_ball, moves.open_road),
            (always, moves.nudge),
        ),
        Kind.INTRODUCTION: ((offer_open, moves.do_nothing), (always, moves.open_road)),
        Kind.EMPLOYER_MESSAGE: ((something_open, moves.do_nothing), (always, moves.word)),
        Kind.HOLD: ((something_open, moves.do_nothing), (always, moves.bear_with_us)),
        Kind.INTERVIEW: ((offer_open, moves.meet_beside_offer), (always, moves.meet)),
        Kind.MEETING: ((offer_open, moves.meet_beside_offer), (always, moves.meet)),
        Kind.NO_SHOW: ((something_open, moves.do_nothing), (always, moves.promise_and_owe)),
        Arranged.ARRANGEMENT: ((offer_open, moves.enter_in_diary), (always, moves.arrange)),
        Kind.REQUEST: ((always, moves.ask),),
        Kind.VERBAL_OFFER: ((offer_open, moves.settle_request), (always, moves.offer_by_word)),
        Kind.OFFER: ((always, moves.make_offer),),
        Kind.REPLY: ((employer_has_ball, moves.do_nothing), (always, moves.answer)),
        Kind.SUBMISSION: ((employer_has_ball, moves.do_nothing), (always, moves.answer)),
        Kind.CANDIDATE_MESSAGE: ((came_back, moves.send_again), (always, moves.do_nothing)),
        Kind.THANK_YOU: ((always, moves.thank),),
        Kind.FOLLOW_UP: (
            (employer_has_ball, moves.nudge),
            (came_back, moves.send_again),
            (nobody_has_ball, moves.open_road),
            (always, moves.do_nothing),
        ),
        Kind.BOUNCE: ((employer_has_ball, moves.come_back), (always, moves.do_nothing)),
        Kind.REJECTION: _CLOSING,
        Kind.POSITION_CLOSED: _CLOSING,
        Kind.WITHDRAWAL: _CLOSING,
        Kind.ACCEPTANCE: _CLOSING,
        Kind.DECLINE: _CLOSING,
    },
)

_REOPENING = OPENER_KINDS | {
    Arranged.ARRANGEMENT,
    Kind.EMPLOYER_MESSAGE,
    Kind.HOLD,
    Kind.INTERVIEW,
    Kind.MEETING,
    Kind.REQUEST,
    Kind.VERBAL_OFFER,
    Kind.OFFER,
}
_BOUNCEABLE = OPENER_KINDS | {
    Kind.REPLY,
    Kind.SUBMISSION,
    Kind.CANDIDATE_MESSAGE,
    Kind.THANK_YOU,
    Kind.FOLLOW_UP,
}
_RISES: Mapping[Act, Stage] = MappingProxyType(
    {
        Kind.APPLICATION: Stage.APPLIED,
        Kind.INTERVIEW: Stage.INTERVIEWING,
        Kind.VERBAL_OFFER: Stage.OFFER,
        Kind.OFFER: Stage.OFFER,
    },
)


class _Trait(NamedTuple):
    """All that the tables above say of one act, and its rows, of which the last one always applies."""

    reopens: bool
    takes_stage: bool
    rises_to: Stage | None
    bounces: bool
    rows: tuple[tuple[Guard, Move], ...]
    otherwise: tuple[Guard, Move]


_TRAITS: Mapping[Act, _Trait] = MappingProxyType(
    {
        act: _Trait(act in _REOPENING, act in STAGE_KINDS, _RISES.get(act), act in _BOUNCEABLE, rows[:-1], rows[-1])
        for act, rows in RULES.items()
    },
)
_APPLICATION: Final = Kind.APPLICATION
_NO_SHOW: Final = Kind.NO_SHOW
_NOTHING: Final = Effect.NOTHING


def apply(state: State, event: Event) -> None:
    """Let one act, in the order of GHOSTING.md section 2, change the state."""
    row = matching(state, event)
    if row is None:
        return
    act, interaction = event.act, event.interaction
    _, takes_stage, rises_to, bounces, _, _ = _TRAITS[act]
    if takes_stage and interaction.stage:
        state.stage = interaction.stage
    elif rises_to and STAGE_RANKS[state.stage] < STAGE_RANKS[rises_to]:
        state.stage = rises_to
    if bounces:
        state.undo = made(Undo, (interaction, _NOTHING, None))  # the latest act counts even without effect
    row[1](state, event)
    if act is _APPLICATION:
        state.applied = True
    elif act is _NO_SHOW and state.met:
        state.met = state.met._replace(stood_up=True)


def matching(state: State, event: Event) -> tuple[Guard, Move] | None:
    """Return the row of the table that an act falls under as things stand; None: it does not act at all."""
    reopens, _, _, _, rows, otherwise = _TRAITS[event.act]
    if state.closed_by and not reopens:
        return None
    if event.arranged and event.id not in state.ahead:  # a closing act has struck it out
        return None
    for row in rows:
        if row[0](state, event):
            return row
    return otherwise
