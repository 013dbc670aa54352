"""What the steps of one silence say: GHOSTING.md, sections 4 and 6, put together."""

from bisect import bisect_left
from datetime import datetime
from typing import Final, NamedTuple
from uuid import UUID

from app.ghosting.facts import Change, Facts
from app.ghosting.made import made
from app.ghosting.phases import Phase
from app.ghosting.state import FollowUp, Hold, Met, Silence, State
from app.ghosting.steps import Action, Reason
from app.ghosting.terms import Terms, held
from app.ghosting.vocabulary import ActionKind, Kind, ReasonCode, Source

_PROMISED: Final = ReasonCode.PROMISE_IN_FORCE
_USED: Final = ReasonCode.FOLLOW_UP_USED
_MISSING: Final = Reason(ReasonCode.CONTACT_MISSING, ())
_THANK: Final = ActionKind.SEND_THANK_YOU
_NUDGE: Final = ActionKind.SEND_FOLLOW_UP
_ARTICLE: Final = Source.ARTICLE
_THEIRS: Final = Source.THEIR_OWN_DATE
_UNDATED: Final = Source.UNDATED_HOLD
_NO_SHOW: Final = Kind.NO_SHOW
_NOBODY_CAME: Final = ReasonCode.NOBODY_CAME

_Reasons = tuple[Reason, ...]
_Shown = tuple[datetime, Phase]


class _Thanks(NamedTuple):
    """The advice to say thank you, and from when until when it stands."""

    start: datetime
    end: datetime
    action: Action


def silent_facts(state: State, silence: Silence, start: datetime, end: datetime, terms: Terms) -> list[Change]:
    """Give what holds from when on within [start, end), ascending; neighbours may be equal."""
    stage, hold, follow_up, given_back = state.stage, held(state, silence), state.follow_up, state.given_back
    since, on, wait, opened_by, opening = silence
    dates, phases = terms.courses(wait, on, hold and hold.until, follow_up and follow_up.on)
    until, sent_on, shut, _, opens_on, closes_on, ghosted = dates
    opens, closes = (None, None) if shut else (opens_on, closes_on)
    used = sent_on is not None
    first: tuple[UUID, ...] = (opened_by.id,)
    rests_on = first
    last: _Reasons = (made(Reason, (opening, first)),)
    if hold or follow_up or shut or opened_by.kind is _NO_SHOW:
        rests_on, last = _rests_on(opened_by.id, hold, follow_up), _last(last, silence, follow_up, shut=shut)
    shown = _within(phases, start, end)
    thanks = _thanks(state.met, start, end, terms) if state.met else None
    if thanks:
        _cut(shown, thanks, end)
    found: list[Change] = []
    for instant, phase in shown:
        _, status, code, ghost, thankful, kind, due_on, alternative, source = phase
        if thanks and thankful and thanks.start <= instant < thanks.end:
            action = thanks.action
        else:
            raised_by = opened_by.id
            if given_back and kind is _NUDGE:
                raised_by = given_back.id
            action = made(Action, (kind, due_on, rests_on, alternative, source, raised_by))
        if code is _PROMISED and hold:
            action, reasons = _undated(action, hold), _on_hold(hold, last)
        else:
            reasons = (made(Reason, (code, first)), *last) if code else last
        said = (status, stage, None, wait, since, on, used, opens, closes, ghosted, until, ghost, action, reasons)
        found.append((instant, made(Facts, said)))
    return found


def _rests_on(first: UUID, hold: Hold | None, follow_up: FollowUp | None) -> tuple[UUID, ...]:
    """Name the act that began the silence, then what else its dates are measured from."""
    ids = [first]
    if hold and hold.promised_by.id != first:
        ids.append(hold.promised_by.id)
    if follow_up:
        ids.append(follow_up.sent.id)
    return tuple(ids)


def _last(last: _Reasons, silence: Silence, follow_up: FollowUp | None, *, shut: bool) -> _Reasons:
    """Give the reasons that all statuses of a silence have in common."""
    if silence.opened_by.kind is _NO_SHOW:
        last = (*last, Reason(_NOBODY_CAME, (silence.opened_by.id,)))
    if follow_up:
        return made(Reason, (_USED, (follow_up.sent.id,))), *last
    return (_MISSING, *last) if shut else last


def _on_hold(hold: Hold, last: _Reasons) -> _Reasons:
    """Give the reasons while a promise is waited for: nobody is missed yet."""
    return Reason(_PROMISED, (hold.promised_by.id,)), *(reason for reason in last if reason is not _MISSING)


def _undated(action: Action, hold: Hold) -> Action:
    """Say where a date comes from that nobody has named."""
    undated = action.source is _THEIRS and hold.promised_by.reply_by is None
    return action._replace(source=_UNDATED) if undated else action


def _within(phases: tuple[Phase, ...], start: datetime, end: datetime) -> list[_Shown]:
    """Give the phases within [start, end); those gone by collapse into the start, and the last of them counts."""
    shown: list[_Shown] = []
    for phase in phases:
        begins = phase[0]
        if begins <= start:
            shown = [(start, phase)]
        elif begins < end:
            shown.append((begins, phase))
        else:
            break
    return shown


def _thanks(met: Met, start: datetime, end: datetime, terms: Terms) -> _Thanks | None:
    """Give the advice to thank for a meeting, if it stands at some time within [start, end)."""
    if met.thanks or met.stood_up:
        return None
    due_on, until = terms.thanking(met.over_on)
    since = met.over_at
    if since >= end or until <= start or since >= until:
        return None
    meeting = met.interaction.id
    raised_by = met.came_back.id if met.came_back else meeting
    action = made(Action, (_THANK, due_on, (meeting,), None, _ARTICLE, raised_by))
    return made(_Thanks, (since, until, action))


def _cut(shown: list[_Shown], thanks: _Thanks, end: datetime) -> None:
    """Cut the phases where a thank-you becomes and ceases to be what is advised."""
    for cut in thanks[:2]:
        place = bisect_left(shown, (cut,))
        if place > 0 and cut < end and (place == len(shown) or shown[place][0] != cut):
            shown.insert(place, (cut, shown[place - 1][1]))
