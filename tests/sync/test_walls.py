"""The feed behind one wall and behind the other: row level security, and the service's own filters."""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from app.db.scope import Actor, Role, Scope
from tests.support import api as support
from tests.support import build
from tests.support.api import Api, House
from tests.support.database import Database, Server, with_connection
from tests.support.statements import observed
from tests.sync.device import Device
from tests.tenancy.walls import WALLS, open_up, standing

EYES = ("stranger", "coach", "returned", "newcomer", "assistant", "client")
OF_A_CLIENT = ("clients", "opportunities", "interactions", "next-actions", "wins", "development-activities")
Scenes = Mapping[str, "Scene"]


@dataclass(frozen=True)
class Scene:
    """A device that was up to date before things happened; which of them it must hear of, and which never."""

    device: Device
    heard: set[tuple[str, str]]
    hidden: set[str]


def scenes(house: House, database: Database) -> Scenes:
    """Let records of two clients change and go; the others see the first one's as far as they are shared."""
    owner = support.new_practice(house)
    own, other = build.everything(owner, "Own Example"), build.everything(owner, "Other Example")
    owner.ok(owner.patch("/v1/practice", {"coach_access": "assigned"}, version=1))
    team = {name: owner.as_role(role) for name, role in TEAM.items()}
    ids = [member.member_id for member in team.values()]
    owner.ok(owner.patch(f"/v1/clients/{own['clients']}", {"coach_ids": ids}, version=1))
    team |= {"client": owner.as_client(own["clients"]), "stranger": support.new_practice(house, "Other Coaching")}
    devices = {name: Device(who, database) for name, who in team.items()}
    for device in devices.values():
        device.catch_up()
    secrets = [_secret(owner, made["opportunities"]) for made in (own, other)]
    appoint(owner, team["returned"], "assistant", version=1)
    fleeting = [build.opportunity(owner, made["clients"])["id"] for made in (own, other)]
    between = _secret(owner, fleeting[0])
    for made, gone, secret in zip((own, other), fleeting, secrets, strict=True):
        note = build.interaction(owner, made["opportunities"], "note", "2026-03-01T12:00:00Z")["id"]
        assert owner.delete(f"/v1/interactions/{note}").status_code == 204
        assert owner.delete(f"/v1/opportunities/{gone}").status_code == 204
        owner.ok(owner.patch(f"/v1/interactions/{secret}", {"summary": "Changed"}, version=1))
        owner.ok(owner.patch(f"/v1/companies/{made['companies']}", {"name": f"Renamed {made['companies']}"}, version=1))
    # Rows for one person alone: they are nobody else's.
    for role in ("coach", "admin"):
        appoint(owner, owner.as_role("assistant"), role, version=1)
    appoint(owner, team["returned"], "coach", version=2)
    hidden = {*secrets, between, fleeting[1], *(other[plural] for plural in OF_A_CLIENT)}
    heard = {("upsert", own["opportunities"]), ("remove", fleeting[0])}
    told = heard | {("upsert", secrets[0])}
    others = {other["companies"], other["contacts"]}
    return {
        "stranger": Scene(devices["stranger"], set(), hidden | {fleeting[0], *own.values()}),
        "coach": Scene(devices["coach"], told | {("remove", between)}, hidden - {secrets[0], between}),
        "returned": Scene(devices["returned"], told, hidden - {secrets[0]}),
        "newcomer": _newcomer(house, database),
        "assistant": Scene(devices["assistant"], heard, hidden),
        "client": Scene(devices["client"], heard, hidden | others),
    }


TEAM = {"coach": "coach", "returned": "coach", "assistant": "assistant"}


def _newcomer(house: House, database: Database) -> Scene:
    """Somebody who comes when a record has gone, and loses sight of the others."""
    owner = support.new_practice(house)
    role = build.opportunity(owner)
    assert owner.delete(f"/v1/opportunities/{role['id']}").status_code == 204
    device = Device(owner.as_role("coach"), database)
    device.catch_up()
    owner.ok(owner.patch("/v1/practice", {"coach_access": "assigned"}, version=1))
    return Scene(device, {("remove", role["client_id"])}, {role["id"]})


def appoint(owner: Api, member: Api, role: str, *, version: int) -> None:
    owner.ok(owner.patch(f"/v1/members/{member.member_id}", {"role": role}, version=version))


