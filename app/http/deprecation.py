"""How something leaves the contract: it is announced in the document and on every answer, long before it goes.

`Deprecation` is RFC 9745, `Sunset` RFC 8594. Nothing may go sooner than half a year after it was announced.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from email.utils import format_datetime
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from starlette.routing import Match
from starlette.types import Scope

from app.http import spec_headers
from app.http.problems import base_url_of

if TYPE_CHECKING:
    from app.http.operation import Operation

Json = dict[str, Any]
Header = tuple[bytes, bytes]

LEAST_DAYS: Final = 180
_OPERATION_ID: Final = re.compile(r"[a-z][A-Za-z0-9]*")


class DeprecationError(ValueError):
    """Something would go too soon, or names a successor that is not there."""


@dataclass(frozen=True, slots=True)
class Deprecated:
    """Since when not to build on something, when it will be gone, and what to use: an operationId, or words."""

    since: date
    sunset: date
    instead: str

    def __post_init__(self) -> None:
        """Refuse to start when callers would get too little time."""
        if (days := (self.sunset - self.since).days) < LEAST_DAYS:
            raise DeprecationError(f"{days} days between deprecation and sunset; callers get at least {LEAST_DAYS}")
        if not self.instead:
            raise DeprecationError("a deprecation says what to use instead")

    @property
    def successor(self) -> str | None:
        """The operationId of the successor, where one operation is it."""
        return self.instead if _OPERATION_ID.fullmatch(self.instead) else None

    @property
    def words(self) -> str:
        """What the document says of it."""
        instead = f"use `{self.successor}`" if self.successor else self.instead.rstrip(".")
        return f"Deprecated since {self.since}, gone from {self.sunset} on. Instead: {instead}."

    def mark(self, schema: Json) -> None:
        """Mark a field: `Field(json_schema_extra=Deprecated(…).mark)`, which works for parameters of a query too."""
        schema["deprecated"] = True
        schema["description"] = " ".join(filter(None, [schema.get("description"), self.words]))

    def headers(self) -> list[Header]:
        """Return the headers that hold for every request."""
        since, sunset = (datetime.combine(day, time(), UTC) for day in (self.since, self.sunset))
        return [
            (b"deprecation", b"@%d" % since.timestamp()),
            (b"sunset", format_datetime(sunset, usegmt=True).encode()),
        ]


def notices(
    declared: Iterable[tuple["Operation", Any]], *, base_url: str | None
) -> Callable[[Scope], Sequence[Header]]:
    """Return what finds the headers of a request's operation, by its path: a refusal may come before any routing."""
    known = {operation.id: operation for operation, _ in declared}
    leaving = [(operation, operation.deprecated, route) for operation, route in declared if operation.deprecated]
    for operation, deprecated, _ in leaving:
        if deprecated.successor and deprecated.successor not in known:
            raise DeprecationError(f"{operation.id} gives way to {deprecated.successor}, which does not exist")

    def find(scope: Scope) -> Sequence[Header]:
        for operation, deprecated, route in leaving:
            match, more = route.matches(scope)
            if match is Match.FULL:
                links = _links(operation, known.get(deprecated.instead), more["path_params"])
                base = base_url_of(scope, base_url)
                return [*deprecated.headers(), *((b"link", f"<{base}{link}".encode()) for link in links)]
        return ()

    return find


def _links(operation: "Operation", successor: "Operation | None", given: dict[str, Any]) -> Iterable[str]:
    yield f'/docs#/{operation.tag}/{operation.id}>; rel="deprecation"; type="text/html"'
    if successor is not None and set(re.findall(r"{(\w+)}", successor.path)) <= set(given):
        # Quoted, since a parameter is what the caller sent.
        path = successor.path.format(**{name: quote(str(value), safe="") for name, value in given.items()})
        yield f'{path}>; rel="successor-version"'


_HEADERS: Final = ("Deprecation", "Sunset", "Link.deprecation")


def describe(document: Json, operations: Sequence["Operation"]) -> None:
    """Write the deprecations into the document: the mark, the words, and the headers of every answer."""
    for operation in operations:
        if operation.deprecated is None:
            continue
        part = document["paths"][operation.path][operation.method.lower()]
        part["deprecated"] = True
        part["description"] += f"\n\n{operation.deprecated.words}"
        for status, answer in part["responses"].items():
            # Its own copy of a shared answer: others do not carry these headers.
            own = document["components"]["responses"][answer["$ref"].split("/")[-1]] if "$ref" in answer else answer
            part["responses"][status] = {**own, "headers": {**own.get("headers", {}), **spec_headers.refer(*_HEADERS)}}
    if any(operation.deprecated for operation in operations):
        document["components"]["headers"] |= spec_headers.DEPRECATED
