"""Radar and queue of a practice that the statistics of Postgres do not know yet: one statement, in proportion to it."""

import uuid
from collections.abc import Iterator
from typing import Any

import pytest

from app.db.statements import Plan
from tests.support import api as support
from tests.support import build
from tests.support import database as databases
from tests.support.api import Api, House
from tests.support.database import Database, Server
from tests.support.statements import DOOR, observed

CLIENTS, ROWS = 5, 60
#: What may be read for each opportunity: its steps, some ten, its wins, its company and its client.
EACH = 200
_REMOVED = ("Filter", "Join Filter", "Index Recheck")


def touched(node: dict[str, Any]) -> int:
    own = node["Actual Rows"] + sum(node.get(f"Rows Removed by {why}", 0) for why in _REMOVED)
    return int(own * node["Actual Loops"]) + sum(touched(child) for child in node.get("Plans", ()))


def cost(house: House, caller: Api, path: str) -> tuple[int, int]:
    """Return how many statements an answer takes, and how many rows their executed plans touch."""
    found = []

    async def explain(connection: Any, plan: Plan, values: Any) -> None:
        if not any(part in plan.sql for part in DOOR):
            [told] = await connection.fetchval(f"EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) {plan.sql}", *values)
            found.append(touched(told["Plan"]))

    with observed(house, explain):
        caller.ok(caller.get(path))
    return len(found), sum(found)


@pytest.fixture(scope="module")
def fresh(server: Server) -> Iterator[tuple[House, dict[str, Api]]]:
    """A practice that came after the last ANALYZE, and members of each sight."""
    name = f"caseload_{uuid.uuid4().hex[:12]}"
    databases.clone(server, name)
    # As the service's login is to have it (ADR 6).
    Database(server.url(name)).execute(f'alter database "{name}" set enable_seqscan = off')
    try:
        with support.running(server.url(name, "crickets_app")) as house:
            database = Database(server.url(name))
            tables = database.fetch("select relname from pg_class where relrowsecurity")
            off = 'alter table "{}" set (autovacuum_enabled = false)'
            database.execute("; ".join(off.format(table["relname"]) for table in tables))
            build.everything(support.new_practice(house, "Other Coaching"), "Other Example")
            database.execute("analyze")
            owner = support.new_practice(house)
            callers = {"owner": owner, **{role: owner.as_role(role) for role in ("coach", "assistant")}}
            for _ in range(CLIENTS):
                person = build.client(owner, coach_ids=[caller.member_id for caller in callers.values()])
                _fill(owner, person["id"])
            yield house, callers
    finally:
        databases.drop(server, name)


def _fill(owner: Api, client_id: str) -> None:
    lines = [f"Company {n % 20},Title {n},2026-02-{n % 28 + 1:02}" for n in range(ROWS)]
    log = {"client_id": client_id, "content": "\n".join(["company,title,date applied", *lines])}
    made = owner.ok(owner.post("/v1/imports", log), 201)
    owner.ok(owner.post(f"/v1/imports/{made['id']}/commit"))
    listed = owner.ok(owner.get("/v1/opportunities", params={"client_id": client_id, "limit": 10}))["items"]
    for opportunity in listed[:5]:
        build.interaction(owner, opportunity["id"], "interview", "2026-03-10T10:00:00Z")


@pytest.mark.parametrize("coach_access", ["practice", "assigned"])
def test_radar_and_queue_take_one_statement_in_proportion(
    fresh: tuple[House, dict[str, Api]], coach_access: str
) -> None:
    house, callers = fresh
    now = callers["owner"].ok(callers["owner"].get("/v1/practice"))
    if now["coach_access"] != coach_access:
        callers["owner"].ok(
            callers["owner"].patch("/v1/practice", {"coach_access": coach_access}, version=now["version"])
        )
    for role, caller in callers.items():
        for path in ("/v1/radar", "/v1/radar?as_of=2026-05-01T00:00:00Z", "/v1/queue"):
            statements, rows = cost(house, caller, path)
            # An assistant's queue asks once more which interactions may be named.
            assert statements <= (2 if (role, path) == ("assistant", "/v1/queue") else 1), (role, path)
            assert rows < EACH * CLIENTS * ROWS, (role, path, rows)
