"""Every template, by channel and tone, with all the facts, with hardly any, and with hostile ones."""

import itertools
import re
from datetime import date

import pytest

from app.coaching.letters.drafting import (
    MOST,
    MOST_SUBJECT,
    TEMPLATES,
    day_in_words,
    named_in,
    render,
    role_named,
    tidy,
)
from app.coaching.letters.standing import ENDED, STANDING, standing
from app.coaching.letters.template import FIELDS, Template
from app.coaching.vocabulary import DraftChannel, DraftKind, Tone
from app.ghosting.vocabulary import Outcome, Status
from tests.support.timelines import story, t

FULL: dict[str, str | None] = {
    "client": "Mara Example",
    "company": "Example Works",
    "team": "Example Works",
    "title": "Head of Design",
    "contact": "Kim Example",
    "today": "Monday, 16 March",
    "meeting": "interview",
    **dict.fromkeys(("met_on", "asked_on", "introduced_on", "promised_on", "since", "due_on"), "Monday, 9 March"),
    "introduced_to": "Sam Example",
    "standing": "they have asked for a little time.",
    "hear": "anything",
}
SPARSE = {name: FULL[name] for name in ("client", "company", "title", "standing")}
TURNS = (
    *("met_on", "answered_on", "applied_on", "introduced_on"),
    *("wrote_on", "they_wrote_on", "offered_on", "told_on", "missed_on"),
)
#: What a draft of ordinary facts may take: nobody reads more.
USUAL = {DraftChannel.EMAIL: 600, DraftChannel.LETTER: 600, DraftChannel.MESSAGE: 300, DraftChannel.PHONE: 450}
HOSTILE = "{client} {0} %s $x {{title}} \u202eevil\u0007\nname {"
KINDS = pytest.mark.parametrize("kind", DraftKind)


def of_kind(kind: DraftKind) -> list[Template]:
    return [template for template in TEMPLATES.values() if template.kind is kind]


def ways(template: Template) -> list[str]:
    return [way for paragraph in template.body for slot in paragraph for way in slot]


def test_there_is_one_for_each_kind_channel_and_tone() -> None:
    assert set(TEMPLATES) == set(itertools.product(DraftKind, DraftChannel, Tone))
    assert len({template.id for template in TEMPLATES.values()}) == len(TEMPLATES) == 60
    assert all(template.version >= 1 for template in TEMPLATES.values())


@KINDS
def test_it_names_known_fields_only_and_its_subject_those_that_are_always_there(kind: DraftKind) -> None:
    for template in of_kind(kind):
        assert {name for way in ways(template) for name in named_in(way)} <= FIELDS, template.id
        assert named_in(template.subject or "") <= {"client", "company", "title"}, template.id
        assert (template.subject is None) == (template.channel in {DraftChannel.MESSAGE, DraftChannel.PHONE})


@KINDS
def test_it_reads_well_with_all_the_facts_and_with_hardly_any(kind: DraftKind) -> None:
    told = [FULL, SPARSE, {**FULL, "contact": None}, {**SPARSE, "contact": "  "}]
    told += [{**SPARSE, turn: "Monday, 9 March", "meeting": "interview"} for turn in TURNS]
    told += [{**SPARSE, "missed_on": "Monday, 9 March", "instead": "another date"}]
    told += [{**facts, "company": "Example Ltd.", "title": "Assistant to the C.E.O."} for facts in told]
    for template, facts in itertools.product(of_kind(kind), told):
        draft = render(template, facts)
        text = f"{draft.subject or ''}\n{draft.body}"
        assert not re.search(r"[{}]|None|\bnull\b|  | ,| \.|,,|\.\.|\n\n\n", text), (template.id, text)
        assert not re.search(r"^(Dear|Hello) ?,$", draft.body, re.MULTILINE) or "Hello,\n" in draft.body
        assert "Mara Example" in draft.body
        assert len(draft.body) <= USUAL[template.channel], (template.id, len(draft.body))
        assert all(part[0].isupper() or part[0] == "“" for part in draft.body.split("\n\n"))


@KINDS
def test_names_are_never_read_as_templates_and_never_break_the_limits(kind: DraftKind) -> None:
    assert tidy(HOSTILE) == "{client} {0} %s $x {{title}} evil name {"
    for template in of_kind(kind):
        draft = render(template, dict.fromkeys(FULL, HOSTILE))
        assert tidy(HOSTILE) in draft.body
        assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]", draft.body + (draft.subject or ""))
        long = render(template, dict.fromkeys(FULL, "Ä" * 200))
        assert len(long.body) <= MOST[template.channel]
        assert len(long.subject or "") <= MOST_SUBJECT


