"""The next action and its reasons: GHOSTING.md, section 6."""

from datetime import date
from zoneinfo import ZoneInfo

import pytest

from app.ghosting.calendar import Calendar
from app.ghosting.steps import Action, Step
from app.ghosting.vocabulary import ActionKind, ReasonCode, Source, Status
from tests.support.timelines import day, name, story


def advised(step: Step) -> Action:
    assert step.action is not None
    return step.action


def told(step: Step) -> tuple[str, date | None, str]:
    action = advised(step)
    return action.kind, action.due_on, action.key


def test_nothing_yet() -> None:
    assert told(story("note 0d")("1d")) == ("make_contact", None, "make_contact:start")


def test_a_request_without_a_date_is_due_on_the_next_business_day() -> None:
    calendar = Calendar(ZoneInfo("UTC"), {date(2026, 3, 9)})
    assert told(story("request 4d", calendar=calendar)("5d")) == ("reply", day("8d"), f"reply:{name(1)}")
    assert told(story("request 4d by=20d")("5d"))[1] == day("20d")


def test_an_offer_comes_before_a_request_and_has_no_date_of_its_own() -> None:
    assert told(story("offer 0d", "request 1d by=5d")("2d")) == ("answer_offer", None, f"answer_offer:{name(1)}")


def test_a_bounce_comes_before_both() -> None:
    assert told(story("offer 0d", "reply 1d", "bounce 2d")("3d")) == (
        "fix_contact",
        day("2d"),
        f"fix_contact:{name(3)}",
    )


def test_prepare_for_the_earliest_meeting_ahead() -> None:
    tell = story("meeting 9d arranged=-9d", "interview 5d arranged=-4d", "interview 9d arranged=-8d")
    assert told(tell("0d")) == ("prepare", day("9d"), f"prepare:{name(1)}")
    assert told(tell("1d")) == ("prepare", day("5d"), f"prepare:{name(2)}")
    assert told(tell("5d")) == ("prepare", day("9d"), f"prepare:{name(3)}")  # of one instant interviews come first
    assert [code.interaction_ids for code in tell("1d").reasons] == [(name(2), name(3), name(1))]


class TestThankYou:
    @pytest.mark.parametrize("more", ["employer_message 1h", "hold 1h", "follow_up 1h", "introduction 1h"])
    def test_is_due_the_day_after_and_offered_for_two(self, more: str) -> None:
        tell = story("meeting 0d", more)
        assert told(tell("1h")) == ("send_thank_you", day("1d"), f"send_thank_you:{name(1)}")
        assert told(tell("2d13h"))[0] == "send_thank_you"
        assert told(tell("2d14h"))[0] != "send_thank_you"

    def test_waits_for_the_end_of_the_meeting(self) -> None:
        tell = story("meeting 0d ends=3h")
        assert [told(tell(when))[0] for when in ("2h", "3h")] == ["stay_active", "send_thank_you"]

    @pytest.mark.parametrize("more", ["thank_you 0d", "thank_you 1h", "no_show 0d", "no_show 1h"])
    def test_is_settled_by_thanks_or_an_empty_chair(self, more: str) -> None:
        assert told(story("meeting 0d", more)("2h"))[0] == "stay_active"

    @pytest.mark.parametrize("more", ["thank_you -1h", "no_show -1h"])
    def test_is_not_settled_by_what_came_before(self, more: str) -> None:
        assert told(story("meeting 0d", more)("2h"))[0] == "send_thank_you"

    def test_an_empty_chair_counts_although_a_request_is_open(self) -> None:
        assert told(story("meeting 0d", "request 1h", "no_show 2h", "reply 3h")("4h"))[0] == "stay_active"

    def test_outlives_a_question_answered(self) -> None:
        assert told(story("meeting 0d", "request 1h", "reply 2h")("3h"))[0] == "send_thank_you"

    def test_is_for_the_latest_meeting(self) -> None:
        tell = story("meeting 0d", "thank_you 1h", "interview 1d")
        assert told(tell("1d")) == ("send_thank_you", day("2d"), f"send_thank_you:{name(3)}")

    def test_is_not_asked_for_once_a_follow_up_is_due(self) -> None:
        tell = story("meeting 0d ends=20d", "outreach 1h", "employer_message 2h")
        assert told(tell("20d"))[0] == "send_follow_up"


