"""Raw bytes on a socket: what is refused below the app, and that the caller gets to read why."""

import contextlib
import re
import socket
import time
from collections.abc import Iterator

import pytest

from app.http.protocol import Protocol
from tests.edge.served import (
    CLIENT,
    HOST,
    LARGE,
    TOKEN,
    Service,
    assert_problem,
    assert_standing,
    connection,
    exchange,
    request,
    running,
)


class Impatient(Protocol):
    request_seconds = 0.5
    linger_seconds = 0.3
    stall_seconds = 0.3


@pytest.fixture(scope="module")
def service() -> Iterator[Service]:
    with running() as found:
        yield found


@pytest.fixture(scope="module")
def impatient() -> Iterator[Service]:
    with running(Impatient, keep_alive=0.4) as found:
        yield found


GET = f"GET /v1/clients HTTP/1.1\r\nHost: {HOST}\r\nAuthorization: Bearer {TOKEN}\r\n".encode()
POST = GET.replace(b"GET", b"POST") + b"Content-Type: application/json\r\n"
CHUNKED = POST + b"Transfer-Encoding: chunked\r\n\r\n"
END = b"\r\n"
UPGRADE = b"POST /v1/clients HTTP/1.1\r\nUpgrade: h2c\r\nConnection: upgrade\r\n"

