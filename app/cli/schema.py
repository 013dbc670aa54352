"""Roles, database, extensions and revisions: what must be there before the service can run."""

import asyncio
import secrets
from pathlib import Path

import asyncpg

from app.cli.console import Failure
from app.cli.target import Target, connect, maintenance
from app.db import roles
from app.db.head import SCHEMA_HEAD

ROOT = Path(__file__).resolve().parents[2]


def prepare(target: Target) -> None:
    """Create or correct roles, database and extensions, where an administrator is known."""
    if target.admin is not None:
        asyncio.run(create(target.admin, target.database, target.app_password, None))


async def create(admin: str, database: str, app_password: str | None, owner_password: str | None) -> None:
    """Do as an administrator everything that a revision may not do."""
    try:
        connection = await maintenance(admin)
        try:
            await roles.ensure_roles(connection, app_password=app_password, owner_password=owner_password)
            await roles.ensure_database(connection, database)
        finally:
            await connection.close()
        connection = await connect(admin)
        try:
            await roles.ensure_schema(connection)
        finally:
            await connection.close()
    except asyncpg.InsufficientPrivilegeError as error:
        raise Failure(f"the login of the database URL may not set the database up: {error}") from error


def migrate(target: Target) -> bool:
    """Bring the schema to head; False when it was there already."""
    if target.owner is None:
        raise Failure("this login may not migrate; set CRICKETS_OWNER_DATABASE_URL to crickets_owner's")
    if asyncio.run(revision(target.owner)) == SCHEMA_HEAD:
        return False
    from alembic import command
    from alembic.config import Config

    config = Config(toml_file=ROOT / "pyproject.toml")
    config.attributes["url"] = target.owner
    command.upgrade(config, "head")
    return True


async def draw_generation(target: Target) -> None:
    """Empty the change feed and draw another number for its generation, one that no earlier state of the database had.

    In this order: who begins under the new number sees in the records what the emptied rows told of.
    """
    if target.owner is None:
        raise Failure("this login may not; set CRICKETS_OWNER_DATABASE_URL to crickets_owner's")
    connection = await connect(target.owner)
    try:
        async with connection.transaction():
            await connection.execute("delete from change")
            await connection.execute("update change_reader set since = default, origin = default")
            await connection.execute("update change_member set since = default, origin = default")
            await connection.execute("select setval('change_generation', $1)", 1 + secrets.randbelow(2**62))
    finally:
        await connection.close()


async def revision(url: str) -> str | None:
    """Return the revision of the database at `url`, None while it has none."""
    connection = await connect(url)
    try:
        if await connection.fetchval("select to_regclass('alembic_version')") is None:
            return None
        found: str | None = await connection.fetchval("select version_num from alembic_version")
        return found
    finally:
        await connection.close()


def ready(target: Target) -> bool:
    """Prepare and migrate as far as the logins allow; True when the schema was changed."""
    if target.owner is not None:
        prepare(target)
        return migrate(target)
    try:
        found = asyncio.run(revision(target.service))
    except asyncpg.InsufficientPrivilegeError:
        return False  # it may not even look; /readyz will tell
    if found != SCHEMA_HEAD:
        raise Failure(
            f"the schema of {target.where} is at {found or 'nothing'}, this version needs {SCHEMA_HEAD}, and the login"
            " in CRICKETS_DATABASE_URL may not change it.\nGive the URL of a login with CREATEROLE and CREATEDB, or run"
            " `crickets roles` and `crickets migrate` as an administrator first."
        )
    return False
