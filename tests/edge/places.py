"""Where input goes, read from the OpenAPI document: every field of every body and query, and a request that is fine."""

import copy
import itertools
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from app.assessments.schemas import PolicyDocument
from app.db.ids import new_id
from app.http.operation import Operation, declared_on
from app.http.spec_inputs import example
from app.kit.text import Line, Text
from tests.audit.test_every_operation import (
    BEFORE,
    INSTEAD,
    a_key,
    a_timeline,
    an_import,
    an_interaction,
    nothing,
)
from tests.support import build, doors
from tests.support.api import Api, House

Json = dict[str, Any]
_LINE, _TEXT = Line(1).schema["pattern"], Text(1).schema["pattern"]
UNKNOWN = "01981d3c-5f0e-4c3a-9b1e-6a1d2f3c4b5a"


def a_company(api: Api) -> str:
    """Make a company that no other is named as."""
    return str(api.ok(api.post("/v1/companies", {"name": f"Company {new_id()}"}), 201)["id"])


#: What must be there before an operation can answer, by the plural in its path; `BEFORE` knows more of some.
_RECORDS: dict[str, Callable[[Api], str]] = {
    "clients": lambda api: str(build.client(api)["id"]),
    "companies": a_company,
    "contacts": BEFORE["deleteContact"],
    "opportunities": a_timeline,
    "interactions": an_interaction,
    "imports": an_import,
    "members": lambda api: str(doors.invite(api)["id"]),
    "api-keys": a_key,
    "next-actions": BEFORE["deleteNextAction"],
    "wins": BEFORE["deleteWin"],
    "development-activities": BEFORE["deleteDevelopmentActivity"],
}


@dataclass(frozen=True)
class Place:
    """One field of a body, or one parameter of a query."""

    where: str
    path: tuple[str | int, ...]
    kind: str  # line, text, integer, datetime or other
    schema: Json = field(hash=False, compare=False)

    @property
    def pointer(self) -> str:
        """Return how the service names this place."""
        if self.where == "query":
            return str(self.path[0])
        return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in self.path)


@dataclass
class Request:
    """A request that is fine, to be spoilt in one place."""

    op: Operation
    path: str
    body: Json | None
    tag: str | None = None

    @property
    def lines(self) -> list[str]:
        return [] if self.tag is None else [f"If-Match: {self.tag}"]

    def with_value(self, place: Place, source: bytes) -> bytes:
        """Return the body with the JSON source of a value in one place of it."""
        body = copy.deepcopy(self.body)
        _put(body, place.path, "@@HERE@@")
        return json.dumps(body).encode().replace(b'"@@HERE@@"', source)


def operations(house: House) -> dict[str, Operation]:
    """Return every declared operation by its id."""
    found = [declared_on(route) for route in house.app.routes]
    return {op.id: op for op in found if op is not None}


def fine(api: Api, op: Operation) -> Request:
    """Make what an operation needs, and return a request that it would serve to the owner of the practice."""
    path = op.path.replace("{number}", "1").replace("{code}", "not-found")
    if "{id}" in path:
        plural = op.path.split("/")[2]
        make = _RECORDS[plural] if plural == "companies" else BEFORE.get(op.id, _RECORDS.get(plural))
        assert make is not None, f"nothing is known of {plural}"
        path = path.replace("{id}", make(api))
    body = None
    if op.body is not None:
        instead: dict[str, Callable[[Api], Json]] = {
            **INSTEAD,
            "createCompany": lambda _: {"name": f"Company {new_id()}"},
            "createContact": lambda api: {"company_id": a_company(api)},
            "createMember": lambda _: {"email": doors.address()},
        }
        body = {**example(op.body), **instead.get(op.id, nothing)(api)}
        if op.id != "createPictureLink":  # there it says what the picture is of
            body.pop("id", None)
        if op.id == "createSimulation":
            body["policy"] = PolicyDocument.example
    tag = None
    if op.method in {"PATCH", "PUT"}:
        tag = api.get(path).headers["etag"]
    return Request(op, path, body, tag)


