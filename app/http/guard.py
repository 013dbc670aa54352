"""What a request must look like before any route sees it: framing, headers, address, and how much body is read."""

import re
from collections.abc import Mapping
from typing import Final
from urllib.parse import unquote_to_bytes

from starlette.requests import ClientDisconnect, Request
from starlette.types import Scope

from app.http.problems import HOST
from app.kit.errors import AppError, BodyTooLarge, HeadersTooLarge, Malformed, MalformedHeader, UriTooLong

URL_LIMIT: Final = 8 * 1024
HEADER_LIMIT: Final = 16 * 1024
HEADER_COUNT: Final = 100
TAGS_LIMIT: Final = 8_000
BODY_LIMIT: Final = 256 * 1024

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
_SHOWN: Final = re.compile(rb"[\t\x20-\x7e]*")
_PLAIN: Final = re.compile(rb"(?:/[A-Za-z0-9._:-]+)+").fullmatch
_BAD_ESCAPE: Final = re.compile(rb"%(?![0-9A-Fa-f]{2})|%2[Ff]|%5[Cc]")
_CONTROL: Final = re.compile(rb"[\x00-\x1f\x7f]")
_QUALITY: Final = re.compile(r"q=(?:0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?)")
_JSON: Final = "application/json"
_PROBLEM: Final = "application/problem+json"
# Clients made from the document ask for problems only where no other content is answered; what is said of JSON decides.
_JSON_RANGES: Final = {"*/*": 0, "application/*": 1, _PROBLEM: 2, _JSON: 3}


def check(scope: Scope) -> AppError | None:
    """Return why the message itself is refused (400, 414, 431), or None."""
    headers = scope["headers"]
    query = scope["query_string"]
    if len(raw_path(scope)) + (len(query) + 1 if query else 0) > URL_LIMIT:
        return UriTooLong(f"The address may hold at most {URL_LIMIT} bytes.")
    size = 4 * len(headers)
    seen: dict[bytes, bytes] = {}
    repeated, held = None, b""
    for name, value in headers:
        size += len(name) + len(value)
        if name in _SINGLE:
            if name in seen:
                repeated = name
            seen[name] = value
        elif name == b"if-none-match":
            held += value
    if size > HEADER_LIMIT or len(headers) > HEADER_COUNT:
        return HeadersTooLarge(f"At most {HEADER_COUNT} headers and {HEADER_LIMIT} bytes of them are read.")
    if repeated is not None:
        return MalformedHeader(f"The header {repeated.decode()} was sent more than once.")
    return _framing(seen, scope["http_version"]) or _keys(seen, scope["method"]) or _sizes(seen, held)


def header(scope: Scope, name: bytes) -> str | None:
    """Return a header by its name in small letters: all its lines as the one list that they are (RFC 9110, 5.3)."""
    lines = [value for known, value in scope["headers"] if known == name]
    return b", ".join(lines).decode("latin-1") if lines else None


def bearer(scope: Scope) -> str:
    """Return the token that a request proves itself with; none is the empty text."""
    scheme, _, token = (header(scope, b"authorization") or "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


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
    return None


def _sizes(seen: Mapping[bytes, bytes], held: bytes) -> AppError | None:
    if len(held) > TAGS_LIMIT or len(seen.get(b"if-match", b"")) > TAGS_LIMIT:
        return HeadersTooLarge(f"At most {TAGS_LIMIT} bytes of entity tags are read.")
    return None


def check_tags(scope: Scope) -> None:
    """Refuse conditions that are not of their form, once the caller is known: C13 has syntax after 401 and 403."""
    reads = scope["method"] in {"GET", "HEAD"}
    for name, value in scope["headers"]:
        if name == b"if-match" and not reads and not _TAGS.fullmatch(value):
            raise MalformedHeader('The If-Match header is not a quoted entity tag such as "3".')
        if name == b"if-none-match" and reads and not _SHOWN.fullmatch(value):
            raise MalformedHeader("The If-None-Match header holds more than visible ASCII.")


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
    return accepts(accept, _JSON)


def accepts(accept: str | None, wanted_type: str) -> bool:
    """Say whether an Accept header lets the answer be of a type; the most specific range decides (RFC 9110)."""
    if accept is None or not accept.strip(" \t,"):
        return True
    ranges = {"*/*": 0, f"{wanted_type.partition('/')[0]}/*": 1, wanted_type: 2}
    ranges = _JSON_RANGES if wanted_type == _JSON else ranges
    best, verdict = -1, False
    for part in accept.split(","):
        media, *parameters = (piece.strip().lower() for piece in part.split(";"))
        rank = ranges.get(media, -1)
        wanted = _is_wanted(parameters)
        if media == _PROBLEM and not wanted:
            continue
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
