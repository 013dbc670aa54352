"""What a request must look like before any route sees it: framing, headers, address, and how much body is read."""

import re
from collections.abc import Callable, Mapping
from typing import Final
from urllib.parse import unquote_to_bytes

from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from starlette.requests import ClientDisconnect, Request
from starlette.types import Scope

from app.http.problems import HOST
from app.kit.errors import AppError, BodyTooLarge, HeadersTooLarge, Malformed, MalformedHeader, UriTooLong

URL_LIMIT: Final = 8 * 1024
HEADER_LIMIT: Final = 16 * 1024
HEADER_COUNT: Final = 100
BODY_LIMIT: Final = 256 * 1024
IMPORT_BODY_LIMIT: Final = 10 * 1024 * 1024

# Two of these would let two readers of one message disagree about what it says.
_SINGLE: Final = frozenset(
    {
        b"authorization",
        b"content-length",
        b"content-type",
        b"host",
        b"idempotency-key",
        b"if-match",
        b"transfer-encoding",
    }
)
_KEY: Final = re.compile(rb"[\x21-\x7e]{1,255}")
_TAG: Final = rb'(?:W/)?"[\x21\x23-\x7e\x80-\xff]*"'
_TAGS: Final = re.compile(rb"\*|[ \t,]*" + _TAG + rb"(?:[ \t]*,[ \t]*(?:" + _TAG + rb")?)*[ \t]*")
_PLAIN: Final = re.compile(rb"(?:/[A-Za-z0-9._:-]+)+").fullmatch
_BAD_ESCAPE: Final = re.compile(rb"%(?![0-9A-Fa-f]{2})|%2[Ff]|%5[Cc]")
_CONTROL: Final = re.compile(rb"[\x00-\x1f\x7f]")
_QUALITY: Final = re.compile(r"q=(?:0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?)")
_JSON_RANGES: Final = {"*/*": 0, "application/*": 1, "application/json": 2, "application/problem+json": 2}
_RANGES: Final = {"application/json": _JSON_RANGES, "image/svg+xml": {"*/*": 0, "image/*": 1, "image/svg+xml": 2}}


def check(scope: Scope) -> AppError | None:
    """Return why the message itself is refused (400, 414, 431), or None."""
    headers = scope["headers"]
    query = scope["query_string"]
    if len(raw_path(scope)) + (len(query) + 1 if query else 0) > URL_LIMIT:
        return UriTooLong(f"The address may hold at most {URL_LIMIT} bytes.")
    size = 4 * len(headers)
    seen: dict[bytes, bytes] = {}
    repeated = None
    for name, value in headers:
        size += len(name) + len(value)
        if name in _SINGLE:
            if name in seen:
                repeated = name
            seen[name] = value
    if size > HEADER_LIMIT or len(headers) > HEADER_COUNT:
        return HeadersTooLarge(f"At most {HEADER_COUNT} headers and {HEADER_LIMIT} bytes of them are read.")
    if repeated is not None:
        return MalformedHeader(f"The header {repeated.decode()} was sent more than once.")
    return _framing(seen, scope["http_version"]) or _keys(seen, scope["method"])


def raw_path(scope: Scope) -> bytes:
    """Return the path as it was sent."""
    raw: bytes = scope.get("raw_path") or scope["path"].encode()
    return raw


def _framing(seen: Mapping[bytes, bytes], version: str) -> AppError | None:
    if version not in {"1.1", "1.0"}:
        return Malformed("This service speaks HTTP/1.1.")
    host = seen.get(b"host")
    if host is None:
        return None if version == "1.0" else MalformedHeader("The Host header is missing.")
    if not HOST.fullmatch(host):
        return MalformedHeader("The Host header is not a host name.")
    coding, length = seen.get(b"transfer-encoding"), seen.get(b"content-length")
    if coding is not None and (length is not None or version == "1.0" or coding.lower() != b"chunked"):
        return MalformedHeader("Send the body either with a Content-Length or as Transfer-Encoding: chunked.")
    if length is not None and not length.isdigit():
        return MalformedHeader("The Content-Length header is not a number.")
    return None


def _keys(seen: Mapping[bytes, bytes], method: str) -> AppError | None:
    key = seen.get(b"idempotency-key")
    if key is not None and method == "POST" and not _KEY.fullmatch(key):
        return MalformedHeader("The Idempotency-Key header is not 1 to 255 visible ASCII characters.")
    tags = seen.get(b"if-match")
    if tags is not None and method not in {"GET", "HEAD", "OPTIONS"} and not _TAGS.fullmatch(tags):
        return MalformedHeader('The If-Match header is not a quoted entity tag such as "3".')
    return None


def is_plain_path(raw: bytes) -> bool:
    """Say whether the raw path can name anything here: no empty segment, no broken, hidden or control characters."""
    if _PLAIN(raw):
        return True
    if b"//" in raw or not raw.startswith(b"/") or (raw.endswith(b"/") and raw != b"/"):
        return False
    if b"%" not in raw:
        return True
    if _BAD_ESCAPE.search(raw):
        return False
    path = unquote_to_bytes(raw)
    try:
        path.decode()
    except UnicodeDecodeError:
        return False
    # A router's `$` matches before a final line feed, so an encoded one must not get that far.
    return b"//" not in path and not _CONTROL.search(path)


def accepts_json(accept: str | None) -> bool:
    """Say whether an Accept header lets the answer be JSON."""
    return accepts(accept, "application/json")


def accepts(accept: str | None, media_type: str) -> bool:
    """Say whether an Accept header lets the answer be of a type; the most specific range decides (RFC 9110)."""
    if accept is None or not accept.strip(" \t,"):
        return True
    best, verdict = -1, False
    for part in accept.split(","):
        media, *parameters = (piece.strip().lower() for piece in part.split(";"))
        rank = _RANGES[media_type].get(media, -1)
        wanted = _is_wanted(parameters)
        if rank > best or (rank == best and wanted):
            best, verdict = rank, wanted
    return best >= 0 and verdict


def _is_wanted(parameters: list[str]) -> bool:
    for parameter in parameters:
        if parameter.startswith("q="):
            return not _QUALITY.fullmatch(parameter) or float(parameter[2:]) > 0
    return True


async def read_body(request: Request, limit: int = BODY_LIMIT) -> bytes:
    """Return the body, holding at most `limit` bytes of it; BodyTooLarge at once where the length is declared."""
    for name, value in request.scope["headers"]:
        if name == b"content-length" and int(value) > limit:
            raise BodyTooLarge(f"The body may hold at most {limit} bytes.")
    body = b""
    while True:
        message = await request.receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        piece: bytes = message.get("body", b"")
        if len(body) + len(piece) > limit:
            raise BodyTooLarge(f"The body may hold at most {limit} bytes.")
        body = body + piece if body else piece
        if not message.get("more_body", False):
            return body


def methods_of(app: FastAPI) -> Callable[[Scope], frozenset[str]]:
    """Return a function that lists what the routes support at a request's path; empty where there is no route."""
    table: list[tuple[re.Pattern[str], frozenset[str]]] = []

    def allowed(scope: Scope) -> frozenset[str]:
        if not table:
            table.extend(
                (context.path_regex, frozenset(context.methods))
                for context in iter_route_contexts(app.routes)
                if context.methods
            )
        path: str = scope["path"]
        found = frozenset[str]().union(*(methods for pattern, methods in table if pattern.match(path)))
        if "GET" in found:
            found |= {"HEAD"}
        return found | {"OPTIONS"} if found else found

    return allowed
