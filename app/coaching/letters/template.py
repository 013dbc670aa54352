"""What a template is: data with named fields, never code."""

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from app.coaching.vocabulary import DraftChannel, DraftKind, Tone

#: Ways to say one thing, the fullest first: the first one of which every named field is known is said, else nothing.
Slot = tuple[str, ...]
#: Slots that belong together; one of which nothing is left is left out.
Paragraph = tuple[Slot, ...]


class Form(StrEnum):
    """How many words a channel takes, and whether they are read or spoken."""

    WRITTEN = "written"
    SHORT = "short"
    SPOKEN = "spoken"


FORMS: dict[DraftChannel, Form] = {
    DraftChannel.EMAIL: Form.WRITTEN,
    DraftChannel.LETTER: Form.WRITTEN,
    DraftChannel.MESSAGE: Form.SHORT,
    DraftChannel.PHONE: Form.SPOKEN,
}
#: The fields that a template may name; `client`, `company` and `title` are always known.
FIELDS = frozenset(
    {
        "client", "company", "title", "contact", "today",
        "meeting", "met_on", "answered_on", "applied_on", "introduced_on", "wrote_on", "they_wrote_on",
        "missed_on", "instead",
        "promised_on", "asked_on", "offered_on", "told_on", "due_on", "since", "introduced_to",
        "standing", "hear", "team",
    }
)  # fmt: skip


class Text(NamedTuple):
    """The paragraphs of one text, without greeting and closing, and the version of their words."""

    body: tuple[Paragraph, ...]
    version: int = 1


Key = tuple[Tone, Form]


@dataclass(frozen=True, slots=True)
class Template:
    """One text: what it is for, how it goes out and sounds, and its words. A changed text gets the next version."""

    id: str
    version: int
    kind: DraftKind
    channel: DraftChannel
    tone: Tone
    subject: str | None
    body: tuple[Paragraph, ...]