def test_a_name_that_ends_with_a_full_stop_ends_the_sentence_too() -> None:
    template = TEMPLATES[DraftKind.FOLLOW_UP, DraftChannel.MESSAGE, Tone.NEUTRAL]
    body = render(template, {**SPARSE, "company": "Example Ltd."}).body
    assert "the Head of Design role at Example Ltd. May I ask" in body
    closed = render(template, {**SPARSE, "company": "What Now?"}).body
    assert "at What Now? May I ask" in closed
    answered = TEMPLATES[DraftKind.THANK_YOU, DraftChannel.MESSAGE, Tone.NEUTRAL]
    assert "role at Yum!\n" in render(answered, {**SPARSE, "company": "Yum!"}).body


def test_a_title_brings_no_second_article_and_no_second_role() -> None:
    template = TEMPLATES[DraftKind.FOLLOW_UP, DraftChannel.EMAIL, Tone.NEUTRAL]
    draft = render(template, {**SPARSE, "title": "The Long Read editor role", "company": "The Guardian"})
    assert "about the Long Read editor role at The Guardian." in draft.body
    assert draft.subject == "The Long Read editor role at The Guardian"
    assert [role_named(title) for title in ("Role", "A Level tutor", "Theatre director")] == [
        *("Role", "A Level tutor", "Theatre director")
    ]


def test_every_text_says_the_title_as_one_that_is_named_so() -> None:
    named = [way for template in TEMPLATES.values() for way in ways(template) if "{title}" in way]
    assert all(re.search(r"the \{title\} (role|work)", way) for way in named)


def test_a_script_leaves_room_for_the_answer_before_it_says_goodbye() -> None:
    for tone in Tone:
        body = render(TEMPLATES[DraftKind.REPLY, DraftChannel.PHONE, tone], SPARSE).body
        assert "My answer is …" in body.split("\n\n")[1:-1]


def test_the_notes_to_an_introducer_know_every_standing() -> None:
    assert set(STANDING) == set(Status) - {Status.CLOSED}
    assert set(ENDED) == set(Outcome)


NEXT_IS_THEIRS = "the next word is theirs, and I am in good spirits."


@pytest.mark.parametrize(
    ("lines", "words", "untold"),
    [
        (("application 0d",), "I have not heard back yet, and am in good spirits.", NEXT_IS_THEIRS),
        (("request 0d", "reply 0d"), "they have what they asked me for", NEXT_IS_THEIRS),
        (("employer_message 0d stage=final_round",), "they have written to me", NEXT_IS_THEIRS),
        (("verbal_offer 0d",), "they have told me of an offer, and I am waiting for it", NEXT_IS_THEIRS),
        (("verbal_offer 0d by=9d",), "they have told me of an offer, and I am waiting for it", NEXT_IS_THEIRS),
        (("interview 0d",), "we have met, and I am waiting", NEXT_IS_THEIRS),
        (("interview 0d by=9d",), "we have met, and they have told me by when", NEXT_IS_THEIRS),
        (("no_show 0d",), "they did not make it to our appointment", NEXT_IS_THEIRS),
        (("hold 0d",), "they have asked for a little time.", NEXT_IS_THEIRS),
        (("hold 0d", "employer_message 0d"), "they have asked for a little time.", NEXT_IS_THEIRS),
        (("employer_message 0d by=9d", "introduction 0d"), "they have told me by when", NEXT_IS_THEIRS),
        (("outreach 0d", "bounce 0d"), "my last message did not reach them", "the next step is mine."),
        (("request 0d",), "they have come back to me", "the next step is mine."),
        (("request 0d", "offer 0d"), "they have made me an offer, and the answer", "the next step is mine."),
        (("decline 0d",), "after some thought I have declined.", "after some thought I have declined."),
        (("offer 0d", "decline 0d"), "they made me an offer, and after some", "they made me an offer, and after some"),
    ],
)
def test_how_it_stands_goes_by_what_led_there_as_far_as_that_may_be_told(
    lines: tuple[str, ...], words: str, untold: str
) -> None:
    step = story(*lines)("1d")
    kinds = {act.id: act.kind for act in t(*lines).interactions}
    assert standing(step, kinds).startswith(words)
    assert standing(step, {}).startswith(untold)


def test_a_day_is_written_as_in_a_letter() -> None:
    assert day_in_words(date(2026, 3, 9), today=date(2026, 3, 16)) == "Monday, 9 March"
    assert day_in_words(date(2025, 12, 31), today=date(2026, 1, 2)) == "Wednesday, 31 December 2025"
    assert day_in_words(date(2026, 3, 16)) == "Monday, 16 March 2026"  # as the date of a letter
