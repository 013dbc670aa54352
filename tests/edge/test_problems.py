"""Problem documents: one status for every kind, one shape for every refusal, nothing told that was not meant to be."""

import json
from collections.abc import Iterator

import pytest

from app.http import problems
from app.kit import errors
from app.kit.errors import AppError, Duplicate, Fault, InsufficientScope, Malformed, RuleBroken, Throttled, Unavailable
from tests.edge.served import CLIENT, HOST, PRIVATE, Service, assert_problem, exchange, request, running

STATUSES = {
    400: "malformed-request malformed-json duplicate-key too-complex invalid-cursor malformed-header",
    401: "unauthenticated invalid-token expired-token",
    403: "insufficient-scope forbidden-role",
    404: "not-found",
    405: "method-not-allowed",
    406: "not-acceptable",
    409: "id-taken duplicate in-use wrong-state request-in-progress derived",
    410: "sync-reset",
    412: "version-mismatch",
    413: "body-too-large",
    414: "uri-too-long",
    415: "unsupported-media-type",
    422: "validation-failed unknown-reference idempotency-key-reused",
    428: "if-match-required",
    429: "rate-limited",
    431: "headers-too-large",
    500: "internal",
    503: "unavailable overloaded",
}
OF_CODE = {code: status for status, codes in STATUSES.items() for code in codes.split()}
LATER = "login-failed voided last-owner follow-up-used changed-since date-order-needed"
KINDS = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, AppError)]


@pytest.fixture(scope="module")
def service() -> Iterator[Service]:
    with running() as found:
        yield found


def render(error: AppError) -> tuple[int, dict[str, str], dict[str, object]]:
    status, headers, body = problems.render(error, request_id="an-id", base_url="https://api.example")
    named = {name.decode(): value.decode() for name, value in headers}
    assert named["content-length"] == str(len(body))
    return status, named, json.loads(body)


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind is not AppError])
def test_every_kind_has_its_status(kind: type[AppError]) -> None:
    assert problems.status_of(kind) == OF_CODE[kind.code]
    assert problems.status_of(kind()) == OF_CODE[kind.code]


def test_an_error_of_no_kind_is_our_defect() -> None:
    class Stray(AppError):
        code = "stray"
        title = "Stray"

    assert problems.status_of(Stray) == 500


def test_a_room_s_error_has_the_status_of_its_kind() -> None:
    class Voided(errors.Conflict):
        code = "voided"
        title = "Voided"

    assert render(Voided())[0] == 409


@pytest.mark.parametrize("code", [*OF_CODE, *LATER.split()])
def test_every_code_has_a_page(code: str) -> None:
    page = problems.problem_page(code)
    assert page is not None
    assert 2 <= len(page.splitlines()) <= 4


def test_no_other_code_has_a_page() -> None:
    assert problems.problem_page("nonsense") is None


def test_the_document() -> None:
    fault = Fault("body", "/items/3/kind", "not-in-list", "Not one of the kinds.")
    status, headers, document = render(RuleBroken("Look at errors.", faults=[fault]))
    assert status == 422
    assert headers["content-type"] == "application/problem+json"
    assert document == {
        "type": "https://api.example/problems/validation-failed",
        "title": "Some input is not valid",
        "status": 422,
        "code": "validation-failed",
        "detail": "Look at errors.",
        "instance": "urn:request:an-id",
        "errors": [
            {"in": "body", "pointer": "/items/3/kind", "code": "not-in-list", "message": "Not one of the kinds."}
        ],
    }


def test_at_most_20_faults_are_told() -> None:
    faults = [Fault("query", "limit", "out-of-range", "1 to 200.")] * 50
    document = render(RuleBroken(faults=faults))[2]
    assert isinstance(document["errors"], list)
    assert len(document["errors"]) == 20


def test_extras_are_members_and_replace_none() -> None:
    document = render(Duplicate(extras={"existing_id": CLIENT, "status": "x"}))[2]
    assert document["existing_id"] == CLIENT
    assert document["status"] == 409


def test_a_pointer_may_hold_any_text() -> None:
    document = render(Malformed(faults=[Fault("body", '/é\ud800"\n', "unknown-field", "m")]))[2]
    assert document["errors"] == [{"in": "body", "pointer": '/é\ud800"\n', "code": "unknown-field", "message": "m"}]


def test_headers_of_the_statuses() -> None:
    assert render(errors.NotAuthenticated())[1]["www-authenticate"] == "Bearer"
    assert render(errors.ExpiredToken())[1]["www-authenticate"] == 'Bearer error="invalid_token"'
    assert "www-authenticate" not in render(InsufficientScope())[1]
    assert int(render(Unavailable())[1]["retry-after"]) > 0
    assert render(Throttled(headers={"Retry-After": "7"}))[1]["retry-after"] == "7"
    assert render(errors.StaleVersion(headers={"ETag": '"4"'}))[1]["etag"] == '"4"'
    assert render(errors.BodyTooLarge())[1]["connection"] == "close"


@pytest.mark.parametrize(
    ("host", "configured", "expected"),
    [
        (b"api.example:8443", None, "http://api.example:8443"),
        (b"[::1]:80", None, "http://[::1]:80"),
        (b"api.example", "https://public.example/", "https://public.example"),
        (b'a"/<b>', None, "http://127.0.0.1:8000"),
        (b"", None, "http://127.0.0.1:8000"),
    ],
)
def test_the_base_url(host: bytes, configured: str | None, expected: str) -> None:
    scope = {"headers": [(b"host", host)], "scheme": "http", "server": ("127.0.0.1", 8000)}
    assert problems.base_url_of(scope, configured) == expected


class TestInTheApp:
    def test_a_translated_error(self, service: Service, caplog: pytest.LogCaptureFixture) -> None:
        answer = exchange(service.port, request("GET", "/boom/lost"))
        assert_problem(answer, {503})
        assert "retry-after" in answer.headers
        assert PRIVATE.encode() not in answer.body
        assert not [record for record in caplog.records if record.name == "crickets.errors"]

    def test_a_documented_extra(self, service: Service) -> None:
        answer = exchange(service.port, request("GET", "/boom/taken"))
        assert answer.status == 409
        assert answer.problem["existing_id"] == CLIENT

    def test_what_fastapi_itself_refuses(self, service: Service) -> None:
        assert_problem(exchange(service.port, request("GET", "/typed/1")), {404})
        answer = exchange(service.port, request("GET", f"/typed/{CLIENT}?limit=private"))
        assert_problem(answer, {422})
        assert answer.problem["errors"][0]["in"] == "query"
        assert answer.problem["errors"][0]["pointer"] == "limit"
        assert b"private" not in answer.body

    def test_missing_and_invisible_differ_in_the_instance_only(self, service: Service) -> None:
        answers = [exchange(service.port, request("GET", path)) for path in ("/v1/clients/a", "/v1/nothing")]
        documents = [answer.problem for answer in answers]
        for document in documents:
            assert document.pop("instance").startswith("urn:request:")
        assert documents[0] == documents[1]
        assert documents[0]["type"] == f"http://{HOST}/problems/not-found"
