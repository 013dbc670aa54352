"""Which database a command works on: the bundled one, any Postgres whose administrator is named, or a finished one."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

import asyncpg
from pydantic import SecretStr

from app.cli import keep
from app.cli.console import Failure
from app.db import roles
from app.embedded import find, launch
from app.settings import Settings

DATABASE = "crickets"
MAINTENANCE = ("", "postgres", "template1")
CONNECT_LIMIT = 10


@dataclass(frozen=True, slots=True)
class Target:
    """A database, and which logins there are for it.

    `settings` carries the service's login; `owner` may migrate and `admin` may create roles, where they are known.
    """

    settings: Settings
    where: str
    database: str
    admin: str | None
    owner: str | None
    app_password: str | None = None

    @property
    def service(self) -> str:
        return _secret(self.settings.database_url)


@contextmanager
def opened(settings: Settings) -> Iterator[Target]:
    """Yield the database the settings name; the bundled one is started if need be, and stopped by its last user."""
    if settings.database_url is not None:
        yield _deployed(settings) if settings.owner_database_url else _pointed_to(settings)
        return
    directory = keep.data_dir(settings)
    with launch.running(directory / "postgres", pg_bin=settings.pg_bin) as server:
        admin = server.url(database=DATABASE)
        version = (directory / "postgres" / "cluster" / "PG_VERSION").read_text().strip()
        yield Target(
            settings=_completed(settings, directory, service=server.url(roles.APP, DATABASE), owner=admin),
            where=f"bundled Postgres {version} on {server.host}:{server.port}",
            database=DATABASE,
            admin=admin,
            owner=admin,
        )


def binaries(settings: Settings) -> str:
    """Return in words which programs the bundled Postgres would run."""
    found = find.locate(settings.pg_bin)
    return f"Postgres {found.major} from {found.folder} ({found.origin})"


async def connect(url: str) -> asyncpg.Connection:
    """Connect, or say in words why not; the password is never part of them."""
    parts = urlsplit(url)
    url = urlunsplit(("postgresql", *parts[1:]))
    try:
        return await asyncpg.connect(url, timeout=CONNECT_LIMIT)
    except asyncpg.InvalidCatalogNameError:
        raise
    except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError, ValueError) as error:
        raise Failure(f"cannot connect to Postgres at {shown(url)}: {error or type(error).__name__}") from error


def shown(url: str) -> str:
    """Return a URL fit for a terminal or a log: no login, no options."""
    parts = urlsplit(url)
    return f"{parts.netloc.rpartition('@')[2] or 'the default host'}{parts.path}"


def rewritten(url: str, *, database: str, login: tuple[str, str] | None = None) -> str:
    """Return `url` for another database and, if given, another login; its options stay."""
    parts = urlsplit(url)
    user, _, host = parts.netloc.rpartition("@")
    options = parse_qsl(parts.query)
    if login is not None:
        user = f"{quote(login[0], safe='')}:{quote(login[1], safe='')}"
        options = [(name, value) for name, value in options if name not in {"user", "password"}]
    return urlunsplit(("postgresql", f"{user}@{host}" if user else host, f"/{database}", urlencode(options), ""))


def _deployed(settings: Settings) -> Target:
    """Two logins are named, as in production: nothing is created but by `crickets roles`."""
    service = _secret(settings.database_url)
    return Target(
        settings=settings,
        where=f"Postgres at {shown(service)}",
        database=urlsplit(service).path.lstrip("/") or DATABASE,
        admin=None,
        owner=_secret(settings.owner_database_url),
    )


def _pointed_to(settings: Settings) -> Target:
    """One login is named: with an administrator's we make everything ourselves, with a lesser one we only serve."""
    url = _secret(settings.database_url)
    directory = keep.data_dir(settings)
    capable, version = asyncio.run(_capability(url))
    named = urlsplit(url).path.lstrip("/")
    if not capable:
        return Target(
            settings=_completed(settings, directory, service=url, owner=None),
            where=f"Postgres {version} at {shown(url)}",
            database=named,
            admin=None,
            owner=None,
        )
    database = DATABASE if named in MAINTENANCE else named
    password = keep.random_secret(directory / "app-password")
    admin = rewritten(url, database=database)
    service = rewritten(url, database=database, login=(roles.APP, password))
    return Target(
        settings=_completed(settings, directory, service=service, owner=admin),
        where=f"Postgres {version} at {shown(admin)}",
        database=database,
        admin=admin,
        owner=admin,
        app_password=password,
    )


async def _capability(url: str) -> tuple[bool, int]:
    connection = await maintenance(url)
    try:
        version = connection.get_server_version().major
        if version < find.OLDEST:
            raise Failure(f"{shown(url)} is Postgres {version}; crickets needs {find.OLDEST} or newer")
        capable = await connection.fetchval(
            "select rolsuper or (rolcreaterole and rolcreatedb) from pg_roles where rolname = current_user"
        )
        return bool(capable), version
    finally:
        await connection.close()


async def maintenance(url: str) -> asyncpg.Connection:
    """Connect to the database that `url` names or, while that does not exist yet, to the one every server has."""
    if urlsplit(url).path.lstrip("/"):
        try:
            return await connect(url)
        except asyncpg.InvalidCatalogNameError:
            pass
    try:
        return await connect(rewritten(url, database="postgres"))
    except asyncpg.InvalidCatalogNameError as error:
        raise Failure(f"there is no database at {shown(url)}") from error


def _completed(settings: Settings, directory: Path, *, service: str, owner: str | None) -> Settings:
    changes: dict[str, SecretStr | None] = {
        "database_url": SecretStr(service),
        "owner_database_url": None if owner is None else SecretStr(owner),
    }
    if settings.secret_key is None:
        changes["secret_key"] = SecretStr(keep.random_secret(directory / "secret-key"))
    return settings.model_copy(update=changes)


def _secret(value: SecretStr | None) -> str:
    return "" if value is None else value.get_secret_value()
