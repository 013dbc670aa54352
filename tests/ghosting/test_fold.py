"""The table of GHOSTING.md, section 3, row by row. START is Monday, 2 March 2026, 10:00 UTC."""

import pytest

from app.ghosting.rules import RULES, always
from app.ghosting.state import Event, State
from app.ghosting.vocabulary import Kind, Outcome, Stage, Status, Wait
from tests.support.timelines import START, act, course, day, moment, name, story

OFFER = "offer 0d"
REQUEST = "request 0d"


class TestAWordFromTheEmployer:
    @pytest.mark.parametrize("kind", ["employer_message", "hold", "no_show"])
    @pytest.mark.parametrize("question", [OFFER, REQUEST])
    def test_does_not_answer_for_the_candidate(self, kind: str, question: str) -> None:
        step = story(question, f"{kind} 1d by=20d")("2d")
        assert (step.status, step.reply_by) == (Status.YOUR_MOVE, None)

    @pytest.mark.parametrize("kind", ["employer_message", "hold", "no_show"])
    def test_begins_a_new_silence_measured_from_its_promise(self, kind: str) -> None:
        step = story("application 0d", "follow_up 1d", f"{kind} 2d by=20d")("3d")
        assert (step.status, step.reply_by, step.silent_since) == (Status.ON_HOLD, day("20d"), moment("2d"))
        assert not step.follow_up_used

    def test_leaves_an_earlier_promise_in_force(self) -> None:
        assert story("interview 0d by=20d", "employer_message 2d")("3d").reply_by == day("20d")

    def test_replaces_a_promise_by_a_new_one(self) -> None:
        assert story("interview 0d by=20d", "employer_message 2d by=10d")("3d").reply_by == day("10d")

    def test_asking_for_patience_sets_two_weeks(self) -> None:
        assert story("interview 0d by=20d", "hold 2d")("3d").reply_by == day("16d")

    def test_not_appearing_takes_a_promise_back(self) -> None:
        step = story("interview 0d by=20d", "no_show 2d")("3d")
        assert (step.status, step.reply_by) == (Status.WAITING, None)

    def test_takes_the_ball_back_from_a_bounce_that_opened_nothing(self) -> None:
        assert story("outreach 0d", "bounce 0d", "employer_message 1d")("2d").status is Status.WAITING


class TestArrangement:
    def test_settles_the_request_and_waits_for_the_meeting(self) -> None:
        tell = story(REQUEST, "interview 9d arranged=-8d", "reply 10d")
        assert tell("1d").status is Status.SCHEDULED
        assert tell("9d").status is Status.WAITING

    def test_clears_the_promise(self) -> None:
        assert story("employer_message 0d by=30d", "interview 9d arranged=-8d")("2d").reply_by is None

    def test_leaves_an_open_offer_with_the_candidate(self) -> None:
        tell = story(OFFER, "meeting 9d arranged=-8d", "reply 2d")
        assert tell("1d").status is Status.YOUR_MOVE
        assert tell("2d").status is Status.SCHEDULED

    def test_changes_no_stage_until_the_meeting_takes_place(self) -> None:
        tell = story("interview 9d arranged=-8d stage=final_round")
        assert [tell(when).stage for when in ("0d", "1d", "9d")] == [Stage.LEAD, Stage.LEAD, Stage.FINAL_ROUND]

    def test_needs_to_lie_before_the_meeting(self) -> None:
        assert course("interview 9d arranged=0d")[0] == (Status.WAITING, "03-11 10:00")

    def test_the_next_of_two_meetings_keeps_it_scheduled(self) -> None:
        tell = story("interview 4d arranged=-4d", "meeting 6d arranged=-5d")
        assert [tell(when).status for when in ("4d", "6d")] == [Status.SCHEDULED, Status.WAITING]

    def test_a_promise_made_beside_a_meeting_ahead_is_in_force(self) -> None:
        step = story("meeting 6d arranged=-6d", "employer_message 1d by=9d")("2d")
        assert (step.status, step.reply_by, step.silent_since) == (Status.SCHEDULED, day("9d"), None)


class TestMeeting:
    @pytest.mark.parametrize("kind", ["interview", "meeting", "verbal_offer"])
    def test_settles_the_request_and_makes_the_employer_owe(self, kind: str) -> None:
        step = story(REQUEST, f"{kind} 1d by=9d", "reply 2d")("3d")
        assert (step.status, step.reply_by, step.silent_since) == (Status.ON_HOLD, day("9d"), moment("1d"))

    @pytest.mark.parametrize("kind", ["interview", "meeting", "verbal_offer"])
    def test_without_a_date_takes_a_promise_back(self, kind: str) -> None:
        assert story("employer_message 0d by=9d", f"{kind} 1d")("2d").reply_by is None

    @pytest.mark.parametrize("kind", ["interview", "meeting", "verbal_offer"])
    def test_leaves_an_open_offer_but_settles_the_request(self, kind: str) -> None:
        tell = story(OFFER, REQUEST, f"{kind} 1d", "reply 2d")
        assert [tell(when).status for when in ("1d", "2d")] == [Status.YOUR_MOVE, Status.WAITING]

    def test_counts_silence_from_its_end(self) -> None:
        step = story("interview 0d ends=20h")("1h")
        assert (step.status, step.silent_since, step.silent_on) == (Status.WAITING, moment("20h"), day("1d"))


