"""The real application on the shipped protocol and a real socket, and requests sent to it byte by byte."""

import contextlib
import json
import re
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import httpx2 as httpx
import uvicorn
from pydantic import SecretStr

from app.http.protocol import Protocol
from app.main import create_app
from app.settings import Settings
from tests.edge.corpus import Known
from tests.edge.served import Answer, Wire
from tests.support.api import Clock
from tests.support.contract import Contract

_PLAIN = re.compile(r"(?:/[A-Za-z0-9][A-Za-z0-9.-]*)+(?:\?.*)?", re.DOTALL).fullmatch


@dataclass
class Line:
    """A connection that is kept as long as the service keeps it."""

    port: int
    sock: socket.socket | None = None
    wire: Wire | None = None

    def exchange(self, data: bytes, method: str = "GET") -> Answer:
        """Send bytes and read one answer; an interim 100 is passed over."""
        try:
            return self._try(data, method)
        except (ConnectionError, OSError):
            if self.sock is None:
                raise
            self.close()
            return self._try(data, method)

    def _try(self, data: bytes, method: str) -> Answer:
        if self.sock is None:
            self.sock = socket.create_connection(("127.0.0.1", self.port), timeout=20)
            self.wire = Wire(self.sock)
        assert self.wire is not None
        self.wire.send(data)
        answer = self.wire.receive(method)
        if answer.closed or answer.headers.get("connection") == "close":
            self.close()
        return answer

    def close(self) -> None:
        """End the connection."""
        if self.sock is not None and self.wire is not None:
            self.wire.file.close()
            self.sock.close()
        self.sock = self.wire = None


@dataclass
class Target:
    """The service under fire, one of its practices, and the placeholders that it fills."""

    port: int
    token: str = ""
    client_id: str = ""
    contract: Contract | None = None
    line: Line = field(init=False)

    def __post_init__(self) -> None:
        self.line = Line(self.port)

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.port}"

    @property
    def known(self) -> Known:
        return Known(self.token, self.host, self.client_id)

    def send(self, method: str, path: str, *lines: str, body: bytes | None = None) -> Answer:
        """Send one request; header lines given take the place of our own of that name."""
        own = [f"Host: {self.host}", f"Authorization: Bearer {self.token}"]
        if body is not None:
            own += [f"Content-Length: {len(body)}", "Content-Type: application/json"]
        names = {line.split(":")[0].lower() for line in lines}
        kept = [line for line in own if line.split(":")[0].lower() not in names]
        head = "\r\n".join([f"{method} {path} HTTP/1.1", *kept, *lines, "", ""]).encode("latin-1")
        answer = self.line.exchange(head + (body or b""), method)
        # A path that is spoilt itself belongs to no operation.
        if self.contract is not None and _PLAIN(path):
            asked = httpx.Request(method, httpx.URL(f"http://{self.host}{path}"))
            self.contract.check(
                httpx.Response(answer.status, headers=answer.headers, content=answer.body, request=asked)
            )
        return answer

    def send_json(self, method: str, path: str, body: Any, *lines: str) -> Answer:
        """Send a document."""
        return self.send(method, path, *lines, body=json.dumps(body).encode())

    def raw(self, data: bytes) -> Answer:
        """Send bytes on a connection of their own."""
        line = Line(self.port)
        with contextlib.closing(line):
            return line.exchange(data, data.lstrip(b"\r\n").partition(b" ")[0].decode("latin-1"))


@contextlib.contextmanager
def served(database_url: str, clock: Clock) -> Iterator[int]:
    """Serve the application as `crickets serve` does, on the tests' clock, and return the port."""
    generous: dict[str, Any] = dict.fromkeys(("limit_read", "limit_write", "limit_auth", "limit_practice"), 1_000_000)
    settings = Settings(
        environment="test",
        database_url=SecretStr(database_url),
        secret_key=SecretStr("only-for-tests"),
        db_pool_size=4,
        **generous,
    )
    config = uvicorn.Config(
        create_app(settings, now=clock), port=0, loop="auto", http=Protocol, ws="none", log_config=None,
        access_log=False, proxy_headers=False, server_header=False, timeout_keep_alive=10,
    )  # fmt: skip
    running = uvicorn.Server(config)
    thread = threading.Thread(target=running.run, daemon=True)
    thread.start()
    while not running.started:
        time.sleep(0.005)
    try:
        yield running.servers[0].sockets[0].getsockname()[1]
    finally:
        running.should_exit = True
        thread.join(10)
