"""Taking the walls down, one or both, and looking for what a caller can then tell of records that are not theirs."""

import re
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from app.db.statements import Plan
from app.http.operation import Operation, declared_on
from app.http.spec_inputs import example
from tests.support import api as support
from tests.support import database as databases
from tests.support.api import Api, House
from tests.support.database import Database, Server
from tests.support.statements import pool_of

CANARY = "Canary Example"

_PRACTICE = re.compile(r"(\w+\.practice_id = \$\d+(?:::UUID)?)")
_ASSIGNED = re.compile(r"(\w+\.\w+ IN \(SELECT assignment\.client_id\b[^()]*\))")
#: Who is told of a row of the change feed.
_TOLD = re.compile(r"(CASE WHEN CASE WHEN \(change\.audience.*?END IS NOT NULL|change\.shared\b)", re.DOTALL)
#: Lists that are about the caller's own clients unless they ask for everybody's.
SCOPED = ("/v1/queue", "/v1/radar")
#: Filters of lists by the kind of record that they name.
_NARROWED = {"client_id": "clients", "company_id": "companies", "coach_id": "coaches", "resource_id": "clients"}
_FOR_COACHES = re.compile(r"(\w+\.visibility = ANY \(\$\d+::TEXT\[\]\))")


def without_row_level_security(house: House, database: Database) -> None:
    """Take the first wall away."""
    tables = database.fetch("select relname from pg_class where relrowsecurity")
    database.execute("; ".join(f'alter table "{t["relname"]}" disable row level security' for t in tables))


def without_filters(house: House, database: Database) -> None:
    """Take the second wall away: every condition on who may see a row, in whatever the service sends, says yes."""

    pool_of(house).observers.append(open_up)


async def open_up(_: Any, plan: Plan, _values: Any) -> str:
    """Hear of a statement, and send it as `opened` has it."""
    return opened(plan.sql, plan.names)


def opened(statement: str, names: Any) -> str:
    """Return a statement without its conditions on who asks; `names` are those of its parameters, in order."""
    own = [number for number, name in enumerate(names, 1) if name == "own_client"]
    owned = [re.compile(rf"(\w+\.\w+ = \${n}(?!\d)(?:::UUID)?)") for n in own]
    patterns = [_TOLD, _ASSIGNED, _FOR_COACHES, *owned, _PRACTICE]
    for pattern in patterns:
        statement = pattern.sub(r"(\1 or true)", statement)
    return statement


def both_away(house: House, database: Database) -> None:
    """Take both walls away: now a test must see a leak, or it cannot fail."""
    without_row_level_security(house, database)
    without_filters(house, database)


WALLS: Mapping[str, Any] = {
    "both_walls": None,
    "only_the_services_filters": without_row_level_security,
    "only_row_level_security": without_filters,
}


@contextmanager
def standing(server: Server) -> Iterator[tuple[House, Database]]:
    """Run the application on a database of its own, for `take_down`."""
    name = f"walls_{uuid.uuid4().hex[:12]}"
    databases.clone(server, name)
    try:
        with support.running(server.url(name, "crickets_app")) as house:
            yield house, Database(server.url(name))
    finally:
        databases.drop(server, name)


def take_down(house: House, database: Database, walls: str) -> None:
    """Leave only the walls of that name, else none; what is there by now was made behind both."""
    prepare = WALLS.get(walls, both_away)
    if prepare is not None:
        prepare(house, database)


def declared(house: House) -> list[Operation]:
    """Return every operation there is, reads first: with no wall left, an erasure leaves them nothing to leak."""
    found = [declared_on(route) for route in house.app.routes]
    return sorted((op for op in found if op is not None), key=lambda op: (op.method != "GET", op.path, op.method))


def call(api: Api, op: Operation, target: str) -> tuple[int, str]:
    """Call an operation on the id `target` and return the status and the answer without its request id."""
    body = None if op.body is None else example(op.body)
    headers = {"If-Match": '"1"'} if op.method in {"PATCH", "PUT"} else {}
    response = api.request(op.method, op.path.replace("{id}", target), json=body, headers=headers)
    return response.status_code, response.text.replace(response.headers["request-id"], "…")


def leaks(caller: Api, hidden: Mapping[str, str], *, coach_id: str) -> list[str]:
    """List what the caller can tell of the hidden records (ids by the plural in the path), all marked CANARY.

    `coach_id` is who coaches the hidden client.
    """
    found = told(caller, [CANARY, *hidden.values()], _questions(caller, {**hidden, "coaches": coach_id}))
    for op in declared(caller.house):
        for kind, target in hidden.items():
            mine = op.path.startswith(f"/v1/{kind}/{{id}}")
            if mine and call(caller, op, target) != call(caller, op, str(uuid.uuid4())):
                found.append(f"{op.method} {op.path}")
    return found


def told(caller: Api, words: list[str], questions: list[tuple[str, dict[str, str]]]) -> list[str]:
    """List the questions whose answers tell any of these words that were not asked with."""
    found = []
    for path, query in questions:
        text = caller.get(path, params=query or None).text
        asked = {*query.values(), *path.split("/")}
        if any(word in text for word in words if word not in asked):
            found.append(f"GET {path}" + "".join(f" by {name}" for name in query))
    return found


def _questions(caller: Api, known: Mapping[str, str]) -> list[tuple[str, dict[str, str]]]:
    """Return every list there is, and again narrowed to what is known, as far as it can be."""
    found: list[tuple[str, dict[str, str]]] = []
    for op in declared(caller.house):
        if op.method != "GET" or "{" in op.path or not op.path.startswith("/v1/"):
            continue
        everyone = {"scope": "practice"} if op.path in SCOPED and caller.role != "client" else {}
        found.append((op.path, everyone))
        names = {} if op.query is None else op.query.model_fields
        found += [(op.path, {n: known[kind]}) for n, kind in _NARROWED.items() if n in names and kind in known]
        found += [(op.path, {"q": "Canary"})] if "q" in names else []
    return found