def unknown_path(op: Operation) -> str:
    """Return the operation's path with ids of nothing."""
    return op.path.replace("{id}", UNKNOWN).replace("{number}", "999999").replace("{code}", "no-such-code")


class Places:
    """The document, read for its fields."""

    def __init__(self, document: Json) -> None:
        self._document = document

    def of_body(self, op: Operation) -> list[Place]:
        """Return every field of the operation's body, those of nested objects and list items too."""
        content = self._operation(op).get("requestBody", {}).get("content", {})
        if not content:
            return []
        return list(self._walk(next(iter(content.values()))["schema"], ()))

    def body_schema(self, op: Operation) -> Json:
        """Return the schema of the operation's body."""
        content = self._operation(op)["requestBody"]["content"]
        return self._resolved(next(iter(content.values()))["schema"])

    def of_query(self, op: Operation) -> list[Place]:
        """Return every parameter of the operation's query."""
        found = [p for p in map(self._resolved, self._operation(op).get("parameters", [])) if p["in"] == "query"]
        return [Place("query", (p["name"],), self._kind(self._resolved(p["schema"])), p["schema"]) for p in found]

    def _operation(self, op: Operation) -> Json:
        found: Json = self._document["paths"][op.path][op.method.lower()]
        return found

    def _resolved(self, part: Json) -> Json:
        while "$ref" in part:
            found: Any = self._document
            for name in part["$ref"].removeprefix("#/").split("/"):
                found = found[name]
            part = found
        return part

    def _walk(self, schema: Json, path: tuple[str | int, ...]) -> Iterator[Place]:
        schema = self._resolved(schema)
        options = [self._resolved(one) for key in ("anyOf", "oneOf", "allOf") for one in schema.get(key, [])]
        for option in options:
            if option.get("type") != "null":
                yield from self._walk(option, path)
        for name, one in schema.get("properties", {}).items():
            yield from self._walk(one, (*path, name))
        if schema.get("type") == "array":
            yield from self._walk(schema["items"], (*path, 0))
        elif schema.get("type") in {"string", "integer"}:
            yield Place("body", path, self._kind(schema), schema)

    def _kind(self, schema: Json) -> str:
        if "enum" in schema or schema.get("type") not in {"string", "integer"}:
            return "other"
        if schema["type"] == "integer":
            return "integer"
        if "format" in schema:
            return "datetime" if schema["format"] == "date-time" else "other"
        return {_LINE: "line", _TEXT: "text"}.get(schema.get("pattern", ""), "other")


def _put(body: Any, path: tuple[str | int, ...], value: object) -> None:
    """Put a value where `path` leads, making objects and one-item lists on the way."""
    for step, following in itertools.pairwise(path):
        empty: Any = [None] if following == 0 else {}
        if isinstance(step, int):
            body[step] = body[step] if isinstance(body[step], dict | list) else empty
            body = body[step]
        else:
            if not isinstance(body.get(step), dict | list) or body[step] == []:
                body[step] = empty
            body = body[step]
    body[path[-1]] = value


def query_path(path: str, raw: bytes) -> str:
    """Return a path with a query string as it came."""
    return f"{path}?{raw.decode('latin-1')}" if raw else path


def value_in_query(place: Place, source: bytes) -> bytes:
    """Return a parameter with the value of a JSON source; a text that JSON cannot hold is sent as it is written."""
    text = source.decode()
    if place.kind != "integer" and text.startswith('"'):
        text = json.loads(source)
    return f"{place.pointer}={quote(text.encode('utf-8', 'surrogatepass'), safe='')}".encode()


def names_in(raw: bytes) -> set[str]:
    """Return the names in a query string, as they were sent."""
    return {part.partition("=")[0] for part in re.split("&", raw.decode("latin-1")) if part}
