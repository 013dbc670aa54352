"""Who may log in: the owner of the schema, the poor login of the service, and the three roles it may become."""

import asyncio
import base64
import contextlib
import hashlib
import hmac
import os
import random
from collections.abc import Awaitable, Callable, Mapping
from typing import Final

import asyncpg

OWNER: Final = "crickets_owner"
APP: Final = "crickets_app"
DOORS: Final = ("app_tenant", "app_auth", "app_worker")
EXTENSIONS: Final = ("btree_gist", "citext", "pg_trgm", "unaccent")
LIMITS: Final[Mapping[str, str]] = {
    "statement_timeout": "5s",
    "lock_timeout": "2s",
    "idle_in_transaction_session_timeout": "10s",
}

_LOCK: Final = 0x6372696B  # any number nobody else takes; advisory locks are per database, hence the tries below too
_TRIES: Final = 10
_PAUSE: Final = 0.05
_SET_OPTION_SINCE: Final = 16
_SCRAM_ROUNDS: Final = 4096
_HOLDS: Final = """
    select exists (
        select from pg_auth_members as held
        where held.roleid = (select oid from pg_roles where rolname = $1)
          and held.member = (select oid from pg_roles where rolname = $2)
          -- the two options are columns since 16; as JSON they are simply absent before
          and coalesce((to_jsonb(held) ->> 'set_option')::boolean, true)
          and coalesce((to_jsonb(held) ->> 'inherit_option')::boolean, $3) = $3
    )"""
_POOR: Final = ("nosuperuser", "nocreatedb", "nocreaterole", "noreplication", "nobypassrls")
_FLAGS: Final = {
    "rolsuper": "nosuperuser",
    "rolcreatedb": "nocreatedb",
    "rolcreaterole": "nocreaterole",
    "rolreplication": "noreplication",
    "rolbypassrls": "nobypassrls",
}


async def ensure_roles(
    admin: asyncpg.Connection, *, app_password: str | None, owner_password: str | None = None
) -> None:
    """Create and correct the roles; may run any number of times, also at the same time as others.

    `admin` is a superuser or has CREATEROLE. A password of None leaves the login's password as it is.
    """

    async def once() -> None:
        async with admin.transaction():
            await admin.execute("select pg_advisory_xact_lock($1)", _LOCK)
            await _ensure_roles(admin)
            await _set_password(admin, APP, app_password)
            await _set_password(admin, OWNER, owner_password)

    await _patiently(once)


async def ensure_database(admin: asyncpg.Connection, name: str) -> None:
    """Create the database `name` for the owner and let the two logins in; `ensure_schema` goes on inside it."""
    await _patiently(lambda: _ensure_database(admin, name))


async def ensure_schema(admin: asyncpg.Connection) -> None:
    """Create the extensions in the database that `admin` is connected to, and let the owner make tables there."""
    await _patiently(lambda: _ensure_schema(admin))


async def _patiently(step: Callable[[], Awaitable[None]]) -> None:
    """Repeat a step that met a neighbour doing the same: the catalogs have no row locks, they raise."""
    for attempt in range(_TRIES):
        try:
            return await step()
        except (asyncpg.DuplicateObjectError, asyncpg.UniqueViolationError, asyncpg.InternalServerError):
            if attempt == _TRIES - 1:
                raise
            await asyncio.sleep(random.uniform(0.5, 1.0) * _PAUSE * (attempt + 1))  # noqa: S311  (no secret)
    raise AssertionError


async def _ensure_database(admin: asyncpg.Connection, name: str) -> None:
    if not await admin.fetchval("select exists (select from pg_database where datname = $1)", name):
        with contextlib.suppress(asyncpg.DuplicateDatabaseError, asyncpg.UniqueViolationError):
            await _run(admin, "create database %I owner %I encoding 'UTF8' template template0", name, OWNER)
    owner = await admin.fetchval("select pg_get_userbyid(datdba)::text from pg_database where datname = $1", name)
    if owner == OWNER:
        await _run(admin, "revoke all on database %I from public", name)
    else:  # somebody else's database: add what we need, take nothing from its users
        await _run(admin, "grant connect, create, temporary on database %I to %I", name, OWNER)
    await _run(admin, "grant connect on database %I to %I", name, APP)


