"""Every refusal on the wire: the one file that turns kinds of AppError into HTTP statuses and problem documents."""

import json
import logging
import re
import traceback
from collections.abc import Callable, Collection, Sequence
from functools import cache
from pathlib import Path
from typing import Final

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException  # noqa: TID251 the router raises it; this file turns it into ours
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import Scope

from app.kit.errors import (
    AppError,
    BodyTooLarge,
    Conflict,
    ExpiredToken,
    Fault,
    HeadersTooLarge,
    Internal,
    InvalidToken,
    Malformed,
    NotAcceptable,
    NotAllowed,
    NotAuthenticated,
    NotFound,
    RuleBroken,
    StaleVersion,
    SyncReset,
    Throttled,
    Unavailable,
    UnsupportedMediaType,
    UriTooLong,
    VersionRequired,
    WrongMethod,
)

Translate = Callable[[Exception], AppError | None]

log = logging.getLogger("crickets.errors")

MEDIA_TYPE: Final = b"application/problem+json"
MAX_FAULTS: Final = 20
HOST: Final = re.compile(rb"[A-Za-z0-9._~%!$&'()*+,;=:\[\]-]{1,255}")

_STATUS: Final[dict[type[AppError], int]] = {
    Malformed: 400,
    NotAuthenticated: 401,
    NotAllowed: 403,
    NotFound: 404,
    WrongMethod: 405,
    NotAcceptable: 406,
    Conflict: 409,
    SyncReset: 410,
    StaleVersion: 412,
    BodyTooLarge: 413,
    UriTooLong: 414,
    UnsupportedMediaType: 415,
    RuleBroken: 422,
    VersionRequired: 428,
    Throttled: 429,
    HeadersTooLarge: 431,
    Internal: 500,
    Unavailable: 503,
}
_OF_STATUS: Final = {status: kind for kind, status in _STATUS.items()}

# A caller that is told nothing else waits this long (seconds) before it tries again.
_RETRY_AFTER: Final = {429: "60", 503: "2"}

# The rest of such a request is not worth reading, so the connection ends with the answer.
_CLOSING: Final = frozenset({413, 414, 431})


def status_of(error: AppError | type[AppError]) -> int:
    """Return the status of the error's kind; an error of no kind is a defect of ours."""
    kind = error if isinstance(error, type) else type(error)
    return next((_STATUS[base] for base in kind.__mro__ if base in _STATUS), 500)


def base_url_of(scope: Scope, configured: str | None) -> str:
    """Return where this service answers: as configured, else as the request's Host names it."""
    if configured:
        return configured.rstrip("/")
    host = next((value for name, value in scope["headers"] if name == b"host"), b"")
    if HOST.fullmatch(host):
        return f"{scope['scheme']}://{host.decode('ascii')}"
    server = scope.get("server") or ("localhost", None)
    return f"{scope['scheme']}://{server[0]}" + (f":{server[1]}" if server[1] else "")


def render(error: AppError, *, request_id: str, base_url: str) -> tuple[int, list[tuple[bytes, bytes]], bytes]:
    """Return status, headers and body of the error's problem document."""
    status = status_of(error)
    document: dict[str, object] = {
        "type": f"{base_url}/problems/{error.code}",
        "title": error.title,
        "status": status,
        "code": error.code,
        "detail": error.detail,
        "instance": f"urn:request:{request_id}",
        "errors": [_shown(fault) for fault in error.faults[:MAX_FAULTS]],
    }
    # A pointer may repeat a caller's key, lone surrogates included; those have no UTF-8, hence the escape.
    body = json.dumps({**error.extras, **document}, ensure_ascii=False, separators=(",", ":"), default=str)
    raw = body.encode("utf-8", "backslashreplace")
    return status, _headers(error, status, len(raw)), raw


def _shown(fault: Fault) -> dict[str, str]:
    shown = {"in": fault.where, "pointer": fault.pointer, "code": fault.code, "message": fault.message}
    # A parameter or header has no pointer, only a name; it stands in both members, so that one rule finds every fault.
    return shown if fault.where == "body" else {**shown, "name": fault.pointer}


