"""What holds for every request and every answer, over a real socket."""

import asyncio
import logging
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.http import problems
from app.http.guard import accepts_json, is_plain_path
from app.http.middleware import Edge
from tests.edge.served import (
    CLIENT,
    HOST,
    ORIGIN,
    PRIVATE,
    Service,
    assert_problem,
    assert_standing,
    build,
    connection,
    exchange,
    methods_of,
    request,
    running,
    toy,
    translate,
)

JSON = "Content-Type: application/json"


@pytest.fixture(scope="module")
def service() -> Iterator[Service]:
    with running() as found:
        yield found


class TestPaths:
    @pytest.mark.parametrize(
        "path",
        [
            "/",
            "//",
            "//v1/clients",
            "/v1//clients",
            "/v1/clients/",
            "/v1/clients//",
            "/v1/clients/?limit=1",
            "/v1/clients%2F",
            f"/v1/clients%2f{CLIENT}",
            f"/v1/clients%5C{CLIENT}",
            "/v1/clients%0A",
            "/v1/clients%0D%0A",
            "/v1/clients%00",
            "/v1/clients/%00",
            "/v1/clients/%7F",
            "/v1/clients/%zz",
            "/v1/clients/%",
            "/v1/clients/%4",
            "/v1/clients/%ff",
            "/v1/clients/%C0%AF",
            "/v1/clients/%ED%A0%80",
            "/v1/clients/../clients",
            "/v1/./clients",
            "/V1/clients",
            "/v1/clients;a=b",
            "/v1/nothing",
            "/v1",
        ],
    )
    def test_what_names_nothing_is_404_and_no_redirect(self, service: Service, path: str) -> None:
        assert_problem(exchange(service.port, request("GET", path)), {404})
        assert_problem(exchange(service.port, request("OPTIONS", path)), {404})

    @pytest.mark.parametrize(
        "name", ["%C3%A9", "%7B00000000-0000-7000-8000-00000000dead%7D", "1", "a+b", CLIENT.upper()]
    )
    def test_an_id_that_is_none_is_404(self, service: Service, name: str) -> None:
        assert_problem(exchange(service.port, request("GET", f"/v1/clients/{name}")), {404})

    def test_an_escaped_letter_is_that_letter(self, service: Service) -> None:
        assert exchange(service.port, request("GET", "/v1/%63lients")).status == 200

    def test_only_paths_are_plain(self) -> None:
        assert not is_plain_path(b"*")
        assert not is_plain_path(b"")


class TestMethods:
    @pytest.mark.parametrize(
        ("path", "allow"),
        [
            ("/v1/clients", "GET, HEAD, OPTIONS, POST"),
            ("/v1/imports", "OPTIONS, POST"),
            (f"/v1/clients/{CLIENT}", "DELETE, GET, HEAD, OPTIONS, PATCH"),
            ("/page", "GET, HEAD, OPTIONS"),
        ],
    )
    def test_options_and_405_list_every_method_of_the_path(self, service: Service, path: str, allow: str) -> None:
        options = exchange(service.port, request("OPTIONS", path, token=None))
        assert (options.status, options.headers["allow"], options.body) == (204, allow, b"")
        assert_standing(options)
        for method in ("PUT", "TRACE", "SEARCH"):
            refused = exchange(service.port, request(method, path), method)
            assert_problem(refused, {405})
            assert refused.headers["allow"] == allow

    def test_head_is_get_without_the_body(self, service: Service) -> None:
        with connection(service.port) as wire:
            wire.send(request("GET", "/v1/clients"))
            got = wire.receive()
            wire.send(request("HEAD", "/v1/clients") + request("HEAD", "/v1/nothing"))
            head = wire.receive("HEAD")
            missing = wire.receive("HEAD")
        assert (head.status, head.body) == (200, b"")
        assert head.headers["content-length"] == got.headers["content-length"]
        assert_standing(head)
        assert (missing.status, missing.body) == (404, b"")

    def test_head_does_not_reach_a_post(self, service: Service) -> None:
        assert exchange(service.port, request("HEAD", "/v1/imports"), "HEAD").status == 405

    def test_a_method_named_in_a_header_is_ignored(self, service: Service) -> None:
        data = request("GET", "/v1/clients", "X-HTTP-Method-Override: DELETE", "X-Forwarded-Host: evil.example")
        assert exchange(service.port, data).status == 200


