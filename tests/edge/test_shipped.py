"""`crickets serve` as it is shipped: raw bytes on its flags, and callers that are slow on purpose."""

import asyncio
import contextlib
import json
import select
import socket
import time
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from pydantic import SecretStr

from app.practices import service as practices
from app.settings import Settings
from tests.edge import corpus, verdict
from tests.edge.corpus import filled
from tests.edge.target import Target
from tests.edge.test_corpus import as_noted
from tests.support.database import Server
from tests.support.serving import serving

#: C20: a request must arrive within 10 s; idle and half-sent connections are closed within 15 s.
CLOSED = 15.0
HEAD = b"POST /v1/clients HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
SLOW = {
    "nothing": b"",
    "a letter": b"G",
    "half a line": b"GET /v1/cl",
    "half the headers": b"GET /v1/clients HTTP/1.1\r\nHost: a\r\nX-A: ",
    "half a body": HEAD + b'Content-Length: 99\r\n\r\n{"name"',
    "half a chunk": HEAD + b"Transfer-Encoding: chunked\r\n\r\n10\r\n{",
    "no last chunk": HEAD + b"Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n",
    "no trailer": HEAD + b"Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n",
    "waiting to be told": HEAD + b"Content-Length: 2\r\nExpect: 100-continue\r\n\r\n",
    "answered, then idle": b"GET /livez HTTP/1.1\r\nHost: a\r\n\r\n",
    "answered, then half": b"GET /livez HTTP/1.1\r\nHost: a\r\n\r\nGET /livez HTTP/1.1\r\nHo",
}
#: A byte now and then, for ever.
DRIPPING = {
    "headers by the byte": b"GET /v1/clients HTTP/1.1\r\nHost: a\r\nX-A: " + b"a" * 500,
    "a body by the byte": HEAD + b"Content-Length: 500\r\n\r\n" + b" " * 400,
    "chunks by the byte": HEAD + b"Transfer-Encoding: chunked\r\n\r\n" + b"1\r\n \r\n" * 80,
}


@pytest.fixture(scope="module")
def target(server: Server, database_name: str) -> Iterator[Target]:
    url = server.url(database_name, "crickets_app")
    settings = Settings(environment="test", database_url=SecretStr(url))
    made = asyncio.run(practices.first_practice(settings, name="P", owner_email="o@example.com", time_zone="UTC"))
    limits = dict.fromkeys(("CRICKETS_LIMIT_READ", "CRICKETS_LIMIT_WRITE", "CRICKETS_LIMIT_PRACTICE"), "1000000")
    with serving(url, **limits) as base:
        found = Target(int(base.rpartition(":")[2]), made["api_key"])
        body = {"name": "A", "time_zone": "UTC", "employment_status": "employed"}
        found.client_id = found.send_json("POST", "/v1/clients", body).problem["id"]
        yield found
        found.line.close()


@pytest.mark.parametrize("where", ["raw", "header", "path", "query"])
def test_the_corpus_on_the_shipped_flags(target: Target, where: str) -> None:
    wrong = []
    for entry in corpus.entries(where):
        answer = as_noted(entry, target, "")
        if answer.status not in entry["expect"] or verdict.misshapen(answer):
            wrong.append((entry["id"], entry["note"], answer.status, answer.body[:200]))
    assert wrong == []


def test_the_deepest_nesting_is_refused_at_once(target: Target) -> None:
    (entry,) = [one for one in corpus.entries("body") if "within 50 ms" in one["note"]]
    raw = filled(entry, target.known)
    took = []
    for _ in range(5):
        begun = time.perf_counter()
        assert target.send("POST", "/v1/clients", body=raw).problem["code"] == "too-complex"
        took.append(time.perf_counter() - begun)
    assert min(took) < 0.05


@dataclass
class Caller:
    """One who is slow: what was heard, and after how long the connection was closed."""

    sock: socket.socket
    rest: Iterator[bytes]
    heard: bytes = b""
    closed: float | None = None

    def listen(self, since: float) -> None:
        """Read what has come."""
        try:
            piece = self.sock.recv(65536)
        except ConnectionError:
            piece = b""
        self.heard += piece
        if not piece:
            self.closed = time.monotonic() - since
            self.sock.close()

    def drip(self) -> None:
        """Send one more byte, if there is one."""
        with contextlib.suppress(OSError):
            self.sock.sendall(next(self.rest, b""))


def call(port: int, name: str) -> Caller:
    """Begin one of the slow requests."""
    data = {**SLOW, **DRIPPING}[name]
    at_once = 40 if name in DRIPPING else len(data)
    sock = socket.create_connection(("127.0.0.1", port))
    sock.sendall(data[:at_once])
    return Caller(sock, iter([data[at : at + 1] for at in range(at_once, len(data))]))


@pytest.mark.soak
def test_slow_and_half_sent_requests_are_closed_in_time(target: Target) -> None:
    """All at once, so that it takes as long as one; meanwhile others are served."""
    begun = time.monotonic()
    callers = {name: call(target.port, name) for name in (*SLOW, *DRIPPING)}
    while (open_ := [one for one in callers.values() if one.closed is None]) and time.monotonic() < begun + CLOSED + 5:
        ready, _, _ = select.select([one.sock for one in open_], [], [], 0.1)
        for one in open_:
            if one.sock in ready:
                one.listen(begun)
            else:
                one.drip()
        assert target.send("GET", "/livez").status == 200
    closed = {name: one.closed for name, one in callers.items()}
    assert all(after is not None and after < CLOSED for after in closed.values()), closed
    print("closed after", closed)  # noqa: T201  # the figure of a soak
    for name, one in callers.items():
        check_last_words(name, one.heard)


def check_last_words(name: str, heard: bytes) -> None:
    """Nobody who had begun a request is left without a word."""
    last = heard.rpartition(b"HTTP/1.1 ")[2]
    if name == "nothing":
        assert heard == b""
    elif name == "answered, then idle":
        assert (heard.count(b"HTTP/1.1 "), last[:3]) == (1, b"200")
    else:
        # Without a good credential some are refused before their body is there.
        assert last[:3] in {b"400", b"401"}, (name, heard)
        assert json.loads(last.partition(b"\r\n\r\n")[2])["status"] == int(last[:3])
