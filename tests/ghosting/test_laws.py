"""The laws of GHOSTING.md, section 8 (the tenth belongs to the outlook); each for any timeline, policy and calendar."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import assume, given
from hypothesis import strategies as st

from app.ghosting.calendar import BEGINNING, Calendar
from app.ghosting.history import at, history
from app.ghosting.policy import DEFAULT_POLICY, Policy, WaitRule
from app.ghosting.steps import Step
from app.ghosting.timeline import Interaction, Timeline
from app.ghosting.vocabulary import Kind, Stage, Status, Wait
from tests.ghosting.strategies import (
    KINDS,
    LIVELY,
    THOROUGH,
    acts,
    calendars,
    instants,
    interactions,
    policies,
    start_of,
    timelines,
)

LINE = {
    Status.ON_HOLD: 0,
    Status.WAITING: 1,
    Status.FOLLOW_UP_DUE: 2,
    Status.FOLLOW_UP_OVERDUE: 3,
    Status.BALL_IN_THEIR_COURT: 3,
    Status.GHOSTED: 4,
}
# For law 6 holding and waiting are one place.
PLACES = {status: max(1, place) for status, place in LINE.items()}
BOUNDS = {"starts_at", "ends_at", "status_since", "status_until"}
FACTS = [name for name in Step._fields if name not in BOUNDS]
TICK = timedelta(microseconds=1)
CANDIDATES = tuple(kind for kind in KINDS if kind is not Kind.BOUNCE)
NEWS = (Kind.EMPLOYER_MESSAGE, Kind.INTERVIEW, Kind.MEETING)


def facts(step: Step) -> tuple[Any, ...]:
    return tuple(getattr(step, name) for name in FACTS)


def with_one_more(timeline: Timeline, interaction: Interaction) -> Timeline:
    return replace(timeline, interactions=(*timeline.interactions, interaction))


def before(steps: tuple[Step, ...], instant: datetime) -> list[tuple[Any, ...]]:
    """What the steps say before an instant, without the ends that lie behind it."""
    return [(step.starts_at, step.status_since, facts(step)) for step in steps if step.starts_at < instant]


@THOROUGH
@given(timelines(), policies(), calendars(), st.data())
def test_law_1_steps_tile_all_time(timeline: Timeline, policy: Policy, calendar: Calendar, data: st.DataObject) -> None:
    steps = history(timeline, policy, calendar)
    assert steps[0].starts_at == BEGINNING
    assert steps[0].status is Status.NOT_STARTED
    assert steps[0].status_since is None
    assert steps[-1].ends_at is steps[-1].status_until is None
    for step, following in pairwise(steps):
        assert step.ends_at == following.starts_at
        assert step.starts_at < following.starts_at
        assert step.starts_at.utcoffset() == timedelta(0)
        assert facts(step) != facts(following)
        if step.status is following.status:
            assert (step.status_since, step.status_until) == (following.status_since, following.status_until)
        else:
            assert step.status_until == following.status_since == following.starts_at
    instant = start_of(timeline) + data.draw(instants())
    found = at(steps, instant)
    assert found.starts_at <= instant
    assert found.ends_at is None or instant < found.ends_at


@THOROUGH
@given(timelines(), policies(), calendars(), st.data())
def test_law_2_the_order_of_recording_is_irrelevant(
    timeline: Timeline, policy: Policy, calendar: Calendar, data: st.DataObject
) -> None:
    shuffled = tuple(data.draw(st.permutations(timeline.interactions)))
    assert history(replace(timeline, interactions=shuffled), policy, calendar) == history(timeline, policy, calendar)


@THOROUGH
@given(timelines(LIVELY), policies(), calendars())
def test_law_3_a_silence_left_alone_only_moves_forward(timeline: Timeline, policy: Policy, calendar: Calendar) -> None:
    happens = acts(timeline)
    for step, following in pairwise(history(timeline, policy, calendar)):
        if following.starts_at not in happens:
            assert LINE[step.status] <= LINE[following.status]
            assert step.status is following.status or LINE[step.status] < LINE[following.status]


@THOROUGH
@given(timelines(), policies(), calendars(), st.data())
def test_law_4_voiding_equals_never_having_been(
    timeline: Timeline, policy: Policy, calendar: Calendar, data: st.DataObject
) -> None:
    never = history(timeline, policy, calendar)
    extra = data.draw(interactions())(start_of(timeline))
    recorded = with_one_more(timeline, extra)
    history(recorded, policy, calendar)
    kept = tuple(item for item in recorded.interactions if item is not extra)
    assert history(Timeline(kept, timeline.has_contact), policy, calendar) == never


@THOROUGH
@given(timelines(), policies(), calendars(), st.data())
def test_law_5_receipts_and_notes_change_no_step(
    timeline: Timeline, policy: Policy, calendar: Calendar, data: st.DataObject
) -> None:
    extra = data.draw(interactions((Kind.ACKNOWLEDGEMENT, Kind.NOTE)))(start_of(timeline))
    assert history(with_one_more(timeline, extra), policy, calendar) == history(timeline, policy, calendar)


@THOROUGH
@given(timelines(CANDIDATES), policies(), calendars(), st.data())
def test_law_5_a_second_follow_up_changes_no_step_where_no_bounce_follows(
    timeline: Timeline, policy: Policy, calendar: Calendar, data: st.DataObject
) -> None:
    opener = data.draw(interactions((Kind.INTRODUCTION,)))(start_of(timeline))
    first = replace(opener, id=data.draw(st.uuids()), kind=Kind.FOLLOW_UP, stage=None)
    told = with_one_more(with_one_more(timeline, opener), replace(first, occurred_at=opener.occurred_at))
    steps = history(told, policy, calendar)
    used = [step for step in steps if step.follow_up_used]
    assume(used)
    step = data.draw(st.sampled_from(used))
    room = (step.ends_at or step.starts_at + timedelta(days=90)) - step.starts_at
    # One tick later than the first at least: of two at one instant the ids decide which is the first.
    moment = step.starts_at + min(room - TICK, timedelta(seconds=data.draw(st.integers(0, 90 * 86_400))))
    assume(moment not in acts(told))
    second = Interaction(data.draw(st.uuids()), Kind.FOLLOW_UP, moment)
    assert history(with_one_more(told, second), policy, calendar) == steps


def check_law_6(timeline: Timeline, policy: Policy, calendar: Calendar, news: Interaction, least: int) -> None:
    assume(news.occurred_at not in acts(timeline))
    steps = history(with_one_more(timeline, news), policy, calendar)
    just_before, then = at(steps, news.occurred_at - TICK), at(steps, news.occurred_at)
    if just_before.status in PLACES:
        assert PLACES[then.status] <= max(PLACES[just_before.status], least)


@THOROUGH
@given(timelines(LIVELY), policies(least_from=1), calendars(), st.data())
def test_law_6_news_from_the_employer_never_worsens_the_status(
    timeline: Timeline, policy: Policy, calendar: Calendar, data: st.DataObject
) -> None:
    news = replace(data.draw(interactions(NEWS))(start_of(timeline)), arranged_at=None)
    check_law_6(timeline, policy, calendar, news, PLACES[Status.WAITING])


@THOROUGH
@given(timelines(LIVELY), policies(), calendars(), st.data())
def test_law_6_bends_only_for_windows_that_open_on_the_day_of_the_news(
    timeline: Timeline, policy: Policy, calendar: Calendar, data: st.DataObject
) -> None:
    news = replace(data.draw(interactions(NEWS))(start_of(timeline)), arranged_at=None)
    check_law_6(timeline, policy, calendar, news, PLACES[Status.FOLLOW_UP_DUE])


@THOROUGH
@given(timelines(LIVELY), policies(), calendars())
def test_law_7_only_silence_turns_into_ghosting_by_time_alone(
    timeline: Timeline, policy: Policy, calendar: Calendar
) -> None:
    happens = acts(timeline)
    for step, following in pairwise(history(timeline, policy, calendar)):
        if following.starts_at not in happens:
            assert step.status not in {Status.YOUR_MOVE, Status.SCHEDULED, Status.CLOSED, Status.NOT_STARTED}


MORE = st.tuples(*[st.integers(0, 6)] * 8)


def larger(policy: Policy, more: tuple[int, ...]) -> Policy:
    def grown(rule: WaitRule, turn: int) -> WaitRule:
        from_days = rule.follow_up_from_days + more[turn]
        until_days = max(from_days, rule.follow_up_until_days + more[turn + 1])
        ghosted_from = max(until_days + 1, rule.ghosted_from_days + more[turn + 2])
        return WaitRule(rule.typical_reply_days, from_days, until_days, ghosted_from, rule.follow_up_needs_contact)

    return Policy(
        waits={wait: grown(policy.waits[wait], place % 3) for place, wait in enumerate(Wait)},
        promise_grace_business_days=policy.promise_grace_business_days + more[5],
        held_window_business_days=policy.held_window_business_days + more[6],
        undated_hold_days=policy.undated_hold_days + more[7],
        follow_up_rest_days=policy.follow_up_rest_days + more[0],
        thank_you_due_days=policy.thank_you_due_days,
        thank_you_until_days=policy.thank_you_until_days + more[1],
        skip_weekends=policy.skip_weekends,
    )


@THOROUGH
@given(timelines(LIVELY), policies(), calendars(), MORE)
def test_law_8_larger_numbers_never_bring_ghosting_forward(
    timeline: Timeline, policy: Policy, calendar: Calendar, more: tuple[int, ...]
) -> None:
    tight = history(timeline, policy, calendar)
    loose = history(timeline, larger(policy, more), calendar)
    for step in loose:
        if step.status is Status.GHOSTED:  # whoever is ghosted by the patient policy is so by the strict one all along
            assert at(tight, step.starts_at).status is Status.GHOSTED
            until = at(tight, step.starts_at).status_until
            assert until is None or (step.ends_at is not None and step.ends_at <= until)


@THOROUGH
@given(timelines(), policies(), calendars(), st.data())
def test_law_9_an_interaction_changes_nothing_before_it(
    timeline: Timeline, policy: Policy, calendar: Calendar, data: st.DataObject
) -> None:
    extra = data.draw(interactions())(start_of(timeline))
    first = min(extra.occurred_at, extra.arranged_at or extra.occurred_at)  # its arrangement is an act of its own
    without, recorded = history(timeline, policy, calendar), history(with_one_more(timeline, extra), policy, calendar)
    assert before(recorded, first) == before(without, first)


def test_an_empty_timeline_has_one_step() -> None:
    (step,) = history(Timeline((), has_contact=True), DEFAULT_POLICY, Calendar(ZoneInfo("UTC"), frozenset()))
    assert (step.status, step.stage, step.starts_at) == (Status.NOT_STARTED, Stage.LEAD, datetime(1, 1, 1, tzinfo=UTC))
