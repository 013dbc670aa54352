import re
import unicodedata

LINE = 200
NOTES = 10_000
_MISSING = frozenset({"", "n/a", "null", "none", "#n/a", "nan", "undefined"})
_WORDS = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|\d+(?:st|nd|rd|th)?|[^\W\d_A-Za-z]+")
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufdd0-\ufdef\ud800-\udfff]")
_LINE_ENDS = re.compile("[\r\x0b\x0c\x1c-\x1f\x85]")
_INVISIBLE = re.compile("[\u200b\u200c\u2060\ufeff\u00ad]+")
_GUARD = re.compile("^'(?=[=+\\-@\t\r\uff1d\uff0b\uff0d\uff20])")
_MARKS_IN_A_ROW = 10
_BOMS = ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


def decode(content: bytes) -> str:
    """Bytes of a file in; its text out: UTF-8 (BOM or not), UTF-16 with BOM, else cp1252. Never fails."""
    for bom, encoding in _BOMS:
        if content.startswith(bom):
            return content.decode(encoding, "replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        # Five bytes mean nothing in cp1252; a replacement character loses less than a refused file.
        return content.decode("cp1252", "replace")


def unguard(cell: str) -> str:
    """Take away the one apostrophe that keeps spreadsheets from running a CSV cell as a formula."""
    return _GUARD.sub("", cell, count=1)


def is_missing(cell: str) -> bool:
    """Whether a cell says nothing."""
    plain = cell.strip()
    return plain.casefold() in _MISSING or not plain.strip("-\u2013\u2014") or not _visible(plain)


def fold(text: str) -> str:
    """Case, accents, width and typographic marks out of the way, for comparing."""
    return _unaccented(text.replace("\u2019", "'")).casefold()


def words(text: str) -> str:
    """Lower-case words and numbers with single spaces between; `camelCase` and `snake_case` come apart."""
    return " ".join(_WORDS.findall(_unaccented(text))).casefold()


def key(text: str) -> str:
    """Lower-cased letters and digits only: how headers are compared."""
    return "".join(char for char in fold(text) if char.isalnum())


def line(text: str) -> str | None:
    """One clean line (API C5), or None where nothing visible is left. Not cut to any length."""
    return _clean(re.sub(r"[\s\u2028\u2029]+", " ", text))


def paragraph(text: str) -> str | None:
    """Clean text of several lines (API C5), or None where nothing visible is left."""
    return _clean(text.replace("\r\n", "\n").replace("\r", "\n"))


def is_clean(text: str) -> bool:
    """Whether all that is in a text can be stored; white space may come out as another kind of it."""
    plain = _LINE_ENDS.sub(" ", text)
    if plain.isascii():
        return not _CONTROLS.search(plain)
    normal = unicodedata.normalize("NFC", plain)
    return not _CONTROLS.search(normal) and _few_marks(normal) == normal


def cut(text: str, limit: int) -> str:
    """At most `limit` characters, an ellipsis for what is lost."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "\u2026"


def _unaccented(text: str) -> str:
    if text.isascii():
        return text
    return "".join(char for char in unicodedata.normalize("NFKD", text) if not unicodedata.combining(char))


def _clean(text: str) -> str | None:
    if not text.isascii():
        text = _few_marks(unicodedata.normalize("NFC", text))
    text = _CONTROLS.sub("", text).strip()
    return text if text and _visible(text) else None


def _few_marks(text: str) -> str:
    kept: list[str] = []
    run = 0
    for char in text:
        run = run + 1 if unicodedata.category(char).startswith("M") else 0
        if run <= _MARKS_IN_A_ROW and ord(char) & 0xFFFE != 0xFFFE:  # noqa: PLR2004 - noncharacters of every plane
            kept.append(char)
    return "".join(kept)


def _visible(text: str) -> bool:
    return any(unicodedata.category(char)[0] not in "ZCM" for char in _INVISIBLE.sub("", text))