REFUSED = {
    "bare LF line ends": GET.replace(b"\r\n", b"\n") + b"\n",
    "bare LF after the first line": GET.replace(b"1.1\r\n", b"1.1\n") + END,
    "bare LF after a header": GET + b"X-A: b\nX-C: d\r\n\r\n",
    "bare CR in a header": GET + b"X-A: b\rc\r\n\r\n",
    "bare CR after the first line": GET.replace(b"1.1\r\n", b"1.1\r") + END,
    "lower-case method": GET.replace(b"GET", b"get") + END,
    "mixed-case method": GET.replace(b"GET", b"Get") + END,
    "unknown method": GET.replace(b"GET", b"BREW") + END,
    "empty method": GET.replace(b"GET /", b" /") + END,
    "two spaces before the target": GET.replace(b"GET /", b"GET  /") + END,
    "tab before the target": GET.replace(b"GET /", b"GET\t/") + END,
    "space after the version": GET.replace(b"1.1\r\n", b"1.1 \r\n") + END,
    "space in the target": GET.replace(b"clients", b"cli ents") + END,
    "no version": GET.replace(b" HTTP/1.1", b"") + END,
    "HTTP/0.9": GET.replace(b"HTTP/1.1", b"HTTP/0.9") + END,
    "HTTP/2.0": GET.replace(b"HTTP/1.1", b"HTTP/2.0") + END,
    "HTTP/1.2": GET.replace(b"HTTP/1.1", b"HTTP/1.2") + END,
    "HTTP/1.10": GET.replace(b"HTTP/1.1", b"HTTP/1.10") + END,
    "http/1.1": GET.replace(b"HTTP/1.1", b"http/1.1") + END,
    "RTSP": GET.replace(b"HTTP/1.1", b"RTSP/1.0") + END,
    "HTTP/2 preface": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "a TLS hello": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\n" * 20,
    "raw UTF-8 in the path": GET.replace(b"clients", "clients/é".encode()) + END,
    "raw Latin-1 in the query": GET.replace(b"clients", b"clients?q=\xe9") + END,
    "NUL in the path": GET.replace(b"clients", b"cli\0ents") + END,
    "relative target": GET.replace(b"/v1/clients", b"v1/clients") + END,
    "fragment in the target": GET.replace(b"clients", b"clients#top") + END,
    "authority form": GET.replace(b"GET /v1/clients", b"CONNECT a:80") + END,
    "absolute form without a path": GET.replace(b"/v1/clients", b"http://a") + END,
    "folded header": GET + b"X-A: b\r\n c\r\n\r\n",
    "header folded with a tab": GET + b"X-A: b\r\n\tc\r\n\r\n",
    "first header folded": GET.replace(b"\r\nHost", b"\r\n Host") + END,
    "space before the colon": GET.replace(b"Host:", b"Host :") + END,
    "header without a colon": GET + b"X-A\r\n\r\n",
    "header without a name": GET + b": a\r\n\r\n",
    "not ASCII in a header name": GET + b"X-\xe9: a\r\n\r\n",
    "NUL in a header": GET + b"X-A: b\0c\r\n\r\n",
    "control character in a header": GET + b"X-A: b\x01c\r\n\r\n",
    "DEL in a header": GET + b"X-A: b\x7fc\r\n\r\n",
    "two Hosts": GET + b"Host: other.example\r\n\r\n",
    "the same Host twice": GET + f"host: {HOST}\r\n\r\n".encode(),
    "no Host": re.sub(rb"Host:.*\r\n", b"", GET) + END,
    "empty Host": re.sub(rb"Host:.*\r\n", b"Host:\r\n", GET) + END,
    "Host with a path": re.sub(rb"Host:.*\r\n", b"Host: a/b\r\n", GET) + END,
    "Host with a user": re.sub(rb"Host:.*\r\n", b"Host: u@a\r\n", GET) + END,
    "two Authorizations": GET + b"Authorization: Bearer x\r\n\r\n",
    "two Content-Types": POST + b"Content-Type: text/plain\r\nContent-Length: 2\r\n\r\n{}",
    "two Content-Lengths": POST + b"Content-Length: 2\r\nContent-Length: 3\r\n\r\n{} ",
    "the same Content-Length twice": POST + b"Content-Length: 2\r\nContent-Length: 2\r\n\r\n{}",
    "two If-Matches": GET + b'If-Match: "1"\r\nIf-Match: "2"\r\n\r\n',
    "two Idempotency-Keys": POST + b"Idempotency-Key: a\r\nIdempotency-Key: a\r\nContent-Length: 2\r\n\r\n{}",
    "list of lengths": POST + b"Content-Length: 2, 2\r\n\r\n{}",
    "signed length": POST + b"Content-Length: +2\r\n\r\n{}",
    "negative length": POST + b"Content-Length: -2\r\n\r\n{}",
    "hexadecimal length": POST + b"Content-Length: 0x2\r\n\r\n{}",
    "empty length": POST + b"Content-Length:\r\n\r\n{}",
    "length beyond 64 bits": POST + b"Content-Length: 99999999999999999999\r\n\r\n{}",
    "length and coding": POST + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "coding and length": POST + b"Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n",
    "two codings": POST + b"Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
    "two coding headers": POST + b"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "unknown coding": POST + b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
    "identity coding": POST + b"Transfer-Encoding: identity\r\n\r\n{}",
    "quoted coding": POST + b'Transfer-Encoding: "chunked"\r\n\r\n0\r\n\r\n',
    "empty coding": POST + b"Transfer-Encoding:\r\n\r\n0\r\n\r\n",
    "coding in HTTP/1.0": CHUNKED.replace(b"HTTP/1.1", b"HTTP/1.0") + b"2\r\n{}\r\n0\r\n\r\n",
    "no chunk size": CHUNKED + b"\r\n{}\r\n0\r\n\r\n",
    "bad chunk size": CHUNKED + b"ZZ\r\n{}\r\n0\r\n\r\n",
    "signed chunk size": CHUNKED + b"+2\r\n{}\r\n0\r\n\r\n",
    "negative chunk size": CHUNKED + b"-2\r\n{}\r\n0\r\n\r\n",
    "prefixed chunk size": CHUNKED + b"0x2\r\n{}\r\n0\r\n\r\n",
    "chunk size beyond 64 bits": CHUNKED + b"fffffffffffffffff\r\n{}\r\n0\r\n\r\n",
    "chunk longer than its size": CHUNKED + b"1\r\n{}\r\n0\r\n\r\n",
    "bare LF after a chunk size": CHUNKED + b"2\n{}\r\n0\r\n\r\n",
    "bare LF after a chunk": CHUNKED + b"2\r\n{}\n0\r\n\r\n",
    "NUL in a chunk extension": CHUNKED + b"2;a\0b\r\n{}\r\n0\r\n\r\n",
    "20 KB chunk extension": CHUNKED + b"2;" + b"x" * 20_000 + b"\r\n{}\r\n0\r\n\r\n",
    "20 KB of trailers": CHUNKED + b"2\r\n{}\r\n0\r\n" + b"X-A: b\r\n" * 3000 + END,
    "length in the trailers": CHUNKED + b"2\r\n{}\r\n0\r\nContent-Length: 9\r\n\r\n",
}


@pytest.mark.parametrize("data", REFUSED.values(), ids=REFUSED)
def test_broken_framing_is_400_and_closes(service: Service, data: bytes) -> None:
    before = len(service.stored)
    answer = exchange(service.port, data)
    assert_problem(answer, {400})
    assert answer.closed
    assert answer.problem["code"] in {"malformed-request", "malformed-header"}
    assert len(service.stored) == before


