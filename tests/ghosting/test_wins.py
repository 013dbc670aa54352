"""Which small successes follow from a timeline, and what takes them back."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from app.ghosting.calendar import Calendar
from app.ghosting.follow_ups import in_force, overlapping
from app.ghosting.policy import DEFAULT_POLICY
from app.ghosting.timeline import Timeline
from app.ghosting.vocabulary import Stage, WinKind
from app.ghosting.wins import RULES, wins
from tests.support.timelines import act, moment, name

UTC = Calendar(ZoneInfo("UTC"), frozenset())


def timeline(*lines: str, has_contact: bool = True) -> Timeline:
    return Timeline(tuple(act(line, number) for number, line in enumerate(lines, 1)), has_contact)


def won(*lines: str, has_contact: bool = True) -> list[tuple[str, int]]:
    found = wins(timeline(*lines, has_contact=has_contact), DEFAULT_POLICY, UTC)
    stands = (win for win in found if win.retracted_at is None and win.kind is not WinKind.FURTHER_STAGE)
    return [(win.kind.value, win.interaction_id.int) for win in stands]


def retracted(*lines: str) -> list[tuple[str, int, datetime]]:
    """Return what was a win for a while, and when it was shown to be none."""
    found = wins(timeline(*lines), DEFAULT_POLICY, UTC)
    return [(win.kind.value, win.interaction_id.int, win.retracted_at) for win in found if win.retracted_at]


def test_every_kind_but_those_of_people_has_its_rule() -> None:
    assert set(RULES) == set(WinKind) - {WinKind.DEVELOPMENT_DONE, WinKind.OTHER}


class TestFirstReply:
    @pytest.mark.parametrize("opener", ["application", "outreach", "introduction"])
    @pytest.mark.parametrize("sign", ["employer_message", "hold", "request", "meeting"])
    def test_is_the_first_human_word_after_an_opener(self, opener: str, sign: str) -> None:
        assert won(f"{opener} 0d", "acknowledgement 1d", f"{sign} 2d", "employer_message 9d") == [("first_reply", 3)]

    def test_is_an_invitation_too(self) -> None:
        assert won("application 0d", "interview 9d arranged=-5d") == [("first_reply", 2), ("interview", 2)]

    @pytest.mark.parametrize("last", ["rejection", "position_closed", "bounce", "acknowledgement", "no_show"])
    def test_is_no_rejection_and_no_robot(self, last: str) -> None:
        assert won("application 0d", f"{last} 2d") == []

    def test_is_none_where_they_came_first(self) -> None:
        assert won("request 0d", "reply 1d", "employer_message 2d") == []


class TestInterview:
    def test_counts_once(self) -> None:
        assert won("interview 0d", "interview 7d") == [("interview", 1)]

    def test_must_take_place(self) -> None:
        assert won("interview 3d arranged=-2d", "rejection 2d") == []
        assert won("interview 3d", "no_show 3d1h") == []
        assert won("interview 3d", "no_show 3d1h", "interview 5d") == [("interview", 3)]
        assert won("interview 3d", "no_show 9d") == [("interview", 1)]


def test_final_round_and_offer_count_once() -> None:
    lines = ("interview 0d stage=final_round", "employer_message 2d stage=screening", "meeting 4d stage=final_round")
    assert won(*lines) == [("interview", 1), ("final_round", 1)]
    assert won("verbal_offer 0d", "offer 2d") == [("offer", 1)]
    assert won("interview 0d stage=offer") == [("interview", 1)]


def test_whoever_accepts_had_an_offer_and_who_declines_after_an_interview() -> None:
    assert won("application 0d", "acceptance 9d") == [("offer", 2)]
    assert won("interview 0d", "decline 9d") == [("interview", 1), ("offer", 2)]
    assert won("verbal_offer 0d", "acceptance 9d") == [("offer", 1)]
    assert won("application 0d", "decline 9d") == won("application 0d", "withdrawal 9d") == []
    assert won("application 0d", "rejection 8d", "acceptance 9d") == []


def test_what_is_taken_back_was_a_win_until_then() -> None:
    assert retracted("interview 3d", "no_show 3d1h") == [("interview", 1, moment("3d1h"))]
    assert retracted("meeting 0d", "thank_you 1h", "bounce 1d") == [("thank_you_on_time", 2, moment("1d"))]
    told = ("application 0d", "follow_up 8d", "follow_up 20d", "outreach 25d")
    assert retracted(*told) == [("followed_up_once", 2, moment("20d"))]
    assert retracted("application 0d", "follow_up 8d", "bounce 9d") == [("followed_up_once", 2, moment("9d"))]


class TestThankYou:
    @pytest.mark.parametrize(("when", "times"), [("1h", 1), ("1d13h", 1), ("1d14h", 0), ("-1h", 0)])
    def test_is_on_time_by_the_day_after(self, when: str, times: int) -> None:
        assert won("interview 0d", f"thank_you {when}").count(("thank_you_on_time", 2)) == times

    def test_counts_once_for_each_meeting(self) -> None:
        lines = ("meeting 0d", "thank_you 1h", "thank_you 2h", "meeting 7d", "thank_you 7d1h")
        assert won(*lines) == [("thank_you_on_time", 2), ("thank_you_on_time", 5)]

    def test_must_arrive_and_needs_somebody_who_came(self) -> None:
        assert won("meeting 0d", "thank_you 1h", "bounce 2h") == []
        assert won("meeting 0d", "thank_you 1h", "bounce 2h", "thank_you 3h") == [("thank_you_on_time", 4)]
        assert won("meeting 0d", "no_show 1h", "thank_you 2h") == []


class TestFollowUp:
    @pytest.mark.parametrize(("when", "times"), [("6d", 0), ("7d", 1), ("20d", 1), ("40d", 1)])
    def test_counts_from_its_window_on(self, when: str, times: int) -> None:
        assert won("application 0d", f"follow_up {when}") == [("followed_up_once", 2)] * times

    def test_counts_only_once_in_a_silence(self) -> None:
        assert won("application 0d", "follow_up 8d", "follow_up 20d") == []
        assert won("application 0d", "follow_up 8d", "outreach 20d") == []
        again = ("application 0d", "follow_up 8d", "employer_message 9d", "follow_up 16d")
        assert won(*again) == [("followed_up_once", 2), ("first_reply", 3), ("followed_up_once", 4)]

    def test_must_arrive_and_needs_somebody_to_write_to(self) -> None:
        assert won("application 0d", "follow_up 8d", "bounce 8d1h") == []
        assert won("application 0d", "follow_up 8d", has_contact=False) == []


def test_rises_are_told_once_each_from_screening_on() -> None:
    lines = ("application 0d", "request 1d stage=screening", "reply 2d", "employer_message 3d stage=applied")
    more = ("interview 4d stage=screening", "interview 5d", "offer 9d")
    found = wins(timeline(*lines, *more), DEFAULT_POLICY, UTC)
    rises = [(win.stage, win.interaction_id) for win in found if win.kind is WinKind.FURTHER_STAGE]
    assert rises == [(Stage.SCREENING, name(2)), (Stage.INTERVIEWING, name(6)), (Stage.OFFER, name(7))]


def test_a_date_is_the_clients() -> None:
    calendar = Calendar(ZoneInfo("Pacific/Kiritimati"), frozenset())
    (win, _) = wins(timeline("interview 2h"), DEFAULT_POLICY, calendar)
    assert (win.occurred_at, win.occurred_on.isoformat()) == (moment("2h"), "2026-03-03")


class TestOnceOnly:
    def test_names_the_other_follow_up_of_the_silence(self) -> None:
        told = timeline("application 0d", "follow_up 8d", "follow_up 20d", "outreach 25d", "employer_message 26d")
        found = overlapping(told, DEFAULT_POLICY, UTC)
        assert {key.int: nudge.interaction_id.int for key, nudge in found.items()} == {2: 3, 3: 2, 4: 2}
        assert found[name(3)].at == moment("8d")

    @pytest.mark.parametrize(
        "lines",
        [
            ("application 0d", "follow_up 8d"),
            ("application 0d", "follow_up 8d", "employer_message 9d", "follow_up 16d"),
            ("application 0d", "follow_up 8d", "bounce 8d1h", "follow_up 9d"),
            ("request 0d", "follow_up 1d", "follow_up 2d"),
            ("application 0d", "rejection 1d", "follow_up 2d", "follow_up 3d"),
        ],
    )
    def test_finds_nothing_where_each_is_alone(self, lines: tuple[str, ...]) -> None:
        assert overlapping(timeline(*lines), DEFAULT_POLICY, UTC) == {}

    def test_tells_when_the_last_one_of_the_present_silence_went_out(self) -> None:
        told = timeline("application 0d", "follow_up 8d", "follow_up 10d", "employer_message 12d", "follow_up 30d")
        expected = {"7d": None, "8d": 2, "9d": 2, "11d": 3, "12d": None, "29d": None, "31d": 5}
        for when, number in expected.items():
            nudge = in_force(told, DEFAULT_POLICY, UTC, at=moment(when))
            assert (nudge and nudge.interaction_id.int) == number, when