class TestRequestAndOffer:
    @pytest.mark.parametrize("kind", ["request", "offer"])
    def test_make_it_the_candidates_move_and_clear_promise_and_follow_up(self, kind: str) -> None:
        tell = story("interview 0d by=20d", "follow_up 1d", f"{kind} 2d by=5d", "reply 3d")
        assert (tell("2d").status, tell("2d").reply_by, tell("2d").follow_up_used) == (
            Status.YOUR_MOVE,
            day("5d"),
            False,
        )
        assert (tell("3d").status, tell("3d").reply_by) == (Status.WAITING, None)

    @pytest.mark.parametrize("kind", ["request", "offer"])
    def test_a_newer_one_replaces_the_older(self, kind: str) -> None:
        tell = story(f"{kind} 0d by=5d", f"{kind} 1d by=6d", "reply 2d")
        assert tell("1d").reply_by == day("6d")
        assert tell("2d").status is Status.WAITING

    def test_beside_an_offer_without_a_date_the_request_names_it(self) -> None:
        assert story(OFFER, "request 1d by=6d")("2d").reply_by == day("6d")


class TestOpener:
    @pytest.mark.parametrize("kind", ["application", "outreach", "introduction"])
    def test_does_nothing_while_an_offer_is_open(self, kind: str) -> None:
        assert story(OFFER, f"{kind} 1d")("2d").status is Status.YOUR_MOVE

    @pytest.mark.parametrize("kind", ["application", "outreach", "introduction"])
    def test_settles_a_request_and_waits_by_its_own_kind(self, kind: str) -> None:
        step = story(REQUEST, f"{kind} 1d")("2d")
        assert (step.status, step.wait) == (Status.WAITING, Wait(kind))

    def test_keeps_a_promise(self) -> None:
        assert story("employer_message 0d by=9d", "introduction 1d")("2d").reply_by == day("9d")

    def test_an_introduction_always_begins_anew(self) -> None:
        assert story("application 0d", "follow_up 1d", "introduction 2d")("3d").silent_since == moment("2d")

    def test_the_first_application_begins_anew_a_further_one_does_not(self) -> None:
        step = story("outreach 0d", "application 1d", "application 2d")("3d")
        assert (step.wait, step.silent_since) == (Wait.APPLICATION, moment("1d"))

    def test_an_application_that_did_nothing_still_was_the_first(self) -> None:
        step = story(OFFER, "application 1d", "reply 2d", "application 3d")("4d")
        assert step.silent_since == moment("2d")

    def test_after_reopening_an_application_is_the_first_again(self) -> None:
        lines = ("application 0d", "rejection 1d", "outreach 2d", "application 3d")
        assert story(*lines)("4d").silent_since == moment("3d")

    def test_outreach_while_the_employer_owes_counts_as_the_follow_up(self) -> None:
        step = story("outreach 0d", "outreach 2d stage=screening")("3d")
        assert (step.status, step.silent_since) == (Status.BALL_IN_THEIR_COURT, moment("0d"))
        assert (step.stage, step.wait) == (Stage.SCREENING, Wait.OUTREACH)


class TestAnswer:
    @pytest.mark.parametrize("kind", ["reply", "submission"])
    def test_nobody_asked_for_changes_nothing(self, kind: str) -> None:
        assert story("application 0d", f"{kind} 1d")("2d").silent_since == moment("0d")

    @pytest.mark.parametrize("kind", ["reply", "submission"])
    def test_may_begin_everything(self, kind: str) -> None:
        assert story(f"{kind} 0d")("1d").status is Status.WAITING

    def test_settles_first_the_request_then_the_offer(self) -> None:
        tell = story(OFFER, "request 1d", "reply 2d", "reply 3d")
        assert [action.kind for when in ("1d", "2d") if (action := tell(when).action)] == ["answer_offer"] * 2
        assert [reason.code for reason in tell("2d").reasons] == ["offer_open"]
        assert tell("3d").status is Status.WAITING


class TestFollowUp:
    def test_counts_once_in_a_silence(self) -> None:
        assert story("outreach 0d", "follow_up 5d", "follow_up 9d")("10d").reasons[0].interaction_ids[0].int == 2

    def test_from_nothing_is_an_outreach(self) -> None:
        assert story("follow_up 0d")("1d").wait is Wait.OUTREACH

    @pytest.mark.parametrize("before", [REQUEST, "rejection 0d"])
    def test_without_anybody_to_nudge_does_nothing(self, before: str) -> None:
        assert story(before, "follow_up 1d")("2d") == story(before)("2d")

    def test_a_message_is_none(self) -> None:
        assert not story("outreach 0d", "candidate_message 5d")("6d").follow_up_used


