"""Sentences for people (GHOSTING.md, sections 5 and 6)."""

from collections.abc import Iterator

import pytest

from app.ghosting.vocabulary import (
    ACTORS,
    MEETING_KINDS,
    OPENER_KINDS,
    STAGE_KINDS,
    ActionKind,
    Kind,
    ReasonCode,
    Source,
    Stage,
)
from app.ghosting.words import action_reason, possible_reasons, reason_text
from tests.support.timelines import day, story

TALES: dict[str, tuple[tuple[str, ...], str, str]] = {
    "make_contact": ((), "1d", "Nothing has gone out"),
    "reply": (("request 0d",), "0d", "answer by 3 March 2026"),
    "reply, late": (("request 0d",), "4d", "was due on 3 March 2026"),
    "fix_contact": (("outreach 0d", "bounce 1d"), "2d", "never arrived"),
    "answer_offer": (("offer 0d by=4d",), "4d", "by 6 March 2026"),
    "answer_offer, late": (("offer 0d by=4d",), "5d", "write today"),
    "answer_offer, no date": (("offer 0d",), "5d", "without a deadline"),
    "prepare": (("interview 9d arranged=-9d",), "8d", "on 11 March 2026"),
    "prepare, today": (("interview 9d arranged=-9d",), "9d", "today"),
    "send_thank_you": (("interview 0d",), "1d", "thank-you by 3 March 2026"),
    "send_thank_you, late": (("interview 0d",), "2d", "still welcome"),
    "stay_active": (("outreach 0d",), "0d", "only just begun, which is normal"),
    "stay_active, day 1": (("outreach 0d",), "1d", "1 day without an answer is normal"),
    "stay_active, shut": (("application 0d",), "6d", "2 April 2026"),
    "find_contact, day 7": (("application 0d",), "7d", "7 days without an answer is normal"),
    "find_contact, day 20": (("application 0d",), "20d", "20 days without an answer is long"),
    "stay_active, used": (("outreach 0d", "follow_up 7d"), "8d", "a second would not help"),
    "wait_for_promise": (("hold 0d by=10d",), "7d", "They have until 12 March 2026 and silence up to then is normal"),
    "wait_for_promise, undated": (
        ("hold 0d",),
        "7d",
        "without naming a date, and silence up to 16 March 2026 is normal",
    ),
    "promise broken": (
        ("interview 0d by=10d",),
        "15d",
        "Their time ran out on 12 March 2026 without a word, and a nudge",
    ),
    "promise broken, late": (("interview 0d by=10d",), "30d", "time ran out on 12 March 2026 without a word: the best"),
    "stood up": (
        ("no_show 0d",),
        "1d",
        "They did not come to your appointment, and 1 day later there is still no word",
    ),
    "stood up, today": (("no_show 0d",), "0d", "did not come to your appointment, and a word about it is theirs"),
    "stood up, due": (
        ("no_show 0d",),
        "7d",
        "They did not come to your appointment, and 7 days later there is still no",
    ),
    "send_follow_up, day 7": (("outreach 0d",), "7d", "7 days without an answer is normal at this point"),
    "send_follow_up, late": (("outreach 0d",), "9d", "best days for a follow-up are over"),
    "close_and_redirect": (("outreach 0d",), "40d", "one short follow-up would still be fair"),
    "close_and_redirect, used": (("outreach 0d", "follow_up 7d"), "40d", "After 40 days"),
}


@pytest.mark.parametrize(("lines", "when", "words"), TALES.values(), ids=TALES)
def test_an_action_says_why_in_one_sentence(lines: tuple[str, ...], when: str, words: str) -> None:
    # An hour early on the same day: the meeting of the story that starts today has not begun.
    step = story(*lines, has_contact=False)(when if when == "0d" else f"{int(when[:-1]) - 1}d23h")
    sentence = action_reason(step, today=day(when))
    assert words in sentence
    assert sentence.endswith(".")
    assert ". " not in sentence


def test_every_action_has_its_sentence() -> None:
    def kinds() -> Iterator[ActionKind]:
        for lines, when, _ in TALES.values():
            action = story(*lines, has_contact=False)(when).action
            assert action is not None
            yield action.kind

    assert set(kinds()) == set(ActionKind)


def test_a_date_that_nobody_named_is_not_said_to_be_theirs() -> None:
    sources = [action.source for line in ("hold 0d", "hold 0d by=10d") if (action := story(line)("1d").action)]
    assert sources == [Source.UNDATED_HOLD, Source.THEIR_OWN_DATE]


def test_no_action_no_sentence() -> None:
    assert action_reason(story("rejection 0d")("1d"), today=day("1d")) == ""


@pytest.mark.parametrize("code", ReasonCode)
def test_every_reason_has_its_sentence(code: ReasonCode) -> None:
    assert reason_text(code).endswith(".")


@pytest.mark.parametrize("stage", Stage)
def test_possible_reasons_keep_the_articles_order(stage: Stage) -> None:
    codes = [code for code, _ in possible_reasons(story(f"employer_message 0d stage={stage}")("1d"))]
    early = ["still_interviewing", "other_work_first", "unknown"]
    late = ["still_interviewing", "short_listed_not_first", "confirming_pay", "other_work_first", "unknown"]
    assert codes == (early if stage in {Stage.LEAD, Stage.APPLIED, Stage.SCREENING} else late)


@pytest.mark.parametrize("line", ["note 0d", "request 0d", "interview 9d arranged=-9d", "rejection 0d"])
def test_no_possible_reasons_while_the_employer_owes_nothing(line: str) -> None:
    assert possible_reasons(story(line)("1d")) == ()


def test_kinds_are_sorted_by_whose_act_they_are() -> None:
    assert set(ACTORS) == set(Kind)
    assert {"interview", "meeting"} == MEETING_KINDS
    assert OPENER_KINDS | MEETING_KINDS < STAGE_KINDS
