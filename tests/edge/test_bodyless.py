"""What comes to operations that take no body, or may do without: judged as any other body (API.md C8), and so said."""

import json

import pytest

from tests.edge.places import fine, operations, unknown_path
from tests.edge.target import Target
from tests.edge.test_corpus import DOCUMENT, OPERATIONS
from tests.edge.test_order import send
from tests.support.api import Api

_WHERE = {one["operationId"]: (m, p) for p, methods in DOCUMENT["paths"].items() for m, one in methods.items()}
NONE = sorted(
    n for n, (method, _) in _WHERE.items() if method in {"post", "delete"} and "requestBody" not in OPERATIONS[n]
)
PERHAPS = sorted(n for n, one in OPERATIONS.items() if not one.get("requestBody", {"required": True})["required"])
UNSUPPORTED, GONE = (415, "unsupported-media-type"), (404, "not-found")


def chunked(target: Target, method: str, path: str, *lines: str, body: bytes) -> int:
    """Send a body whose length nobody tells, and return the status."""
    chunk = b"%x\r\n%s\r\n" % (len(body), body) if body else b""
    own = [f"Host: {target.host}", f"Authorization: Bearer {target.token}", "Transfer-Encoding: chunked", *lines]
    head = "\r\n".join([f"{method} {path} HTTP/1.1", *own, "", ""]).encode()
    return target.raw(head + chunk + b"0\r\n\r\n").status


def test_there_are_such() -> None:
    assert {"acceptNextAction", "eraseClient"} <= set(NONE)
    assert PERHAPS == ["dismissNextAction", "finishNextAction"]


@pytest.mark.parametrize("name", [*NONE, *PERHAPS])
class TestWhatComes:
    def test_is_json_in_utf_8_and_not_coded(self, target: Target, api: Api, name: str) -> None:
        op = operations(api.house)[name]
        path = unknown_path(op)
        for wrong in ("Content-Type: text/plain", "Content-Type: application/json; charset=latin1", "Content-Type:"):
            assert send(target, op, path, wrong, body=b"{}") == UNSUPPORTED, wrong
            assert send(target, op, path, wrong, body=b"") == GONE, wrong
            assert chunked(target, op.method, path, wrong, body=b"{}") == 415, wrong
        for codings in (("gzip",), ("identity", "gzip"), ("identity, gzip",)):
            lines = [f"Content-Encoding: {coding}" for coding in codings]
            assert send(target, op, path, *lines, body=b"{}") == UNSUPPORTED, codings
        assert send(target, op, path, "Content-Encoding: identity", body=b"{}") == GONE
        assert send(target, op, path, body=b"{") == (400, "malformed-json")
        assert send(target, op, path, body=b" " * (256 * 1024 + 1)) == (413, "body-too-large")
        assert chunked(target, op.method, path, body=b"") == 404

    def test_comes_before_the_form_of_tags(self, target: Target, api: Api, name: str) -> None:
        op = operations(api.house)[name]
        path = unknown_path(op)
        for tag in ("1", "bad", ""):
            line = f"If-Match: {tag}"
            assert send(target, op, path, line) == (400, "malformed-header"), tag
            assert send(target, op, path, line, "Content-Type: text/plain", body=b"{}") == UNSUPPORTED

    def test_is_in_the_document(self, name: str) -> None:
        answers = OPERATIONS[name]["responses"]
        assert {"413", "415"} <= answers.keys()
        assert "malformed-json" in json.dumps(answers["400"])


@pytest.mark.parametrize("name", PERHAPS)
def test_no_body_may_come_in_chunks_and_a_replay_asks_for_well_formed_tags(target: Target, api: Api, name: str) -> None:
    request = fine(api, operations(api.house)[name])
    key = "Idempotency-Key: k"
    assert chunked(target, "POST", request.path, key, body=b"") == 200
    assert target.send("POST", request.path, key).headers["idempotent-replayed"] == "true"
    assert target.send("POST", request.path, key, "If-Match: 1").status == 400


def test_a_list_in_several_lines_is_one_list(target: Target) -> None:
    for lines, status in (
        (("Accept: text/html", "Accept: application/json"), 200),
        (("Accept: text/html", "Accept: application/xml"), 406),
        (("Accept: application/json;q=0", "Accept: application/problem+json"), 406),
    ):
        assert target.send("GET", "/v1/clients", *lines).status == status, lines
