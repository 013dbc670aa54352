"""Versions and merge patches (API.md C14, C15), generated over every operation that reads or changes one record."""

import json
from typing import Any

import pytest

from tests.edge import verdict
from tests.edge.places import Places, Request, fine, operations
from tests.edge.served import Answer
from tests.edge.target import Target
from tests.edge.test_corpus import DOCUMENT, OPERATIONS
from tests.support.api import Api
from tests.support.database import Database

Json = dict[str, Any]
BY_NAME = {one["operationId"]: (m, p) for p, methods in DOCUMENT["paths"].items() for m, one in methods.items()}
READS = sorted(name for name, one in OPERATIONS.items() if "304" in one["responses"])
VERSIONED = {BY_NAME[name][1] for name in READS}
CHANGES = sorted(name for name, (method, _) in BY_NAME.items() if method in {"patch", "put"})
PATCHES = sorted(name for name, (method, _) in BY_NAME.items() if method == "patch")
#: What is done to one versioned record, less what goes on below it.
ACTS = sorted(
    name
    for name, (method, path) in BY_NAME.items()
    if method in {"delete", "post"} and "{id}" in path and f"{path.partition('{id}')[0]}{{id}}" in VERSIONED
    if not path.endswith(("/interactions", "/batch", "/drafts"))
)
#: Erasure leaves no record, a hidden one has no address, and an invitation or a login is a record of its own.
COUNT = "select count(*) from audit_event"


@pytest.fixture
def request_(api: Api, name: str) -> Request:
    return fine(api, operations(api.house)[name])


def act(target: Target, request: Request, *lines: str, body: Any = None) -> Answer:
    """Do what the operation does, with these header lines only."""
    given = request.body if body is None else body
    raw = None if given is None else json.dumps(given).encode()
    return target.send(request.op.method, request.path, *lines, body=raw)


@pytest.mark.parametrize("name", READS)
class TestReads:
    def test_a_version_held_is_not_sent_again(self, target: Target, request_: Request) -> None:
        first = target.send("GET", request_.path)
        tag = first.headers["etag"]
        assert first.problem["version"] == int(tag.strip('"'))
        for header in (tag, f"W/{tag}", f'"x", {tag}', f'W/"x" ,  W/{tag}', "*", f'"a,b", {tag}'):
            for method in ("GET", "HEAD"):
                answer = target.send(method, request_.path, f"If-None-Match: {header}")
                assert (answer.status, answer.body) == (304, b""), header
                assert answer.headers["etag"] == tag
                assert "content-type" not in answer.headers
                assert verdict.misshapen(answer) is None

    def test_any_other_is(self, target: Target, request_: Request) -> None:
        first = target.send("GET", request_.path)
        bare = first.headers["etag"].strip('"')
        for header in ('"x"', f'"{bare}0"', f'"0{bare}"', f'w/"{bare}"', bare, f'"{bare}', "", '"*"', f'"x,{bare}"'):
            answer = target.send("GET", request_.path, f"If-None-Match: {header}")
            assert answer.status == 200 or (answer.status == 400 and header.count('"') != 2), header
            if answer.status == 200:
                assert answer.body == first.body


@pytest.mark.parametrize("name", CHANGES)
class TestChanges:
    def test_the_version_must_be_named(self, target: Target, request_: Request, database: Database) -> None:
        assert request_.tag is not None
        before, tag = database.value(COUNT), request_.tag
        bare = tag.strip('"')
        assert (missing := act(target, request_)).status == 428
        assert missing.problem["code"] == "if-match-required"
        for stale in (f"W/{tag}", "*", '"x"', f'"{bare}0"', f'"0{bare}"', '""', f'"x", W/{tag}', f'"{bare} "'):
            answer = act(target, request_, f"If-Match: {stale}")
            if answer.status != 400 or " " not in stale:
                assert (answer.status, answer.problem["code"]) == (412, "version-mismatch"), stale
                assert answer.headers["etag"] == tag
        for malformed in (bare, f"'{bare}'", f'"{bare}', f'{bare}"', f"w/{tag}", f"{tag} {tag}", f"{tag};q=1", ""):
            answer = act(target, request_, f"If-Match: {malformed}")
            assert (answer.status, answer.problem["code"]) == (400, "malformed-header"), malformed
        assert database.value(COUNT) == before
        done = act(target, request_, f'If-Match: "x" , {tag}')
        assert done.status == 200, done.body
        assert done.problem["version"] == int(bare) + 1
        assert done.headers["etag"] == f'"{int(bare) + 1}"'
        assert act(target, request_, f"If-Match: {tag}").status == 412