class TestWaiting:
    def test_stay_active_until_the_window(self) -> None:
        assert told(story("outreach 0d")("1d")) == ("stay_active", day("7d"), f"stay_active:{name(1)}")

    def test_without_a_contact_look_for_one_from_the_day_the_window_would_open(self) -> None:
        tell = story("application 0d", has_contact=False)
        assert told(tell("6d")) == ("stay_active", day("31d"), f"stay_active:{name(1)}")
        assert told(tell("7d")) == ("find_contact", day("31d"), f"find_contact:{name(1)}")

    def test_a_lapsed_promise_without_a_contact_counts_from_the_start(self) -> None:
        tell = story("hold 0d", "application 1d", has_contact=False)
        assert [told(tell(when))[0] for when in ("9d", "17d")] == ["wait_for_promise", "find_contact"]

    def test_on_hold(self) -> None:
        step = story("outreach 0d", "hold 1d", "employer_message 2d")("3d")
        assert told(step) == ("wait_for_promise", day("18d"), f"wait_for_promise:{name(3)}")
        assert advised(step).interaction_ids == (name(3), name(2))


class TestLater:
    def test_follow_up(self) -> None:
        tell = story("outreach 0d")
        assert told(tell("7d")) == told(tell("9d")) == ("send_follow_up", day("7d"), f"send_follow_up:{name(1)}")

    def test_after_the_follow_up(self) -> None:
        step = story("outreach 0d", "follow_up 7d")("8d")
        assert told(step) == ("stay_active", day("31d"), f"stay_active:{name(1)}")
        assert advised(step).interaction_ids == (name(1), name(2))

    def test_ghosted_offers_an_unused_follow_up(self) -> None:
        action = advised(story("outreach 0d")("31d"))
        assert (action.kind, action.due_on) == (ActionKind.CLOSE_AND_REDIRECT, day("31d"))
        assert (action.alternative, action.source) == (ActionKind.SEND_FOLLOW_UP, Source.ARTICLE)

    def test_but_not_a_used_one_nor_one_to_nobody(self) -> None:
        assert advised(story("outreach 0d", "follow_up 5d")("40d")).alternative is None
        assert advised(story("application 0d", has_contact=False)("40d")).alternative is None

    def test_closed(self) -> None:
        assert story("rejection 0d")("1d").action is None


@pytest.mark.parametrize(
    ("lines", "when", "codes"),
    [
        ((), "1d", "nothing_yet"),
        (("request 0d", "offer 0d"), "1d", "offer_open request_open"),
        (("meeting 2d arranged=-1d",), "1d", "meeting_ahead"),
        (("decline 0d",), "1d", "process_ended"),
        (("application 0d",), "1d", "window_not_open opener_sent"),
        (("reply 0d",), "7d", "window_open answer_sent"),
        (("interview 0d",), "9d", "window_passed met"),
        (("verbal_offer 0d",), "40d", "silence_too_long offered_verbally"),
        (("hold 0d",), "1d", "promise_in_force employer_wrote"),
        (("hold 0d", "follow_up 1d"), "2d", "promise_in_force follow_up_used employer_wrote"),
        (("no_show 0d", "follow_up 1d"), "2d", "follow_up_used met nobody_came"),
        (("no_show 0d", "follow_up 1d"), "40d", "silence_too_long follow_up_used met nobody_came"),
    ],
)
def test_reasons(lines: tuple[str, ...], when: str, codes: str) -> None:
    assert " ".join(reason.code for reason in story(*lines)(when).reasons) == codes


def test_a_missing_contact_is_a_reason() -> None:
    tell = story("application 0d", has_contact=False)
    assert [reason.code for reason in tell("1d").reasons] == [ReasonCode.CONTACT_MISSING, ReasonCode.OPENER_SENT]
    assert [reason.code for reason in tell("40d").reasons][:2] == [
        ReasonCode.SILENCE_TOO_LONG,
        ReasonCode.CONTACT_MISSING,
    ]
    held = story("hold 0d", "application 1d", has_contact=False)("2d")
    assert (held.status, held.reasons[0].code, len(held.reasons)) == (Status.ON_HOLD, ReasonCode.PROMISE_IN_FORCE, 2)
