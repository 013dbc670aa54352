"""Every entry of the hostile corpus and its siblings, as noted there and on every operation where it applies.

By default each entry meets each operation once, in one field of its type; with `-m soak` in every field.
"""

import json
import zlib
from collections.abc import Callable, Iterator

import pytest

from tests.edge import corpus, verdict
from tests.edge.corpus import Entry, filled, is_control
from tests.edge.places import Place, Places, Request, fine, operations, query_path, value_in_query
from tests.edge.served import Answer
from tests.edge.target import Target
from tests.edge.trial import Shot, Trial
from tests.support import build
from tests.support.api import Api
from tests.support.database import ROOT, Database

DOCUMENT = json.loads((ROOT / "openapi/openapi.json").read_text())
OPERATIONS = {one["operationId"]: one for path in DOCUMENT["paths"].values() for one in path.values()}
WITH_A_BODY = sorted(name for name, one in OPERATIONS.items() if "requestBody" in one)
#: More would be refused as an address.
MOST_IN_AN_ADDRESS = 2000
KINDS = {"text": ({"line", "text"}, {"other"}), "integer": ({"integer"},), "datetime": ({"datetime"},)}


Pick = Callable[[list[Place], Entry], list[Place]]


def one_place(places: list[Place], entry: Entry) -> list[Place]:
    """Pick one place, another one for each entry, always the same."""
    return places and [places[zlib.crc32(entry["id"].encode()) % len(places)]]


def all_places(places: list[Place], _: Entry) -> list[Place]:
    return places


@pytest.fixture
def request_(api: Api, name: str) -> Request:
    return fine(api, operations(api.house)[name])


@pytest.fixture
def places(api: Api) -> Places:
    return Places(api.house.contract.document)


@pytest.fixture
def trial(target: Target, database: Database, request_: Request) -> Trial:
    return Trial(target, database, request_)


def values(trial: Trial, places: list[Place], pick: Pick = one_place) -> Iterator[Shot]:
    """Yield each value of the corpus in the fields of its type of a body."""
    request = trial.request
    for where, groups in KINDS.items():
        for group in groups:
            fitting = [place for place in places if place.kind in group]
            for entry in corpus.entries(where):
                for place in pick(fitting, entry):
                    raw = request.with_value(place, filled(entry, trial.target.known))
                    yield Shot(entry, verdict.of_value(entry, place, request, len(raw)), place, body=raw)


def bodies(trial: Trial) -> Iterator[Shot]:
    """Yield each whole body of the corpus."""
    for entry in corpus.entries("body"):
        raw = filled(entry, trial.target.known)
        yield Shot(entry, verdict.of_body(entry, trial.request, len(raw)), None, body=raw)


def queries(trial: Trial, places: list[Place], pick: Pick = one_place) -> Iterator[Shot]:
    """Yield each query string, and each value of the corpus in the parameters of its type."""
    op, path = trial.request.op, trial.request.path
    for entry in corpus.entries("query"):
        raw = filled(entry, trial.target.known)
        yield Shot(entry, verdict.of_query(entry, op, raw), None, path=query_path(path, raw))
    for where, kind in (("text", "line"), ("integer", "integer"), ("datetime", "datetime")):
        fitting = [place for place in places if place.kind == kind]
        for entry in corpus.entries(where):
            for place in pick(fitting, entry):
                source = filled(entry, trial.target.known)
                raw = value_in_query(place, source)
                if len(raw) < MOST_IN_AN_ADDRESS:
                    yield Shot(entry, verdict.of_parameter(entry, place, source), place, path=query_path(path, raw))


def test_every_operation_is_known_here(api: Api) -> None:
    assert set(operations(api.house)) == set(OPERATIONS)


@pytest.mark.parametrize("name", WITH_A_BODY)
class TestBodies:
    def test_bad_values_and_bad_bodies(self, trial: Trial, places: Places) -> None:
        found = places.of_body(trial.request.op)
        assert found
        trial.run([*values(trial, found), *bodies(trial)])

    @pytest.mark.soak
    def test_bad_values_in_every_field(self, trial: Trial, places: Places) -> None:
        trial.run(values(trial, places.of_body(trial.request.op), all_places))


