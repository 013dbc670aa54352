"""The field types of API.md, as annotations: `time_zone: Zone`, `hours: Annotated[int, Whole(0, 168)]`."""

import re
from datetime import UTC, date, datetime
from functools import cache
from importlib import resources
from typing import Annotated, Any, Final
from uuid import UUID

import pycountry
from pydantic import GetCoreSchemaHandler
from pydantic_core import CoreSchema

from app.kit.addresses import MAX_EMAIL, MAX_HOST, MAX_URL, read_email, read_host_name, read_url
from app.kit.regions import is_region
from app.kit.schema import Parsed, rule_error, string
from app.kit.text import Line, Text

__all__ = [
    "MAX_INT",
    "Currency",
    "Day",
    "Email",
    "HostName",
    "Id",
    "Instant",
    "Items",
    "Line",
    "Phone",
    "Region",
    "Text",
    "Url",
    "Whole",
    "Zone",
    "instant_text",
    "parse_id",
    "time_zones",
]

MAX_INT: Final = 2**53 - 1
_INT32: Final = 2**31
FIRST_YEAR: Final = 1900
LAST_YEAR: Final = 2200

_UUID: Final = re.compile(r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_INSTANT: Final = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\.[0-9]{1,6})?"
    r"(?:Z|(?!-00:00)[+-](?:0[0-9]|1[0-3]):[0-5][0-9]|[+-]14:00)"
)
_MAX_PHONE: Final = 32
#: A test knows that no zone of the locked `tzdata` is longer.
MAX_ZONE: Final = 40
_PHONE: Final = r"^\+?[ ()-]*[0-9][0-9 ()-]*$"


def parse_id(text: str) -> UUID | None:
    """Read a UUID of 36 characters with dashes; None for every other spelling."""
    return UUID(text) if _UUID.fullmatch(text) else None


def _id(value: object) -> UUID:
    found = value if isinstance(value, UUID) else parse_id(string(value))
    if found is None:
        raise rule_error("bad-format", "Must be a UUID of 36 characters with dashes.")
    return found


def _in_years(moment: date) -> bool:
    return FIRST_YEAR <= moment.year <= LAST_YEAR


def _instant(value: object) -> datetime:
    if isinstance(value, datetime):
        # One of ours on its way out: a forecast may lie beyond the years that input is held to.
        return _aware(value)
    found = _read_instant(string(value))
    # Conversion of the very first and last years would overflow, so a wide look comes first.
    if found is None or not FIRST_YEAR - 1 <= found.year <= LAST_YEAR + 1:
        raise _bad_instant()
    moment = found.astimezone(UTC)
    if not _in_years(moment):
        raise _bad_instant()
    return moment