TOO_LONG = {
    "8 KiB + 1 of URL": (GET.replace(b"clients", b"clients?q=" + b"a" * 8179), 414),
    "70 KB URL": (GET.replace(b"clients", b"clients?q=" + b"a" * 70_000), 414),
    "1 MB URL": (GET.replace(b"clients", b"clients?q=" + b"a" * 1_000_000), 414),
    "101 headers": (GET + b"X-A: b\r\n" * 99, 431),
    "1,000 headers": (GET + b"X-A: b\r\n" * 1000, 431),
    "17 KiB in one header": (GET + b"X-A: " + b"b" * 17_000 + END, 431),
    "17 KiB of headers": (GET + (b"X-A: " + b"b" * 495 + END) * 34, 431),
    "1 MB header": (GET + b"X-A: " + b"b" * 1_000_000 + END, 431),
    "1 MB of headers": (GET + b"X-A: b\r\n" * 125_000, 431),
}


@pytest.mark.parametrize(("head", "status"), TOO_LONG.values(), ids=TOO_LONG)
def test_long_heads_are_refused_and_the_answer_is_read(service: Service, head: bytes, status: int) -> None:
    answer = exchange(service.port, head + END)
    assert_problem(answer, {status})
    assert answer.closed


@pytest.mark.parametrize("head", [GET + b"X-A: ", GET.replace(b"clients", b"clients?q=")], ids=["header", "target"])
def test_an_endless_head_is_refused_while_it_arrives(service: Service, head: bytes) -> None:
    with connection(service.port) as wire:
        wire.send(head)
        for _ in range(12):
            wire.send(b"a" * 4096)
            time.sleep(0.005)
        assert_problem(wire.receive(), {414, 431})


ACCEPTED = {
    "8 KiB of URL": (GET.replace(b"clients", b"clients?q=" + b"a" * 8178) + END, 200),
    "100 headers": (GET + b"X-A: b\r\n" * 98 + END, 200),
    "empty lines first": (b"\r\n\r\n" + GET + END, 200),
    "absolute form": (GET.replace(b"/v1", b"http://other.example/v1") + END, 200),
    "HTTP/1.0 without a Host": (re.sub(rb"Host:.*\r\n", b"", GET).replace(b"1.1", b"1.0") + END, 200),
    "Latin-1 in a header": (GET + b"X-A: \xe9\r\n\r\n", 200),
    "leading zeros in the length": (POST + b"Content-Length: 0002\r\n\r\n{}", 201),
    "chunks": (CHUNKED + b"1\r\n{\r\n1;a=b\r\n}\r\n0\r\n\r\n", 201),
    "chunks in upper case": (POST + b"TRANSFER-ENCODING: Chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n", 201),
    "1-byte chunks": (CHUNKED + b"1\r\n \r\n" * 30_000 + b"2\r\n{}\r\n0\r\n\r\n", 201),
    "upgrade to h2c": (GET + b"Upgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\nHTTP2-Settings: AA\r\n\r\n", 200),
    "upgrade to a websocket": (GET + b"Upgrade: websocket\r\nConnection: Upgrade\r\n\r\n", 200),
    "upgrade with a body": (POST + b"Upgrade: h2c\r\nConnection: Upgrade\r\nContent-Length: 2\r\n\r\n{}", 201),
    "upgrade with chunks": (UPGRADE + CHUNKED.partition(END)[2] + b"2\r\n{}\r\n0\r\n\r\n", 201),
    "every method": (GET.replace(b"GET /v1/clients", b"OPTIONS *") + END, 204),
    "star with another method": (GET.replace(b"GET /v1/clients", b"GET *") + END, 404),
    "CONNECT to a path": (GET.replace(b"GET", b"CONNECT") + END, 405),
    "TRACE": (GET.replace(b"GET", b"TRACE") + END, 405),
    "PROPFIND": (GET.replace(b"GET", b"PROPFIND") + END, 405),
}  # fmt: skip


@pytest.mark.parametrize(("data", "status"), ACCEPTED.values(), ids=ACCEPTED)
def test_what_is_odd_but_allowed_reaches_the_app(service: Service, data: bytes, status: int) -> None:
    assert_problem(exchange(service.port, data), {status})