@pytest.mark.parametrize("name", PATCHES)
class TestMergePatch:
    def test_what_is_there_already_changes_nothing(
        self, target: Target, request_: Request, database: Database, api: Api
    ) -> None:
        """Each field sent as it is read, alone and all together: the same version, and nothing in the audit log."""
        whole = api.ok(api.get(request_.path))
        fields = {name: whole[name] for name in self._fields(api, request_) if name in whole}
        # Both name the same company; one of them at a time.
        fields.pop("company_name", None)
        before = database.value(COUNT)
        for body in ({name: value} for name, value in fields.items()):
            answer = act(target, request_, *request_.lines, body=body)
            assert (answer.status, answer.headers.get("etag")) == (200, request_.tag), (body, answer.body)
            assert answer.problem == whole
        assert act(target, request_, *request_.lines, body=fields).headers["etag"] == request_.tag
        assert database.value(COUNT) == before

    def test_null_clears_or_is_refused(self, target: Target, request_: Request, database: Database, api: Api) -> None:
        for name, schema in self._fields(api, request_).items():
            nullable = any(option.get("type") == "null" for option in schema.get("anyOf", []))
            before = database.value(COUNT)
            answer = act(target, request_, *request_.lines, body={name: None})
            if nullable:
                assert answer.status in {200, 422}, (name, answer.body)
            if answer.status == 200:
                assert nullable, name
                assert answer.problem[name] is None
                request_.tag = answer.headers["etag"]
            else:
                (fault,) = answer.problem["errors"]
                assert fault["pointer"] == f"/{name}"
                assert fault["code"] != "not-nullable" or not nullable
                assert fault["code"] == "not-nullable" or nullable
                assert database.value(COUNT) == before

    def test_nothing_and_strange_things_are_refused(
        self, target: Target, request_: Request, database: Database
    ) -> None:
        before = database.value(COUNT)
        strange: list[Any] = [{}, [], "x", None]
        for body in (*strange, {"id": "x"}, {"version": 1}, {"created_at": "2026-01-01T00:00:00Z"}):
            raw = json.dumps(body).encode()
            answer = target.send("PATCH", request_.path, *request_.lines, body=raw)
            assert (answer.status, answer.problem["code"]) == (422, "validation-failed"), body
        json_patch = json.dumps([{"op": "remove", "path": "/name"}]).encode()
        kind = "Content-Type: application/json-patch+json"
        assert target.send("PATCH", request_.path, kind, *request_.lines, body=json_patch).status == 415
        assert database.value(COUNT) == before

    def test_it_may_call_itself_a_merge_patch(self, target: Target, request_: Request) -> None:
        for number, kind in enumerate(("application/merge-patch+json", "application/merge-patch+json; charset=UTF-8")):
            raw = json.dumps(request_.body).encode()
            answer = target.send("PATCH", request_.path, f"Content-Type: {kind}", *request_.lines, body=raw)
            assert answer.status == 200
            assert number == 0 or answer.headers["etag"] == request_.tag
            request_.tag = answer.headers["etag"]

    def test_lists_are_replaced_whole(self, target: Target, request_: Request, api: Api) -> None:
        for name, schema in self._fields(api, request_).items():
            if schema.get("type") != "array":
                continue
            answer = act(target, request_, *request_.lines, body={name: []})
            assert answer.status == 200, answer.body
            assert answer.problem[name] == []
            request_.tag = answer.headers["etag"]

    def _fields(self, api: Api, request: Request) -> Json:
        schema = Places(api.house.contract.document).body_schema(request.op)
        found: Json = schema["properties"]
        return found


@pytest.mark.parametrize("name", ACTS)
class TestActs:
    def test_a_version_is_honoured_if_sent(self, target: Target, request_: Request, database: Database) -> None:
        before = database.value(COUNT)
        for stale in ('"999999"', 'W/"1"', "*", '"x", "y"'):
            answer = act(target, request_, f"If-Match: {stale}")
            assert (answer.status, answer.problem["code"]) == (412, "version-mismatch"), (stale, answer.body)
        tag = answer.headers["etag"]
        assert act(target, request_, f"If-Match: {tag.strip(chr(34))}").status == 400
        assert database.value(COUNT) == before
        done = act(target, request_, f'If-Match: "x", {tag}')
        assert done.status == request_.op.status, done.body
