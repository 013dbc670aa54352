"""The fold of GHOSTING.md, section 3: per act the rows of its table, a guard and an effect; the first match acts."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType

from app.ghosting import moves
from app.ghosting.state import Act, Arranged, Event, State, Undo
from app.ghosting.vocabulary import OPENER_KINDS, STAGE_KINDS, Kind, Stage

Guard = Callable[[State, Event], bool]
Move = Callable[[State, Event], None]


def _always(_state: State, _event: Event) -> bool:
    return True


def _offer_open(state: State, _event: Event) -> bool:
    return state.offer is not None


def _something_open(state: State, _event: Event) -> bool:
    return state.offer is not None or state.request is not None


def _employer_has_ball(state: State, _event: Event) -> bool:
    return state.silence is not None


def _employer_lacks_ball(state: State, _event: Event) -> bool:
    return state.silence is None


def _first_application(state: State, _event: Event) -> bool:
    return not state.applied


def _came_back(state: State, _event: Event) -> bool:
    return state.bounced is not None


def _nobody_has_ball(state: State, _event: Event) -> bool:
    return not (state.silence or state.closed_by or state.bounced or state.offer or state.request)


_CLOSING = ((_always, moves.close),)

RULES: Mapping[Act, tuple[tuple[Guard, Move], ...]] = MappingProxyType(
    {
        Kind.APPLICATION: (
            (_offer_open, moves.do_nothing),
            (_employer_lacks_ball, moves.open_road),
            (_first_application, moves.open_road),
            (_always, moves.do_nothing),
        ),
        Kind.OUTREACH: (
            (_offer_open, moves.do_nothing),
            (_employer_lacks_ball, moves.open_road),
            (_always, moves.nudge),
        ),
        Kind.INTRODUCTION: ((_offer_open, moves.do_nothing), (_always, moves.open_road)),
        Kind.EMPLOYER_MESSAGE: ((_something_open, moves.do_nothing), (_always, moves.word)),
        Kind.HOLD: ((_something_open, moves.do_nothing), (_always, moves.bear_with_us)),
        Kind.INTERVIEW: ((_offer_open, moves.meet_beside_offer), (_always, moves.meet)),
        Kind.MEETING: ((_offer_open, moves.meet_beside_offer), (_always, moves.meet)),
        Kind.NO_SHOW: ((_something_open, moves.do_nothing), (_always, moves.promise_and_owe)),
        Arranged.ARRANGEMENT: ((_offer_open, moves.enter_in_diary), (_always, moves.arrange)),
        Kind.REQUEST: ((_always, moves.ask),),
        Kind.VERBAL_OFFER: ((_offer_open, moves.settle_request), (_always, moves.offer_by_word)),
        Kind.OFFER: ((_always, moves.make_offer),),
        Kind.REPLY: ((_employer_has_ball, moves.do_nothing), (_always, moves.answer)),
        Kind.SUBMISSION: ((_employer_has_ball, moves.do_nothing), (_always, moves.answer)),
        Kind.CANDIDATE_MESSAGE: ((_came_back, moves.send_again), (_always, moves.do_nothing)),
        Kind.THANK_YOU: ((_always, moves.thank),),
        Kind.FOLLOW_UP: (
            (_employer_has_ball, moves.nudge),
            (_came_back, moves.send_again),
            (_nobody_has_ball, moves.open_road),
            (_always, moves.do_nothing),
        ),
        Kind.BOUNCE: ((_employer_has_ball, moves.come_back), (_always, moves.do_nothing)),
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


def apply(state: State, event: Event) -> None:
    """Let one act, in the order of GHOSTING.md section 2, change the state."""
    act, interaction = event.act, event.interaction
    if state.closed_by and act not in _REOPENING:
        return
    if _cancelled(state, event):
        return
    if interaction.stage and act in STAGE_KINDS:
        state.stage = interaction.stage
    elif act in _RISES and state.stage.rank < _RISES[act].rank:
        state.stage = _RISES[act]
    if act in _BOUNCEABLE:
        state.undo = Undo(interaction)  # the latest act counts for a bounce even without effect
    _move(state, event)
    if act is Kind.APPLICATION:
        state.applied = True
    elif act is Kind.NO_SHOW and state.met:
        state.met = replace(state.met, stood_up=True)


def _move(state: State, event: Event) -> None:
    next(move for guard, move in RULES[event.act] if guard(state, event))(state, event)


def _cancelled(state: State, event: Event) -> bool:
    """Tell whether this is a meeting whose arrangement a closing act has struck out."""
    return event.arranged and event.interaction.id not in state.ahead