def _secret(owner: Api, opportunity_id: str) -> str:
    when = "2026-03-01T12:00:00Z"
    return str(build.interaction(owner, opportunity_id, "note", when, visibility="coaches")["id"])


@pytest.fixture(scope="module")
def world(server: Server) -> Iterator[tuple[House, Database, Scenes]]:
    """What happened behind both walls, once for all."""
    with standing(server) as (house, database):
        yield house, database, scenes(house, database)


@contextmanager
def without_row_level_security(database: Database) -> Iterator[None]:
    tables = [t["relname"] for t in database.fetch("select relname from pg_class where relrowsecurity")]

    def turn(how: str) -> None:
        database.execute("; ".join(f'alter table "{name}" {how} row level security' for name in tables))

    turn("disable")
    yield
    turn("enable")


@contextmanager
def without_filters(house: House) -> Iterator[None]:
    with observed(house, open_up):
        yield


@pytest.fixture(scope="module", params=[*WALLS, "no_wall"])
def walled(world: tuple[House, Database, Scenes], request: pytest.FixtureRequest) -> Iterator[tuple[Scenes, bool]]:
    """The scenes behind the walls of a name, and whether there is any."""
    house, database, made = world
    with ExitStack() as stack:
        if request.param in {"only_the_services_filters", "no_wall"}:
            stack.enter_context(without_row_level_security(database))
        if request.param in {"only_row_level_security", "no_wall"}:
            stack.enter_context(without_filters(house))
        yield made, request.param in WALLS


@pytest.mark.parametrize("eyes", EYES)
def test_one_wall_is_enough_and_without_any_the_hidden_is_told(walled: tuple[Scenes, bool], eyes: str) -> None:
    made, is_walled = walled
    scene = made[eyes]
    # The scene's own device stays where it was.
    changes = replace(scene.device, records={}, told=[], has_more=True).catch_up()
    told = {ident for _, (_, ident) in changes}
    if not is_walled:
        assert told & scene.hidden
        return
    snapshot = Device(scene.device.api, scene.device.database).catch_up()
    assert not scene.hidden & (told | {ident for _, (_, ident) in snapshot})
    assert scene.heard <= {(op, ident) for op, (_, ident) in changes}


def asked(server: Server, name: str, who: Api, sql: str, *values: Any) -> Any:
    """Run SQL as the service would for a caller."""
    person = UUID(who.made["clients"] if who.role == "client" else who.member_id)
    member, client = (None, person) if who.role == "client" else (person, None)
    scope = Scope(Role.TENANT, Actor(who.role), UUID(who.practice_id), member, client)

    async def inside(connection: Any) -> Any:
        async with connection.transaction():
            await connection.execute(scope.prelude().removeprefix("; "))
            return await connection.fetchval(sql, *values)

    return with_connection(server.url(name, "crickets_app"), inside)


def test_nobody_writes_the_feed_or_calls_what_does(api: Api, server: Server, database_name: str) -> None:
    for statement in (
        "insert into change (practice_id, type, resource_id) values (current_practice(), 'client', current_practice())",
        "update change set shared = true",
        "delete from change",
        "delete from change_reader",
        "update change_reader set client_id = practice_id",
        "delete from change_member",
        "update change_member set since = '1:1:'",
        "select feed_gained(current_practice(), current_member(), '{}')",
        "select feed_lost(current_practice(), current_member(), '{}', '{}', null)",
        "select feed_coaches_only(current_practice(), current_member(), true, null)",
        "select feed_forget(current_practice(), now(), 1)",
        "select setval('change_generation', 1)",
    ):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            asked(server, database_name, api, statement)


def test_who_reads_whose_rows_is_told_to_themselves_only(api: Api, server: Server, database_name: str) -> None:
    made = build.everything(api, "Own Example")
    coach = api.as_role("coach")
    client = api.as_client(made["clients"])
    client.made = made
    rows = "select count(*) from change_reader where member_id <> practice_id"
    assert asked(server, database_name, api, rows) == 2  # as the owner, and as the client's coach
    assert asked(server, database_name, coach, rows) == 0
    assert asked(server, database_name, client, rows.replace("where member_id <> practice_id", "")) == 0
    others = "select count(*) from change where member_id <> current_member() or audience = 'client'"
    assert asked(server, database_name, api, others) == 0
    theirs = "select count(*) from change where audience = 'client' and client_id = $1"
    assert asked(server, database_name, client, theirs, UUID(made["clients"])) > 0
