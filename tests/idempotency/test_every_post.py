"""Every POST there is, sent twice with one key: one effect, one answer (API.md C16). A new one is tried by itself."""

import json
import re
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx2 as httpx
import pytest

from app.access.rights import Right
from app.db.base import metadata
from app.http.operation import Operation, declared_on
from app.http.spec_inputs import example
from tests.audit.test_every_operation import BEFORE, INSTEAD, KNOWN_BY, entries, nothing
from tests.support.api import Api, House
from tests.support.database import Database

ROOMS = Path(__file__).resolve().parents[2] / "app"
_DECLARED = re.compile(r'"POST",\s+"[^"]+",\s+id="(\w+)"')
NAMES = sorted(name for path in ROOMS.rglob("*.py") for name in _DECLARED.findall(path.read_text()))
Send = Callable[..., httpx.Response]


def posts(house: House) -> dict[str, Operation]:
    found = [declared_on(route) for route in house.app.routes]
    return {op.id: op for op in found if op is not None and op.method == "POST"}


def sender(api: Api, op: Operation) -> Send:
    """Make everything that an operation needs, and return what sends it with a key, as it is or in other bytes."""
    target = BEFORE[op.id](api) if "{id}" in op.path else ""
    body = b"{}" if op.body is None else json.dumps({**example(op.body), **INSTEAD.get(op.id, nothing)(api)}).encode()
    path, caller, json_type = op.path.replace("{id}", target), api.signed_in(), {"Content-Type": "application/json"}

    def send(key: str, *, tail: bytes = b"", who: Api = caller) -> httpx.Response:
        return who.request("POST", path, content=body + tail, headers={**json_type, "Idempotency-Key": key})

    return send


def rows(database: Database, api: Api) -> dict[str, int]:
    """Count the rows of each table of a practice, but for what is kept to answer retries."""
    tables = [t.name for t in metadata.tables.values() if "practice_id" in t.c and t.name != "kept_answer"]
    each = [f"select '{name}' as name, count(*) as rows from {name} where practice_id = $1" for name in tables]
    return {t["name"]: t["rows"] for t in database.fetch(" union all ".join(each), uuid.UUID(api.practice_id))}


def test_every_post_of_the_application_is_tried_here(house: House) -> None:
    assert sorted(posts(house)) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_a_retry_is_answered_the_same_and_does_nothing(api: Api, database: Database, name: str) -> None:
    send = sender(api, posts(api.house)[name])
    before = entries(database, api).keys()
    first = send("k")
    assert first.is_success, first.text
    assert "idempotent-replayed" not in first.headers
    after, held = entries(database, api), rows(database, api)
    assert len(after) - len(before) == (1 if name in KNOWN_BY else 0)
    for _ in range(2):
        again = send("k")
        assert (again.status_code, again.content) == (first.status_code, first.content)
        assert again.headers["idempotent-replayed"] == "true"
        for header in ("etag", "location", "content-type"):
            assert again.headers.get(header) == first.headers.get(header), header
        assert again.headers["request-id"] != first.headers["request-id"]
    other = send("k", tail=b" ")
    assert (other.status_code, other.json()["code"]) == (422, "idempotency-key-reused")
    assert entries(database, api) == after
    assert rows(database, api) == held


def test_visitors_are_known_by_something(house: House) -> None:
    visitors = [op for op in posts(house).values() if op.right is Right.PUBLIC]
    assert visitors
    for op in visitors:
        assert op.body is not None
        assert set(op.body.known_by) <= set(op.body.model_fields), op.id  # type: ignore[attr-defined]  # an In
        assert op.body.known_by, op.id  # type: ignore[attr-defined]  # as above


def test_the_document_tells(house: House) -> None:
    document: dict[str, Any] = house.contract.document
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            headers = {p["name"] for p in operation["parameters"] if p["in"] == "header"}
            success = next(answer for status, answer in operation["responses"].items() if status.startswith("2"))
            is_post = method == "post"
            assert ("Idempotency-Key" in headers) == is_post, path
            assert ("Idempotent-Replayed" in success["headers"]) == is_post, path
            if is_post:
                for status, code in (("409", "request-in-progress"), ("422", "idempotency-key-reused")):
                    refusal = house.contract.resolved(operation["responses"][status])
                    assert code in refusal["content"]["application/problem+json"]["examples"], path
