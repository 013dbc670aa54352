"""How a connection ends: refusals below the app as problem documents, and a close that lets the caller read them."""

import asyncio
import inspect
import logging
from http import HTTPStatus
from typing import Any, cast

from starlette.types import Scope
from typing_extensions import override
from uuid_utils import uuid7
from uvicorn._types import ASGI3Application
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from app.http import problems
from app.http.middleware import STANDING
from app.kit.errors import AppError

access = logging.getLogger("crickets.access")


class _Pipe:
    """What a response may do with the transport; when to close it is the connection's decision."""

    __slots__ = ("close", "is_closing", "write")

    def __init__(self, connection: "Connection") -> None:
        self.write = connection.transport.write
        self.is_closing = connection.transport.is_closing
        self.close = connection.finish


class Connection(HttpToolsProtocol):
    """Uvicorn's connection with a careful end."""

    linger_seconds = 5.0  # for the caller to read our last answer while it is still sending
    stall_seconds = 30.0  # for the caller to read anything at all

    @override
    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # uvicorn narrows it too
        super().connection_made(transport)
        self.arrived = True  # no request is partly read
        self.opened = False  # the headers of the one being read are complete
        self.deaf = False  # whatever comes now is dropped
        self.ended = False  # nothing will be answered any more
        self.refused: AppError | None = None  # to be answered once everybody before has been
        self.stall: asyncio.TimerHandle | None = None
        self.linger: asyncio.TimerHandle | None = None
        self.task: asyncio.Task[None] | None = None
        self.pipe = cast("asyncio.Transport", _Pipe(self))

    @override
    def connection_lost(self, exc: Exception | None) -> None:
        for timer in (self.stall, self.linger):
            if timer is not None:
                timer.cancel()
        self._unset_keepalive_if_required()
        super().connection_lost(exc)

    @override
    def _start_asgi_task(self, cycle: RequestResponseCycle, app: ASGI3Application) -> None:
        self.task = self.loop.create_task(cycle.run_asgi(app))
        self.task.add_done_callback(self.tasks.discard)
        self.tasks.add(self.task)

    @override
    def on_response_complete(self) -> None:
        if self.deaf and not self.pipeline:
            self.server_state.total_requests += 1
            if self.refused is not None and not self.ended:
                self._write(self.refused)
            self.finish()
            return
        super().on_response_complete()
        if not self.arrived and not self.opened:
            # The next request is under way, and its own deadline runs.
            self._unset_keepalive_if_required()

    def is_busy(self) -> bool:
        """Say whether an answer is owed."""
        return self.cycle is not None and not self.cycle.response_complete

    def refuse(self, error: AppError, *, whole: bool = False) -> None:
        """Answer what the parser or a deadline refused, once earlier answers have gone out; then close.

        `whole` says that it is the request that arrived last, and not what has begun behind it.
        """
        if self.deaf:
            return
        is_known = self.opened and (whole or not self.arrived)  # to the app, or waiting for it
        self.deaf = True
        self.arrived = False
        if self.pipeline:
            if is_known:
                self.pipeline.popleft()
            self.refused = error
        elif not self.is_busy():
            if not is_known:
                self._write(error)
            self.finish()
        elif not is_known:
            self.refused = error
        elif not self.cycle.response_started:
            self._drop()
            self._write(error)
            self.finish()

    def _drop(self) -> None:
        self.cycle.disconnected = True
        self.cycle.message_event.set()
        # Refused in the read that brought it: then it must not even begin, whether or not it wants a body.
        if self.task is not None and inspect.getcoroutinestate(cast("Any", self.task.get_coro())) == "CORO_CREATED":
            self.task.cancel()

    def _write(self, error: AppError) -> None:
        request_id = str(uuid7())
        scope: Scope = {"headers": self.headers or [], "scheme": self.scheme, "server": self.server}
        configured = getattr(getattr(self.app, "state", self.app), "base_url", None)
        base_url = problems.base_url_of(scope, configured)
        status, headers, body = problems.render(error, request_id=request_id, base_url=base_url)
        headers += [*self.server_state.default_headers, (b"request-id", request_id.encode()), *STANDING]
        lines = [b"HTTP/1.1 %d %s" % (status, HTTPStatus(status).phrase.encode())]
        lines += [b"%s: %s" % header for header in headers if header[0] != b"connection"]
        self.transport.write(b"\r\n".join([*lines, b"connection: close", b"", body]))
        access.info("method=- route=- status=%d ms=0 request_id=%s", status, request_id)

    def finish(self) -> None:
        """Close so that the caller sees the last answer: with input unread, the kernel would reset the connection."""
        self.deaf = self.ended = True
        self.pipeline.clear()
        self._unset_keepalive_if_required()
        if self.arrived or not self.transport.can_write_eof():
            self.transport.close()
        elif self.linger is None:
            self.transport.write_eof()
            self.flow.resume_reading()
            self.linger = self.loop.call_later(self.linger_seconds, self.transport.abort)

    @override
    def pause_writing(self) -> None:
        super().pause_writing()
        self.stall = self.loop.call_later(self.stall_seconds, self.transport.abort)

    @override
    def resume_writing(self) -> None:
        super().resume_writing()
        if self.stall is not None:
            self.stall.cancel()
            self.stall = None
