"""A load driver: keep-alive connections that each have one request under way, and nothing that grows without bound."""

import asyncio
import re
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any

import uvloop
from typing_extensions import override

_LENGTH = re.compile(rb"content-length: (\d+)", re.IGNORECASE)
_HEAD_END = b"\r\n\r\n"
_OK = range(200, 300)
_LIMIT = 900.0


@dataclass(frozen=True, slots=True)
class Driven:
    """What was measured from outside: seconds from asking to the last byte of the answer, in the order of asking."""

    latencies: Sequence[float]
    seconds: float

    @property
    def rate(self) -> float:
        """Answers per second."""
        return len(self.latencies) / self.seconds

    def percentile(self, share: float) -> float:
        """Return the latency that this share of the requests did not exceed."""
        ordered = sorted(self.latencies)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


class UnexpectedAnswer(Exception):
    """The server answered with something else than success."""


class _Line(asyncio.Protocol):
    """One connection; `ask` again when the answer before is there."""

    def __init__(self) -> None:
        self._transport: Any = None
        self._held = b""
        self._missing = 0
        self._answer: asyncio.Future[bytes] | None = None

    @override
    def connection_made(self, transport: Any) -> None:
        self._transport = transport

    def ask(self, request: bytes) -> "asyncio.Future[bytes]":
        """Send a request; the future holds the whole answer."""
        self._answer = asyncio.get_running_loop().create_future()
        self._transport.write(request)
        return self._answer

    @override
    def data_received(self, data: bytes) -> None:
        self._held += data
        if not self._missing:
            end = self._held.find(_HEAD_END)
            if end < 0:
                return
            found = _LENGTH.search(self._held, 0, end)
            self._missing = end + len(_HEAD_END) + (int(found[1]) if found else 0)
        if len(self._held) >= self._missing and self._answer is not None:
            answer, self._held, self._missing = self._held, b"", 0
            self._answer.set_result(answer)

    @override
    def connection_lost(self, exc: Exception | None) -> None:
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(ConnectionError("the server closed the connection"))

    @property
    def is_closed(self) -> bool:
        """Whether nothing can be asked here any more."""
        return bool(self._transport.is_closing())

    def close(self) -> None:
        """Hang up."""
        self._transport.close()


def closed(port: int, requests: Sequence[bytes], *, connections: int) -> Driven:
    """Send the requests over this many connections, each as soon as the answer before is there."""
    return uvloop.run(asyncio.wait_for(_closed(port, requests, connections), _LIMIT))


def paced(port: int, requests: Sequence[bytes], *, rate: float, connections: int) -> Driven:
    """Send `rate` requests a second whatever the answers take; the waiting for a free connection counts."""
    return uvloop.run(asyncio.wait_for(_paced(port, requests, rate, connections), _LIMIT))


def one(port: int, request: bytes) -> bytes:
    """Send one request and return the body of its answer."""

    async def ask() -> bytes:
        (line,) = await _lines(port, 1)
        answer = _checked(await line.ask(request))
        line.close()
        return answer

    return uvloop.run(asyncio.wait_for(ask(), _LIMIT))


async def _lines(port: int, connections: int) -> list[_Line]:
    loop = asyncio.get_running_loop()
    return [(await loop.create_connection(_Line, "127.0.0.1", port))[1] for _ in range(connections)]


def _checked(answer: bytes) -> bytes:
    if int(answer[9:12]) not in _OK:
        raise UnexpectedAnswer(answer[:2000].decode(errors="replace"))
    return answer.partition(_HEAD_END)[2]


async def _closed(port: int, requests: Sequence[bytes], connections: int) -> Driven:
    lines = await _lines(port, min(connections, len(requests)))
    latencies = [0.0] * len(requests)
    numbers: Iterator[int] = count()

    async def work(line: _Line) -> None:
        while (number := next(numbers)) < len(requests):
            began = time.perf_counter()
            answer = await line.ask(requests[number])
            latencies[number] = time.perf_counter() - began
            _checked(answer)
        line.close()

    began = time.perf_counter()
    await asyncio.gather(*(work(line) for line in lines))
    return Driven(latencies, time.perf_counter() - began)


async def _paced(port: int, requests: Sequence[bytes], rate: float, connections: int) -> Driven:
    lines = await _lines(port, connections)
    latencies = [0.0] * len(requests)
    numbers: Iterator[int] = count()
    began = time.perf_counter()

    async def work(line: _Line) -> None:
        while (number := next(numbers)) < len(requests):
            due = began + number / rate
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            if line.is_closed:  # the server hangs up on whoever says nothing for ten seconds
                (line,) = await _lines(port, 1)
            _checked(await line.ask(requests[number]))
            latencies[number] = time.perf_counter() - due
        line.close()

    await asyncio.gather(*(work(line) for line in lines))
    return Driven(latencies, time.perf_counter() - began)
