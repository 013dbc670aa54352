"""How problems look in the OpenAPI document."""

from collections.abc import Iterable, Sequence
from typing import Any

from app.http.problems import status_of
from app.kit.errors import AppError

Json = dict[str, Any]

SCHEMA: Json = {
    "title": "Problem",
    "type": "object",
    "description": "Why a request was refused (RFC 9457).",
    "required": ["type", "title", "status", "code", "detail", "instance", "errors"],
    "properties": {
        "type": {"type": "string", "format": "uri", "description": "The address of a page about this code."},
        "title": {"type": "string", "description": "What the code means, in words."},
        "status": {"type": "integer", "minimum": 400, "maximum": 599, "description": "The HTTP status."},
        "code": {"type": "string", "description": "The stable name of the problem; decide by this."},
        "detail": {"type": "string", "description": "What to do about it."},
        "instance": {"type": "string", "description": "`urn:request:` and the Request-Id of this request."},
        "errors": {
            "type": "array",
            "maxItems": 20,
            "description": "What is wrong with which part of the request.",
            "items": {
                "type": "object",
                "required": ["in", "pointer", "code", "message"],
                "properties": {
                    "in": {
                        "type": "string",
                        "enum": ["body", "query", "path", "header"],
                        "description": "The part of the request.",
                    },
                    "pointer": {"type": "string", "description": "A JSON Pointer into the body, or the bare name."},
                    "name": {"type": "string", "description": "Outside the body: the parameter or header."},
                    "code": {"type": "string", "description": "The stable name of the fault."},
                    "message": {"type": "string", "description": "The fault in words; never the value."},
                },
            },
        },
        "existing_id": {
            "type": "string",
            "format": "uuid",
            "description": "With `duplicate`: the record that is there already.",
        },
        "sent_on": {
            "type": "string",
            "format": "date",
            "description": "With `follow-up-used`: on which local date of the client it went out, if you may know.",
        },
    },
}

_HEADERS: dict[int, dict[str, str]] = {
    401: {"WWW-Authenticate": "How to authenticate: `Bearer`."},
    412: {"ETag": "The version that the record is at."},
    429: {
        "Retry-After": "After how many seconds to try again.",
        "RateLimit-Policy": "The limit that was exceeded: its name, how many (`q`) in how many seconds (`w`).",
        "RateLimit": "Nothing is left of it (`r=0`) for so many seconds (`t`).",
    },
    503: {"Retry-After": "After how many seconds to try again."},
}


def reference(kinds: Sequence[type[AppError]]) -> Json:
    """Return the reference to the shared response of the errors of one status."""
    return {"$ref": f"#/components/responses/{_name(kinds)}"}


def responses(groups: Iterable[Sequence[type[AppError]]]) -> Json:
    """Return the shared responses, one for each set of errors that some operation answers with one status."""
    named = {_name(kinds): _response(kinds) for kinds in groups}
    return dict(sorted(named.items()))


def _name(kinds: Sequence[type[AppError]]) -> str:
    return ".".join([str(status_of(kinds[0])), *(kind.code for kind in kinds)])


def _response(kinds: Sequence[type[AppError]]) -> Json:
    status = status_of(kinds[0])
    headers = {"Request-Id": "The id of this request, also in the service's logs.", **_HEADERS.get(status, {})}
    return {
        "description": "; ".join(f"`{kind.code}`: {kind.title}" for kind in kinds) + ".",
        "headers": {name: {"description": text, "schema": {"type": "string"}} for name, text in headers.items()},
        "content": {
            "application/problem+json": {
                "schema": {"$ref": "#/components/schemas/Problem"},
                "examples": {kind.code: {"$ref": f"#/components/examples/{kind.code}"} for kind in kinds},
            }
        },
    }


def examples(kinds: Iterable[type[AppError]]) -> Json:
    """Return the shared examples of `kinds`, by code."""
    return {kind.code: {"value": _example(kind)} for kind in sorted(kinds, key=lambda kind: kind.code)}


def _example(kind: type[AppError]) -> Json:
    return {
        "type": f"https://crickets.example/problems/{kind.code}",
        "title": kind.title,
        "status": status_of(kind),
        "code": kind.code,
        "detail": kind.title,
        "instance": "urn:request:01981d3c-5f0e-7c3a-9b1e-6a1d2f3c4b5a",
        "errors": [],
    }
