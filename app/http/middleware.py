"""The outermost layer: what holds for every request and every answer, whatever route they belong to."""

import asyncio
import logging
from collections.abc import Callable, Collection, Sequence
from time import perf_counter
from typing import Any, Final

from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uuid_utils import uuid7

from app.http import guard, problems
from app.http.guard import accepts_json, read_body
from app.kit.errors import AppError, Internal, NotFound, Unavailable

__all__ = ["STANDING", "Edge", "accepts_json", "read_body"]

access = logging.getLogger("crickets.access")

Header = tuple[bytes, bytes]

# On every answer (API.md C19); a page of documentation may set the first two itself.
STANDING: Final[tuple[Header, ...]] = (
    (b"cache-control", b"no-store"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
)
_CLOSE: Final[Header] = (b"connection", b"close")
_EVERY_METHOD: Final = frozenset({"DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"})
_EXPOSED: Final[Header] = (
    b"access-control-expose-headers",
    b"Deprecation,ETag,Idempotent-Replayed,Link,Location,RateLimit,RateLimit-Policy,Request-Id,Retry-After,Sunset",
)
_PREFLIGHT: Final[tuple[Header, ...]] = (
    (
        b"access-control-allow-headers",
        b"Accept, Authorization, Content-Type, Idempotency-Key, If-Match, If-None-Match",
    ),
    (b"access-control-max-age", b"600"),
)


class Edge:
    """Request id, header guard, OPTIONS, HEAD, CORS, standing headers, the opaque 500 and one log line a request."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        base_url: str | None,
        allowed_origins: Sequence[str],
        allowed_methods: Callable[[Scope], Collection[str]],
        notices: Callable[[Scope], Sequence[Header]] = lambda _: (),
    ) -> None:
        self.app = app
        self.base_url = base_url
        self.origins = frozenset(origin.encode("latin-1") for origin in allowed_origins)
        self.allowed_methods = allowed_methods
        self.notices = notices

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request; a lifespan goes straight through."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        begun = perf_counter()
        request_id = str(uuid7())
        scope.setdefault("state", {})["request_id"] = request_id
        cors = self._cors(scope) if self.origins else ()
        reply = _Reply(send, scope["state"], cors, is_head=scope["method"] == "HEAD")
        if reply.is_head:
            # A copy, because the server looks at its own scope to leave the body of a HEAD unsent.
            scope = {**scope, "method": "GET"}
        scope["state"]["notices"] = self.notices(scope)
        try:
            await self._serve(scope, receive, reply)
        finally:
            if access.isEnabledFor(logging.INFO):
                _note(scope, reply, request_id, perf_counter() - begun)

    async def _serve(self, scope: Scope, receive: Receive, reply: "_Reply") -> None:
        try:
            if (error := guard.check(scope)) is not None:
                await self._refuse(error, scope, reply, _CLOSE)
            elif scope["method"] == "OPTIONS":
                await self._options(scope, reply)
            elif guard.is_plain_path(guard.raw_path(scope)):
                await self.app(scope, receive, reply)
            else:
                await self._refuse(NotFound(), scope, reply)
        except Exception as exc:  # noqa: BLE001 the last line: whatever it is, the caller gets an opaque 500
            await self._fail(exc, scope, reply)
        except asyncio.CancelledError:
            # The server gives up waiting at shutdown; nothing was committed that an answer has not told.
            if not reply.status:
                await self._refuse(Unavailable(), scope, reply, _CLOSE)
            raise

    async def _fail(self, exc: Exception, scope: Scope, reply: "_Reply") -> None:
        if not scope["state"].get("answered") and not isinstance(exc, ClientDisconnect):
            problems.record(exc, reply.request_id)
        if not reply.status:
            await self._refuse(Internal(), scope, reply, _CLOSE)
        elif not reply.is_complete:
            # The server closes the connection on any error, and logs it: hence one that says nothing.
            raise RuntimeError("an answer was cut short") from None

    async def _refuse(self, error: AppError, scope: Scope, reply: "_Reply", *more: Header) -> None:
        base_url = problems.base_url_of(scope, self.base_url)
        status, headers, body = problems.render(error, request_id=reply.request_id, base_url=base_url)
        headers += [header for header in more if header not in headers]
        await reply({"type": "http.response.start", "status": status, "headers": headers})
        await reply({"type": "http.response.body", "body": body})

    async def _options(self, scope: Scope, reply: "_Reply") -> None:
        everywhere = scope["path"] == "*"
        methods = _EVERY_METHOD if everywhere else self.allowed_methods(scope)
        plain = everywhere or guard.is_plain_path(guard.raw_path(scope))
        if not methods or not plain:
            await self._refuse(NotFound(), scope, reply)
            return
        listed = ", ".join(sorted(methods)).encode()
        headers: list[Header] = [(b"allow", listed)]
        if reply.is_cross_origin and any(name == b"access-control-request-method" for name, _ in scope["headers"]):
            headers += [(b"access-control-allow-methods", listed), *_PREFLIGHT]
        await reply({"type": "http.response.start", "status": 204, "headers": headers})
        await reply({"type": "http.response.body", "body": b""})

    def _cors(self, scope: Scope) -> tuple[Header, ...]:
        # Never with credentials: callers authenticate by a header that no browser adds by itself.
        origin = next((value for name, value in scope["headers"] if name == b"origin"), None)
        if origin is not None and b"*" in self.origins:
            return (b"access-control-allow-origin", b"*"), _EXPOSED
        if origin is not None and origin in self.origins:
            return (b"access-control-allow-origin", origin), _EXPOSED, (b"vary", b"Origin")
        return ((b"vary", b"Origin"),)


class _Reply:
    """The `send` of one request: adds the standing headers, and remembers what has been said."""

    __slots__ = ("cors", "is_complete", "is_head", "request_id", "send", "state", "status")

    def __init__(self, send: Send, state: dict[str, Any], cors: tuple[Header, ...], *, is_head: bool) -> None:
        self.send = send
        self.state = state
        self.request_id: str = state["request_id"]
        self.cors = cors
        self.is_head = is_head
        self.status = 0
        self.is_complete = False

    @property
    def is_cross_origin(self) -> bool:
        return len(self.cors) > 1

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            headers: list[Header] = list(message.get("headers", ()))
            names = [name for name, _ in headers]
            headers.append((b"request-id", self.request_id.encode()))
            if b"cache-control" in names or b"content-security-policy" in names:
                headers += [header for header in STANDING if header[0] not in names]
            else:
                headers += STANDING
            headers += self.cors
            headers += self.state.get("limits", ())
            headers += self.state.get("notices", ())
            message["headers"] = headers
        else:
            self.is_complete = not message.get("more_body", False)
            if self.is_head:
                message["body"] = b""
        await self.send(message)


def _note(scope: Scope, reply: _Reply, request_id: str, seconds: float) -> None:
    context = scope.get("fastapi", {}).get("effective_route_context") or scope.get("route")
    access.info(
        "method=%(method)s route=%(route)s status=%(status)d ms=%(ms).1f request_id=%(request_id)s",
        {
            "method": "HEAD" if reply.is_head else scope["method"],
            # The template, never the path, which may hold a token or an id.
            "route": getattr(context, "path", None) or "-",
            "status": reply.status or 499,
            "ms": seconds * 1000,
            "request_id": request_id,
        },
    )
