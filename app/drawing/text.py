"""Text without a font at hand: how wide it will be at most, how to shorten it, and dates in words."""

import re
from datetime import date
from unicodedata import category, east_asian_width

#: What XML 1.0 cannot hold, and what would turn the direction of everything after it.
_NEVER = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff\u202a-\u202e\u2066-\u2069]+")
_BROAD = frozenset("MWmw@%&—…")
_NARROW = frozenset("ijltfrI.,:;'!|()[] ")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_JOINER = "\u200d"
_TO = "\u2013"  # the dash between two dates


def clean(text: str) -> str:
    """Return text that an XML document can hold on one line."""
    return _NEVER.sub(" ", text).strip()


def width(text: str, size: float) -> float:
    """Return how wide a text will be in common fonts; rather too much than too little."""
    return size * sum(_em(char) for char in text)


def _em(char: str) -> float:
    if char in _NARROW:
        return 0.4
    if char in _BROAD or category(char) == "So":
        return 1.0
    if category(char)[0] == "M" or char == _JOINER:
        return 0.0
    if east_asian_width(char) in {"W", "F"} or category(char) in {"Lo", "Cn", "Co"}:
        return 1.05
    return 0.74 if char.isupper() else 0.64


def shorten(text: str, size: float, most: float) -> str:
    """Return the text, or as much of it as fits and an ellipsis."""
    text = clean(text)
    if width(text, size) <= most:
        return text
    room = most - width("…", size)
    kept = ""
    for char in text:
        room -= width(char, size)
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