def _headers(error: AppError, status: int, length: int) -> list[tuple[bytes, bytes]]:
    headers = [(b"content-type", MEDIA_TYPE), (b"content-length", b"%d" % length)]
    if status == 401:  # noqa: PLR2004 this file knows the numbers
        bad_token = isinstance(error, InvalidToken | ExpiredToken)
        headers.append((b"www-authenticate", b'Bearer error="invalid_token"' if bad_token else b"Bearer"))
    given = {name.lower(): value for name, value in error.headers.items()}
    if status in _RETRY_AFTER:
        given.setdefault("retry-after", _RETRY_AFTER[status])
    if status in _CLOSING:
        given["connection"] = "close"
    headers += [(name.encode("latin-1"), value.encode("latin-1")) for name, value in given.items()]
    return headers


def record(exc: BaseException, request_id: str) -> None:
    """Log a defect by its kind and place; never its message, which may hold what a caller sent."""
    place = "".join(traceback.format_tb(exc.__traceback__))
    log.error("unhandled %s in request %s\n%s", type(exc).__name__, request_id, place)


class _Answers:
    def __init__(
        self, base_url: str | None, allowed_methods: Callable[[Scope], Collection[str]], translate: Translate
    ) -> None:
        self.base_url = base_url
        self.allowed_methods = allowed_methods
        self.translate = translate

    async def own(self, request: Request, exc: Exception) -> Response:
        return self._answer(request, exc if isinstance(exc, AppError) else Internal())

    async def routed(self, request: Request, exc: Exception) -> Response:
        error = _from_router(exc)
        if isinstance(error, WrongMethod):
            error.headers["allow"] = ", ".join(sorted(self.allowed_methods(request.scope)))
        return self._answer(request, error)

    async def invalid(self, request: Request, exc: Exception) -> Response:
        return self._answer(request, _from_fastapi(exc))

    async def raised(self, request: Request, exc: Exception) -> Response:
        error = self.translate(exc)
        if error is None:
            record(exc, request.scope["state"]["request_id"])
            error = Internal()
        return self._answer(request, error)

    async def unexpected(self, request: Request, exc: Exception) -> Response:
        # Starlette raises it again after this answer; `answered` tells the edge that nothing is left to say.
        state = request.scope["state"]
        state["answered"] = True
        error = self.translate(exc)
        if error is None:
            error = Internal()
            if not isinstance(exc, ClientDisconnect):
                record(exc, state["request_id"])
        return self._answer(request, error)

    def _answer(self, request: Request, error: AppError) -> Response:
        status, headers, body = render(
            error,
            request_id=request.scope["state"]["request_id"],
            base_url=base_url_of(request.scope, self.base_url),
        )
        response = Response(body, status)
        response.raw_headers = headers
        return response


def install(
    app: FastAPI,
    *,
    base_url: str | None,
    allowed_methods: Callable[[Scope], Collection[str]],
    translate: Translate,
    raised: Sequence[type[Exception]] = (),
) -> None:
    """Make every exception of the app end as a problem document; `translate` names those that the database raised."""
    answers = _Answers(base_url, allowed_methods, translate)
    app.add_exception_handler(AppError, answers.own)
    app.add_exception_handler(HTTPException, answers.routed)
    app.add_exception_handler(RequestValidationError, answers.invalid)
    for kind in raised:
        app.add_exception_handler(kind, answers.raised)
    app.add_exception_handler(Exception, answers.unexpected)


def _from_router(exc: Exception) -> AppError:
    status = exc.status_code if isinstance(exc, HTTPException) else 500
    kind = _OF_STATUS.get(status, Malformed if status < 500 else Internal)  # noqa: PLR2004 this file knows the numbers
    return kind()


def _from_fastapi(exc: Exception) -> AppError:
    findings = exc.errors() if isinstance(exc, RequestValidationError) else []
    places = [[str(part) for part in finding["loc"]] for finding in findings]
    if any(place[0] == "path" for place in places):
        return NotFound()
    faults = [Fault(place[0], "/".join(place[1:]), "bad-format", "This value is not valid.") for place in places]
    return RuleBroken(faults=faults)


@cache
def _pages() -> dict[str, str]:
    source = Path(__file__).parents[2] / "openapi" / "problems.md"
    text = source.read_text(encoding="utf-8") if source.is_file() else ""
    parts = re.split(r"^## `?([a-z-]+)`?\n", text, flags=re.MULTILINE)
    return {code: prose.strip() for code, prose in zip(parts[1::2], parts[2::2], strict=True)}


def problem_page(code: str) -> str | None:
    """Return what `openapi/problems.md` says about a code, or None for a code it does not know."""
    return _pages().get(code)
