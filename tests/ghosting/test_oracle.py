from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from hypothesis import given

from app.ghosting.calendar import Calendar
from app.ghosting.history import at, history
from app.ghosting.policy import Policy
from app.ghosting.steps import Step
from app.ghosting.timeline import Timeline
from app.ghosting.vocabulary import Kind
from tests.ghosting import oracle
from tests.ghosting.strategies import LIVELY, THOROUGH, calendars, instants, policies, start_of, timelines

FACTS = (
    *("status", "stage", "outcome", "follow_up_used", "silent_since"),
    *("opens_on", "closes_on", "ghosted_on", "ghost_kind"),
)
RETURNING = (
    *(Kind.BOUNCE, Kind.BOUNCE, Kind.BOUNCE, Kind.REPLY, Kind.REPLY, Kind.OUTREACH, Kind.APPLICATION, Kind.REQUEST),
    *(Kind.CANDIDATE_MESSAGE, Kind.FOLLOW_UP, Kind.THANK_YOU, Kind.OFFER, Kind.INTERVIEW, Kind.EMPLOYER_MESSAGE),
)
TICK = timedelta(microseconds=1)


def told(step: Step) -> dict[str, Any]:
    action = step.action
    return {name: getattr(step, name) for name in FACTS} | {
        "action": action and action.kind,
        "due_on": action and action.due_on,
        "alternative": action and action.alternative,
    }


def moments(steps: tuple[Step, ...]) -> Iterator[datetime]:
    for step in steps[1:]:
        yield step.starts_at
        yield step.starts_at - TICK


def check(timeline: Timeline, policy: Policy, calendar: Calendar, anywhere: timedelta) -> None:
    steps = history(timeline, policy, calendar)
    for instant in (*moments(steps), start_of(timeline) + anywhere):
        expected = oracle.answer(timeline, policy, calendar.zone, calendar.holidays, instant)
        assert told(at(steps, instant)) == expected, instant


@THOROUGH
@given(timelines(LIVELY), policies(), calendars(), instants())
def test_every_answer_equals_a_naive_replay_up_to_that_instant(
    timeline: Timeline, policy: Policy, calendar: Calendar, anywhere: timedelta
) -> None:
    check(timeline, policy, calendar, anywhere)


@THOROUGH
@given(timelines(RETURNING), policies(), calendars(), instants())
def test_so_it_does_where_much_comes_back_undelivered(
    timeline: Timeline, policy: Policy, calendar: Calendar, anywhere: timedelta
) -> None:
    check(timeline, policy, calendar, anywhere)