def test_the_same_bytes_one_at_a_time(service: Service) -> None:
    with connection(service.port) as wire:
        for byte in POST + b"Content-Length: 2\r\n\r\n{}":
            wire.send(bytes([byte]))
        assert wire.receive().status == 201


def test_many_upgrades_in_one_read_are_all_answered(service: Service) -> None:
    one = b"GET /v1/clients HTTP/1.1\r\nHost: a\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n\r\n"
    with connection(service.port) as wire:
        wire.send(one * 400)
        assert [wire.receive().status for _ in range(400)] == [401] * 400


def test_trailers_are_no_headers(service: Service) -> None:
    anonymous = CHUNKED.replace(f"Authorization: Bearer {TOKEN}\r\n".encode(), b"")
    answer = exchange(service.port, anonymous + f"2\r\n{{}}\r\n0\r\nAuthorization: Bearer {TOKEN}\r\n\r\n".encode())
    assert_problem(answer, {401})


def test_what_is_refused_does_not_even_begin(service: Service) -> None:
    before = len(service.stored)
    head = GET.replace(b"GET /v1/clients", f"DELETE /v1/clients/{CLIENT}".encode())
    answer = exchange(service.port, head + b"Transfer-Encoding: chunked\r\n\r\nZZ\r\n")
    assert_problem(answer, {400})
    assert len(service.stored) == before


def test_expect_continue_gets_100_and_then_the_answer(service: Service) -> None:
    with connection(service.port) as wire:
        wire.send(POST + b"Expect: 100-continue\r\nContent-Length: 2\r\n\r\n")
        assert wire.read(25) == b"HTTP/1.1 100 Continue\r\n\r\n"
        wire.send(b"{}")
        assert wire.receive().status == 201


def test_expect_continue_gets_a_refusal_without_100_and_a_close(service: Service) -> None:
    answer = exchange(
        service.port, POST.replace(b"good", b"bad") + b"Expect: 100-continue\r\nContent-Length: 2\r\n\r\n"
    )
    assert_problem(answer, {401})
    assert answer.closed


TOO_LARGE = {
    "declared": POST + b"Content-Length: 262145\r\n\r\n" + b" " * 262_145,
    "declared, 20 MB": POST + b"Content-Length: 20000000\r\n\r\n" + b" " * 20_000_000,
    "declared, closing": POST + b"Connection: close\r\nContent-Length: 600000\r\n\r\n" + b" " * 600_000,
    "chunked": CHUNKED + b"80000\r\n" + b"a" * 524_288 + b"\r\n0\r\n\r\n",
    "chunked, closing": CHUNKED.replace(b"Host", b"Connection: close\r\nHost")
    + b"80000\r\n" + b"a" * 524_288 + b"\r\n0\r\n\r\n",
    "import": POST.replace(b"clients", b"imports") + b"Content-Length: 10485761\r\n\r\n" + b" " * 10_485_761,
}  # fmt: skip


@pytest.mark.parametrize("data", TOO_LARGE.values(), ids=TOO_LARGE)
def test_a_large_body_is_413_and_the_answer_is_read(service: Service, data: bytes) -> None:
    answer = exchange(service.port, data)
    assert_problem(answer, {413})
    assert answer.closed


def test_a_declared_large_body_is_refused_before_it_is_sent(service: Service) -> None:
    assert_problem(exchange(service.port, POST + b"Content-Length: 999999999\r\n\r\n"), {413})


@pytest.mark.parametrize(("path", "size"), [(b"clients", 262_144), (b"imports", 10_485_760)])
def test_a_body_at_the_limit_is_read(service: Service, path: bytes, size: int) -> None:
    body = b"{}".rjust(size)
    answer = exchange(service.port, POST.replace(b"clients", path) + b"Content-Length: %d\r\n\r\n" % size + body)
    assert answer.status == 201


def test_an_early_answer_leaves_the_connection_usable(service: Service) -> None:
    with connection(service.port) as wire:
        wire.send(POST.replace(b"good", b"bad") + b"Content-Length: 200000\r\n\r\n" + b" " * 200_000)
        assert_problem(wire.receive(), {401})
        wire.send(GET + END)
        assert wire.receive().status == 200


def test_a_request_behind_a_refused_one_is_not_served(service: Service) -> None:
    before = len(service.stored)
    with connection(service.port) as wire:
        wire.send(GET + b"Host: x\r\n\r\n" + POST + b"Content-Length: 2\r\n\r\n{}")
        assert_problem(wire.receive(), {400})
    assert len(service.stored) == before


