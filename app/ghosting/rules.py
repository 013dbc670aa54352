"""The fold of GHOSTING.md, section 3: per act the rows of its table, a guard and an effect; the first match acts."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType

from app.ghosting import moves
from app.ghosting.state import Act, Arranged, Event, State, Undo
from app.ghosting.vocabulary import OPENER_KINDS, STAGE_KINDS, Kind, Stage

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


def apply(state: State, event: Event) -> None:
    """Let one act, in the order of GHOSTING.md section 2, change the state."""
    act, interaction = event.act, event.interaction
    row = matching(state, event)
    if row is None:
        return
    if interaction.stage and act in STAGE_KINDS:
        state.stage = interaction.stage
    elif act in _RISES and state.stage.rank < _RISES[act].rank:
        state.stage = _RISES[act]
    if act in _BOUNCEABLE:
        state.undo = Undo(interaction)  # the latest act counts for a bounce even without effect
    _, move = row
    move(state, event)
    if act is Kind.APPLICATION:
        state.applied = True
    elif act is Kind.NO_SHOW and state.met:
        state.met = replace(state.met, stood_up=True)


def matching(state: State, event: Event) -> tuple[Guard, Move] | None:
    """Return the row of the table that an act falls under as things stand; None: it does not act at all."""
    if (state.closed_by and event.act not in _REOPENING) or _cancelled(state, event):
        return None
    return next(row for row in RULES[event.act] if row[0](state, event))


def _cancelled(state: State, event: Event) -> bool:
    """Tell whether this is a meeting whose arrangement a closing act has struck out."""
    return event.arranged and event.interaction.id not in state.ahead
