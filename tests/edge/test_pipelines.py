"""Requests sent before the answer to the one before them: each is answered in its turn, up to one that is refused."""

from collections.abc import Iterator

import pytest

from tests.edge.served import HOST, TOKEN, Service, assert_problem, connection, running

GET = f"GET /v1/clients HTTP/1.1\r\nHost: {HOST}\r\nAuthorization: Bearer {TOKEN}\r\n".encode()
POST = GET.replace(b"GET", b"POST") + b"Content-Type: application/json\r\n"
END = b"\r\n"


@pytest.fixture(scope="module")
def service() -> Iterator[Service]:
    with running() as found:
        yield found


def test_pipelined_requests_are_answered_in_order_until_one_is_refused(service: Service) -> None:
    with connection(service.port) as wire:
        wire.send((GET + END) * 2 + GET.replace(b"clients", b"nothing") + END + b"BREW\r\n\r\n" + GET + END)
        assert [wire.receive().status for _ in range(3)] == [200, 200, 404]
        assert_problem(wire.receive(), {400})
        assert wire.is_closed()


@pytest.mark.parametrize("bad", [b"garbage\r\n\r\n", b"\x00\xff", POST + b"Content-Length: x\r\n\r\n"])
def test_what_is_malformed_behind_a_good_request_is_told_so_after_it(service: Service, bad: bytes) -> None:
    with connection(service.port) as wire:
        wire.send(GET + END + bad)
        assert wire.receive().status == 200
        assert_problem(wire.receive(), {400})
        assert wire.is_closed()


def test_behind_a_request_that_ends_the_connection_nothing_is_answered(service: Service) -> None:
    with connection(service.port) as wire:
        wire.send(GET + b"Connection: close\r\n" + END + b"garbage\r\n\r\n")
        assert wire.receive().status == 200
        assert wire.is_closed()
