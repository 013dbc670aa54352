"""Every template, by channel and tone, with all the facts, with hardly any, and with hostile ones."""

import itertools
import re
from datetime import date

import pytest

from app.coaching.letters.drafting import MOST, MOST_SUBJECT, TEMPLATES, day_in_words, named_in, render, tidy
from app.coaching.letters.standing import ENDED, STANDING
from app.coaching.letters.template import FIELDS, Template
from app.coaching.vocabulary import DraftChannel, DraftKind, Tone
from app.ghosting.vocabulary import Outcome, Status

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
    *("wrote_on", "they_wrote_on", "offered_on", "told_on"),
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
    assert "at What Now?. May I ask" in closed  # whose name ends otherwise is left as it is


def test_the_notes_to_an_introducer_know_every_standing() -> None:
    assert set(STANDING) == set(Status) - {Status.CLOSED}
    assert set(ENDED) == set(Outcome)


def test_a_day_is_written_as_in_a_letter() -> None:
    assert day_in_words(date(2026, 3, 9), today=date(2026, 3, 16)) == "Monday, 9 March"
    assert day_in_words(date(2025, 12, 31), today=date(2026, 1, 2)) == "Wednesday, 31 December 2025"
    assert day_in_words(date(2026, 3, 16)) == "Monday, 16 March 2026"  # as the date of a letter
