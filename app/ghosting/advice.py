"""The next action while the employer owes an answer: the lower rows of the table of GHOSTING.md, section 6."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType
from uuid import UUID

from app.ghosting.calendar import END, add_days
from app.ghosting.state import Met, Silence, State
from app.ghosting.steps import Action
from app.ghosting.vocabulary import ActionKind, Source, Status
from app.ghosting.windows import Span, Terms, Window


@dataclass(frozen=True, slots=True)
class Case:
    """A silence as the advice sees it: when a thank-you may be sent and when to look for a contact, as instants."""

    dates: Window
    raised_by: UUID
    given_back: UUID | None
    rests_on: tuple[UUID, ...]
    met: Met | None
    thank_from: datetime
    thank_until: datetime
    thank_due: date
    hunt_from: datetime


def case(state: State, silence: Silence, dates: Window, span: Span, terms: Terms) -> Case:
    """Place the changes of advice that no change of status brings about within the span."""
    policy, calendar, met = terms.policy, terms.calendar, state.met
    thank_from = thank_until = END
    thank_due = date.max
    if met and not met.thanks and not met.stood_up:
        thank_due = add_days(met.over_on, policy.thank_you_due_days)
        thank_from = max(span.start, met.over_at)
        thank_until = span.place(add_days(met.over_on, policy.thank_you_until_days + 1), calendar)
    hunt_from = span.place(dates.hunt_from, calendar) if dates.shut else END
    rests_on = _rests_on(silence, dates)
    given_back = state.given_back.id if state.given_back else None
    opened_by = silence.opened_by.id
    return Case(dates, opened_by, given_back, rests_on, met, thank_from, thank_until, thank_due, hunt_from)


def _rests_on(silence: Silence, dates: Window) -> tuple[UUID, ...]:
    """Name the act that began the silence, then what else its dates are measured from."""
    first = silence.opened_by.id
    ids = [first]
    if dates.hold and dates.hold.promised_by.id != first:
        ids.append(dates.hold.promised_by.id)
    if dates.follow_up:
        ids.append(dates.follow_up.sent.id)
    return tuple(ids)


def advise(status: Status, instant: datetime, case: Case) -> Action:
    """Give the advice for a status of silence that holds at an instant; first match first.

    What came back is asked for anew: the bounce raises it, and nobody's "done" of the first attempt settles it.
    """
    met = case.met
    if met and status in _THANKING and case.thank_from <= instant < case.thank_until:
        kind, meeting = ActionKind.SEND_THANK_YOU, met.interaction.id
        raised_by = met.came_back.id if met.came_back else meeting
        return Action(kind, case.thank_due, f"{kind}:{raised_by}", (meeting,), None, Source.ARTICLE)
    kind, due_on, source = _ADVICE[status](case, instant)
    raised_by = case.given_back if kind is ActionKind.SEND_FOLLOW_UP and case.given_back else case.raised_by
    alternative = _alternative(case.dates) if status is Status.GHOSTED else None
    return Action(kind, due_on, f"{kind}:{raised_by}", case.rests_on, alternative, source)


def _alternative(dates: Window) -> ActionKind | None:
    return None if dates.follow_up or dates.shut else ActionKind.SEND_FOLLOW_UP


_Advice = tuple[ActionKind, date, Source]


def _while_waiting(case: Case, instant: datetime) -> _Advice:
    dates = case.dates
    opens_in_time = not dates.shut and dates.opens < dates.ghosted_on
    due_on = dates.opens if opens_in_time else dates.ghosted_on
    if instant >= case.hunt_from:
        return ActionKind.FIND_CONTACT, due_on, Source.NAMED_CONTACT
    return ActionKind.STAY_ACTIVE, due_on, Source.ARTICLE


def _on_hold(case: Case, _instant: datetime) -> _Advice:
    return ActionKind.WAIT_FOR_PROMISE, case.dates.opens, Source.THEIR_OWN_DATE


def _in_window(case: Case, _instant: datetime) -> _Advice:
    return ActionKind.SEND_FOLLOW_UP, case.dates.closes, Source.ARTICLE


def _in_their_court(case: Case, _instant: datetime) -> _Advice:
    return ActionKind.STAY_ACTIVE, case.dates.ghosted_on, Source.ARTICLE


def _ghosted(case: Case, _instant: datetime) -> _Advice:
    return ActionKind.CLOSE_AND_REDIRECT, case.dates.ghosted_on, Source.ARTICLE


_THANKING = frozenset({Status.WAITING, Status.ON_HOLD, Status.BALL_IN_THEIR_COURT})
_ADVICE: Mapping[Status, Callable[[Case, datetime], _Advice]] = MappingProxyType(
    {
        Status.WAITING: _while_waiting,
        Status.ON_HOLD: _on_hold,
        Status.FOLLOW_UP_DUE: _in_window,
        Status.FOLLOW_UP_OVERDUE: _in_window,
        Status.BALL_IN_THEIR_COURT: _in_their_court,
        Status.GHOSTED: _ghosted,
    },
)
