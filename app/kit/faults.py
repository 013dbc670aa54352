"""What pydantic found wrong, in API.md's codes, with pointers and without the values."""

from collections.abc import Iterable
from typing import Final, cast

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from app.kit.errors import Fault
from app.kit.schema import CODES, Code

MAX_FAULTS: Final = 20
_MAX_NAME: Final = 100

_WORDS: dict[str, tuple[Code, str]] = {
    "missing": ("required", "This field is required."),
    "extra_forbidden": ("unknown-field", "This field is not known here."),
    "enum": ("not-in-list", "Use one of the documented values."),
    "literal_error": ("not-in-list", "Use one of the documented values."),
    "bool_type": ("wrong-type", "Must be true or false."),
    "string_type": ("wrong-type", "Must be a string."),
    "string_too_long": ("too-long", "Too long."),
    "string_too_short": ("too-short", "Too short."),
    "string_pattern_mismatch": ("bad-format", "Does not have the documented form."),
    "string_unicode": ("bad-character", "Holds a character that is not allowed."),
    "int_type": ("wrong-type", "Must be a whole number."),
    "int_from_float": ("wrong-type", "Must be a whole number."),
    "int_parsing_size": ("out-of-range", "Outside the allowed range."),
    "float_type": ("wrong-type", "Must be a number."),
    "finite_number": ("out-of-range", "Outside the allowed range."),
    "greater_than": ("out-of-range", "Outside the allowed range."),
    "greater_than_equal": ("out-of-range", "Outside the allowed range."),
    "less_than": ("out-of-range", "Outside the allowed range."),
    "less_than_equal": ("out-of-range", "Outside the allowed range."),
    "list_type": ("wrong-type", "Must be a list."),
    "tuple_type": ("wrong-type", "Must be a list."),
    "set_type": ("wrong-type", "Must be a list."),
    "frozen_set_type": ("wrong-type", "Must be a list."),
    "dict_type": ("wrong-type", "Must be an object."),
    "model_type": ("wrong-type", "Must be an object."),
    "model_attributes_type": ("wrong-type", "Must be an object."),
    "too_long": ("too-many", "Too many entries."),
    "too_short": ("too-short", "Too few entries."),
    "uuid_type": ("wrong-type", "Must be a UUID in a string."),
    "uuid_parsing": ("bad-format", "Must be a UUID of 36 characters."),
    "datetime_type": ("bad-date-time", "Must be an instant with an offset."),
    "date_type": ("bad-date", "Must be a date YYYY-MM-DD."),
    "recursion_loop": ("bad-format", "Refers to itself."),
}
_OTHER: tuple[Code, str] = ("bad-format", "Does not have the documented form.")
_NULL: tuple[Code, str] = ("not-nullable", "Must not be null.")


def faults(error: ValidationError, *, where: str) -> list[Fault]:
    """Turn pydantic's findings into ours: at most 20, with pointers (bare names in a query), never with values."""
    details = error.errors(include_url=False)
    return [_fault(detail, where) for detail in details[:MAX_FAULTS]]


def _fault(detail: ErrorDetails, where: str) -> Fault:
    code, message = _finding(detail)
    # "[key]" is pydantic's mark that the key of a mapping, not its value, is at fault.
    path = [*(part for part in detail["loc"] if part != "[key]"), *detail.get("ctx", {}).get("at", ())]
    if where == "query":
        code = "unknown-parameter" if code == "unknown-field" else code
        return Fault(where, readable(str(path[0])) if path else "", code, message)
    return Fault(where, pointer(path), code, message)


def _finding(detail: ErrorDetails) -> tuple[Code, str]:
    kind, value = detail["type"], detail["input"]
    if value is None and kind not in {"missing", "extra_forbidden"}:
        return _NULL
    if kind in CODES:
        return cast("Code", kind), str(detail.get("ctx", {}).get("words", detail["msg"]))
    if kind in {"enum", "literal_error"} and not isinstance(value, str):
        return "wrong-type", "Must be one of the documented strings."
    if kind == "too_short" and not detail.get("ctx", {}).get("actual_length"):
        return "empty", "Needs at least one entry."
    return _WORDS.get(kind, _OTHER)


def pointer(path: Iterable[str | int]) -> str:
    """Write an RFC 6901 pointer: `/items/3/kind`; the whole body is the empty pointer."""
    return "".join("/" + readable(str(part)).replace("~", "~0").replace("/", "~1") for part in path)


def readable(name: str) -> str:
    """Make a name sent by a caller fit for an answer: encodable, and no longer than needed to recognise it."""
    cut = name if len(name) <= _MAX_NAME else name[:_MAX_NAME] + "…"
    return cut.encode("utf-8", "replace").decode("utf-8")