class TestClosing:
    @pytest.mark.parametrize(
        ("kind", "outcome"),
        [
            ("rejection", Outcome.REJECTED),
            ("position_closed", Outcome.POSITION_CLOSED),
            ("withdrawal", Outcome.WITHDRAWN),
            ("acceptance", Outcome.ACCEPTED),
            ("decline", Outcome.DECLINED),
        ],
    )
    def test_closes_with_its_outcome_and_the_first_one_stands(self, kind: str, outcome: Outcome) -> None:
        step = story(OFFER, f"{kind} 1d", "rejection 2d", "decline 2d")("3d")
        assert (step.status, step.outcome, step.action) == (Status.CLOSED, outcome, None)

    def test_clears_what_was_open_promised_or_met(self) -> None:
        lines = (OFFER, REQUEST, "meeting 1h by=30d", "rejection 2h", "outreach 3h")
        step = story(*lines)("4h")
        assert (step.status, step.reply_by, step.outcome) == (Status.WAITING, None, None)
        assert step.action is not None
        assert step.action.kind == "stay_active"

    def test_strikes_out_the_meetings_ahead(self) -> None:
        lines = ("interview 9d arranged=-8d stage=offer", "withdrawal 2d", "employer_message 3d")
        step = story(*lines)("10d")
        assert (step.stage, step.silent_since) == (Stage.LEAD, moment("3d"))

    def test_spares_a_meeting_arranged_afterwards(self) -> None:
        tell = story("withdrawal 2d", "interview 9d arranged=-6d")
        assert [tell(when).status for when in ("2d", "3d", "9d")] == [Status.CLOSED, Status.SCHEDULED, Status.WAITING]

    @pytest.mark.parametrize(
        ("kind", "status"),
        [
            *((kind, Status.WAITING) for kind in ("application", "outreach", "introduction", "employer_message")),
            *((kind, Status.WAITING) for kind in ("interview", "meeting", "verbal_offer")),
            *((kind, Status.YOUR_MOVE) for kind in ("request", "offer")),
            ("hold", Status.ON_HOLD),
            ("interview 3d arranged=-1d", Status.SCHEDULED),
        ],
    )
    def test_what_reopens(self, kind: str, status: Status) -> None:
        line = kind if " " in kind else f"{kind} 2d"
        step = story("rejection 1d", line)("2d")
        assert (step.status, step.outcome) == (status, None)

    @pytest.mark.parametrize(
        "kind",
        ["no_show", "reply", "submission", "candidate_message", "thank_you", "follow_up", "bounce", "note", "decline"],
    )
    def test_what_does_not(self, kind: str) -> None:
        stage = " stage=offer" if kind == "submission" else ""
        step = story("rejection 1d", f"{kind} 2d{stage}")("2d")
        assert (step.status, step.outcome, step.stage) == (Status.CLOSED, Outcome.REJECTED, Stage.LEAD)


class TestStageAndWait:
    def test_rises_by_itself_and_falls_only_when_told(self) -> None:
        tell = story("application 0d", "interview 1d", "application 2d", "verbal_offer 3d", "interview 4d")
        assert [tell(f"{days}d").stage for days in range(5)] == ["applied", *["interviewing"] * 2, *["offer"] * 2]
        assert story("interview 0d", "employer_message 1d stage=lead")("2d").stage is Stage.LEAD

    @pytest.mark.parametrize(
        ("line", "wait"),
        [
            *((f"employer_message 0d stage={stage}", stage) for stage in ("screening", "interviewing", "final_round")),
            *((f"employer_message 0d stage={stage}", "contact") for stage in ("lead", "applied")),
            ("employer_message 0d stage=offer", "verbal_offer"),
            ("submission 0d stage=final_round", "assessment"),
            ("verbal_offer 0d stage=lead", "verbal_offer"),
            ("application 0d stage=final_round", "application"),
            ("meeting 0d", "contact"),
        ],
    )
    def test_wait_kind(self, line: str, wait: str) -> None:
        assert story(line)("1d").wait == wait

    def test_a_stage_on_a_kind_that_takes_none_is_ignored(self) -> None:
        assert story("application 0d", "reply 1d stage=offer")("2d").stage is Stage.APPLIED

    def test_changes_although_the_act_does_nothing_else(self) -> None:
        assert story(REQUEST, "employer_message 1d stage=screening")("2d").stage is Stage.SCREENING


def test_acts_of_one_instant_count_in_the_order_of_kinds() -> None:
    assert tuple(Kind)[:3] == ("application", "outreach", "introduction")
    assert story("bounce 0d", "outreach 0d", "rejection 0d", "application 0d")("1d").status is Status.CLOSED
    assert story("reply 1d", "request 1d")("2d").status is Status.WAITING
    assert story("request 1d", "meeting 3d arranged=-2d")("2d").status is Status.YOUR_MOVE
    assert story("no_show 1d", "meeting 3d arranged=-2d")("2d").status is Status.SCHEDULED


def test_the_last_row_of_each_act_always_applies() -> None:
    event = Event(START, 0, name(1), Kind.NOTE, act("note 0d"), START.date(), START, START.date())
    assert all(rows[-1][0](State(14), event) for rows in RULES.values())
    assert {rows[-1][0] for rows in RULES.values()} == {always}
