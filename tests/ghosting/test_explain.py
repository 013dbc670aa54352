"""The account of a verdict: its last state is the verdict at every instant, and every row of the rules has words."""

from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings

from app.ghosting.calendar import Calendar
from app.ghosting.explain import Cause, Explanation, explain
from app.ghosting.history import Step, at, history
from app.ghosting.policy import DEFAULT_POLICY, Policy
from app.ghosting.rule_words import EFFECTS, WHEN
from app.ghosting.rules import RULES
from app.ghosting.state import Arranged
from app.ghosting.timeline import Interaction, Timeline
from app.ghosting.vocabulary import Kind, Status
from tests.ghosting.strategies import THOROUGH, calendars, instants, policies, start_of, timelines
from tests.ghosting.test_vectors import CASES, interaction

_TICK = timedelta(microseconds=1)
_LAST = UUID(int=2**128 - 2)


def worked(case: dict[str, object]) -> tuple[Timeline, Calendar]:
    given_acts, holidays = case["interactions"], case["holidays"]
    assert isinstance(given_acts, list)
    assert isinstance(holidays, list)
    acts = tuple(interaction(number, given) for number, given in enumerate(given_acts))
    calendar = Calendar(ZoneInfo(str(case["time_zone"])), {date.fromisoformat(text) for text in holidays})
    return Timeline(acts, bool(case["has_contact"])), calendar


def agrees(account: Explanation, step: Step, steps: tuple[Step, ...]) -> None:
    facts = account.facts
    assert {name: getattr(facts, name) for name in facts._fields} == {n: getattr(step, n) for n in facts._fields}
    assert account.since == step.status_since
    # What was told act by act adds up to the verdict as well.
    told = {change.what.value: change.after for act in account.acts for change in act.changes}
    assert told.get("stage", "lead") == facts.stage
    assert told.get("outcome") == facts.outcome
    turns = {"nobody": {Status.NOT_STARTED}, "candidate": {Status.YOUR_MOVE}, "closed": {Status.CLOSED}}
    assert step.status in turns.get(str(told.get("turn", "nobody")), set(Status) - set().union(*turns.values()))
    if account.dates is not None:
        assert (told["silent_on"], told["wait"]) == (str(step.silent_on), step.wait)
        assert account.dates.ghosted_on == step.ghosted_on
        assert not account.dates.shut or step.opens_on is None
    if account.by_time is None:
        assert step.status_until is None
    else:
        assert account.by_time.at == step.status_until
        assert account.by_time.to == at(steps, account.by_time.at).status


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_it_ends_in_the_verdict_of_each_worked_case(case: dict[str, object]) -> None:
    timeline, calendar = worked(case)
    steps = history(timeline, DEFAULT_POLICY, calendar)
    edges = [edge for step in steps[1:] for edge in (step.starts_at - _TICK, step.starts_at)]
    for instant in [*edges, steps[-1].starts_at + timedelta(400)]:
        agrees(explain(timeline, DEFAULT_POLICY, calendar, at=instant), at(steps, instant), steps)


@settings(THOROUGH, max_examples=150)
@given(timelines(), policies(), calendars(), instants())
def test_it_ends_in_the_verdict_of_any_timeline(
    timeline: Timeline, policy: Policy, calendar: Calendar, moment: timedelta
) -> None:
    steps = history(timeline, policy, calendar)
    instant = start_of(timeline) + moment
    agrees(explain(timeline, policy, calendar, at=instant), at(steps, instant), steps)


@settings(THOROUGH, max_examples=60)
@given(timelines(), policies(), calendars(), instants())
def test_an_act_leads_where_it_is_said_to(
    timeline: Timeline, policy: Policy, calendar: Calendar, moment: timedelta
) -> None:
    """Recorded at that instant, after all else of it, an act brings the status that was told, or none if left out."""
    instant = start_of(timeline) + moment
    if any(instant in (i.occurred_at, i.arranged_at) for i in timeline.interactions):
        return
    account = explain(timeline, policy, calendar, at=instant)
    told = {possible.act: (possible.status, possible.stage) for possible in account.by_act}
    now = (account.facts.status, account.facts.stage)
    for act in (*Kind, Arranged.ARRANGEMENT):
        later = instant + timedelta(7)
        kind, when, arranged = (act, instant, None) if isinstance(act, Kind) else (Kind.MEETING, later, instant)
        more = Interaction(_LAST, kind, when, arranged_at=arranged)
        step = at(history(Timeline((*timeline.interactions, more), timeline.has_contact), policy, calendar), instant)
        assert (step.status, step.stage) == told.get(act, now), act


def test_every_row_of_the_rules_has_words() -> None:
    rows = [row for table in RULES.values() for row in table]
    assert {guard for guard, _ in rows} == set(WHEN)
    assert {move for _, move in rows} == set(EFFECTS)
    for words in (WHEN, EFFECTS):
        codes = [said.code for said in words.values()]
        assert len(set(codes)) == len(codes)


def test_a_recorded_meeting_is_told_from_time() -> None:
    calendar = Calendar(ZoneInfo("UTC"), frozenset())
    arranged, met = (datetime.fromisoformat(f"2026-03-{on}T10:00:00+00:00") for on in ("02", "20"))
    acts = (Interaction(_LAST, Kind.INTERVIEW, met, arranged_at=arranged),)
    timeline = Timeline(acts, has_contact=True)
    before = explain(timeline, DEFAULT_POLICY, calendar, at=arranged)
    assert (before.facts.status, before.by_time and before.by_time.cause) == (Status.SCHEDULED, Cause.RECORDED)
    assert before.dates is None
    after = explain(timeline, DEFAULT_POLICY, calendar, at=met)
    assert (after.facts.status, after.by_time and after.by_time.cause) == (Status.WAITING, Cause.TIME)
    assert [act.event.act for act in after.acts] == [Arranged.ARRANGEMENT, Kind.INTERVIEW]