@pytest.mark.parametrize("name", sorted(OPERATIONS))
class TestAddresses:
    def test_bad_queries_and_paths(self, trial: Trial, places: Places) -> None:
        op = trial.request.op
        trial.run([*queries(trial, places.of_query(op)), *paths(trial)])

    @pytest.mark.soak
    def test_bad_values_in_every_parameter(self, trial: Trial, places: Places) -> None:
        trial.run(queries(trial, places.of_query(trial.request.op), all_places))


def paths(trial: Trial) -> Iterator[Shot]:
    """Yield the operation's path as spoilt as those of the corpus."""
    for entry in corpus.entries("path"):
        raw = filled(entry, trial.target.known).decode("latin-1")
        for path in spoilt(trial.request.op.path, raw):
            yield Shot(entry, set(entry["expect"]), None, path=path)


def spoilt(path: str, raw: str) -> Iterator[str]:
    prefix = "/v1/clients/"
    plain = path.replace("{id}", "01981d3c-5f0e-4c3a-9b1e-6a1d2f3c4b5a").replace("{number}", "1").replace("{code}", "x")
    if raw.startswith(prefix):
        given = raw.removeprefix(prefix)
        # 1 is no id, but the number of a version.
        names = [name for name in ("{id}", "{number}", "{code}") if name in path and (name, given) != ("{number}", "1")]
        yield from (path.replace(name, given) for name in names)
    elif raw.startswith("//"):
        yield f"/{plain}"
    elif raw.startswith("/v1//"):
        yield plain.replace("/v1/", "/v1//") if "/v1/" in path else f"{path}//"
    else:
        yield f"{plain}/nothing/at/all"


class TestAsNoted:
    """The corpus as API.md section 7 describes it, one operation for each kind."""

    @pytest.fixture
    def opportunity(self, api: Api, target: Target) -> str:
        return str(build.opportunity(api, target.client_id)["id"])

    @pytest.mark.parametrize("where", ["text", "integer", "datetime", "body", "query", "path", "header", "raw"])
    def test_every_entry(self, target: Target, opportunity: str, database: Database, where: str) -> None:
        wrong: list[object] = []
        count = "select count(*) from audit_event"
        for entry in corpus.entries(where):
            before = None if is_control(entry) else database.value(count)
            answer = as_noted(entry, target, opportunity)
            if answer.status not in entry["expect"] or verdict.misshapen(answer):
                wrong.append((entry["id"], entry["note"], answer.status, answer.body[:200]))
            elif answer.status >= 400 and before is not None and database.value(count) != before:
                wrong.append((entry["id"], entry["note"], "stored something"))
        assert wrong == []


def as_noted(entry: Entry, target: Target, opportunity: str) -> Answer:
    """Send an entry the way its `where` and its note say."""
    raw, where, note = filled(entry, target.known), entry["where"], entry["note"]
    interactions = f"/v1/opportunities/{opportunity}/interactions"
    if where == "raw":
        return target.raw(raw)
    if where == "query":
        return target.send("GET", query_path("/v1/opportunities", raw))
    if where == "path":
        return target.send("GET", raw.decode("latin-1"))
    if where == "header":
        return as_noted_header(note, raw.decode("latin-1").split("\n"), target)
    client = (
        b'{"%s": %s, '
        + b'"name": "A", ' * (where == "integer")
        + b'"time_zone": "UTC", "employment_status": "student"}'
    )
    sources = {"text": client % (b"name", raw), "integer": client % (b"hours_free_per_week", raw)}
    path = "/v1/clients"
    if where == "datetime":
        path, sources["datetime"] = interactions, b'{"kind": "note", "occurred_at": %s}' % raw
    elif where == "body" and note.startswith("POST /v1/"):
        path = note.split(":", maxsplit=1)[0].removeprefix("POST ").replace("{id}", opportunity)
    return target.send("POST", path, body=sources.get(where, raw))


def as_noted_header(note: str, lines: list[str], target: Target) -> Answer:
    """Send header lines with the request that the note names."""
    if note.startswith("PATCH"):
        return target.send("PATCH", f"/v1/clients/{target.client_id}", *lines, body=b'{"hours_free_per_week": 1}')
    if note.startswith("POST"):
        body = b'{"name": "Ana", "time_zone": "UTC", "employment_status": "employed"}'
        return target.send("POST", "/v1/clients", *lines, body=body)
    return target.send("GET", "/v1/clients", *lines)
