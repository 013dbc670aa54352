"""The connection as it is read: deadlines, bounds, and the raw bytes where httptools is too lenient."""

import asyncio
import re
from typing import Final

import httptools
from typing_extensions import override

from app.http.closing import Connection
from app.http.guard import HEADER_LIMIT, URL_LIMIT
from app.kit.errors import AppError, HeadersTooLarge, Malformed, MalformedHeader, UriTooLong

# httptools would also take two spaces, HTTP/0.9, HTTP/2.0 and RTSP in a first line.
_first_line: Final = re.compile(rb"(?:\r\n)*[A-Z-]+ [^ ]+ HTTP/1\.[01]\r\n").match

_HEAD_LIMIT: Final = URL_LIMIT + HEADER_LIMIT + 4096
_CHUNK_FRAME: Final = 16  # the size of a chunk and its line ends
_ADORNMENT_LIMIT: Final = 16 * 1024  # chunk extensions and trailers, which nobody reads


class Protocol(Connection):
    """Uvicorn's protocol, less patient."""

    request_seconds = 10.0  # from the first byte of a request to its last

    @override
    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # uvicorn narrows it too
        super().connection_made(transport)
        self.fresh = False  # the request began in the present read
        self.size = 0  # of the present read, until a request claims it
        self.wire = 0  # bytes read of the request
        self.payload = 0  # of those, body
        self.chunks = 0
        self.due = 0.0
        self.timer: asyncio.TimerHandle | None = None
        self.timeout_keep_alive_task = self.loop.call_later(self.timeout_keep_alive, self.timeout_keep_alive_handler)

    @override
    def connection_lost(self, exc: Exception | None) -> None:
        if self.timer is not None:
            self.timer.cancel()
        super().connection_lost(exc)

    @override
    def data_received(self, data: bytes) -> None:
        if self.deaf:
            return
        if self.arrived and not _first_line(data) and b"\n" in data.lstrip(b"\r\n"):
            self.refuse(Malformed("The first line is not of the form: method, target, HTTP/1.1."))
            return
        # A read that begins with the rest of one request cannot be charged to the next.
        self.size = len(data) if self.arrived else 0
        try:
            self.parser.feed_data(data)
        except httptools.HttpParserUpgrade as upgrade:
            self._read_on(memoryview(data)[upgrade.args[0] :])
        except httptools.HttpParserError as exc:
            self.refuse(self._reason(exc))
            return
        if not self.arrived or self.chunks:
            self._measure(len(data))

    def _reason(self, exc: httptools.HttpParserError) -> AppError:
        if isinstance(exc.__context__, AppError):
            return exc.__context__
        if isinstance(exc, httptools.HttpParserCallbackError | httptools.HttpParserInvalidURLError):
            return Malformed()
        # The parser's words are fixed ones, without any of the input.
        return Malformed(f"{exc}.") if self.opened or not self.url else MalformedHeader(f"{exc}.")

    def _read_on(self, rest: memoryview) -> None:
        """Read what follows a request to upgrade: no protocol is changed here, but the parser believes it is."""
        while not self.opened:
            # Without its Upgrade header the request is an ordinary one, and its body is read.
            version = self.parser.get_http_version().encode()
            head = [self.parser.get_method(), b" ", self.url, b" HTTP/", version, b"\r\n"]
            head += [b"%s: %s\r\n" % header for header in self.headers if header[0] != b"upgrade"]
            self.parser = httptools.HttpRequestParser(self)
            self.parser.set_dangerous_leniencies(lenient_data_after_close=True)
            try:
                self.parser.feed_data(b"".join([*head, b"\r\n"]))
                self.parser.feed_data(rest)
            except httptools.HttpParserUpgrade as upgrade:
                rest = rest[upgrade.args[0] :]
            except httptools.HttpParserError as exc:
                self.refuse(self._reason(exc))
                return
            else:
                return
        # CONNECT, which has no rest.
        self.cycle.keep_alive = False

    def _measure(self, count: int) -> None:
        if self.fresh:
            self.fresh = False
            self.due = self.loop.time() + self.request_seconds
            if self.timer is None and not self.arrived:
                self.timer = self.loop.call_at(self.due, self._on_due)
        else:
            self.wire += count
        if not self.opened:
            if len(self.url) > URL_LIMIT:
                self.refuse(UriTooLong(f"The address may hold at most {URL_LIMIT} bytes."))
            elif self.wire > _HEAD_LIMIT:
                self.refuse(HeadersTooLarge())
        elif self.wire - self.payload > _ADORNMENT_LIMIT and self._adornment() > _ADORNMENT_LIMIT:
            self.refuse(Malformed("The extensions or trailers of the chunks are too long."), whole=True)

    def _adornment(self) -> int:
        head = sum(len(name) + len(value) + 4 for name, value in self.cycle.scope["headers"])
        return self.wire - self.payload - _CHUNK_FRAME * self.chunks - len(self.url) - head

    def _on_due(self) -> None:
        self.timer = None
        if self.arrived or self.deaf:
            return
        wait = self.due - self.loop.time()
        if wait > 0:
            self.timer = self.loop.call_later(wait, self._on_due)
        elif self.flow.read_paused:
            # Our own delay, not the caller's.
            self.timer = self.loop.call_later(1.0, self._on_due)
        else:
            self.refuse(Malformed("The request did not arrive in time."))

    @override
    def eof_received(self) -> bool | None:  # type: ignore[override]  # uvicorn narrows it too
        if not self.arrived:
            self.refuse(Malformed("The request ended before it was complete."))
        if self.ended or self.scheme != "http" or not self.is_busy():
            return None
        # The caller may have closed its half only, and still wait for the answer.
        self.cycle.keep_alive = False
        self.deaf = True
        return True

    @override
    def on_message_begin(self) -> None:
        self._unset_keepalive_if_required()
        self.arrived = self.opened = False
        self.fresh = True
        # A second request in one read begins nobody knows where, so the read is not charged to it.
        self.wire, self.size = self.size, 0
        self.payload = self.chunks = 0
        super().on_message_begin()

    @override
    def on_headers_complete(self) -> None:
        if len(self.url) > URL_LIMIT:
            raise UriTooLong(f"The address may hold at most {URL_LIMIT} bytes.")
        if b"#" in self.url:
            raise Malformed("The address holds a fragment.")
        if self.parser.should_upgrade() and self.parser.get_method() != b"CONNECT":
            return
        super().on_headers_complete()
        self.opened = True
        self.cycle.transport = self.pipe
        if self.expect_100_continue:
            # Refused early, the caller may send the body or not: nobody could tell where the next request begins.
            self.cycle.keep_alive = False
        self.headers = []  # for trailers, which must not pass as headers

    def on_chunk_header(self) -> None:
        """Count a chunk."""
        self.chunks += 1

    @override
    def on_body(self, body: bytes) -> None:
        self.payload += len(body)
        super().on_body(body)

    @override
    def on_message_complete(self) -> None:
        if self.opened:
            self.arrived = True
            super().on_message_complete()

    @override
    def _should_upgrade(self) -> bool:
        return False
