"""Hostile headers and raw bytes on every kind of operation, and what every kind of answer carries."""

import re
import zlib
from collections.abc import Iterator

import pytest

from app.http.operation import Operation
from tests.edge import corpus, verdict
from tests.edge.corpus import Entry, filled, is_control
from tests.edge.places import Request, fine, operations
from tests.edge.target import Target
from tests.edge.test_corpus import OPERATIONS
from tests.edge.trial import REFUSED, Shot, Trial
from tests.support.api import Api, House
from tests.support.contract import needs_credential
from tests.support.database import Database

FIRST_LINE = re.compile(rb"^(\s*)(GET|POST)( +)/v1/clients")
KINDS = ("GET of a list", "GET of an item", "POST that creates", "POST that acts", "PATCH", "PUT", "DELETE")


def kind_of(op: Operation) -> str:
    """Name the kind of an operation, as far as headers go."""
    if op.method == "GET":
        return "GET of an item" if op.versioned else "GET of a list"
    if op.method == "POST":
        return "POST that creates" if op.body is not None else "POST that acts"
    return op.method


def served(op: Operation) -> set[int]:
    """Return what a request that may be served can get when others like it came before."""
    return {op.status, 401, 404, 409, 412, 422} if op.method != "GET" else {op.status, 304}


def of_header(entry: Entry, op: Operation) -> set[int]:
    """Return the statuses for header lines of the corpus on an operation."""
    name = entry["input"].partition(":")[0].lower()
    refused = not is_control(entry)
    concerned = {
        "if-match": op.method in {"PATCH", "PUT"} or (400 in entry["expect"] and op.method != "GET"),
        "idempotency-key": op.method == "POST",
        "content-type": op.body is not None,
        "content-encoding": op.body is not None,
        "authorization": needs_credential(OPERATIONS[op.id]),
    }.get(name, True)
    if name == "accept" and op.media_type != "application/json":
        return {200, 406}
    if refused and concerned:
        return set(entry["expect"])
    return served(op) | ({400, 417} & set(entry["expect"]))


def headers(trial: Trial) -> Iterator[Shot]:
    """Yield each header entry on the operation."""
    for entry in corpus.entries("header"):
        lines = tuple(filled(entry, trial.target.known).decode("latin-1").split("\n"))
        yield Shot(entry, of_header(entry, trial.request.op), None, lines=lines)


def raws(trial: Trial) -> Iterator[Shot]:
    """Yield each raw entry, with the operation's method and path in its first line."""
    op, path = trial.request.op, trial.request.path
    for entry in corpus.entries("raw"):
        raw = filled(entry, trial.target.known)
        if b"POST /v1/clients" in raw and op.body is None:
            continue
        swapped = FIRST_LINE.sub(rb"\1%s\3%s" % (op.method.encode(), path.encode()), raw)
        if swapped == raw:
            swapped = raw.replace(b"/v1/clients", path.encode(), 1)
        allowed = set(entry["expect"])
        if is_control(entry):
            allowed |= served(op) | {400, 405, 415, 428}
        if 413 in allowed and op.id == "createImport":
            allowed |= {400}
        yield Shot(entry, allowed, None, raw=swapped)


def chosen(house: House, kind: str) -> list[str]:
    return sorted(name for name, op in operations(house).items() if kind_of(op) == kind)


@pytest.mark.parametrize("kind", KINDS)
class TestEveryKindOfOperation:
    def test_bad_headers_and_raw_bytes(self, api: Api, target: Target, database: Database, kind: str) -> None:
        """Each entry meets one operation of the kind, another one for each entry, always the same."""
        names = chosen(api.house, kind)
        shots: dict[str, list[str]] = {name: [] for name in names}
        for entry in [*corpus.entries("header"), *corpus.entries("raw")]:
            shots[names[zlib.crc32(entry["id"].encode()) % len(names)]].append(entry["id"])
        for name, ids in shots.items():
            trial = Trial(target, database, fine(api, operations(api.house)[name]))
            trial.run(shot for shot in [*headers(trial), *raws(trial)] if shot.entry["id"] in ids)

    @pytest.mark.soak
    def test_all_of_them(self, api: Api, target: Target, database: Database, kind: str) -> None:
        for name in chosen(api.house, kind):
            trial = Trial(target, database, fine(api, operations(api.house)[name]))
            trial.run([*headers(trial), *raws(trial)])


def spoilt(request: Request) -> dict[str, tuple[str, str, tuple[str, ...], bytes | None, int]]:
    """Return a request for each kind of answer: method, path, header lines, body, and the status."""
    path, op = request.path, request.op
    nobody, garbage = "Authorization: Bearer x", ("Content-Type: text/plain",)
    found: dict[str, tuple[str, str, tuple[str, ...], bytes | None, int]] = {
        "options": ("OPTIONS", path, (), None, 204),
        "no such method": ("TRACE", path, (), None, 405),
        "bad query": (op.method, f"{path}?nonsense=1", (), b"{}" if op.body else None, 422),
        "not acceptable": (op.method, path, ("Accept: image/png",), b"{}" if op.body else None, 406),
        "two hosts": (op.method, path, ("Host: a", "Host: b"), None, 400),
    }
    if op.method == "GET":
        found["head"] = ("HEAD", path, (), None, op.status)
        found["the answer"] = ("GET", path, (), None, op.status)
    if needs_credential(OPERATIONS[op.id]):
        found["nobody"] = (op.method, path, (nobody,), None, 401)
    if op.body is not None:
        found["no JSON"] = (op.method, path, garbage, b"{}", 415)
    return found


@pytest.mark.parametrize("name", sorted(OPERATIONS))
def test_every_kind_of_answer_is_whole(api: Api, target: Target, name: str) -> None:
    request = fine(api, operations(api.house)[name])
    own = OPERATIONS[name]
    for what, (method, path, lines, body, status) in spoilt(request).items():
        answer = target.send(method, path, *lines, body=body)
        assert answer.status == status, (what, answer.body)
        assert verdict.misshapen(answer) is None, what
        if what in {"options", "no such method"}:
            allow = set(answer.headers["allow"].split(", "))
            listed = {found.method for found in operations(api.house).values() if found.path == request.op.path}
            assert allow == listed | {"OPTIONS"} | ({"HEAD"} if "GET" in listed else set()), what
        if method in {"HEAD", "OPTIONS"}:
            assert answer.body == b"", what
        if status not in {400, 401, 405, 204} and needs_credential(own):
            assert {"ratelimit", "ratelimit-policy"} <= answer.headers.keys(), what
        if status == 401:
            assert answer.headers["www-authenticate"].startswith("Bearer"), what
        if status < REFUSED and needs_credential(own) and method == "HEAD":
            twin = target.send("GET", path)
            # An export is longer than the one before by that one's entry in the audit log.
            for header in ("content-type", "etag", "link", *(("content-length",) if name != "exportClient" else ())):
                assert answer.headers.get(header) == twin.headers.get(header), (what, header)


@pytest.mark.parametrize(
    "path", ["/docs", "/docs/start.js", "/docs/assets/swagger-ui.css", "/docs/nothing", "/nothing"]
)
def test_pages_and_nothings_carry_the_headers_too(target: Target, path: str) -> None:
    target.contract = None  # they are no part of it
    for method in ("GET", "HEAD"):
        answer = target.send(method, path)
        assert {"request-id", "x-content-type-options", "referrer-policy", "x-frame-options"} <= answer.headers.keys()
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        assert answer.headers["cache-control"] == "no-store"
        assert "server" not in answer.headers
