"""Text without a font at hand: how wide it will be at most, how to shorten it, and dates in words."""

import re
from datetime import date
from unicodedata import category, east_asian_width

#: What XML 1.0 cannot hold, and what would turn the direction of everything after it.
_NEVER = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff\u202a-\u202e\u2066-\u2069]+")
#: How wide characters are for a size of one; what is not here is as wide as most of its kind.
_EMS = {
    char: em
    for em, chars in {
        0.38: " 'ijl,.:;I/\\|-",
        0.45: "frt!()[]",
        0.57: 'cszJ?*_"`',
        0.62: "aekovxyFLT",
        0.73: "ABCKPRVXZ",
        0.79: "DGHNOQU&",
        0.85: "w#+<=>^~¬±×÷",  # noqa: RUF001  # the sign of multiplication is meant
        1.0: "MWm",
        1.07: "@%—…ÆŒæœŴŵĦ¼½¾™",
    }.items()
    for char in chars
}
_BOLD = 1.12
_LATIN = "\u017f"  # the last letter of what is written in Latin letters; those of others are wider
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_JOINER = "\u200d"
_TO = "\u2013"  # the dash between two dates


def clean(text: str) -> str:
    """Return text that an XML document can hold on one line."""
    return _NEVER.sub(" ", text).strip()


def width(text: str, size: float, *, bold: bool = False) -> float:
    """Return how wide a text will be in common fonts; rather too much than too little."""
    return size * (_BOLD if bold else 1) * sum(_em(char) for char in text)


def _em(char: str) -> float:
    if (known := _EMS.get(char)) is not None:
        return known
    if category(char)[0] == "M" or char == _JOINER:
        return 0.0
    if east_asian_width(char) in {"W", "F"} or category(char) in {"Lo", "Cn", "Co", "So"}:
        return 1.05
    wider = 0.35 if char.isalpha() and char > _LATIN else 0
    return wider + (0.8 if char.isupper() else 0.66)


def shorten(text: str, size: float, most: float, *, bold: bool = False) -> str:
    """Return the text, or as much of it as fits and an ellipsis."""
    text = clean(text)
    if width(text, size, bold=bold) <= most:
        return text
    room = most - width("…", size, bold=bold)
    kept = ""
    for char in text:
        room -= width(char, size, bold=bold)
        if room < 0:
            break
        kept += char
    return kept.rstrip(f"{_JOINER} ,.-") + "…"


def day(on: date, *, year: bool = True) -> str:
    """Return a date as people write it."""
    return f"{on.day} {_MONTHS[on.month - 1]} {on.year}" if year else f"{on.day} {_MONTHS[on.month - 1]}"


def month(on: date) -> str:
    """Return the month of a date."""
    return f"{_MONTHS[on.month - 1]} {on.year}"


def days(first: date, last: date) -> str:
    """Return a span of dates, saying once what both share."""
    if first == last:
        return day(first)
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}{_TO}{day(last)}"
    return f"{day(first, year=first.year != last.year)} {_TO} {day(last)}"


def plural(number: int, one: str, many: str | None = None) -> str:
    """Return a number with its noun."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def after(on: date, *, by: int) -> date:
    """Return the date some days later, within the calendar that there is."""
    return date.fromordinal(min(max(on.toordinal() + by, 1), date.max.toordinal()))