def test_a_caller_that_closed_its_half_is_answered(service: Service) -> None:
    with connection(service.port) as wire:
        wire.send(GET + END)
        wire.shutdown(socket.SHUT_WR)
        answer = wire.receive()
        assert answer.status == 200
        assert wire.is_closed()


@pytest.mark.parametrize("data", [GET, POST + b"Content-Length: 9\r\n\r\n{", CHUNKED + b"2\r\n{}\r\n"])
def test_a_request_cut_off_by_its_caller_is_400(service: Service, data: bytes) -> None:
    before = len(service.stored)
    with connection(service.port) as wire:
        wire.send(data)
        wire.shutdown(socket.SHUT_WR)
        assert_problem(wire.receive(), {400})
    assert len(service.stored) == before


@pytest.mark.parametrize("data", [b"G", GET, POST + b"Content-Length: 9\r\n\r\n{", CHUNKED + b"2\r\n{}\r\n"])
def test_a_half_sent_request_is_refused_in_time(impatient: Service, data: bytes) -> None:
    with connection(impatient.port) as wire:
        wire.send(data)
        answer = wire.receive()
    assert_problem(answer, {400})
    assert answer.closed


def test_dripping_does_not_buy_time(impatient: Service) -> None:
    begun = time.perf_counter()
    with connection(impatient.port) as wire:
        with contextlib.suppress(OSError):
            for byte in GET + b"X-A: " + b"b" * 1000:
                wire.send(bytes([byte]))
                time.sleep(0.01)
        assert time.perf_counter() - begun < 5


@pytest.mark.parametrize("data", [b"", b"\r\n", GET + END, GET + b"\r\n\r\n\r\n"], ids=["new", "line", "used", "lines"])
def test_an_idle_connection_is_closed_in_time(impatient: Service, data: bytes) -> None:
    begun = time.perf_counter()
    with connection(impatient.port) as wire:
        wire.send(data)
        if data.startswith(b"GET"):
            assert wire.receive().status == 200
        assert wire.is_closed()
    assert 0.3 < time.perf_counter() - begun < 5


def test_an_early_answer_does_not_wait_for_its_body_forever(impatient: Service) -> None:
    with connection(impatient.port) as wire:
        wire.send(POST.replace(b"good", b"bad") + b"Content-Length: 9\r\n\r\n{")
        assert_problem(wire.receive(), {401})
        assert wire.is_closed()


def test_requests_slower_than_the_deadline_in_sum_are_fine(impatient: Service) -> None:
    with connection(impatient.port) as wire:
        for _ in range(3):
            wire.send(POST + b"Content-Length: 2\r\n\r\n")
            time.sleep(0.2)
            wire.send(b"{}")
            assert wire.receive().status == 201


def test_a_caller_that_does_not_read_is_dropped(impatient: Service) -> None:
    with connection(impatient.port) as wire:
        wire.send(b"GET /large HTTP/1.1\r\nHost: a\r\n\r\n")
        time.sleep(0.7)
        got = 0
        with contextlib.suppress(ConnectionResetError):
            while piece := wire.read(65_536):
                got += len(piece)
        assert got < LARGE


def test_refusals_name_the_configured_service() -> None:
    with running(base_url="https://public.example/") as found:
        for data in (b"BREW\r\n\r\n", GET.replace(b"clients", b"nothing") + END):
            document = exchange(found.port, data).problem
            assert document["type"] == f"https://public.example/problems/{document['code']}"


def test_refusals_carry_the_standing_headers_and_name_the_service(service: Service) -> None:
    answer = exchange(service.port, request("GET", "/v1/clients", "X: a\0"))
    assert_standing(answer)
    assert answer.problem["type"] == f"http://{HOST}/problems/malformed-header"
    assert "date" in answer.headers


@pytest.mark.parametrize("attempt", range(20))  # where one read ends and the next begins is the kernel's choice
def test_the_rest_of_a_refused_body_is_not_charged_to_the_next_request(service: Service, attempt: int) -> None:
    body = b'"' + b"a" * 60_000 + b'"'
    first = request("POST", "/v1/clients", "Content-Type: application/json", body=body, token=None)
    second = request("POST", "/v1/clients", "Content-Type: application/json", body=body)
    with connection(service.port) as wire:
        wire.send(first[:-40_000])
        assert wire.receive("POST").status == 401
        wire.send(first[-40_000:] + second[:-30_000])
        wire.send(second[-30_000:])
        assert wire.receive("POST").status == 201