class TestHeadersIn:
    @pytest.mark.parametrize(
        ("method", "line", "status"),
        [
            ("POST", "Idempotency-Key: " + "k" * 255, 201),
            ("POST", "Idempotency-Key: " + "k" * 256, 400),
            ("POST", "Idempotency-Key: clé", 400),
            ("POST", "Idempotency-Key: a b", 400),
            ("POST", "Idempotency-Key:", 400),
            ("PATCH", 'If-Match: "1"', 200),
            ("PATCH", "If-Match: 1", 400),
            ("PATCH", 'If-Match: "1', 400),
            ("PATCH", 'If-Match: w/"1"', 400),
            ("PATCH", 'If-Match: "1" "2"', 400),
            ("PATCH", "If-Match: *, *", 400),
            ("PATCH", "If-Match:", 400),
            ("PATCH", 'If-Match: W/"1"', 412),
            ("PATCH", 'If-Match: "x"', 412),
            ("PATCH", "If-Match: *", 412),
            ("PATCH", 'If-Match: "99", "98",W/"a"', 412),
            ("GET", 'If-None-Match: "ÿ"', 200),
            ("GET", "If-Match: 1", 200),
            ("GET", "Request-Id: mine", 200),
            ("GET", "Cookie: " + "c" * 16_500, 431),
        ],
    )
    def test_the_form_of_headers(self, service: Service, method: str, line: str, status: int) -> None:
        path = f"/v1/clients/{CLIENT}" if method == "PATCH" else "/v1/clients"
        body = None if method == "GET" else b"{}"
        answer = exchange(service.port, request(method, path, JSON, line, body=body))
        assert_problem(answer, {status})

    @pytest.mark.parametrize(
        ("token", "status", "challenge"),
        [(None, 401, "Bearer"), ("x", 401, 'Bearer error="invalid_token"'), ("a" * 8000, 401, None)],
    )
    def test_401_names_the_scheme(self, service: Service, token: str | None, status: int, challenge: str) -> None:
        answer = exchange(service.port, request("GET", "/v1/clients", token=token))
        assert_problem(answer, {status})
        assert answer.headers["www-authenticate"] == challenge or challenge is None

    @pytest.mark.parametrize(
        ("lines", "status"),
        [
            (("Content-Type: application/xml",), 415),
            ((JSON, "Content-Encoding: gzip"), 415),
            ((), 415),
            ((JSON, "Accept: application/xml"), 406),
            ((JSON, "Accept: application/xml, */*;q=0.1"), 201),
        ],
    )
    def test_media_types(self, service: Service, lines: tuple[str, ...], status: int) -> None:
        assert_problem(exchange(service.port, request("POST", "/v1/clients", *lines, body=b"{}")), {status})

    def test_401_comes_before_415_and_413(self, service: Service) -> None:
        head = request("POST", "/v1/clients", "Content-Length: 999999", "Accept: text/html", token=None)
        assert_problem(exchange(service.port, head), {401})

    def test_framing_comes_before_404(self, service: Service) -> None:
        assert_problem(exchange(service.port, request("GET", "/v1/nothing", "Host: b")), {400})


@pytest.mark.parametrize(
    ("header", "wanted"),
    [
        (None, True),
        ("", True),
        ("*/*", True),
        ("application/*", True),
        ("application/json", True),
        ("APPLICATION/JSON", True),
        ("application/json; charset=utf-8", True),
        ("application/problem+json", True),
        ("text/html, application/json;q=0.001", True),
        ("text/html,*/*;q=0.8", True),
        ("application/json;q=1.000", True),
        ("application/json;q=what", True),
        ("application/json;q=0, */*", False),
        ("*/*, application/json;q=0.0", False),
        ("application/*;q=0, */*", False),
        ("application/json;q=0, application/problem+json", False),
        ("application/problem+json;q=0, application/json", True),
        ("application/problem+json;q=0, */*", True),
        ("application/problem+json;q=0", False),
        ("*/*;q=0", False),
        ("text/html", False),
        ("application/xml", False),
        ("application/jsonp", False),
        ("json", False),
        (", ,", True),
    ],
)
def test_accept(header: str | None, wanted: bool) -> None:  # noqa: FBT001 pytest passes by name
    assert accepts_json(header) is wanted


class TestAnswers:
    def test_every_answer_has_an_id_of_its_own(self, service: Service) -> None:
        with connection(service.port) as wire:
            wire.send(request("GET", "/v1/clients", "Request-Id: mine") * 3)
            ids = {wire.receive().headers["request-id"] for _ in range(3)}
        assert len(ids) == 3
        assert {UUID(found).version for found in ids} == {7}

    def test_a_page_may_be_cached_if_it_says_so(self, service: Service) -> None:
        answer = exchange(service.port, request("GET", "/page"))
        assert answer.headers["cache-control"] == "max-age=60"
        assert answer.headers["content-security-policy"].startswith("default-src 'none'")

    def test_a_defect_is_opaque_and_logged_without_values(
        self, service: Service, caplog: pytest.LogCaptureFixture
    ) -> None:
        answer = exchange(service.port, request("GET", "/boom/x"))
        assert_problem(answer, {500})
        assert answer.problem["code"] == "internal"
        assert PRIVATE.encode() not in answer.body
        records = [record for record in caplog.records if record.name == "crickets.errors"]
        assert len(records) == 1
        assert answer.headers["request-id"] in records[0].getMessage()
        assert "RuntimeError" in records[0].getMessage()
        assert PRIVATE not in caplog.text

    def test_an_answer_that_breaks_off_ends_the_connection(
        self, service: Service, caplog: pytest.LogCaptureFixture
    ) -> None:
        with connection(service.port) as wire:
            wire.send(request("GET", "/cut"))
            assert wire.read().endswith(b"5\r\nbegun\r\n")
        assert PRIVATE not in caplog.text

    def test_the_log_has_the_template_and_no_values(self, service: Service, caplog: pytest.LogCaptureFixture) -> None:
        with caplog.at_level(logging.INFO, "crickets.access"):
            answer = exchange(service.port, request("HEAD", f"/v1/clients/{CLIENT}?q=private"), "HEAD")
            # The line is written once the answer is out; the next answer on this server comes after it.
            exchange(service.port, request("GET", "/page"))
        line = next(record.getMessage() for record in caplog.records if "clients" in record.getMessage())
        assert line.startswith("method=HEAD route=/v1/clients/{client_id} status=200 ms=")
        assert line.endswith(f"request_id={answer.headers['request-id']}")
        assert "private" not in line


