"""What the benchmark measures is what the service would have written, in small."""

import asyncio
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from bench.bare import Bare
from bench.places import Place
from bench.seed import kept
from bench.seed.ensure import seed
from bench.seed.people import Practice, shares
from tests.support import api as support
from tests.support import database as databases
from tests.support.api import NOON, Api, House
from tests.support.database import Database, Server
from tests.support.steps import disagreements

PARTS, TIMELINES = (40, 8), 48


@pytest.fixture(scope="module")
def seeded(server: Server, database_name: str) -> Iterator[tuple[Database, list[Practice]]]:
    name = f"{database_name}_bench"
    databases.clone(server, name)
    place = Place("small", server.url(name), server.url(name, "crickets_app"), 0)
    yield Database(place.admin), seed(place, parts=PARTS, anchor=NOON, timelines=TIMELINES)
    databases.drop(server, name)


@pytest.fixture(scope="module")
def served(server: Server, seeded: Any) -> Iterator[House]:
    name = seeded[0].url.rpartition("/")[2]
    with support.running(server.url(name, "crickets_app")) as house:
        yield house


def as_coach(house: House, practice: Practice) -> Api:
    return Api(house, practice.keys["coach"], str(practice.id), str(practice.members["coach"]), "coach")


def test_the_stored_steps_are_those_that_the_service_computes(seeded: Any, served: House) -> None:
    database, _ = seeded
    assert database.value("select count(*) from opportunity") == sum(PARTS)
    assert disagreements(served, database) == []


def test_what_the_service_writes_itself_is_no_different(seeded: Any, served: House) -> None:
    """A recomputation by the service replaces rows by the same rows, also in the columns that Postgres computes."""
    database, (practice, _) = seeded
    everything = "select * from {} t where practice_id = $1 order by t.*::text"
    tables = ("ghosting_step", "derived_win", "silence")
    before = [database.fetch(everything.format(table), practice.id) for table in tables]
    owner = Api(served, practice.keys["owner"], str(practice.id), str(practice.members["owner"]), "owner")
    first = owner.ok(owner.get("/v1/clients", params={"limit": 1}))["items"][0]
    for zone in ("Asia/Tokyo", first["time_zone"]):
        version = owner.ok(owner.get(f"/v1/clients/{first['id']}"))["version"]
        owner.ok(owner.patch(f"/v1/clients/{first['id']}", {"time_zone": zone}, version=version))
    assert [database.fetch(everything.format(table), practice.id) for table in tables] == before


def test_the_api_reads_it(seeded: Any, served: House) -> None:
    _, practices = seeded
    for practice in practices:
        api = as_coach(served, practice)
        found = api.walk("/v1/opportunities", limit=50)
        assert len(found) == practice.opportunities
        for opportunity in found[:5]:
            verdict = api.ok(api.get(f"/v1/opportunities/{opportunity['id']}/assessment"))
            assert verdict["status"] == opportunity["assessment"]["status"]
        queue = api.ok(api.get("/v1/queue", params={"limit": 10}))
        assert sum(queue["counts"].values()) == sum(o["assessment"]["status"] != "closed" for o in found)
        assert queue["items"]


def test_the_bare_baseline_answers_the_same_bytes(server: Server, seeded: Any, served: House) -> None:
    database, (practice, _) = seeded
    api = as_coach(served, practice)
    found = [one["id"] for one in api.walk("/v1/opportunities", limit=50)]
    status = api.ok(api.get("/v1/opportunities?limit=1"))["items"][0]["assessment"]["status"]
    paths = [
        *(f"/v1/opportunities/{ident}/assessment" for ident in found),
        *("/v1/opportunities?limit=50", "/v1/opportunities?limit=7", f"/v1/opportunities?status={status}&limit=2"),
        *("/v1/queue?limit=50", "/v1/queue?limit=3", "/v1/queue?scope=practice&limit=1"),
        f"/v1/queue?coach_id={practice.members['coach']}&limit=5",
    ]
    who = {"practice_id": str(practice.id), "member_id": api.member_id, "actor": "coach"}
    url = server.url(database.url.rpartition("/")[2], "crickets_app")

    async def ask() -> list[bytes]:
        bare = Bare(url, {api.key: who}, secret="only-for-tests", recorded=None)
        await bare.pool.open(1)
        caller = bare.callers[f"Bearer {api.key}".encode()]
        asked = [urlsplit(path) for path in paths]
        told = [await bare.answer(one.path, dict(parse_qsl(one.query)), caller, NOON) for one in asked]
        await bare.pool.close()
        return told

    for path, answer in zip(paths, asyncio.run(ask()), strict=True):
        assert api.get(path).content == answer, path


def test_a_device_is_told_of_everything(seeded: Any, served: House) -> None:
    database, (_, practice) = seeded
    api = as_coach(served, practice)
    told, path = set(), "/v1/changes?limit=200"
    while path:
        page = api.ok(api.get(path))
        told |= {change["id"] for change in page["changes"]}
        path = f"/v1/changes?limit=200&token={page['next_token']}" if page["has_more"] else ""
    for table in ("opportunity", "interaction", "client", "company"):
        there = database.fetch(f"select id::text from {table} where practice_id = $1", practice.id)
        assert {row["id"] for row in there} <= told, table


def test_the_compared_practice_is_put_back_after_scenarios_that_write(seeded: Any, served: House) -> None:
    database, (practice, _) = seeded
    api = as_coach(served, practice)
    tables = ("interaction", "ghosting_step", "silence", "change", "audit_link", "audit_head")
    databases.with_connection(database.url, kept.touch)
    first = api.walk("/v1/opportunities", limit=50)[0]
    note = {"kind": "note", "occurred_at": "2026-03-01T00:00:00Z"}
    api.ok(api.post(f"/v1/opportunities/{first['id']}/interactions", note), 201)
    assert databases.with_connection(database.url, lambda c: kept.restore(c, practice.id))
    for table in tables:
        counted = "select (select count(*) from {0} where practice_id = $1) = (select count(*) from bench.kept_{0})"
        assert database.value(counted.format(table), practice.id), table
    assert not databases.with_connection(database.url, lambda c: kept.restore(c, practice.id))
    api.ok(api.post(f"/v1/opportunities/{first['id']}/interactions", note), 201)


def test_the_compared_practice_is_the_same_whatever_the_size() -> None:
    assert [shares(total)[0] for total in (10_000, 100_000, 1_000_000)] == [10_000] * 3
    assert sum(shares(1_000_000)) == 1_000_000
    assert set(shares(1_000_000)) == {10_000}
