"""How much Postgres reads for a list, of a practice that its statistics do not know yet: an onboarding, a large import.

Times say little on a busy machine, so the rows that the executed plans touched are counted.
"""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from app.db.statements import Plan
from tests.support import api as support
from tests.support import build
from tests.support import database as databases
from tests.support.api import Api, House
from tests.support.database import Database, Server
from tests.support.statements import observed

CLIENTS, ROWS, COMPANIES = 6, 60, 50
#: What a list may read for each opportunity of the practice: its steps, some ten, its company, its client ...
EACH = 60
#: The radar reads wins, touches of the plan and the week ahead as well.
EACH_ON_RADAR = 120

Costs = list[tuple[str, int]]
_REMOVED = ("Filter", "Join Filter", "Index Recheck")


def _touched(node: dict[str, Any]) -> int:
    own = node["Actual Rows"] + sum(node.get(f"Rows Removed by {why}", 0) for why in _REMOVED)
    return int(own * node["Actual Loops"]) + sum(_touched(child) for child in node.get("Plans", ()))


@contextmanager
def counting(house: House) -> Iterator[Costs]:
    """Explain every statement of the application once more, and note how many rows it touched."""
    found: Costs = []

    async def explain(connection: Any, plan: Plan, values: Any) -> None:
        if plan.sql.lstrip().startswith(("SELECT", "WITH")):
            [told] = await connection.fetchval(f"EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) {plan.sql}", *values)
            found.append((plan.sql, _touched(told["Plan"])))

    with observed(house, explain):
        yield found


@pytest.fixture(scope="module")
def fresh(server: Server) -> Iterator[tuple[House, Api, dict[str, Api]]]:
    """A practice whose rows came after the last ANALYZE, and one caller of each kind."""
    name = f"stale_{uuid.uuid4().hex[:12]}"
    databases.clone(server, name)
    try:
        with support.running(server.url(name, "crickets_app")) as house:
            database = Database(server.url(name))
            tables = database.fetch("select relname from pg_class where relrowsecurity")
            database.execute(
                "; ".join(f'alter table "{t["relname"]}" set (autovacuum_enabled = false)' for t in tables)
            )
            build.everything(support.new_practice(house, "Other Coaching"), "Other Example")
            database.execute("analyze")
            owner = support.new_practice(house)
            callers = {role: owner.as_role(role) for role in ("admin", "coach", "assistant")}
            people = []
            for _ in range(CLIENTS):
                person = build.client(owner, coach_ids=[callers["coach"].member_id, callers["assistant"].member_id])
                people.append(person["id"])
                lines = [f"Company {n % COMPANIES},Title {n},2026-02-{n % 28 + 1:02}" for n in range(ROWS)]
                log = {"client_id": person["id"], "content": "\n".join(["company,title,date applied", *lines])}
                made = owner.ok(owner.post("/v1/imports", log), 201)
                owner.ok(owner.post(f"/v1/imports/{made['id']}/commit"))
            callers |= {"owner": owner, "client": owner.as_client(people[0])}
            yield house, owner, callers
    finally:
        databases.drop(server, name)


SORTS = ("updated_at", "created_at", "last_activity_at", "due_on", "silent_days", "title")
QUESTIONS = (
    *(f"/v1/opportunities?sort={sign}{name}" for name in SORTS for sign in ("", "-")),
    "/v1/opportunities?status=waiting&status=ghosted",
    "/v1/opportunities?status=waiting&sort=due_on",
    "/v1/opportunities?stage=applied",
    "/v1/opportunities?q=compa",
    "/v1/opportunities?as_of=2026-06-01T00:00:00Z",
    "/v1/opportunities?as_of=2026-06-01T00:00:00Z&stage=applied&sort=silent_days",
    "/v1/queue",
    "/v1/queue?scope=practice",
    "/v1/radar?scope=practice",
    "/v1/radar?scope=practice&as_of=2026-05-01T00:00:00Z",
    "/v1/clients",
    "/v1/companies",
    "/v1/contacts",
    "/v1/imports",
)


@pytest.mark.parametrize("coach_access", ["practice", "assigned"])
@pytest.mark.parametrize("role", ["owner", "admin", "coach", "assistant", "client"])
def test_a_list_reads_in_proportion_to_the_practice(
    fresh: tuple[House, Api, dict[str, Api]], role: str, coach_access: str
) -> None:
    house, owner, callers = fresh
    now = owner.ok(owner.get("/v1/practice"))
    if now["coach_access"] != coach_access:
        owner.ok(owner.patch("/v1/practice", {"coach_access": coach_access}, version=now["version"]))
    caller = callers[role]
    worst = []
    for question in QUESTIONS:
        with counting(house) as costs:
            status = caller.get(question).status_code
        if status != 403:
            assert status == 200
            each = EACH_ON_RADAR if question.startswith("/v1/radar") else EACH
            worst.append((max(rows for _, rows in costs) / (each * CLIENTS * ROWS), question))
    assert max(worst)[0] < 1, max(worst)
