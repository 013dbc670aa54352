"""What an undelivered message takes back: the rows `bounce` and "sent again" of GHOSTING.md, section 3."""

import pytest

from app.ghosting.vocabulary import ActionKind, Status, Wait
from tests.support.timelines import course, moment, name, story

#: Waiting and the ball in their court answer the silence; a nudge answers what came back last.
_TASKS = (("stay_active", 1), ("send_follow_up", 3), ("stay_active", 1), ("send_follow_up", 5))


@pytest.mark.parametrize("kind", ["application", "outreach", "introduction", "reply", "submission", "follow_up"])
def test_an_act_that_passed_the_ball_gives_it_back(kind: str) -> None:
    step = story(f"{kind} 0d", "bounce 1d")("2d")
    assert step.action is not None
    assert (step.status, step.action.kind) == (Status.YOUR_MOVE, ActionKind.FIX_CONTACT)
    assert (step.action.key, step.action.interaction_ids) == (f"fix_contact:{name(2)}", (name(2), name(1)))


@pytest.mark.parametrize("question", ["request", "offer"])
def test_what_it_had_settled_is_open_again(question: str) -> None:
    step = story(f"{question} 0d by=9d", "reply 1d", "bounce 2d")("3d")
    assert [reason.code for reason in step.reasons] == ["undelivered", f"{question}_open"]
    assert step.reply_by is not None


def test_a_request_settled_by_an_opener_is_open_again() -> None:
    step = story("request 0d", "outreach 1d", "bounce 2d")("3d")
    assert [reason.code for reason in step.reasons] == ["undelivered", "request_open"]


@pytest.mark.parametrize("kind", ["follow_up", "outreach"])
def test_the_follow_up_is_unused_again(kind: str) -> None:
    tell = story("outreach 0d", f"{kind} 5d", "bounce 7d")
    assert [tell(when).status for when in ("5d", "7d")] == [Status.BALL_IN_THEIR_COURT, Status.FOLLOW_UP_DUE]


@pytest.mark.parametrize("kind", ["follow_up", "outreach"])
def test_a_follow_up_that_came_back_is_another_task(kind: str) -> None:
    tell = story("outreach 0d", f"{kind} 5d", "bounce 7d", "follow_up 7d1h", "bounce 7d2h")
    keys = [step.action.key for step in map(tell, ("4d23h", "7d", "7d90m", "7d2h")) if step.action]
    assert keys == [f"{task}:{name(n)}" for task, n in _TASKS]


def test_thanks_that_came_back_are_another_task() -> None:
    tell = story("interview 0d", "thank_you 1h", "bounce 2h")
    keys = [step.action.key for step in map(tell, ("30m", "90m", "2h")) if step.action]
    assert keys == [f"send_thank_you:{name(1)}", f"stay_active:{name(1)}", f"send_thank_you:{name(3)}"]


def test_a_follow_up_given_back_after_day_31_is_ghosting_at_once() -> None:
    assert course("outreach 0d", "follow_up 40d", "bounce 42d") == [
        ("waiting", "03-02 10:00"),
        ("follow_up_due", "03-09"),
        ("follow_up_overdue", "03-10"),
        ("ghosted", "04-02"),
        ("ball_in_their_court", "04-11 10:00"),
        ("ghosted", "04-13 10:00"),
    ]


def test_a_thank_you_counts_as_not_sent_and_an_earlier_one_stands() -> None:
    once = story("interview 0d", "thank_you 1h", "bounce 2h")("3h")
    twice = story("interview 0d", "thank_you 1h", "thank_you 90m", "bounce 2h")("3h")
    assert once.action is not None
    assert twice.action is not None
    assert (once.action.kind, twice.action.kind) == (ActionKind.SEND_THANK_YOU, ActionKind.STAY_ACTIVE)


def test_a_thank_you_for_nothing_may_come_back() -> None:
    assert story("outreach 0d", "thank_you 1d", "bounce 2d")("3d").status is Status.WAITING


@pytest.mark.parametrize(
    "lines",
    [
        ("outreach 0d", "candidate_message 1d", "bounce 2d"),  # the latest act had no effect
        ("outreach 0d", "follow_up 1d", "follow_up 2d", "bounce 3d"),
        ("outreach 0d", "thank_you 1d", "bounce 2d", "bounce 3d"),  # one act bounces once
        ("outreach 0d", "employer_message 1d", "bounce 2d"),  # somebody else moved the ball since
        ("request 0d", "bounce 1d"),
        ("bounce 0d",),
    ],
)
def test_there_may_be_nothing_to_take_back(lines: tuple[str, ...]) -> None:
    *rest, _bounce = lines
    assert story(*lines)("4d").status == story(*rest)("4d").status


@pytest.mark.parametrize("kind", ["candidate_message", "follow_up"])
class TestSentAgain:
    def test_keeps_the_kind_of_wait(self, kind: str) -> None:
        step = story("application 0d", "bounce 1d", f"{kind} 2d")("3d")
        assert (step.status, step.wait, step.silent_since) == (Status.WAITING, Wait.APPLICATION, moment("2d"))
        assert step.reasons[-1].code == "opener_sent"

    def test_settles_what_the_bounce_had_opened(self, kind: str) -> None:
        step = story("offer 0d", "reply 1d", "bounce 2d", "meeting 3d", f"{kind} 4d")("5d")
        assert (step.status, step.wait) == (Status.WAITING, Wait.VERBAL_OFFER)
        assert step.reasons[-1].code == "answer_sent"

    def test_may_bounce_again(self, kind: str) -> None:
        step = story("request 0d", "reply 1d", "bounce 2d", f"{kind} 3d", "bounce 4d")("5d")
        assert [reason.code for reason in step.reasons] == ["undelivered", "request_open"]

    def test_is_over_once_the_employer_asks_anew(self, kind: str) -> None:
        assert story("outreach 0d", "bounce 1d", "request 2d", f"{kind} 3d")("4d").status is Status.YOUR_MOVE


@pytest.mark.parametrize("kind", ["reply", "submission"])
def test_an_answer_after_a_bounce_acts_by_its_own_row(kind: str) -> None:
    step = story("application 0d", "bounce 1d", f"{kind} 2d stage=screening")("3d")
    assert step.wait is not Wait.APPLICATION
