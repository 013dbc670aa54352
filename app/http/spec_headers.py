"""The headers of answers, as the OpenAPI document defines them: once each, with their bounds."""

from typing import Any, Final

from app.access.windows import WINDOW

Json = dict[str, Any]

_MINUTE: Final = int(WINDOW.total_seconds())
# One whose clock is behind those of the others waits for the end of a window that opens later.
_LONGEST_WAIT: Final = 2 * _MINUTE
_NAMES: Final = '"[a-z]+"'


def _text(description: str, pattern: str, longest: int, *, always: bool, example: str) -> Json:
    schema = {"type": "string", "maxLength": longest, "pattern": pattern}
    return {"description": description, "required": always, "schema": schema, "example": example}


def _limits(*, always: bool) -> Json:
    when = "" if always else " Sent once it is known whose request it is; to visitors only when they are over a limit."
    return {
        "RateLimit-Policy": _text(
            f"The limit that holds for this request: its name, how many (`q`) in how many seconds (`w`).{when}",
            f"^{_NAMES};q=[0-9]+;w=[0-9]+$",
            60,
            always=always,
            example=f'"read";q=600;w={_MINUTE}',
        ),
        "RateLimit": _text(
            f"What is left of the limit (`r`), and after how many seconds (`t`) all of it will be there again.{when}",
            f"^{_NAMES};r=[0-9]+;t=[0-9]+$",
            60,
            always=always,
            example='"read";r=599;t=60',
        ),
    }


_COUNTED: Final = ".counted"

COMPONENTS: Final[Json] = {
    "Request-Id": {
        "description": "The id of this request, also in the service's logs.",
        "required": True,
        "schema": {"type": "string", "format": "uuid", "maxLength": 36},
        "example": "01981d3c-5f0e-7c3a-9b1e-6a1d2f3c4b5a",
    },
    "Access-Control-Allow-Origin": _text(
        "Sent to browsers of an origin that the operator allows: that origin, or `*`. Never with credentials.",
        "^([*]|[a-z][a-z0-9+.-]*://[^/ ]+)$",
        2_048,
        always=False,
        example="https://app.crickets.example",
    ),
    **_limits(always=False),
    **{f"{name}{_COUNTED}": header for name, header in _limits(always=True).items()},
    "Retry-After": {
        "description": "After how many seconds to try again.",
        "required": True,
        "schema": {"type": "integer", "format": "int32", "minimum": 0, "maximum": _LONGEST_WAIT},
        "example": 2,
    },
    "Retry-After.in-progress": {
        "description": "With `request-in-progress`: after how many seconds to try again.",
        "required": False,
        "schema": {"type": "integer", "format": "int32", "minimum": 0, "maximum": _LONGEST_WAIT},
        "example": 1,
    },
    "Idempotent-Replayed": {
        "description": "Sent when an earlier request with this Idempotency-Key was answered so.",
        "required": False,
        "schema": {"type": "string", "const": "true"},
        "example": "true",
    },
    "ETag": _text(
        "The version of the record, for If-Match and If-None-Match.", '^"[0-9]+"$', 18, always=True, example='"3"'
    ),
    "Location": _text(
        "Where the new record is.",
        "^/v1/[a-z0-9/-]+$",
        200,
        always=True,
        example="/v1/clients/01981d3c-5f0e-7c3a-9b1e-6a1d2f3c4b5a",
    ),
    "Link": _text(
        "Where the next page is; not on the last one.",
        '^<[^<>]+>; rel="[a-z-]+"',
        16_384,
        always=False,
        example='</v1/clients?limit=50&cursor=eyJ>; rel="next"',
    ),
    "Cross-Origin-Resource-Policy": {
        "description": "Pages of any origin may show the picture: who sees it, credential or link has settled.",
        "required": True,
        "schema": {"type": "string", "const": "cross-origin"},
        "example": "cross-origin",
    },
    "WWW-Authenticate": {
        "description": "How to authenticate.",
        "required": True,
        "schema": {"type": "string", "enum": ["Bearer", 'Bearer error="invalid_token"']},
        "example": "Bearer",
    },
}

#: The headers of whatever is going away, in a document that has any of it.
DEPRECATED: Final[Json] = {
    "Deprecation": _text(
        "Since when this is deprecated (RFC 9745): `@` and the seconds since 1970.",
        "^@[0-9]+$",
        20,
        always=True,
        example="@1798761600",
    ),
    "Sunset": _text(
        "From when on this may be gone (RFC 8594).",
        "^[A-Z][a-z]{2}, [0-9]{2} [A-Z][a-z]{2} [0-9]{4} [0-9:]{8} GMT$",
        29,
        always=True,
        example="Thu, 01 Jul 2027 00:00:00 GMT",
    ),
    "Link.deprecation": _text(
        'Where this is described (`rel="deprecation"`), what to use instead (`rel="successor-version"`), and in a list'
        " where the next page is.",
        '^<[^<>]+>; rel="[a-z-]+"',
        16_384,
        always=True,
        example='<https://crickets.example/docs#/clients/listClients>; rel="deprecation"; type="text/html"',
    ),
}


def on(*names: str, counted: bool = False) -> Json:
    """Return an answer's headers: `names`, and those of every answer; `counted`: it always tells of its limit."""
    limits = (f"{name}{_COUNTED}" if counted else name for name in ("RateLimit", "RateLimit-Policy"))
    standing = ("Request-Id", "Access-Control-Allow-Origin", *limits)
    return refer(*standing, *names)


def refer(*keys: str) -> Json:
    """Return the references to components by the name of the header; what follows a dot tells several of one apart."""
    return {key.partition(".")[0]: {"$ref": f"#/components/headers/{key}"} for key in keys}
