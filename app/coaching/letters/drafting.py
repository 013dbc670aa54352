"""Putting facts into templates: once, as plain text, and leaving out what is not known."""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from string import Formatter
from types import MappingProxyType
from typing import NamedTuple

from app.coaching.letters.openings import FRAMES
from app.coaching.letters.template import FORMS, Form, Paragraph, Slot, Template
from app.coaching.letters.texts import SUBJECTS, TEXTS
from app.coaching.vocabulary import DraftChannel, DraftKind, Tone

#: The most characters of a subject; of a body by channel, whatever the names in it.
MOST_SUBJECT = 200
MOST: Mapping[DraftChannel, int] = MappingProxyType(
    {
        DraftChannel.EMAIL: 3_000,
        DraftChannel.LETTER: 3_000,
        DraftChannel.MESSAGE: 1_900,
        DraftChannel.PHONE: 2_000,
    }
)
#: How a draft sounds unless somebody asks for another tone.
TONES: Mapping[DraftKind, Tone] = MappingProxyType(
    dict.fromkeys(DraftKind, Tone.NEUTRAL)
    | {DraftKind.THANK_YOU: Tone.WARM, DraftKind.FOLLOW_UP: Tone.WARM, DraftKind.INTRODUCER_NOTE: Tone.WARM}
)
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (  # strftime would speak the language of the machine
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
#: Controls, and what turns the direction of a text around.
_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]+")
#: What ends a sentence by itself.
_ENDS = (".", "!", "?", "…")
_AROUND = re.compile(r"^the\s+(?=\S)|\s+(?:role|position|job)$", re.IGNORECASE)


def _template(kind: DraftKind, channel: DraftChannel, tone: Tone) -> Template:
    text = TEXTS[kind][tone, FORMS[channel]]
    before, behind = FRAMES[channel, tone]
    subject = SUBJECTS[kind][tone] if FORMS[channel] is Form.WRITTEN else None
    ident = f"{kind.value}.{channel.value}.{tone.value}"
    return Template(ident, text.version, kind, channel, tone, subject, (*before, *text.body, *behind))


#: Every template there is: one for each kind, channel and tone.
TEMPLATES: Mapping[tuple[DraftKind, DraftChannel, Tone], Template] = MappingProxyType(
    {(k, c, t): _template(k, c, t) for k in DraftKind for c in DraftChannel for t in Tone}
)


class Draft(NamedTuple):
    """Words to send."""

    subject: str | None
    body: str


def render(template: Template, facts: Mapping[str, str | None]) -> Draft:
    """Put the facts into a template; what names an unknown one is said otherwise, or not at all."""
    known = {name: text for name, value in facts.items() if value and (text := tidy(value))}
    in_body = known | {"title": role_named(known["title"])}
    paragraphs = [said for paragraph in template.body if (said := _said(paragraph, in_body))]
    body = "\n\n".join(paragraphs)
    subject = template.subject and filled(template.subject, known)
    return Draft(subject and clipped(subject, MOST_SUBJECT), clipped(body, MOST[template.channel]))


def filled(text: str, known: Mapping[str, str]) -> str:
    """Put the facts into a text, once and as plain text: whatever a fact holds is never read as a template.

    Where a fact ends a sentence and with a mark of its own, as "Ltd." or "Yum!" does, that is enough.
    """
    said = ""
    for literal, name, _, _ in Formatter().parse(text):
        said += literal[1:] if said.endswith(_ENDS) and literal.startswith(".") else literal
        said += known[name] if name is not None else ""
    return said


def role_named(title: str) -> str:
    """Return a title as it stands in "the … role", which brings an article and a noun of its own."""
    return _AROUND.sub("", title) or title


def tidy(text: str) -> str:
    """Return a text as one line without anything unseen."""
    return " ".join(_UNSEEN.sub(" ", text).split())


def clipped(text: str, most: int) -> str:
    """Return a text of at most so many characters; a cut shows."""
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"


def day_in_words(day: date, *, today: date | None = None) -> str:
    """Write a date as in a letter, without the year where it is that of `today`."""
    year = "" if today is not None and day.year == today.year else f" {day.year}"
    return f"{_DAYS[day.weekday()]}, {day.day} {_MONTHS[day.month - 1]}{year}"


def named_in(slot_or_subject: str) -> set[str]:
    """Return the fields that a text names."""
    return {name for _, name, _, _ in Formatter().parse(slot_or_subject) if name is not None}


def _said(paragraph: Paragraph, known: Mapping[str, str]) -> str:
    return " ".join(_ways(paragraph, known))


def _ways(paragraph: Paragraph, known: Mapping[str, str]) -> Iterator[str]:
    for slot in paragraph:
        way = _way(slot, known)
        if way is not None:
            yield filled(way, known)


def _way(slot: Slot, known: Mapping[str, str]) -> str | None:
    return next((way for way in slot if named_in(way) <= known.keys()), None)
