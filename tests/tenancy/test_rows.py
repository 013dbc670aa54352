"""What Postgres itself shows and lets be written, asked in plain SQL: the service has no say here."""

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from app.db.scope import Actor, Role, Scope
from tests.support import build
from tests.support.api import Api
from tests.support.database import Server, with_connection

#: Every table with rows of a client, and how each row says of which.
OF_A_CLIENT = {
    "client": "id = $1",
    "client_coach": "client_id = $1",
    "opportunity": "client_id = $1",
    "opportunity_contact": "opportunity_id in (select id from opportunity where client_id = $1)",
    "interaction": "opportunity_id in (select id from opportunity where client_id = $1)",
    "interaction_revision": "interaction_id in (select i.id from interaction i join opportunity o "
    "on o.id = i.opportunity_id where o.client_id = $1)",
    "ghosting_step": "opportunity_id in (select id from opportunity where client_id = $1)",
    "silence": "client_id = $1",
    "next_action": "client_id = $1",
    "action_decision": "opportunity_id in (select id from opportunity where client_id = $1)",
    "win": "client_id = $1",
    "derived_win": "opportunity_id in (select id from opportunity where client_id = $1)",
    "development_activity": "client_id = $1",
    "activity_opportunity": "opportunity_id in (select id from opportunity where client_id = $1)",
    "import_file": "client_id = $1",
    "import_row": "import_id in (select id from import_file where client_id = $1)",
}
#: Tables in which every client has a row, another one too.
OWN = {"client", "client_coach"}
WITHOUT_UPDATE = {"interaction_revision", "ghosting_step", "silence", "derived_win", "activity_opportunity"}
Work = Callable[[Any], Awaitable[Any]]


@pytest.fixture
def ids(api: Api) -> dict[str, str]:
    """A client whom nobody below coaches, with something in every table."""
    made = build.everything(api, "Hidden Example")
    api.ok(api.patch(f"/v1/interactions/{made['interactions']}", {"summary": "Edited"}, version=1))
    computed = next(a for a in api.walk("/v1/next-actions", client_id=made["clients"]) if a["origin"] == "computed")
    api.ok(api.post(f"/v1/next-actions/{computed['id']}/done", {}))
    return made


@pytest.fixture
def ask(api: Api, server: Server, database_name: str) -> Callable[[Api, Work], Any]:
    """Return what runs SQL as the service would for this caller."""

    def run(who: Api, work: Work) -> Any:
        member = None if who.role == "client" else who.member_id
        client = who.made["clients"] if who.role == "client" else None
        scope = Scope(Role.TENANT, Actor(who.role), *(_id(i) for i in (who.practice_id, member, client)))

        async def inside(connection: Any) -> Any:
            async with connection.transaction():
                await connection.execute(scope.prelude().removeprefix("; "))
                return await work(connection)

        return with_connection(server.url(database_name, "crickets_app"), inside)

    return run


def _id(text: str | None) -> Any:
    return UUID(text) if text else None


@pytest.fixture(params=["coach", "assistant", "client"])
def outsider(api: Api, request: pytest.FixtureRequest) -> Api:
    """Somebody of the practice to whom the client does not exist."""
    api.ok(api.patch("/v1/practice", {"coach_access": "assigned"}, version=1))
    if request.param != "client":
        return api.as_role(request.param)
    other = build.client(api)["id"]
    login = api.as_client(other)
    login.made = {"clients": other}
    return login


def counted(table: str, where: str = "true", *values: str) -> Work:
    return lambda connection: connection.fetchval(f"select count(*) from {table} where {where}", *values)


def executed(statement: str, *values: str) -> Work:
    return lambda connection: connection.execute(statement, *values)


@pytest.mark.parametrize("table", OF_A_CLIENT)
def test_rows_of_a_client_are_there_for_those_who_see_the_client(
    api: Api, ids: dict[str, str], outsider: Api, ask: Any, table: str
) -> None:
    of_client = counted(table, OF_A_CLIENT[table], ids["clients"])
    there = ask(api, of_client)
    assert there > 0
    if outsider.role == "client":
        assert ask(outsider, counted(table)) == (1 if table in OWN else 0)
        return
    assert ask(outsider, counted(table)) == 0
    api.ok(api.patch(f"/v1/clients/{ids['clients']}", {"coach_ids": [outsider.member_id]}, version=1))
    assert ask(outsider, counted(table)) == ask(outsider, of_client) == there


def test_nobody_writes_on_a_client_they_do_not_see(api: Api, ids: dict[str, str], outsider: Api, ask: Any) -> None:
    practice = api.practice_id
    coach = api.as_role("coach").member_id
    for statement, values in {
        "insert into client_coach values ($1, $2, $3, 9)": (practice, ids["clients"], coach),
        "insert into action_decision values ($1, gen_random_uuid(), $2, 'k', 'coach', 'done', null, null, null, null, "
        "null, 1, now(), now())": (practice, ids["opportunities"]),
        "insert into win values ($1, gen_random_uuid(), $2, null, 'T', null, '2026-03-01', 1, now(), now())": (
            practice,
            ids["clients"],
        ),
        "insert into opportunity_contact values ($1, $2, $3, 9)": (practice, ids["opportunities"], ids["contacts"]),
    }.items():
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            ask(outsider, executed(statement, *values))
    for table in OF_A_CLIENT.keys() - WITHOUT_UPDATE:  # no UPDATE is granted on these
        own = 1 if outsider.role == "client" and table in OWN else 0
        done = ask(outsider, executed(f"update {table} set practice_id = practice_id where practice_id = $1", practice))
        assert done == f"UPDATE {own}", table


def test_asking_leaves_no_trace_in_the_transaction(ids: dict[str, str], outsider: Api, ask: Any) -> None:
    async def work(connection: Any) -> Any:
        await connection.fetch("select from client_coach")
        await connection.fetch("select from interaction")
        return await connection.fetchval("select current_setting('app.actor')")

    assert ask(outsider, work) == outsider.role
