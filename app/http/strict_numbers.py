"""Numbers as they stand in a body (C4), judged by their digits: what a float makes of them may be another number."""

import re
from typing import Final

from app.kit.fields import MAX_INT

_MAX_DIGITS: Final = len(str(MAX_INT))
# No body is long enough for digits that would make up for an exponent of more places.
_MAX_PLACES: Final = 8
_PARTS: Final = re.compile(r"-?([0-9]+)(?:\.([0-9]+))?(?:[eE](?:\+|(-))?0*([0-9]*))?")


class OddNumber(Exception):
    """A number that no field takes; only when there is one is the body read again to learn where."""


class Odd(float):
    """Stands for such a number while the body is searched for it."""

    code = "out-of-range"
    message = "Outside the range of exact integers."


class Broken(Odd):
    """Stands for a fraction so close to a whole number that reading it as a float would make it one."""

    code = "wrong-type"
    message = "Must be a whole number."


def number(digits: str) -> float:
    """Read a number in the exact range; `digits` is one by JSON's grammar."""
    found = marked(digits)
    if isinstance(found, Odd):
        raise OddNumber
    return found


def marked(digits: str) -> float:
    """Read a number, or return the mark of an odd one."""
    whole = digits.lstrip("-").isdigit()
    # The length goes first: Python refuses to read thousands of digits, and reads hundreds slowly.
    if whole and len(digits) > _MAX_DIGITS + 1:
        return Odd()
    value = float(digits)
    if not -MAX_INT <= value <= MAX_INT:
        return Odd()
    # Of 1.5 the model says that it is none; what a float cannot tell from a whole number only the digits can.
    return Broken() if not whole and value.is_integer() and not _is_whole(digits) else value


def _is_whole(digits: str) -> bool:
    """Say whether the last digit that counts stands before the point, without calculating any power."""
    before, after, minus, places = _PARTS.fullmatch(digits).groups("")  # type: ignore[union-attr]  # JSON's grammar
    counting = (before + after).rstrip("0")
    if not counting or len(places) > _MAX_PLACES:
        return not counting
    return len(counting) <= len(before) + int(f"{minus}{places or 0}")
