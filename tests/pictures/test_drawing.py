"""The pictures themselves, without a service: what is drawn, and how it reads."""

import random
import re
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from app.drawing import search, timeline
from app.drawing.palette import STYLE
from app.drawing.search import Course, End, Search
from app.drawing.story import Entry, Story, Stretch, Window
from app.drawing.text import width
from app.ghosting.vocabulary import Kind, Stage, Status
from tests.pictures.svg import Picture, colours, contrast

NOON = datetime(2026, 3, 16, 12, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")
HOSTILE = (
    "\"><script>alert('1')</script><image href='https://evil.example/x.png'/>&amp;]]><!-- \u202e\x07 株式会社 مرحبا"
)
THEMES = ("light", "dark")
#: How wide the letters of a wide font are when bold (DejaVu Sans, where nothing that is named before it is there), in
#: thousandths of its size.
BOLD = {
    306: "'",
    343: "ijl",
    348: " ",
    365: "/\\|",
    380: ",.",
    389: "I",
    400: ":;",
    415: "-",
    435: "f",
    456: "!",
    457: "()[]",
    478: "t",
    493: "r",
    500: "`",
    523: "*",
    555: '"',
    556: "J_",
    582: "z",
    593: "c",
    595: "s",
    611: "?",
    645: "x",
    652: "vy",
    665: "k",
    667: "L",
    675: "a",
    678: "e",
    682: "T",
    683: "EF",
    687: "o",
    696: "$0123456789",
    712: "hnu{}",
    716: "bdgpq",
    720: "S",
    724: "Y",
    725: "Z",
    733: "P",
    734: "C",
    762: "B",
    770: "R",
    771: "X",
    774: "AV",
    778: "K",
    812: "U",
    821: "G",
    830: "D",
    837: "HN",
    838: "#+<=>^~",
    850: "OQ",
    872: "&",
    924: "w",
    995: "M",
    1000: "@",
    1002: "%",
    1042: "m",
    1103: "W",
}


def entry(kind: Kind, days: float) -> Entry:
    return Entry(kind, NOON + timedelta(days=days), days > 0)


def story(entries: list[Entry], **more: Any) -> Story:
    facts: dict[str, Any] = {
        "key": "k",
        "title": "Head of Design",
        "company": "Example Works",
        "zone": BERLIN,
        "as_of": NOON,
        "is_today": True,
        "status": Status.FOLLOW_UP_DUE,
        "entries": entries,
        "stretches": [
            Stretch(Status.NOT_STARTED, datetime(1, 1, 1, tzinfo=UTC), NOON - timedelta(days=6)),
            Stretch(Status.WAITING, NOON - timedelta(days=6), NOON - timedelta(days=1)),
            Stretch(Status.FOLLOW_UP_DUE, NOON - timedelta(days=1), NOON + timedelta(days=2)),
            Stretch(Status.FOLLOW_UP_OVERDUE, NOON + timedelta(days=2), NOON + timedelta(days=25)),
            Stretch(Status.GHOSTED, NOON + timedelta(days=25), None),
        ],
        "window": Window(date(2026, 3, 15), date(2026, 3, 17), date(2026, 4, 10)),
    }
    return Story(**{**facts, **more})


def drawn(*entries: Entry, **more: Any) -> Picture:
    return Picture(timeline.draw(story(list(entries), **more)))


def searched(*courses: Course, client: str = "Mara Example") -> Picture:
    return Picture(search.draw(Search("k", client, NOON.date(), is_today=True, courses=courses)))


def test_a_timeline_shows_what_happened_the_status_today_and_the_window() -> None:
    found = drawn(entry(Kind.APPLICATION, -6), entry(Kind.INTERVIEW, -3), entry(Kind.REQUEST, -1.2))
    for words in ("Application", "10 Mar", "Interview", "13 Mar", "Request", "Waiting", "Today, 16 Mar 2026"):
        assert words in found.texts, words
    assert "Follow-up window 15–17 Mar 2026" in found.texts  # noqa: RUF001  # a dash between dates
    assert "Ghosted from 10 Apr 2026" in found.texts
    assert "Example Works  ·  Follow-up due, 16 Mar 2026" in found.texts
    assert len(found.all("rect", "shade")) == 1
    assert len(found.all("rect", "ahead")) == 3, "what is foreseen is paler"
    today, opens, closes = (found.all("line", css)[i] for css, i in (("now", 0), ("dash", 0), ("dash", 1)))
    assert float(opens.get("x1")) < float(today.get("x1")) < float(closes.get("x1"))


def test_what_is_to_come_is_hollow_and_sides_are_apart() -> None:
    found = drawn(entry(Kind.APPLICATION, -6), entry(Kind.EMPLOYER_MESSAGE, -4), entry(Kind.INTERVIEW, 3))
    ours, theirs = (next(c for c in found.all("circle", css)) for css in ("k-candidate", "k-employer"))
    assert float(ours.get("cy")) < float(theirs.get("cy"))
    assert len(found.all("polygon", "open")) == 1
    assert "19 Mar 2026: Interview (to come)" in found.desc.splitlines()


def test_pictures_speak_for_themselves() -> None:
    for found in (drawn(entry(Kind.APPLICATION, -6)), searched(Course("applied", Stage.APPLIED, End.LIVE, 2))):
        assert found.root.get("role") == "img"
        ids = {e.get("id") for tag in ("title", "desc") for e in found.all(tag) if e.get("id")}
        assert found.root.get("aria-labelledby").split() == sorted(ids, reverse=True)
        assert found.title
        assert len(found.desc) > 30
    assert "10 Mar 2026: Application" in drawn(entry(Kind.APPLICATION, -6)).desc


@pytest.mark.parametrize("name", [HOSTILE, "<" * 200, "&" * 200, "W" * 200, "界" * 200, "مر" * 100, "a\u0301" * 100])
def test_names_stay_text_and_stay_in_the_picture(name: str) -> None:
    entries = [entry(Kind.APPLICATION, -6)]
    for found in (
        drawn(*entries, title=name, company=name),
        searched(Course("applied", Stage.APPLIED, End.LIVE, 2), client=name),
        searched(client=name),
    ):
        tags = {element.tag.partition("}")[2] for element in found.root.iter()}
        assert tags <= {"svg", "title", "desc", "style", "rect", "line", "circle", "polygon", "path", "text"}
        attributes = {key for element in found.root.iter() for key in element.attrib}
        assert not {key for key in attributes if key.startswith("on") or "href" in key or key == "style"}
        assert not re.search(rb"url\(|@import|<!|javascript:", found.raw.replace(b"<!--", b"")) or b"&lt;" in found.raw
        assert found.overlaps() == []


@pytest.mark.parametrize("theme", THEMES)
def test_text_keeps_its_contrast_in_light_and_dark(theme: str) -> None:
    found = colours(STYLE)[theme]
    ground = found["ground"]["fill"]
    assert contrast(found["ink"]["fill"], ground) >= 4.5
    assert contrast(found["muted"]["fill"], ground) >= 4.5
    tones = {name: rule for name, rule in found.items() if name.startswith("t-")}
    assert {f"t-{status}" for status in Status} <= set(tones)
    for name, tone in tones.items():
        assert contrast(found["ink"]["fill"], tone["fill"]) >= 4.5, name
        assert contrast(tone["stroke"], ground) >= 3, name
    for name, mark in ((n, r) for n, r in found.items() if n.startswith("k-")):
        assert contrast(mark["fill"], ground) >= 4.5, f"{name} carries the ground's colour as text"


def test_the_two_themes_colour_the_same_classes() -> None:
    both = colours(STYLE)
    assert set(both["dark"]) <= set(both["light"])
    assert {n for n, rule in both["light"].items() if rule} == set(both["dark"])


@pytest.mark.parametrize("seed", range(12))
def test_no_words_lie_over_others(seed: int) -> None:
    dice = random.Random(seed)  # noqa: S311  # to choose dates
    span = dice.choice([3, 30, 200, 1500])
    kinds = list(Kind)
    entries = [entry(dice.choice(kinds), dice.uniform(-span, span / 10)) for _ in range(dice.choice([1, 8, 40, 500]))]
    assert drawn(*entries, earlier=dice.choice([0, 1234])).overlaps() == []
    stages, ends = list(Stage), list(End)
    courses = [
        Course(dice.choice(["applied", "referral", "job_board", "x_y"]), dice.choice(stages), dice.choice(ends), 1)
        for _ in range(dice.choice([1, 5, 60, 1000]))
    ]
    assert searched(*courses).overlaps() == []


def test_a_dense_timeline_names_every_mark_on_its_own_stem() -> None:
    words = (
        "application outreach introduction employer_message hold interview meeting request reply submission thank_you "
        "follow_up candidate_message acknowledgement note bounce no_show verbal_offer offer"
    )
    found = drawn(*(entry(Kind(kind), 1.3 * n - 30) for n, kind in enumerate(words.split())))
    labels = found.labels()
    assert len(labels) == len(words.split())
    assert sorted(x for x, _ in labels) == found.marks()
    assert all(label.left - 6.2 <= x <= label.right + 6.2 for x, label in labels)
    assert found.overlaps() == []


@pytest.mark.parametrize(("number", "share"), [(8, 1), (16, 0.9), (60, 0.7)])
def test_room_is_used_and_no_stem_runs_through_the_mark_of_another(number: int, share: float) -> None:
    dice = random.Random(number)  # noqa: S311  # to choose dates
    found = drawn(*(entry(dice.choice(list(Kind)), dice.uniform(-120, 15)) for _ in range(number)))
    assert len(found.labels()) >= share * len(found.marks())
    circles = [[float(e.get(name)) for name in ("cx", "cy", "r")] for e in found.all("circle")]
    for stem in found.all("line", "stem"):
        x, *ends = (float(stem.get(name)) for name in ("x1", "y1", "y2"))
        assert not [c for c in circles if abs(c[0] - x) < c[2] and min(ends) < c[1] < max(ends)]


def test_a_number_is_within_its_mark() -> None:
    for number in (2, 99, 100, 500):
        found = drawn(*[entry(Kind.EMPLOYER_MESSAGE, -5)] * number)
        assert str(number) in found.texts
        assert found.overlaps() == []


def test_no_line_lies_across_a_status() -> None:
    since = NOON - timedelta(days=30)
    move = Stretch(Status.YOUR_MOVE, since, None)
    for days in range(2, 40, 3):
        found = drawn(
            entry(Kind.REQUEST, -30), stretches=[move], window=Window(None, None, (NOON + timedelta(days)).date())
        )
        assert "Your move" in found.texts
        assert found.overlaps() == []


def test_texts_are_not_wider_than_they_are_taken_for() -> None:
    for thousandths, chars in BOLD.items():
        for char in chars:
            assert width(char, 1000, bold=True) >= thousandths, char
    found = drawn(entry(Kind.APPLICATION, -6), title="W" * 200)
    title = next(words for words in found.words if words.text.startswith("WW"))
    assert 28 + 19 * 1.103 * title.text.count("W") <= found.size[0] - 28


def test_what_the_description_leaves_out_is_counted() -> None:
    since = NOON - timedelta(days=40)
    turns = [
        Stretch((Status.WAITING, Status.YOUR_MOVE)[n % 2], since + timedelta(days=n), since + timedelta(days=n + 1))
        for n in range(41)
    ]
    told = drawn(entry(Kind.APPLICATION, -40), stretches=turns).desc.splitlines()
    assert next(line for line in told if line.startswith("Statuses: ")).count(" from ") == 30
    assert "11 earlier statuses, not listed." in told


def test_many_entries_become_few_marks_with_their_number() -> None:
    found = drawn(*(entry(Kind.EMPLOYER_MESSAGE, -n / 2) for n in range(500)), earlier=12)
    numbers = [int(text) for text in found.texts if text.isdigit()]
    assert sum(numbers) + len(found.all("circle", "k-employer")) - 1 - len(numbers) == 500, "the legend has one, too"
    assert "+12 more" in found.texts
    assert "512 entries:" in found.desc
    assert len(found.raw) < 60_000


def test_a_typing_error_in_a_year_does_not_squeeze_the_rest() -> None:
    plain = drawn(entry(Kind.APPLICATION, -6), entry(Kind.REPLY, -2))
    odd = drawn(
        *(entry(k, d) for k, d in ((Kind.APPLICATION, -6), (Kind.REPLY, -2), (Kind.NOTE, -9000), (Kind.NOTE, 60_000)))
    )
    places = [[mark.get("cx") for mark in found.all("circle", "k-candidate")][:2] for found in (plain, odd)]
    assert places[0] == places[1]
    assert "+2 more" in odd.texts


@pytest.mark.parametrize("as_of", [datetime(1900, 1, 1, tzinfo=UTC), datetime(2200, 12, 31, 23, tzinfo=UTC)])
def test_the_ends_of_the_calendar_can_be_drawn(as_of: datetime) -> None:
    assert drawn(entry(Kind.APPLICATION, -6), as_of=as_of).overlaps() == []
    assert drawn(as_of=as_of, stretches=[], window=Window(None, None, None)).overlaps() == []


def test_nothing_yet_says_so() -> None:
    found = drawn(stretches=[], window=Window(None, None, None), status=Status.NOT_STARTED)
    assert "Nothing has happened yet." in found.texts
    assert "0 entries." in found.desc
    assert "No openings yet." in searched().texts


def test_the_same_facts_make_the_same_bytes() -> None:
    entries = [entry(kind, -n) for n, kind in enumerate(Kind)]
    assert timeline.draw(story(entries)) == timeline.draw(story(entries[::-1]))
    courses = [Course("applied", stage, end, 2) for stage in Stage for end in End]
    one, other = (Search("k", "M", NOON.date(), is_today=True, courses=c) for c in (courses, courses[::-1]))
    assert search.draw(one) == search.draw(other)


def test_a_search_counts_how_far_openings_came_and_how_they_ended() -> None:
    found = searched(
        Course("applied", Stage.APPLIED, End.GHOSTED, 14),
        Course("job_board", Stage.APPLIED, End.REJECTED, 3),
        Course("referral", Stage.INTERVIEWING, End.LIVE, 2),
        Course("referral", Stage.LEAD, End.NOT_STARTED, 1),
    )
    assert found.desc.splitlines() == [
        "Today, 16 Mar 2026: 20 openings in the search of Mara Example.",
        "From: Direct 14, Job board 3, Referral 3.",
        "Came as far as Applied: 19.",
        "Came as far as Screening: 2.",
        "Came as far as Interviewing: 2.",
        "No further than Openings: Not started 1.",
        "No further than Applied: Rejected 3, Ghosted 14.",
        "No further than Interviewing: Live 2.",
    ]
    assert {"Ghosted: 14", "Live: 2", "Applied: 19", "Openings: 20"} <= set(found.hints)
    heights = {e.findtext("{*}title"): float(e.get("height")) for e in found.all("rect") if e.findtext("{*}title")}
    assert heights["Ghosted: 14"] == pytest.approx(7 * heights["Live: 2"], rel=0.02)


def test_a_thousand_openings_stay_one_small_picture() -> None:
    courses = [Course(s, stage, end, 4) for s in ("applied", "other", "x", "y", "z") for stage in Stage for end in End]
    found = searched(*courses)
    assert "960 openings" in found.texts[1]
    assert found.size[0] <= 1250
    assert len(found.raw) < 40_000
