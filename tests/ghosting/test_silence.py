"""Status by the calendar: GHOSTING.md, section 4."""

from dataclasses import replace
from datetime import date
from zoneinfo import ZoneInfo

import pytest

from app.ghosting.calendar import Calendar
from app.ghosting.policy import DEFAULT_POLICY, Policy, WaitRule
from app.ghosting.steps import silent_days
from app.ghosting.vocabulary import GhostKind, Status, Wait, WaitingOn
from tests.support.timelines import course, day, moment, story

EVERY_DAY = replace(DEFAULT_POLICY, skip_weekends=False)
HURRIED = replace(
    DEFAULT_POLICY,
    waits={wait: WaitRule(0, 0, 0, 1, follow_up_needs_contact=False) for wait in Wait},
    promise_grace_business_days=0,
    held_window_business_days=0,
    thank_you_due_days=0,
    thank_you_until_days=0,
)


def test_a_plain_silence() -> None:
    assert course("outreach 2d") == [
        ("waiting", "03-04 10:00"),
        ("follow_up_due", "03-09"),
        ("follow_up_overdue", "03-12"),
        ("ghosted", "04-04"),
    ]


def test_weekends_and_holidays_move_the_window() -> None:
    calendar = Calendar(ZoneInfo("UTC"), {date(2026, 3, 9), date(2026, 3, 10)})
    step = story("outreach 0d", calendar=calendar)("1d")
    assert (step.opens_on, step.closes_on, step.ghosted_on) == (day("9d"), day("9d"), day("31d"))


def test_without_skipping_every_day_is_a_business_day_even_a_holiday() -> None:
    calendar = Calendar(ZoneInfo("UTC"), {date(2026, 3, 7)})
    step = story("outreach 0d", calendar=calendar, policy=EVERY_DAY)("1d")
    assert (step.opens_on, step.closes_on) == (day("5d"), day("7d"))


def test_a_promise_holds_until_two_business_days_have_passed() -> None:
    lines = ("interview 0d by=2026-03-13",)
    assert course(*lines) == [
        ("on_hold", "03-02 10:00"),
        ("follow_up_due", "03-18"),
        ("follow_up_overdue", "03-21"),
        ("ghosted", "04-13"),
    ]
    assert story(*lines)("20d").reply_by == date(2026, 3, 13)


def test_a_promise_for_a_day_before_the_silence_does_not_count() -> None:
    step = story("employer_message 5d by=4d")("6d")
    assert (step.status, step.reply_by) == (Status.WAITING, None)


def test_a_promise_for_today_counts() -> None:
    assert story("employer_message 5d by=5d")("6d").status is Status.ON_HOLD


def test_a_follow_up_does_not_end_a_hold() -> None:
    assert course("interview 0d by=2026-03-13", "follow_up 7d") == [
        ("on_hold", "03-02 10:00"),
        ("ball_in_their_court", "03-18"),
        ("ghosted", "04-13"),
    ]


def test_a_hold_without_a_window_turns_into_waiting() -> None:
    lines = ("application 0d", "employer_message 1d by=9d", "rejection 2d", "application 3d", "hold 4d")
    assert course("hold 0d", "application 1d", has_contact=False) == [
        ("on_hold", "03-02 10:00"),
        ("waiting", "03-19"),
        ("ghosted", "04-16"),
    ]
    assert story(*lines, has_contact=False)("5d").closes_on is not None


def test_ghosting_waits_for_a_promise_to_lapse() -> None:
    step = story("outreach 0d", "employer_message 1d by=9d", policy=replace(HURRIED, promise_grace_business_days=9))
    assert step("2d").ghosted_on == step("2d").opens_on


def test_statuses_that_would_start_when_ghosted_never_come() -> None:
    assert course("employer_message 1d by=9d", policy=HURRIED) == [("on_hold", "03-03 10:00"), ("ghosted", "03-12")]


def test_zero_days_open_the_window_at_once() -> None:
    assert course("outreach 0d", policy=HURRIED) == [("follow_up_due", "03-02 10:00"), ("ghosted", "03-03")]


def test_a_late_follow_up_is_allowed_once_and_rests_for_a_week() -> None:
    assert course("application 0d", "follow_up 40d", "follow_up 44d", has_contact=False) == [
        ("waiting", "03-02 10:00"),
        ("ghosted", "04-02"),
        ("ball_in_their_court", "04-11 10:00"),
        ("ghosted", "04-18"),
    ]


def test_a_meeting_that_ends_days_later_delays_everything() -> None:
    assert course("meeting 0d ends=4d")[1] == ("follow_up_due", "03-11")


def test_was_ghosted_is_never_forgotten() -> None:
    tell = story("outreach 0d", "request 40d", "reply 41d", "rejection 42d")
    assert [tell(f"{days}d").was_ghosted for days in (30, 32, 40, 41, 50)] == [False, True, True, True, True]


def test_a_ghosting_of_no_duration_never_was() -> None:
    assert not story("outreach 0d", "follow_up 31d", "bounce 31d", "offer 30d")("60d").was_ghosted


@pytest.mark.parametrize(
    ("line", "ghost_kind"),
    [
        ("application 0d", GhostKind.APPLICATION_UNANSWERED),
        ("outreach 0d", GhostKind.OUTREACH_UNANSWERED),
        *((f"{kind} 0d", GhostKind.AFTER_CONTACT) for kind in ("introduction", "meeting", "submission", "interview")),
        ("meeting 0d stage=screening", GhostKind.AFTER_CONTACT),
        ("meeting 0d stage=final_round", GhostKind.AFTER_FINAL_ROUND),
        ("verbal_offer 0d", GhostKind.AFTER_OFFER),
    ],
)
def test_ghost_kind(line: str, ghost_kind: GhostKind) -> None:
    tell = story(line)
    assert [tell(when).ghost_kind for when in ("30d", "40d")] == [None, ghost_kind]


def test_silent_days_count_while_the_employer_owes_and_never_below_zero() -> None:
    tell = story("interview 0d ends=20h", "request 9d", "rejection 10d")
    assert [silent_days(tell("1h"), day(text)) for text in ("0d", "1d", "8d")] == [0, 0, 7]
    assert [silent_days(tell(when), day("12d")) for when in ("-1d", "9d", "10d")] == [None, None, None]
    assert silent_days(story("interview 9d arranged=-9d")("1d"), day("2d")) is None


@pytest.mark.parametrize(
    ("lines", "waiting_on"),
    [
        ((), WaitingOn.NOBODY),
        (("request 0d",), WaitingOn.CANDIDATE),
        (("interview 9d arranged=-9d",), WaitingOn.NOBODY),
        (("rejection 0d",), WaitingOn.NOBODY),
        (("outreach 0d",), WaitingOn.EMPLOYER),
    ],
)
def test_waiting_on(lines: tuple[str, ...], waiting_on: WaitingOn) -> None:
    assert story(*lines)("1d").waiting_on is waiting_on


@pytest.mark.parametrize("policy", [DEFAULT_POLICY, EVERY_DAY, HURRIED])
def test_a_promise_at_the_end_of_the_calendar_is_no_accident(policy: Policy) -> None:
    tell = story("employer_message 0d by=9999-12-31", policy=policy)
    assert (tell("9999d").status, tell("9999d").status_until) == (Status.ON_HOLD, None)


def test_the_run_of_a_status_spans_its_steps() -> None:
    step = story("interview 0d")("4d")  # the thank-you has come and gone within `waiting`
    assert (step.starts_at, step.status_since, step.status_until) == (
        moment("2d14h"),
        moment("0d"),
        moment("6d14h"),
    )
