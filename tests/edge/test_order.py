"""The order of checks (API.md C13) on every operation: what comes first is answered, whatever else is wrong."""

import json
from typing import Any

import pytest

from app.http.operation import Operation
from tests.access import callers
from tests.edge.places import Request, fine, operations, unknown_path
from tests.edge.target import Target
from tests.edge.test_corpus import OPERATIONS, WITH_A_BODY
from tests.support.api import Api
from tests.support.contract import needs_credential
from tests.support.database import Database

NOBODY = "Authorization: Bearer x"
STALE = 'If-Match: "999999"'
SIGNED_IN = sorted(name for name, one in OPERATIONS.items() if needs_credential(one))
WITH_ID = [name for name in SIGNED_IN if any(p.get("in") == "path" for p in OPERATIONS[name].get("parameters", []))]


def send(target: Target, op: Operation, path: str, *lines: str, body: bytes | None = None) -> tuple[int, str]:
    """Send a request and return the status and the code of its refusal."""
    answer = target.send(op.method, path, *lines, body=body)
    return answer.status, answer.problem["code"] if answer.status >= 400 else ""


@pytest.fixture
def request_(api: Api, name: str) -> Request:
    return fine(api, operations(api.house)[name])


@pytest.mark.parametrize("name", SIGNED_IN)
def test_framing_then_method_then_credential_then_scope(
    target: Target, database: Database, api: Api, name: str, request_: Request
) -> None:
    op = request_.op
    path, bad = f"{unknown_path(op)}?nonsense=1", b"{" if op.body else None
    scopeless = callers.with_key(api, database, [])
    assert send(target, op, path, "Host: a b", NOBODY, body=bad)[0] == 400
    assert target.send("TRACE", path, NOBODY).status == 405
    assert send(target, op, path, NOBODY, body=bad)[0] == 401
    refused = send(target, op, path, f"Authorization: Bearer {scopeless.key}", "Accept: image/png", body=bad)
    assert refused[0] == 403 or op.id in {"getMe", "getPractice"}
    if op.method in {"PATCH", "PUT", "DELETE"}:
        assert send(target, op, path, NOBODY, "If-Match: 1", body=bad)[0] == 401
        assert send(target, op, path, f"Authorization: Bearer {scopeless.key}", "If-Match: 1", body=bad)[0] == 403
        assert send(target, op, path, "If-Match: 1", body=b"{}" if op.body else None) == (400, "malformed-header")


@pytest.mark.parametrize("name", WITH_A_BODY)
def test_then_the_body_as_such_then_what_it_says(target: Target, api: Api, name: str, request_: Request) -> None:
    op, path = request_.op, unknown_path(request_.op)
    large = b" " * (10 * 1024 * 1024 + 1 if name == "createImport" else 256 * 1024 + 1)
    plain = "Content-Type: text/plain"
    assert send(target, op, path, "Accept: image/png", plain, body=b"{")[0] == 406
    assert send(target, op, path, plain, body=b"{") == (415, "unsupported-media-type")
    assert send(target, op, path, "Content-Encoding: gzip", body=b"{") == (415, "unsupported-media-type")
    coded = ("Content-Encoding: identity", "Content-Encoding: gzip")
    assert send(target, op, path, *coded, body=b"{") == (415, "unsupported-media-type")
    assert send(target, op, path, plain, body=large) == (415, "unsupported-media-type")
    assert send(target, op, path, body=large) == (413, "body-too-large")
    assert send(target, op, path, body=b'{"nonsense": ') == (400, "malformed-json")
    assert send(target, op, path, body=b'{"nonsense": 1, "nonsense": NaN}') == (400, "malformed-json")
    assert send(target, op, path, body=b'{"nonsense": 1}')[0] == 422


@pytest.mark.parametrize("name", WITH_ID)
def test_then_whether_it_is_there_then_its_version(target: Target, api: Api, name: str, request_: Request) -> None:
    op = request_.op
    body = None if request_.body is None else json.dumps(request_.body).encode()
    assert send(target, op, f"{unknown_path(op)}?nonsense=1", body=body)[0] == 422
    for lines in ((), (STALE,), ('If-None-Match: "1"',)):
        assert send(target, op, unknown_path(op), *lines, body=body) == (404, "not-found"), lines
    if op.method in {"PATCH", "PUT"}:
        assert send(target, op, request_.path, body=b'{"nonsense": 1}')[0] == 422
        assert send(target, op, request_.path, body=body) == (428, "if-match-required")


#: A body that is fine in itself and meets a conflict, on records that are there.
def conflict(api: Api) -> dict[str, tuple[str, dict[str, Any]]]:
    """Return changes that end in 409 once the version is right."""
    taken = api.ok(api.post("/v1/companies", {"name": "Taken"}), 201)
    other = api.ok(api.post("/v1/companies", {"name": "Other"}), 201)
    owner = f"/v1/members/{api.member_id}"
    return {
        f"/v1/companies/{other['id']}": ("PATCH", {"name": taken["name"]}),
        owner: ("PATCH", {"role": "coach"}),
    }


def test_a_conflict_comes_last(target: Target, api: Api) -> None:
    for path, (method, body) in conflict(api).items():
        version = api.get(path).headers["etag"]
        raw = json.dumps(body).encode()
        assert target.send(method, path, body=raw).status == 428
        assert target.send(method, path, STALE, body=raw).status == 412
        assert target.send(method, path, f"If-Match: {version}", body=raw).status == 409
