"""How problems look in the OpenAPI document."""

from collections.abc import Iterable, Sequence
from typing import Any

from app.http import spec_headers
from app.http.problems import MAX_FAULTS, status_of
from app.kit.errors import AppError, NotAuthenticated, RequestInProgress, Throttled

Json = dict[str, Any]

_LINE = r"^[^\u0000-\u001f\u007f-\u009f]*$"
# An RFC 6901 pointer may repeat a caller's keys, whatever they hold.
_ANYTHING = r"^[\s\S]*$"
_LONGEST_POINTER = 8_000
_SLUG = "^[a-z]+(-[a-z]+)*$"


def _string(description: str, pattern: str, longest: int) -> Json:
    return {"type": "string", "maxLength": longest, "pattern": pattern, "description": description}


SCHEMA: Json = {
    "title": "Problem",
    "type": "object",
    "description": "Why a request was refused (RFC 9457).",
    "required": ["type", "title", "status", "code", "detail", "instance", "errors"],
    "properties": {
        "type": {
            "type": "string",
            "format": "uri",
            "maxLength": 2_048,
            "description": "The address of a page about this code.",
        },
        "title": _string("What the code means, in words.", _LINE, 200),
        "status": {
            "type": "integer",
            "format": "int32",
            "minimum": 400,
            "maximum": 599,
            "description": "The HTTP status.",
        },
        "code": _string("The stable name of the problem; decide by this.", _SLUG, 60),
        "detail": _string("What to do about it.", _LINE, 1_000),
        "instance": _string(
            "`urn:request:` and the Request-Id of this request.",
            "^urn:request:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$",
            48,
        ),
        "errors": {
            "type": "array",
            "maxItems": MAX_FAULTS,
            "description": "What is wrong with which part of the request.",
            "items": {"$ref": "#/components/schemas/Fault"},
        },
        "existing_id": {
            "type": "string",
            "format": "uuid",
            "maxLength": 36,
            "description": "With `duplicate`: the record that is there already.",
        },
        "sent_on": {
            "type": "string",
            "format": "date",
            "maxLength": 10,
            "description": "With `follow-up-used`: on which local date of the client it went out, if you may know.",
        },
    },
}

FAULT: Json = {
    "title": "Fault",
    "type": "object",
    "description": "What is wrong with one part of the request.",
    "required": ["in", "pointer", "code", "message"],
    "properties": {
        "in": {
            "type": "string",
            "enum": ["body", "query", "path", "header"],
            "description": "The part of the request.",
        },
        "pointer": _string("A JSON Pointer into the body, or the bare name.", _ANYTHING, _LONGEST_POINTER),
        "code": _string("The stable name of the fault.", _SLUG, 60),
        "message": _string("The fault in words; never the value.", _LINE, 500),
    },
    # Apart from the rest, because it stands in some faults only: those that have no place in a body.
    "allOf": [{"$ref": "#/components/schemas/FaultName"}],
}

FAULT_NAME: Json = {
    "title": "FaultName",
    "type": "object",
    "description": "The name of what is wrong outside the body.",
    "properties": {"name": _string("Outside the body: the parameter or header.", _ANYTHING, _LONGEST_POINTER)},
}

SCHEMAS: Json = {"Fault": FAULT, "FaultName": FAULT_NAME, "Problem": SCHEMA}

_HEADERS: dict[int, tuple[str, ...]] = {
    401: ("WWW-Authenticate",),
    412: ("ETag",),
    429: ("Retry-After",),
    503: ("Retry-After",),
}

#: Documented everywhere, though some operations cannot be refused so by the service itself.
FOREIGN: dict[int, str] = {
    401: "Never from the service itself, which asks for no credential here: only a gateway in front of it answers so.",
    429: "Never from the service itself, which does not count such requests: only a gateway in front answers so.",
}
_FOREIGN_KINDS: dict[int, type[AppError]] = {401: NotAuthenticated, 429: Throttled}


def reference(kinds: Sequence[type[AppError]]) -> Json:
    """Return the reference to the shared response of the errors of one status."""
    return {"$ref": f"#/components/responses/{_name(kinds)}"}


def foreign(status: int) -> Json:
    """Return the reference to the shared response of a status that only a gateway answers."""
    return {"$ref": f"#/components/responses/{status}.gateway"}


def responses(groups: Iterable[Sequence[type[AppError]]]) -> Json:
    """Return the shared responses, one for each set of errors that some operation answers with one status."""
    named = {_name(kinds): _response(kinds) for kinds in groups}
    named |= {
        f"{status}.gateway": {
            "description": words,
            "headers": spec_headers.on(*_HEADERS[status]),
            "content": _content([kind]),
        }
        for (status, words), kind in zip(FOREIGN.items(), _FOREIGN_KINDS.values(), strict=True)
    }
    return dict(sorted(named.items()))


def _name(kinds: Sequence[type[AppError]]) -> str:
    return ".".join([str(status_of(kinds[0])), *(kind.code for kind in kinds)])


def _response(kinds: Sequence[type[AppError]]) -> Json:
    status = status_of(kinds[0])
    names = [*_HEADERS.get(status, ()), *(["Retry-After.in-progress"] if RequestInProgress in kinds else [])]
    return {
        "description": "Refused: " + "; ".join(f"`{kind.code}`: {kind.title}" for kind in kinds) + ".",
        "headers": spec_headers.on(*names, counted=status == status_of(Throttled)),
        "content": _content(kinds),
    }


def _content(kinds: Sequence[type[AppError]]) -> Json:
    examples = {kind.code: {"$ref": f"#/components/examples/{kind.code}"} for kind in kinds}
    return {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}, "examples": examples}}


def examples(kinds: Iterable[type[AppError]]) -> Json:
    """Return the shared examples of `kinds`, by code."""
    return {
        kind.code: {"summary": f"{kind.title}.", "value": _example(kind)}
        for kind in sorted({*kinds, *_FOREIGN_KINDS.values()}, key=lambda kind: kind.code)
    }


def _example(kind: type[AppError]) -> Json:
    return {
        "type": f"https://crickets.example/problems/{kind.code}",
        "title": kind.title,
        "status": status_of(kind),
        "code": kind.code,
        "detail": kind.title,
        "instance": "urn:request:01981d3c-5f0e-7c3a-9b1e-6a1d2f3c4b5a",
        "errors": [],
        **_PARTICULARS.get(kind.code, {}),
    }


def _fault(where: str, pointer: str, code: str, message: str) -> Json:
    shown = {"in": where, "pointer": pointer, "code": code, "message": message}
    return {"errors": [shown if where == "body" else {**shown, "name": pointer}]}


#: What the example of a code shows besides, where that says more.
_PARTICULARS: dict[str, Json] = {
    "duplicate": {"existing_id": "01981d3c-5f0e-7c3a-9b1e-6a1d2f3c4c01"},
    "unknown-reference": _fault("body", "/client_id", "unknown-reference", "There is no such record."),
    "validation-failed": _fault("body", "/name", "required", "This field is required."),
}