class TestCors:
    def test_a_listed_origin_may_read(self, service: Service) -> None:
        answer = exchange(service.port, request("GET", "/v1/clients", f"Origin: {ORIGIN}"))
        assert answer.headers["access-control-allow-origin"] == ORIGIN
        assert "ETag" in answer.headers["access-control-expose-headers"]
        assert answer.headers["vary"] == "Origin"
        assert "access-control-allow-credentials" not in answer.headers

    def test_refusals_can_be_read_too(self, service: Service) -> None:
        for path in ("/v1/nothing", "/boom/x"):
            answer = exchange(service.port, request("GET", path, f"Origin: {ORIGIN}"))
            assert answer.headers["access-control-allow-origin"] == ORIGIN

    @pytest.mark.parametrize("origin", [f"{ORIGIN}.evil", "http://app.example", "null", "*", f"{ORIGIN}:443", "x"])
    def test_no_other_origin_may(self, service: Service, origin: str) -> None:
        lines = (f"Origin: {origin}", "Access-Control-Request-Method: GET")
        for method in ("GET", "OPTIONS"):
            answer = exchange(service.port, request(method, "/v1/clients", *lines))
            assert not any(name.startswith("access-control") for name in answer.headers)
            assert answer.headers["vary"] == "Origin"

    def test_preflight(self, service: Service) -> None:
        lines = (f"Origin: {ORIGIN}", "Access-Control-Request-Method: POST")
        answer = exchange(service.port, request("OPTIONS", "/v1/clients", *lines, token=None))
        assert answer.status == 204
        assert answer.headers["access-control-allow-methods"] == "GET, HEAD, OPTIONS, POST"
        assert "If-Match" in answer.headers["access-control-allow-headers"]


async def call(
    edge: ASGIApp, messages: list[Message] | None = None, **changes: object
) -> tuple[int, dict[bytes, bytes]]:
    messages = [] if messages is None else messages
    scope: Scope = {
        "type": "http",
        "http_version": "1.1",
        "method": "GET",
        "path": "/page",
        "query_string": b"",
        "scheme": "http",
        "server": ("127.0.0.1", 8000),
        "headers": [(b"host", HOST.encode()), (b"origin", b"https://any.example")],
        **changes,
    }

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        messages.append(message)

    await edge(scope, receive, send)
    return messages[0]["status"], dict(messages[0]["headers"])


@pytest.mark.parametrize(
    ("origins", "expected"), [((), None), (("*",), b"*"), (("https://any.example",), b"https://any.example")]
)
def test_no_origin_by_default_and_any_only_if_told(origins: tuple[str, ...], expected: bytes | None) -> None:
    status, headers = asyncio.run(call(build(toy([]), origins=origins)))
    assert status == 200
    assert headers.get(b"access-control-allow-origin") == expected
    assert b"access-control-allow-credentials" not in headers


@pytest.mark.parametrize(
    "changes",
    [
        {"http_version": "2.0"},
        {"headers": []},
        {"headers": [(b"host", b"a"), (b"content-length", b"+1")]},
        {"headers": [(b"host", b"a"), (b"content-length", b"1"), (b"transfer-encoding", b"chunked")]},
    ],
)
def test_the_guard_stands_without_our_protocol_too(changes: dict[str, Any]) -> None:
    assert asyncio.run(call(build(toy([])), **changes))[0] == 400


def test_the_edge_may_also_be_a_middleware_of_the_app() -> None:
    app = toy([])
    methods = methods_of(app)
    problems.install(app, base_url=None, allowed_methods=methods, translate=translate)
    app.add_middleware(Edge, base_url=None, allowed_origins=(), allowed_methods=methods)
    for path, status in (("/page", 200), ("/boom/x", 500), ("/nothing", 404), ("/typed/x", 404)):
        got, headers = asyncio.run(call(app, path=path))
        assert got == status
        assert b"request-id" in headers


def test_a_request_given_up_at_shutdown_is_503() -> None:
    messages: list[Message] = []

    async def app(_scope: Scope, _receive: Receive, _send: Send) -> None:
        await asyncio.sleep(60)

    async def given_up() -> None:
        edge = Edge(app, base_url=None, allowed_origins=(), allowed_methods=lambda _: ())
        task = asyncio.create_task(call(edge, messages=messages))
        await asyncio.sleep(0.01)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(given_up())
    assert messages[0]["status"] == 503
