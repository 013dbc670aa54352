"""Two practices, two walls: row level security and the service's own filters, each of which must hold alone."""

import re
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event

from app.http.operation import Operation, declared_on
from app.http.spec import example
from tests.support import api as support
from tests.support import build
from tests.support import database as databases
from tests.support.api import Api, House
from tests.support.database import Database, Server

_FILTER = re.compile(r"(\w+\.practice_id = \$\d+(?:::UUID)?)")
CANARY = "Canary Example"


def without_row_level_security(house: House, database: Database) -> None:
    """Take the first wall away."""
    tables = database.fetch("select relname from pg_class where relrowsecurity")
    database.execute("; ".join(f'alter table "{t["relname"]}" disable row level security' for t in tables))


def without_filters(house: House, database: Database) -> None:
    """Take the second wall away: every `practice_id = $n` that the service writes says yes."""
    engine = house.app.state.house.sessions.kw["bind"].sync_engine

    @event.listens_for(engine, "before_cursor_execute", retval=True)
    def open_up(_c: Any, _u: Any, statement: str, parameters: Any, _x: Any, _m: Any) -> tuple[str, Any]:
        return _FILTER.sub(r"(\1 or true)", statement), parameters


def both_away(house: House, database: Database) -> None:
    """Take both walls away: now the test must see a leak, or it cannot fail."""
    without_row_level_security(house, database)
    without_filters(house, database)


@contextmanager
def practices(server: Server, name: str, prepare: Any) -> Iterator[tuple[Api, Api]]:
    """Two practices in a database of their own, one with one of everything, the other empty."""
    databases.clone(server, name)
    try:
        with support.running(server.url(name, "crickets_app")) as house:
            owner, stranger = support.new_practice(house), support.new_practice(house, "Other")
            owner.made = build.everything(owner, CANARY)
            if prepare is not None:
                prepare(house, Database(server.url(name)))
            yield owner, stranger
    finally:
        databases.drop(server, name)


def declared(house: House) -> list[Operation]:
    found = [declared_on(route) for route in house.app.routes]
    return sorted((op for op in found if op is not None), key=lambda op: (op.path, op.method))


def call(api: Api, op: Operation, target: str) -> tuple[int, str]:
    """Call an operation on the id `target` and return the status and the answer without its request id."""
    body = None if op.body is None else example(op.body)
    headers = {"If-Match": '"1"'} if op.method in {"PATCH", "PUT"} else {}
    response = api.request(op.method, op.path.replace("{id}", target), json=body, headers=headers)
    return response.status_code, response.text.replace(response.headers["request-id"], "…")


def leaks(owner: Api, stranger: Api) -> list[str]:
    """List what the stranger can tell of the owner's records."""
    found = []
    for op in declared(owner.house):
        for kind, target in owner.made.items():
            if not op.path.startswith(f"/v1/{kind}/{{id}}"):
                continue
            if call(stranger, op, target) != call(stranger, op, str(uuid.uuid4())):
                found.append(f"{op.method} {op.path}")
        if op.method == "GET" and "{" not in op.path and op.path.startswith("/v1/"):
            response = stranger.get(op.path, params={"scope": "practice"} if op.path == "/v1/queue" else None)
            if CANARY in response.text or any(target in response.text for target in owner.made.values()):
                found.append(f"{op.method} {op.path}")
    return found


def references(owner: Api, stranger: Api) -> list[str]:
    """List the bodies in which the stranger could name one of the owner's records."""
    made, mine = owner.made, build.client(stranger)["id"]
    opportunity = {"title": "T", "kind": "permanent", "source": "applied"}
    own = build.opportunity(stranger, mine)["id"]
    tries = [
        ("/v1/opportunities", {**opportunity, "client_id": made["clients"], "company_name": "X"}),
        ("/v1/opportunities", {**opportunity, "client_id": mine, "company_id": made["companies"]}),
        (
            "/v1/opportunities",
            {**opportunity, "client_id": mine, "company_name": "Y", "contact_ids": [made["contacts"]]},
        ),
        ("/v1/contacts", {"name": "N", "role": "other", "company_id": made["companies"]}),
        (
            f"/v1/opportunities/{own}/interactions",
            {"kind": "note", "occurred_at": "2026-03-01T00:00:00Z", "contact_id": made["contacts"]},
        ),
        (
            "/v1/clients",
            {"name": "N", "time_zone": "UTC", "employment_status": "student", "coach_ids": [owner.member_id]},
        ),
        ("/v1/imports", {"client_id": made["clients"], "content": "company,title\nA,B\n"}),
    ]
    answers = [(path, stranger.post(path, body)) for path, body in tries]
    return [
        path
        for path, answer in answers
        if (answer.status_code, answer.json().get("code")) != (422, "unknown-reference")
    ]


WALLS = {
    "both_walls": None,
    "only_the_services_filters": without_row_level_security,
    "only_row_level_security": without_filters,
}


@pytest.mark.parametrize("walls", WALLS)
def test_a_stranger_cannot_tell_another_practices_records_from_missing_ones(server: Server, walls: str) -> None:
    with practices(server, f"walls_{walls}", WALLS[walls]) as (owner, stranger):
        assert len(owner.made) >= 6
        assert leaks(owner, stranger) == []
        assert references(owner, stranger) == []
        for kind, target in owner.made.items():
            assert owner.get(f"/v1/{kind}/{target}").status_code == 200, f"{kind} was changed by a stranger"


def test_with_both_walls_away_this_test_sees_the_leak(server: Server) -> None:
    with practices(server, "walls_none", both_away) as (owner, stranger):
        found = leaks(owner, stranger)
        assert "GET /v1/clients/{id}" in found
        assert "GET /v1/clients" in found
        assert len(found) > 10
