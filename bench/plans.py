"""How Postgres finds the rows of each read: no whole table of a practice's is read, for none of the scenarios.

The application runs in this process, on the largest database; each statement is explained on the connection and with
the values with which it is about to be sent, twice: as the service has it, and with sequential scans no less welcome
than usual.
"""

import json
from collections.abc import Iterator, Sequence
from typing import Any

from pydantic import SecretStr
from starlette.testclient import TestClient

from app.db.base import metadata
from app.db.statements import Plan
from app.main import create_app
from app.settings import Settings
from bench import places
from bench.scenarios import SCENARIOS, World

_EACH = 40
_TENANT = {name for name, table in metadata.tables.items() if "practice_id" in table.c}
_AS = {"as shipped": "off", "with seqscan on": "on"}


def scans(world: World) -> dict[str, list[str]]:
    """Return the sequential scans of tables with a `practice_id` that any read would make, by setting."""
    found: dict[str, list[str]] = {name: [] for name in _AS}
    explained: set[str] = set()

    async def explain(connection: Any, plan: Plan, values: Sequence[Any]) -> None:
        if not plan.sql.lstrip().startswith(("SELECT", "WITH")):
            return
        explained.add(plan.sql)
        for name, setting in _AS.items():
            await connection.execute(f"SET LOCAL enable_seqscan = {setting}")
            [told] = await connection.fetchval(f"EXPLAIN (FORMAT JSON) {plan.sql}", *values)
            found[name] += _scanned(told["Plan"])
        await connection.execute(f"SET LOCAL enable_seqscan = {_AS['as shipped']}")

    settings = Settings(database_url=SecretStr(world.place.service), secret_key=SecretStr(places.SECRET))
    generous = dict.fromkeys(("limit_read", "limit_write", "limit_auth", "limit_practice"), 1_000_000)
    app = create_app(settings.model_copy(update=generous))
    with TestClient(app, base_url="http://127.0.0.1") as client:
        app.state.house.sessions.pool.observers.append(explain)
        for path, key in _reads(world):
            answer = client.get(path, headers={"Authorization": f"Bearer {key}"})
            if answer.status_code != 200:  # noqa: PLR2004  # answered
                raise ValueError(f"{path}: {answer.text}")
    if not explained:
        raise ValueError("nothing was explained")
    return found


def measure(world: World) -> list[dict[str, Any]]:
    """Return the number of such scans as targets."""
    found = scans(world)
    for name, tables in found.items():
        print(f"  sequential scans at {world.place.size}, {name}: {json.dumps(sorted(set(tables)))}")
    name = f"sequential scans of tenant tables at {world.place.size}"
    return [{"name": name, "ratio": len(found["as shipped"]), "limit": 0}]


def _reads(world: World) -> Iterator[tuple[str, str]]:
    """Return paths and keys: of the scenarios that read, the first page of the feed, and the second page of lists."""
    for scenario in SCENARIOS.values():
        if not (scenario.writes or scenario.name == "changes"):
            for request in scenario.requests(world, _EACH):
                line, _, head = request.decode().partition("\r\n")
                yield line.split(" ")[1], head.partition("Bearer ")[2].partition("\r\n")[0]
    yield "/v1/changes?limit=50", world.coach
    for sort in ("-updated_at", "updated_at", "-created_at", "title", "due_on", "-silent_days", "-last_activity_at"):
        yield f"/v1/opportunities?limit=50&sort={sort}", world.owner


def _scanned(node: dict[str, Any]) -> list[str]:
    own = [node["Relation Name"]] if node["Node Type"] == "Seq Scan" and node["Relation Name"] in _TENANT else []
    return own + [table for child in node.get("Plans", ()) for table in _scanned(child)]
