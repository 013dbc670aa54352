"""The effects of the table of GHOSTING.md, section 3: what one act does to the state once its row is found."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from app.ghosting.calendar import add_days
from app.ghosting.made import made
from app.ghosting.state import (
    Bounced,
    Effect,
    Event,
    FollowUp,
    Hold,
    Met,
    State,
    Undo,
    begin_silence,
    end_silence,
    pass_ball,
)
from app.ghosting.vocabulary import Kind

_USED_FOLLOW_UP: Final = Effect.USED_FOLLOW_UP
_THANKED: Final = Effect.THANKED
_OFFER: Final = Kind.OFFER


def do_nothing(_state: State, _event: Event) -> None:
    """Do what a row of the table says with: none."""


def open_road(state: State, event: Event) -> None:
    settled, state.request = state.request, None
    pass_ball(state, event, settled)


def nudge(state: State, event: Event) -> None:
    if state.follow_up is None:
        state.follow_up = FollowUp(event.on, event.interaction)
        state.undo = Undo(event.interaction, _USED_FOLLOW_UP)


def answer(state: State, event: Event) -> None:
    settled = state.request or state.offer
    if state.request:
        state.request = None
    else:
        state.offer = None
    if state.offer is None:
        pass_ball(state, event, settled)


def send_again(state: State, event: Event) -> None:
    bounced = state.bounced
    settled, like = (bounced.reopened, bounced.silence) if bounced else (None, None)
    # What the bounce had opened again is all that can be open here: a newer question would have cleared the bounce.
    state.request = state.offer = None
    pass_ball(state, event, settled, like)


def _promise(state: State, event: Event) -> None:
    promised = event.interaction.reply_by
    state.hold = Hold(promised, event.interaction) if promised else None


def word(state: State, event: Event) -> None:
    if event.interaction.reply_by:  # a word in between does not take a promise back
        _promise(state, event)
    begin_silence(state, event)


def bear_with_us(state: State, event: Event) -> None:
    until = event.interaction.reply_by or add_days(event.on, state.undated_hold_days)
    state.hold = Hold(until, event.interaction)
    begin_silence(state, event)


def promise_and_owe(state: State, event: Event) -> None:
    _promise(state, event)
    begin_silence(state, event)


def enter_in_diary(state: State, event: Event) -> None:
    state.request = state.hold = None
    state.ahead[event.interaction.id] = event.interaction


def arrange(state: State, event: Event) -> None:
    enter_in_diary(state, event)
    begin_silence(state, event)


def meet_beside_offer(state: State, event: Event) -> None:
    state.request = None
    state.ahead.pop(event.interaction.id, None)
    state.met = made(Met, (event.interaction, event.over_at, event.over_on, 0, False, None))


def meet(state: State, event: Event) -> None:
    meet_beside_offer(state, event)
    promise_and_owe(state, event)


def offer_by_word(state: State, event: Event) -> None:
    state.request = None
    promise_and_owe(state, event)


def settle_request(state: State, _event: Event) -> None:
    state.request = None


def ask(state: State, event: Event) -> None:
    state.request, state.hold = event, None
    end_silence(state)


def make_offer(state: State, event: Event) -> None:
    state.offer, state.hold = event, None
    end_silence(state)


def thank(state: State, event: Event) -> None:
    if state.met:
        state.met = state.met._replace(thanks=state.met.thanks + 1)
    state.undo = Undo(event.interaction, _THANKED)


def come_back(state: State, event: Event) -> None:
    undo, state.undo = state.undo, None  # one act bounces once
    if undo is not None:
        _UNDOINGS[undo.effect](state, event, undo)


def _take_back_nothing(_state: State, _event: Event, _undo: Undo) -> None:
    """Leave all as it is: what did nothing leaves nothing to take back."""


def _take_back_ball(state: State, event: Event, undo: Undo) -> None:
    silence, reopened = state.silence, undo.settled
    end_silence(state)
    if reopened and reopened.act is _OFFER:
        state.offer = reopened
    else:
        state.request = reopened
    state.bounced = Bounced(event, undo.act, silence, reopened)


def _take_back_follow_up(state: State, event: Event, _undo: Undo) -> None:
    state.follow_up, state.given_back = None, event.interaction


def _take_back_thanks(state: State, event: Event, _undo: Undo) -> None:
    if state.met:
        state.met = state.met._replace(thanks=state.met.thanks - 1, came_back=event.interaction)


_UNDOINGS: Mapping[Effect, Callable[[State, Event, Undo], None]] = MappingProxyType(
    {
        Effect.NOTHING: _take_back_nothing,
        Effect.PASSED_BALL: _take_back_ball,
        Effect.USED_FOLLOW_UP: _take_back_follow_up,
        Effect.THANKED: _take_back_thanks,
    },
)


def close(state: State, event: Event) -> None:
    end_silence(state)
    state.closed_by = event.interaction
    state.request = state.offer = state.hold = state.undo = state.met = None
    state.applied = False
    state.ahead.clear()
