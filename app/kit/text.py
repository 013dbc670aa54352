"""C5: which text is stored, and how much of it. Accepted text is stored as it came, save for NFC."""

import re
from functools import partial
from typing import Final
from unicodedata import category, normalize

from app.kit.schema import Parsed, rule_error, string

# C0, DEL and C1, surrogates, and the noncharacters of the first plane. Tab and line feed are judged apart.
_NEVER: Final = "\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff"
_BIDI: Final = "\u202a-\u202e\u2066-\u2069"
_BAD_IN_TEXT: Final = re.compile(f"[{_NEVER}]")
_BAD_IN_LINE: Final = re.compile(f"[{_NEVER}\t\n{_BIDI}]")
# The other planes apart, behind one cheap look: a set across planes is searched ten times slower.
_FAR_NONCHARACTER: Final = re.compile(
    "(?=[\U0001fffe-\U0010ffff])["
    + "".join(f"{chr(plane << 16 | 0xFFFE)}{chr(plane << 16 | 0xFFFF)}" for plane in range(1, 17))
    + "]"
)

# Letters and symbols by category that nevertheless show nothing: Hangul fillers, blank Braille, null notehead.
_BLANK: Final = frozenset("\u115f\u1160\u3164\uffa0\u2800\U0001d159")
_INVISIBLE: Final = frozenset("ZCM")  # separators; controls, format and unassigned characters; marks without a base

_MAX_MARKS: Final = 10
# No mark lies below U+0300, so the look-up character by character is spared to Latin text.
_PERHAPS_MARKS: Final = re.compile(f"[\u0300-\U0010ffff]{{{_MAX_MARKS + 1},}}")
# NFC maps at most four code points to one, so these bounds refuse only what NFC could not save; they come first because
# ordering a long run of marks takes quadratic time.
_SHRINK: Final = 4
_MAX_RAW_MARKS: Final = _SHRINK * _MAX_MARKS + 3


def clean(value: object, *, limit: int, lines: bool) -> str:
    """Return the text in NFC, or raise: C5. `lines` allows line feeds, tabs and bidi controls."""
    raw = string(value)
    if not raw:
        raise rule_error("empty", "Must not be empty; send null to clear, where allowed.")
    if (_BAD_IN_TEXT if lines else _BAD_IN_LINE).search(raw) or _FAR_NONCHARACTER.search(raw):
        raise rule_error("bad-character", "Holds a control or other character that is not allowed here.")
    if len(raw) > _SHRINK * limit:
        raise _too_long(limit)
    text = raw if raw.isascii() else _composed(raw)
    if len(text) > limit:
        raise _too_long(limit)
    if not _shows(text):
        raise rule_error("not-visible", "Needs at least one visible character.")
    return text


def _too_long(limit: int) -> Exception:
    return rule_error("too-long", f"At most {limit} characters.")


def _composed(raw: str) -> str:
    if not _has_run_of_marks(raw, _MAX_RAW_MARKS):
        text = normalize("NFC", raw)
        if not _has_run_of_marks(text, _MAX_MARKS):
            return text
    raise rule_error("bad-character", f"At most {_MAX_MARKS} combining marks in a row.")


def _has_run_of_marks(text: str, allowed: int) -> bool:
    wanted = "M" * (allowed + 1)
    return any(wanted in "".join(category(char)[0] for char in run[0]) for run in _PERHAPS_MARKS.finditer(text))


def _shows(text: str) -> bool:
    if text.isascii():
        return not text.isspace()
    return any(category(char)[0] not in _INVISIBLE and char not in _BLANK for char in text)


class Line(Parsed):
    """One line of at most `limit` code points: `Annotated[str, Line(200)]`."""

    __slots__ = ()

    def __init__(self, limit: int) -> None:
        schema = {"type": "string", "minLength": 1, "maxLength": limit, "pattern": r"^[^\u0000-\u001f\u007f-\u009f]*$"}
        super().__init__(partial(clean, limit=limit, lines=False), schema)


class Text(Parsed):
    """Several lines (line feed and tab allowed) of at most `limit` code points: `Annotated[str, Text(4000)]`."""

    __slots__ = ()

    def __init__(self, limit: int) -> None:
        pattern = r"^[^\u0000-\u0008\u000b-\u001f\u007f-\u009f]*$"
        schema = {"type": "string", "minLength": 1, "maxLength": limit, "pattern": pattern}
        super().__init__(partial(clean, limit=limit, lines=True), schema)
