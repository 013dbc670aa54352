"""Where the funnel leaks: the rules alone, at their edges."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from app.coaching.funnel import LEAK_FROM, PASSAGES, Tried, checks, reached
from app.coaching.vocabulary import Comparison, FunnelStep, FunnelVerdict, PointsTo
from app.ghosting.vocabulary import Outcome, Stage, Status

S = FunnelStep


def tried(reached: Stage, *, status: Status = Status.CLOSED, outcome: Outcome | None = Outcome.REJECTED) -> Tried:
    return Tried(date(2026, 1, 1), reached, status, outcome, introduced=False, applied=True, screened=True)


def check(step: FunnelStep, *found: Tried):
    dated = [replace(t, opened_on=t.opened_on + timedelta(n)) for n, t in enumerate(found)]
    return next(c for c in checks(dated) if c.step is step)


@pytest.mark.parametrize("step", [S.APPLICATION_TO_SCREEN, S.SCREEN_TO_INTERVIEW, S.INTERVIEW_TO_OFFER])
def test_below_the_least_number_nothing_is_said_and_from_it_on_a_leak_is(step: FunnelStep) -> None:
    stage = {S.APPLICATION_TO_SCREEN: Stage.APPLIED, S.SCREEN_TO_INTERVIEW: Stage.SCREENING}.get(
        step, Stage.INTERVIEWING
    )
    least = PASSAGES[step].least
    silent = check(step, *[tried(stage)] * (least - 1))
    assert (silent.verdict, silent.rate, silent.points_to, silent.n) == (FunnelVerdict.TOO_FEW, None, None, least - 1)
    leaks = check(step, *[tried(stage)] * least)
    assert (leaks.verdict, leaks.rate, leaks.points_to) == (FunnelVerdict.LEAK, 0, PASSAGES[step].points_to)
    assert str(least) in leaks.text


def test_only_what_is_decided_by_the_employer_counts() -> None:
    mute = [
        tried(Stage.APPLIED, status=Status.WAITING, outcome=None),
        tried(Stage.APPLIED, outcome=Outcome.WITHDRAWN),
        tried(Stage.APPLIED, outcome=Outcome.POSITION_CLOSED),
        tried(Stage.LEAD),
    ]
    ghosted = tried(Stage.APPLIED, status=Status.GHOSTED, outcome=None)
    assert check(S.APPLICATION_TO_SCREEN, *mute, ghosted).n == 1


def test_who_was_asked_straight_to_an_interview_has_passed_no_first_conversation() -> None:
    straight = replace(tried(Stage.INTERVIEWING), screened=False)
    least = PASSAGES[S.SCREEN_TO_INTERVIEW].least
    assert check(S.SCREEN_TO_INTERVIEW, *[straight] * 9).n == 0
    leaks = check(S.SCREEN_TO_INTERVIEW, *[straight] * 9, *[tried(Stage.SCREENING)] * least)
    assert (leaks.verdict, leaks.n, leaks.passed) == (FunnelVerdict.LEAK, least, 0)


def test_only_what_was_applied_for_tells_of_the_resume() -> None:
    least = PASSAGES[S.APPLICATION_TO_SCREEN].least
    asked = [replace(tried(Stage.INTERVIEWING), applied=False)] * 5
    found = [*[tried(Stage.APPLIED)] * least, *asked]
    leaks = check(S.APPLICATION_TO_SCREEN, *found)
    assert (leaks.verdict, leaks.n, leaks.passed) == (FunnelVerdict.LEAK, least, 0)
    got_to = reached(found)
    assert (got_to[Stage.APPLIED], got_to[Stage.SCREENING], got_to[Stage.INTERVIEWING]) == (least, 5, 5)


def test_a_share_that_has_fallen_is_held_against_ones_own_earlier_half() -> None:
    good, bad = tried(Stage.OFFER, outcome=Outcome.DECLINED), tried(Stage.INTERVIEWING)
    found = check(S.INTERVIEW_TO_OFFER, good, good, good, good, bad, bad, bad, bad)
    assert (found.verdict, found.comparison) == (FunnelVerdict.LEAK, Comparison.OWN_EARLIER_HALF)
    assert (found.n, found.passed, found.compared_with) == (4, 0, 1)
    steady = check(S.INTERVIEW_TO_OFFER, good, bad, good, bad, good, bad, good, bad)
    assert (steady.verdict, steady.comparison) == (FunnelVerdict.FINE, Comparison.BENCHMARK)


def test_what_each_leak_points_to_and_where_the_benchmarks_come_from() -> None:
    assert {step: passage.points_to for step, passage in PASSAGES.items()} == {
        S.APPLICATION_TO_SCREEN: PointsTo.RESUME_AND_PROFILE,
        S.SCREEN_TO_INTERVIEW: PointsTo.INTERVIEW_SKILL,
        S.INTERVIEW_TO_OFFER: PointsTo.INTERVIEW_SKILL,
        S.INTRODUCTIONS: PointsTo.NETWORK,
    }
    assert all(passage.source and 0 < passage.benchmark < 1 for passage in PASSAGES.values())
    assert 0 < LEAK_FROM < 1
