import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import asyncpg
import pytest

from app.db import roles

SHAPE = """
    select rolname::text, rolcanlogin, rolinherit, rolsuper, rolcreatedb, rolcreaterole, rolreplication, rolbypassrls
    from pg_roles where rolname = any($1) order by rolname"""
MEMBERS = "select roleid::regrole::text, member::regrole::text from pg_auth_members where member::regrole::text = $1"
NAMES = [roles.OWNER, roles.APP, *roles.DOORS]


def on(url: str, action: Callable[[Any], Awaitable[Any]]) -> Any:
    async def once() -> Any:
        connection = await asyncpg.connect(url)
        try:
            return await action(connection)
        finally:
            await connection.close()

    return asyncio.run(once())


@pytest.fixture
def nothing(server):
    """A server without our roles and database."""

    async def wipe(admin):
        for database in ("crickets", "theirs"):
            await admin.execute(f"drop database if exists {database}")
        for name in ("boss", *NAMES):
            if await admin.fetchval("select exists (select from pg_roles where rolname = $1)", name):
                await admin.execute(f"drop owned by {name}")
        for name in ("boss", *NAMES):
            await admin.execute(f"drop role if exists {name}")

    on(server.url(), wipe)
    return server


async def just_the_roles(admin: asyncpg.Connection) -> None:
    await roles.ensure_roles(admin, app_password=None)


async def all_of_it(admin: asyncpg.Connection) -> None:
    await just_the_roles(admin)
    await roles.ensure_database(admin, "crickets")


def test_the_roles_have_their_shape_however_often_it_runs(nothing):
    for _ in range(3):
        on(nothing.url(), all_of_it)
        on(nothing.url(database="crickets"), roles.ensure_schema)
    found = [tuple(row) for row in on(nothing.url(), lambda admin: admin.fetch(SHAPE, NAMES))]
    poor = (False, False, False, False, False)
    assert found == [
        ("app_auth", False, False, *poor),
        ("app_tenant", False, False, *poor),
        ("app_worker", False, False, *poor),
        ("crickets_app", True, False, *poor),
        ("crickets_owner", True, True, *poor),
    ]
    extensions = on(nothing.url(database="crickets"), lambda admin: admin.fetch("select extname from pg_extension"))
    assert set(roles.EXTENSIONS) <= {row["extname"] for row in extensions}
    memberships = on(nothing.url(), lambda admin: admin.fetch(MEMBERS, roles.APP))
    assert {row["roleid"] for row in memberships} == set(roles.DOORS)


def test_a_role_that_has_grown_is_cut_back(nothing):
    on(nothing.url(), just_the_roles)
    grown = "alter role crickets_app superuser createdb createrole bypassrls replication inherit"
    on(nothing.url(), lambda admin: admin.execute(grown))
    on(nothing.url(), lambda admin: admin.execute("alter role app_tenant login bypassrls"))
    before = [("app_tenant", False, False), ("crickets_app", True, False)]
    on(nothing.url(), just_the_roles)
    found = on(nothing.url(), lambda admin: admin.fetch(SHAPE, ["app_tenant", "crickets_app"]))
    assert [tuple(row)[:3] for row in found] == before
    assert not any(any(tuple(row)[3:]) for row in found)


def test_the_service_may_become_its_doors_and_nobody_else(nothing):
    on(nothing.url(), just_the_roles)

    async def walk(service):
        for door in roles.DOORS:
            await service.execute(f"set role {door}")
            await service.execute("reset role")
        for wall in (roles.OWNER, "postgres"):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await service.execute(f"set role {wall}")
        limits = {name: await service.fetchval("select current_setting($1)", name) for name in roles.LIMITS}
        assert limits == roles.LIMITS

    on(nothing.url(roles.APP, "postgres"), walk)


def test_only_the_two_logins_may_enter_the_database(nothing):
    on(nothing.url(), all_of_it)
    on(nothing.url(), lambda admin: admin.execute("create role boss login"))
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        on(nothing.url("boss", "crickets"), lambda _: asyncio.sleep(0))


def test_somebody_elses_database_keeps_its_rights(nothing):
    on(nothing.url(), lambda admin: admin.execute("create role boss login"))
    on(nothing.url(), lambda admin: admin.execute("create database theirs"))

    async def move_in(admin):
        await roles.ensure_roles(admin, app_password=None)
        await roles.ensure_database(admin, "theirs")

    on(nothing.url(), move_in)
    on(nothing.url(database="theirs"), roles.ensure_schema)
    on(nothing.url(roles.OWNER, "theirs"), lambda owner: owner.execute("create table ours ()"))
    on(nothing.url("boss", "theirs"), lambda _: asyncio.sleep(0))


def test_runs_at_the_same_time_do_not_meet(nothing):
    async def together() -> None:
        async def one(database: str) -> None:
            connection = await asyncpg.connect(nothing.url(database=database))
            try:
                await all_of_it(connection)
            finally:
                await connection.close()

        # advisory locks are per database, roles are not: so from two databases
        await asyncio.gather(*(one(database) for database in ("postgres", "template1") * 4))

    asyncio.run(together())
    assert len(on(nothing.url(), lambda admin: admin.fetch(SHAPE, NAMES))) == len(NAMES)


def test_an_administrator_need_not_be_a_superuser(nothing):
    on(nothing.url(), lambda admin: admin.execute("create role boss login createrole createdb"))
    for _ in range(2):
        on(nothing.url("boss", "postgres"), all_of_it)
        on(nothing.url("boss", "crickets"), roles.ensure_schema)

    async def migrate(boss):
        await boss.execute("set role crickets_owner")
        await boss.execute("create table migrated ()")

    on(nothing.url("boss", "crickets"), migrate)


def test_passwords_are_sent_as_verifiers_that_postgres_accepts(nothing, directory):
    stored = "select rolpassword from pg_authid where rolname = 'crickets_app'"
    on(nothing.url(), lambda admin: roles.ensure_roles(admin, app_password="correct horse"))
    kept = on(nothing.url(), lambda admin: admin.fetchval(stored))
    assert kept.startswith("SCRAM-SHA-256$4096:")
    on(nothing.url(), lambda admin: roles.ensure_roles(admin, app_password=None))
    assert on(nothing.url(), lambda admin: admin.fetchval(stored)) == kept

    rules = directory / "cluster" / "pg_hba.conf"
    trusting = rules.read_text()
    rules.write_text(f"host all crickets_app 127.0.0.1/32 scram-sha-256\n{trusting}")
    on(nothing.url(), lambda admin: admin.execute("select pg_reload_conf()"))
    url = nothing.url("crickets_app:{}", "postgres")
    try:
        on(url.format("correct%20horse"), lambda _: asyncio.sleep(0))
        with pytest.raises(asyncpg.InvalidPasswordError):
            on(url.format("wrong"), lambda _: asyncio.sleep(0))
    finally:
        rules.write_text(trusting)
        on(nothing.url(), lambda admin: admin.execute("select pg_reload_conf()"))


def test_a_password_beyond_ascii_is_refused():
    with pytest.raises(ValueError, match="ASCII"):
        roles.scram_verifier("pässword")