def _aware(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise _bad_instant()
    return moment.astimezone(UTC)


def _bad_instant() -> Exception:
    return rule_error("bad-date-time", "Must be YYYY-MM-DDThh:mm:ss with Z or an offset, years 1900 to 2200.")


def _read_instant(text: str) -> datetime | None:
    if not _INSTANT.fullmatch(text):
        return None
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def instant_text(moment: datetime) -> str:
    """Write an aware instant as answers do: UTC, six fraction digits, `Z`."""
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def _day(value: object) -> date:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    text = string(value)
    try:
        found = date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError:
        found = None
    if found is None or not _in_years(found):
        raise rule_error("bad-date", "Must be a date YYYY-MM-DD, years 1900 to 2200.")
    return found


class Whole(Parsed):
    """A whole number in a range: `Annotated[int, Whole(0, 168)]`; 1.0 and -0 count, "1", true and 1.5 do not."""

    __slots__ = ("maximum", "minimum")

    def __init__(self, minimum: int = -MAX_INT, maximum: int = MAX_INT) -> None:
        self.minimum = minimum
        self.maximum = maximum
        width = "int32" if minimum >= -_INT32 and maximum < _INT32 else "int64"
        super().__init__(self._read, {"type": "integer", "format": width, "minimum": minimum, "maximum": maximum})

    def _read(self, value: object) -> int:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise rule_error("wrong-type", "Must be a whole number.")
        if not self.minimum <= value <= self.maximum:  # also true of infinities and NaN
            raise rule_error("out-of-range", f"Must be {self.minimum} to {self.maximum}.")
        if value != int(value):
            raise rule_error("wrong-type", "Must be a whole number.")
        return int(value)


class Items:
    """The length of a list: `Annotated[tuple[Name, ...], Items(20)]`, or `Items(500, at_least=1)`."""

    __slots__ = ("at_least", "at_most")

    def __init__(self, at_most: int, *, at_least: int = 0) -> None:
        self.at_most = at_most
        self.at_least = at_least

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        # Lists and tuples of one type both take these two keys; `CoreSchema` is a union of too many to say so.
        schema: Any = handler(source)
        schema["max_length"] = self.at_most
        if self.at_least:
            schema["min_length"] = self.at_least
        return schema  # type: ignore[no-any-return]  # the handler types it loosely


@cache
def time_zones() -> frozenset[str]:
    """Return the IANA names of the locked `tzdata` package, so that no zone depends on the host."""
    names = (resources.files("tzdata") / "zones").read_text("utf-8").split()
    return frozenset(names) - {"Factory"}


def _zone(value: object) -> str:
    if (text := string(value)) not in time_zones():
        raise rule_error("bad-time-zone", "Must be an IANA time zone such as Europe/Berlin, in exact case.")
    return text


def _region(value: object) -> str:
    if not is_region(text := string(value)):
        raise rule_error("bad-region", "Must be one of the regions that /v1/meta lists.")
    return text


def _phone(value: object) -> str:
    if len(text := string(value)) > _MAX_PHONE or not re.fullmatch(_PHONE, text):
        raise rule_error("bad-format", "At most 32 characters: digits, spaces, dashes, brackets, and a leading +.")
    return text


@cache
def _currencies() -> frozenset[str]:
    return frozenset(currency.alpha_3 for currency in pycountry.currencies)


def _currency(value: object) -> str:
    if (text := string(value)) not in _currencies():
        raise rule_error("not-in-list", "Must be an ISO 4217 code such as EUR.")
    return text


def _described(description: str, **more: object) -> dict[str, object]:
    return {"type": "string", **more, "description": description}


Id = Annotated[UUID, Parsed(_id, {"type": "string", "format": "uuid", "maxLength": 36})]
Instant = Annotated[
    datetime, Parsed(_instant, {"type": "string", "format": "date-time", "maxLength": 32}, dump=instant_text)
]
Day = Annotated[date, Parsed(_day, {"type": "string", "format": "date", "maxLength": 10})]
Email = Annotated[str, Parsed(read_email, {"type": "string", "format": "email", "maxLength": MAX_EMAIL})]
Url = Annotated[
    str, Parsed(read_url, {"type": "string", "format": "uri", "maxLength": MAX_URL, "pattern": "^[Hh][Tt][Tt][Pp]"})
]
HostName = Annotated[str, Parsed(read_host_name, {"type": "string", "format": "hostname", "maxLength": MAX_HOST})]
Zone = Annotated[
    str,
    Parsed(
        _zone,
        _described(
            "IANA time zone, exact case.",
            maxLength=MAX_ZONE,
            pattern="^[A-Za-z0-9_+-]+(/[A-Za-z0-9_+-]+)*$",
            examples=["Europe/Berlin"],
        ),
    ),
]
Region = Annotated[
    str,
    Parsed(
        _region,
        _described(
            "Holiday calendar: one of `regions` in /v1/meta.", maxLength=6, pattern="^[A-Z]{2}(-[A-Z0-9]{1,3})?$"
        ),
    ),
]
Phone = Annotated[
    str,
    Parsed(_phone, _described("Digits, spaces, `-()`, leading `+`.", maxLength=_MAX_PHONE, pattern=_PHONE)),
]
Currency = Annotated[
    str, Parsed(_currency, _described("ISO 4217 code.", maxLength=3, pattern="^[A-Z]{3}$", examples=["EUR"]))
]
