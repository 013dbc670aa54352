"""What the steps of one silence say: GHOSTING.md, sections 4 and 6, put together."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from types import MappingProxyType

from app.ghosting.advice import advise, case
from app.ghosting.facts import Facts
from app.ghosting.state import Silence, State
from app.ghosting.steps import Reason
from app.ghosting.vocabulary import GhostKind, ReasonCode, Status, Wait
from app.ghosting.windows import Span, Terms, Window, phases, window

_GHOST_KINDS: Mapping[Wait, GhostKind] = MappingProxyType(
    {
        Wait.APPLICATION: GhostKind.APPLICATION_UNANSWERED,
        Wait.OUTREACH: GhostKind.OUTREACH_UNANSWERED,
        Wait.INTRODUCTION: GhostKind.AFTER_CONTACT,
        Wait.CONTACT: GhostKind.AFTER_CONTACT,
        Wait.ASSESSMENT: GhostKind.AFTER_CONTACT,
        Wait.SCREENING: GhostKind.AFTER_CONTACT,
        Wait.INTERVIEWING: GhostKind.AFTER_CONTACT,
        Wait.FINAL_ROUND: GhostKind.AFTER_FINAL_ROUND,
        Wait.VERBAL_OFFER: GhostKind.AFTER_OFFER,
    },
)
_WINDOW_REASONS: Mapping[Status, ReasonCode] = MappingProxyType(
    {
        Status.WAITING: ReasonCode.WINDOW_NOT_OPEN,
        Status.FOLLOW_UP_DUE: ReasonCode.WINDOW_OPEN,
        Status.FOLLOW_UP_OVERDUE: ReasonCode.WINDOW_PASSED,
        Status.GHOSTED: ReasonCode.SILENCE_TOO_LONG,
    },
)


def silent_facts(state: State, silence: Silence, span: Span, terms: Terms) -> Iterator[tuple[datetime, Facts]]:
    """Give what holds from when on within the span, ascending; neighbours may be equal."""
    dates = window(state, silence, terms)
    runs = phases(dates, span, terms.calendar)
    view = case(state, silence, dates, span, terms)
    cuts = {view.thank_from, view.thank_until, view.hunt_from}
    starts = sorted({instant for instant, _ in runs} | {cut for cut in cuts if cut < span.end})
    by_start = dict(runs)
    used = dates.follow_up is not None
    opens_on, closes_on = (None, None) if dates.shut else (dates.opens, dates.closes)
    dated = (silence.since, silence.on, used, opens_on, closes_on, dates.ghosted_on)
    reply_by = dates.hold.until if dates.hold else None
    status = runs[0][1]
    for instant in starts:
        status = by_start.get(instant, status)
        ghost_kind = _GHOST_KINDS[silence.wait] if status is Status.GHOSTED else None
        action, reasons = advise(status, instant, view), _reasons(status, silence, dates)
        yield instant, Facts(status, state.stage, None, silence.wait, *dated, reply_by, ghost_kind, action, reasons)


def _reasons(status: Status, silence: Silence, dates: Window) -> tuple[Reason, ...]:
    first = (silence.opened_by.id,)
    reasons = []
    if status in _WINDOW_REASONS and not (status is Status.WAITING and dates.shut):
        reasons.append(Reason(_WINDOW_REASONS[status], first))
    if status is Status.ON_HOLD and dates.hold:
        reasons.append(Reason(ReasonCode.PROMISE_IN_FORCE, (dates.hold.promised_by.id,)))
    if dates.follow_up:
        reasons.append(Reason(ReasonCode.FOLLOW_UP_USED, (dates.follow_up.sent.id,)))
    elif dates.shut and status is not Status.ON_HOLD:
        reasons.append(Reason(ReasonCode.CONTACT_MISSING, ()))
    reasons.append(Reason(silence.opening, first))
    return tuple(reasons)