async def _ensure_schema(admin: asyncpg.Connection) -> None:
    present = {row["extname"] for row in await admin.fetch("select extname from pg_extension")}
    for extension in EXTENSIONS:
        if extension not in present:
            await _run(admin, "create extension if not exists %I schema public", extension)
    if not await admin.fetchval("select has_schema_privilege($1, 'public', 'create')", OWNER):
        await _run(admin, "grant usage, create on schema public to %I", OWNER)


async def _ensure_roles(admin: asyncpg.Connection) -> None:
    await _ensure_role(admin, OWNER, login=True, inherit=True)  # as the database's owner it may use schema public
    await _ensure_role(admin, APP, login=True, inherit=False)
    for role in DOORS:
        await _ensure_role(admin, role, login=False, inherit=False)
        await _ensure_member(admin, role, APP, inherit=False)
    if not await admin.fetchval("select rolsuper from pg_roles where rolname = current_user"):
        user = await admin.fetchval("select current_user::text")
        await _ensure_member(admin, OWNER, user, inherit=True)  # so that it may make a database for the owner
    limits = await admin.fetchval("select rolconfig from pg_roles where rolname = $1", APP)
    for setting, value in LIMITS.items():
        if f"{setting}={value}" not in (limits or ()):
            await _run(admin, "alter role %I set %I = %L", APP, setting, value)


async def _ensure_role(admin: asyncpg.Connection, role: str, *, login: bool, inherit: bool) -> None:
    may_log_in, inherits = "login" if login else "nologin", "inherit" if inherit else "noinherit"
    row = await admin.fetchrow(
        "select rolsuper, rolcreatedb, rolcreaterole, rolreplication, rolbypassrls, rolinherit, rolcanlogin"
        " from pg_roles where rolname = $1",
        role,
    )
    if row is None:
        await _run(admin, " ".join(("create role %I", may_log_in, inherits, *_POOR)), role)
        return
    # Only what differs: an administrator who is no superuser may not even repeat `nosuperuser`.
    changes = [word for flag, word in _FLAGS.items() if row[flag]]
    changes += [may_log_in] if row["rolcanlogin"] != login else []
    changes += [inherits] if row["rolinherit"] != inherit else []
    if changes:
        await _run(admin, " ".join(("alter role %I", *changes)), role)


async def _ensure_member(admin: asyncpg.Connection, role: str, member: str, *, inherit: bool) -> None:
    if await admin.fetchval(_HOLDS, role, member, inherit):
        return
    template = "grant %I to %I"
    if admin.get_server_version().major >= _SET_OPTION_SINCE:
        template += " with inherit true, set true" if inherit else " with inherit false, set true"
    await _run(admin, template, role, member)


async def _set_password(admin: asyncpg.Connection, role: str, password: str | None) -> None:
    if password is not None:
        await _run(admin, "alter role %I password %L", role, scram_verifier(password))


def scram_verifier(password: str) -> str:
    """Return what Postgres stores for `password`, so that the password itself is in no statement and no server log."""
    if not (password.isascii() and password.isprintable()):
        raise ValueError("a database password must be printable ASCII")
    salt = os.urandom(16)
    salted = hashlib.pbkdf2_hmac("sha256", password.encode(), salt, _SCRAM_ROUNDS)
    stored = hashlib.sha256(hmac.digest(salted, b"Client Key", "sha256")).digest()
    server = hmac.digest(salted, b"Server Key", "sha256")
    salt64, stored64, server64 = (base64.b64encode(part).decode() for part in (salt, stored, server))
    return f"SCRAM-SHA-256${_SCRAM_ROUNDS}:{salt64}${stored64}:{server64}"


async def _run(admin: asyncpg.Connection, template: str, *words: str) -> None:
    """Execute a statement that takes no bind parameters; Postgres itself quotes the words (%I a name, %L a text)."""
    await admin.execute(await admin.fetchval("select format($1, variadic $2::text[])", template, words))
