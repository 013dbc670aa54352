"""`crickets doctor`: looks at everything the service needs and changes nothing."""

import argparse
import asyncio
import platform
import socket
from dataclasses import dataclass, field

import asyncpg

from app.cli import schema, target
from app.cli.console import Failure, answer
from app.db import roles
from app.db.head import SCHEMA_HEAD
from app.embedded.errors import EmbeddedError
from app.settings import Settings


@dataclass(slots=True)
class Findings:
    """What was looked at; one wrong thing makes the whole wrong."""

    wrong: int = 0
    lines: list[str] = field(default_factory=list)

    def note(self, topic: str, words: object, *, good: bool = True) -> None:
        """Add one line."""
        self.wrong += not good
        self.lines.append(f"{'ok   ' if good else 'WRONG'}  {topic:<12} {words}")


def run(_: argparse.Namespace, settings: Settings) -> int:
    """Print what was found; 1 when something is wrong."""
    findings = Findings()
    findings.note("python", platform.python_version())
    findings.note("data", settings.data_dir.resolve())
    if settings.database_url is None:
        try:
            findings.note("programs", target.binaries(settings))
        except EmbeddedError as error:
            findings.note("programs", error, good=False)
    _port(settings, findings)
    try:
        with target.opened(settings) as place:
            findings.note("database", place.where)
            asyncio.run(_database(place, findings))
    except (Failure, EmbeddedError, asyncpg.PostgresError) as error:
        findings.note("database", error, good=False)
    answer("\n".join(findings.lines))
    return 1 if findings.wrong else 0


def _port(settings: Settings, findings: Findings) -> None:
    with socket.socket() as probe:
        probe.settimeout(1)
        taken = probe.connect_ex(("127.0.0.1", settings.port)) == 0
    findings.note("port", f"{settings.port} {'answers' if taken else 'is free'}")


async def _database(place: target.Target, findings: Findings) -> None:
    try:
        connection = await target.connect(place.owner or place.service)
    except asyncpg.InvalidCatalogNameError:
        findings.note("schema", f"there is no database {place.database}; run `crickets migrate`", good=False)
        return
    try:
        findings.note("server", await connection.fetchval("show server_version"))
        await _roles(connection, findings)
        present = {row["extname"] for row in await connection.fetch("select extname from pg_extension")}
        missing = sorted(set(roles.EXTENSIONS) - present)
        findings.note("extensions", f"missing: {', '.join(missing)}" if missing else "all there", good=not missing)
    finally:
        await connection.close()
    found, newest = await schema.revision(place.owner or place.service), SCHEMA_HEAD
    findings.note("schema", f"at {found or 'nothing'}, newest is {newest}", good=found == newest)
    await _login(place, findings)


async def _roles(connection: asyncpg.Connection, findings: Findings) -> None:
    wanted = [roles.OWNER, roles.APP, *roles.DOORS]
    rows = await connection.fetch("select rolname from pg_roles where rolname = any($1)", wanted)
    missing = sorted(set(wanted) - {row["rolname"] for row in rows})
    findings.note("roles", f"missing: {', '.join(missing)}" if missing else "all there", good=not missing)


async def _login(place: target.Target, findings: Findings) -> None:
    connection = await target.connect(place.service)
    try:
        user, mighty = await connection.fetchrow(
            "select current_user::text, rolsuper or rolbypassrls or pg_has_role(oid, $1, 'member')"
            " from pg_roles where rolname = current_user",
            roles.OWNER if await _exists(connection, roles.OWNER) else "pg_database_owner",
        )
        words = "is superuser, owner or BYPASSRLS" if mighty else "is a poor login"
        findings.note("login", f"{user} {words}", good=not mighty)
    finally:
        await connection.close()


async def _exists(connection: asyncpg.Connection, role: str) -> bool:
    return bool(await connection.fetchval("select exists (select from pg_roles where rolname = $1)", role))
