"""The feed behind one wall and behind the other: row level security, and the service's own filters."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from app.db.scope import Actor, Role, Scope
from tests.support import api as support
from tests.support import build
from tests.support.api import Api, House
from tests.support.database import Database, Server, with_connection
from tests.sync.device import Device
from tests.tenancy.walls import WALLS, standing, take_down

EYES = ("stranger", "coach", "assistant", "client")
PLURALS = {"clients": "client", "opportunities": "opportunity", "interactions": "interaction"}


@dataclass(frozen=True)
class Scene:
    """A device that was up to date before things happened; which of them it must hear of, and which never."""

    device: Device
    heard: set[tuple[str, str]]
    hidden: set[str]


def scene(house: House, database: Database, eyes: str) -> Scene:
    """Let records of two clients change and go; `eyes` see the first one's as far as they are shared."""
    owner = support.new_practice(house)
    own, other = build.everything(owner, "Own Example"), build.everything(owner, "Other Example")
    owner.ok(owner.patch("/v1/practice", {"coach_access": "assigned"}, version=1))
    who = _who(owner, own, eyes)
    device = Device(who, database)
    device.catch_up()
    secrets = [_secret(owner, made) for made in (own, other)]
    fleeting = [build.opportunity(owner, made["clients"])["id"] for made in (own, other)]
    for made, gone, secret in zip((own, other), fleeting, secrets, strict=True):
        note = build.interaction(owner, made["opportunities"], "note", "2026-03-01T12:00:00Z")["id"]
        assert owner.delete(f"/v1/interactions/{note}").status_code == 204
        assert owner.delete(f"/v1/opportunities/{gone}").status_code == 204
        owner.ok(owner.patch(f"/v1/interactions/{secret}", {"summary": "Changed"}, version=1))
        owner.ok(owner.patch(f"/v1/companies/{made['companies']}", {"name": f"Renamed {made['companies']}"}, version=1))
    # Rows for one person alone: they are nobody else's.
    for role in ("coach", "admin"):
        colleague = owner.as_role("assistant")
        owner.ok(owner.patch(f"/v1/members/{colleague.member_id}", {"role": role}, version=1))
    hidden = {*secrets, fleeting[1], *(other[plural] for plural in PLURALS)}
    heard = {("upsert", own["opportunities"]), ("remove", fleeting[0])}
    if eyes == "stranger":
        return Scene(device, set(), hidden | {fleeting[0], *own.values()})
    if eyes == "coach":
        return Scene(device, heard | {("upsert", secrets[0])}, hidden - {secrets[0]})
    return Scene(device, heard, hidden | ({other["companies"], other["contacts"]} if eyes == "client" else set()))


def _who(owner: Api, own: dict[str, str], eyes: str) -> Api:
    if eyes == "stranger":
        return support.new_practice(owner.house, "Other Coaching")
    if eyes == "client":
        return owner.as_client(own["clients"])
    member = owner.as_role(eyes)
    owner.ok(owner.patch(f"/v1/clients/{own['clients']}", {"coach_ids": [member.member_id]}, version=1))
    return member


def _secret(owner: Api, made: dict[str, str]) -> str:
    when = "2026-03-01T12:00:00Z"
    return str(build.interaction(owner, made["opportunities"], "note", when, visibility="coaches")["id"])


def world(server: Server, walls: str) -> Iterator[dict[str, Scene]]:
    with standing(server) as (house, database):
        made = {eyes: scene(house, database, eyes) for eyes in EYES}
        take_down(house, database, walls)
        yield made


@pytest.fixture(scope="module", params=WALLS)
def walled(server: Server, request: pytest.FixtureRequest) -> Iterator[dict[str, Scene]]:
    yield from world(server, request.param)


@pytest.fixture(scope="module")
def bare(server: Server) -> Iterator[dict[str, Scene]]:
    yield from world(server, "none")


@pytest.mark.parametrize("eyes", EYES)
def test_one_wall_is_enough(walled: dict[str, Scene], eyes: str) -> None:
    scene = walled[eyes]
    changes = scene.device.catch_up()
    snapshot = Device(scene.device.api, scene.device.database).catch_up()
    assert not scene.hidden & {ident for _, (_, ident) in (*changes, *snapshot)}
    assert scene.heard <= {(op, ident) for op, (_, ident) in changes}


@pytest.mark.parametrize("eyes", EYES)
def test_without_any_the_hidden_is_told(bare: dict[str, Scene], eyes: str) -> None:
    scene = bare[eyes]
    told = {ident for _, (_, ident) in scene.device.catch_up()}
    assert told & scene.hidden


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
        "select feed_gained(current_practice(), current_member(), '{}')",
        "select feed_lost(current_practice(), current_member(), '{}', '{}', null)",
        "select feed_coaches_only(current_practice(), current_member(), true)",
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
