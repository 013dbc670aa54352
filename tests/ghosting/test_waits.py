"""What counts as a wait, and what as its end: one story for each reading that docs/outlook.md states."""

import pytest

from app.ghosting.vocabulary import Wait
from app.ghosting.waits import Ending, Waited, waits
from tests.support.timelines import UTC_WITHOUT_HOLIDAYS, t


def told(*lines: str) -> list[tuple[str, int, int | None, str | None]]:
    """The waits of a story: kind, first day, days until the end, and what ended it."""
    start = t("note 0d").interactions[0].occurred_at.date()
    return [
        (
            waited.wait,
            (waited.started_on - start).days,
            None if waited.ended_on is None else (waited.ended_on - waited.started_on).days,
            waited.ending,
        )
        for waited in found(*lines)
    ]


def found(*lines: str) -> tuple[Waited, ...]:
    return waits(t(*lines), UTC_WITHOUT_HOLIDAYS)


def promised(story: tuple[Waited, ...]) -> list[tuple[int | None, bool]]:
    """The day of the month that each wait was promised, and whether it was left to the next one."""
    return [(waited.promised_on.day if waited.promised_on else None, waited.handed_on) for waited in story]


def test_an_open_silence_has_no_end() -> None:
    assert told("application 0d") == [("application", 0, None, None)]


def test_nothing_sent_is_no_wait() -> None:
    assert told("note 0d", "acknowledgement 1d", "request 2d") == []


@pytest.mark.parametrize(
    "word",
    ["employer_message", "interview", "meeting", "request", "verbal_offer", "offer", "rejection", "position_closed"],
)
def test_a_word_of_the_employers_is_a_reply(word: str) -> None:
    assert told("application 0d", f"{word} 5d")[0] == ("application", 0, 5, Ending.REPLY)


def test_an_invitation_is_a_reply_on_the_day_it_came_and_not_on_the_day_of_the_meeting() -> None:
    story = told("application 0d", "interview 9d arranged=-4d")
    assert story == [("application", 0, 5, Ending.REPLY), ("interviewing", 9, None, None)]


def test_a_rejection_on_the_very_day_is_a_reply_after_no_days() -> None:
    assert told("application 0d", "rejection 0d") == [("application", 0, 0, Ending.REPLY)]


def test_two_words_in_one_breath_are_one_answer() -> None:
    story = told("application 0d", "employer_message 3d", "verbal_offer 3d")
    assert story == [("application", 0, 3, Ending.REPLY), ("verbal_offer", 3, None, None)]


@pytest.mark.parametrize(
    ("act", "ending"),
    [
        ("withdrawal", Ending.CANDIDATE),
        ("acceptance", Ending.CANDIDATE),
        ("introduction", Ending.CANDIDATE),
        ("hold", Ending.HOLD),
        ("no_show", Ending.NO_SHOW),
        ("bounce", Ending.BOUNCE),
    ],
)
def test_all_other_ends_cut_the_observation_short(act: str, ending: Ending) -> None:
    assert told("application 0d", f"{act} 5d")[0] == ("application", 0, 5, ending)


def test_what_moves_no_ball_ends_no_wait() -> None:
    story = ("application 0d", "follow_up 8d", "thank_you 9d", "acknowledgement 9d", "candidate_message 9d", "note 9d")
    assert told(*story) == [("application", 0, None, None)]


def test_a_bounced_follow_up_leaves_the_wait() -> None:
    assert told("application 0d", "follow_up 8d", "bounce 9d") == [("application", 0, None, None)]


def test_what_is_sent_again_is_waited_for_anew() -> None:
    story = told("application 0d", "bounce 1d", "candidate_message 3d")
    assert story == [("application", 0, 1, Ending.BOUNCE), ("application", 3, None, None)]


def test_with_a_meeting_in_the_diary_nobody_waits_for_a_word() -> None:
    story = told("interview 9d arranged=-8d", "employer_message 4d")
    assert story == [("interviewing", 9, None, None)]


def test_days_count_from_the_end_of_a_meeting_but_the_wait_begins_with_it() -> None:
    (waited,) = found("interview 0d ends=20h")
    assert (waited.wait, waited.started_at.day, waited.started_on.day) == (Wait.INTERVIEWING, 2, 3)


def test_a_word_during_a_meeting_comes_after_no_days() -> None:
    assert told("interview 0d ends=20h", "employer_message 0d1h")[0] == ("interviewing", 1, 0, Ending.REPLY)


class TestPromises:
    def test_a_named_date_is_the_promise_of_the_wait_it_opens(self) -> None:
        first, second = found("application 0d", "hold 3d by=10d")
        assert (first.promised_on, second.promised_on and second.promised_on.day) == (None, 12)

    def test_bear_with_us_without_a_date_promises_nothing(self) -> None:
        assert [waited.promised_on for waited in found("application 0d", "hold 3d")] == [None, None]

    def test_a_word_in_between_hands_the_promise_on_and_both_were_promised_something(self) -> None:
        story = found("employer_message 0d by=10d", "employer_message 4d", "rejection 9d")
        assert promised(story) == [(12, True), (12, False)]

    def test_a_word_after_the_date_hands_nothing_on(self) -> None:
        story = found("employer_message 0d by=10d", "employer_message 11d")
        assert promised(story) == [(12, False), (None, False)]

    def test_a_word_on_the_day_keeps_the_promise_and_the_next_wait_has_none(self) -> None:
        story = found("employer_message 0d by=10d", "employer_message 10d", "employer_message 10d1h", "rejection 20d")
        assert promised(story) == [(12, False), (None, False), (None, False)]

    @pytest.mark.parametrize(("day", "left"), [(9, (12, False)), (10, (12, False)), (11, (None, False))])
    def test_an_act_of_the_candidates_keeps_no_promise(self, day: int, left: tuple[int | None, bool]) -> None:
        story = found("employer_message 0d by=10d", f"introduction {day}d")
        assert promised(story) == [(12, day <= 10), left]

    def test_what_came_back_leaves_the_promise_to_what_is_sent_again(self) -> None:
        lines = ("employer_message 0d by=10d", "introduction 3d", "bounce 4d", "candidate_message 5d")
        assert promised(found(*lines)) == [(12, True), (12, True), (12, False)]

    def test_bear_with_us_takes_the_date_away(self) -> None:
        story = found("employer_message 0d by=10d", "hold 4d by=20d")
        assert promised(story) == [(12, False), (22, False)]

    def test_a_new_date_takes_the_place_of_the_old_one(self) -> None:
        story = found("employer_message 0d by=10d", "employer_message 4d by=20d")
        assert [waited.promised_on and waited.promised_on.day for waited in story] == [12, 22]

    def test_a_date_in_the_past_is_none(self) -> None:
        assert [waited.promised_on for waited in found("employer_message 5d by=2d")] == [None]
