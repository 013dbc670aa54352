"""The real Postgres of the suite: one server for all workers, one migrated template, one clone for each worker."""

import asyncio
import threading
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg
from alembic import command
from alembic.config import Config

from app.db import roles
from app.embedded import launch
from app.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
TEMPLATE = "crickets_template"


@dataclass(frozen=True)
class Server:
    """Where the suite's Postgres is, as its administrator sees it."""

    admin: str  # …/postgres
    own: Path | None  # the folder of the server that the suite started, None for somebody else's

    def url(self, database: str, user: str | None = None) -> str:
        """Return the URL of a database, as the administrator or as `user` (the suite's servers trust local logins)."""
        base, _, _ = self.admin.rpartition("/")
        if user is None:
            return f"{base}/{database}"
        scheme, _, rest = base.partition("://")
        password = f":{APP_PASSWORD}" if self.own is None else ""
        return f"{scheme}://{user}{password}@{rest.rpartition('@')[2]}/{database}"


APP_PASSWORD = "only-for-tests"


def start(folder: Path) -> Server:
    """Start the server, or use the one that CRICKETS_DATABASE_URL names (an administrator's login)."""
    settings = Settings()
    if settings.database_url is not None:
        base, _, _ = settings.database_url.get_secret_value().rpartition("/")
        return Server(f"{base}/postgres", None)
    found = launch.start(folder, durable=False, pg_bin=settings.pg_bin)
    return Server(found.url(database="postgres"), folder)


def make_template(server: Server) -> None:
    """Create the migrated database that every worker's is a copy of."""
    make_database(server, TEMPLATE)
    migrate(server.url(TEMPLATE))


def make_database(server: Server, name: str) -> None:
    """Create an empty database with the roles and extensions in place; an older one of that name goes."""
    password = APP_PASSWORD if server.own is None else None
    with_connection(server.admin, lambda c: roles.ensure_roles(c, app_password=password))
    drop(server, name)
    with_connection(server.admin, lambda c: roles.ensure_database(c, name))
    with_connection(server.url(name), roles.ensure_schema)


def migrate(url: str, revision: str = "head") -> None:
    """Bring a database up to `revision`."""
    config = Config(toml_file=ROOT / "pyproject.toml")
    config.attributes["url"] = url
    command.upgrade(config, revision)


#: To see that something came, to read that it is the end, to close, and to tell whoever asks.
_ROUNDS = 4


class _Lines:
    """Open connections, one for each database: thousands of looks must not each wait for a new one."""

    def __init__(self) -> None:
        self._runner = asyncio.Runner()
        self._open: dict[str, Any] = {}
        self._lock = threading.RLock()

    def ask(self, url: str, work: Callable[[Any], Awaitable[Any]]) -> Any:
        """Run `work` on the connection of `url`, which then forgets what it was told."""

        async def run() -> Any:
            # The loop stands still in between: it must go round a few times for a line to be known to be cut.
            for _ in range(_ROUNDS):
                await asyncio.sleep(0)
            line = self._open.get(url)
            if line is None or line.is_closed():
                self._open[url] = line = await asyncpg.connect(url, statement_cache_size=0)
            try:
                return await work(line)
            finally:
                if not line.is_closed():
                    await line.reset()

        with self._lock:
            return self._runner.run(run())

    def hang_up(self, url: str) -> None:
        """Close the connection of `url`."""

        async def end() -> None:
            await line.close()

        with self._lock:
            line = self._open.pop(url, None)
            if line is not None and not line.is_closed():
                self._runner.run(end())


_LINES = _Lines()


def clone(server: Server, name: str, template: str = TEMPLATE) -> None:
    """Make a database that is a copy of another one, which nobody else may be connected to."""
    _LINES.hang_up(server.url(template))
    drop(server, name)
    statement = f'create database "{name}" template "{template}" owner crickets_owner'
    with_connection(server.admin, lambda c: c.execute(statement))
    with_connection(server.admin, lambda c: c.execute(f'grant connect on database "{name}" to crickets_app'))


def drop(server: Server, name: str) -> None:
    """Remove a database, whoever is connected to it."""
    _LINES.hang_up(server.url(name))
    with_connection(server.admin, lambda c: c.execute(f'drop database if exists "{name}" with (force)'))


def with_connection(url: str, work: Callable[[Any], Awaitable[Any]]) -> Any:
    """Run `work` on a connection of its own."""

    async def run() -> Any:
        connection = await asyncpg.connect(url)
        try:
            return await work(connection)
        finally:
            await connection.close()

    return asyncio.run(run())


@dataclass(frozen=True)
class Database:
    """A look behind the API, as the administrator: row level security does not hold here."""

    url: str

    def fetch(self, sql: str, *arguments: Any) -> list[dict[str, Any]]:
        """Return the rows of a query."""
        rows = _LINES.ask(self.url, lambda c: c.fetch(sql, *arguments))
        return [dict(row) for row in rows]

    def execute(self, sql: str, *arguments: Any) -> None:
        """Run a statement."""
        _LINES.ask(self.url, lambda c: c.execute(sql, *arguments))

    def value(self, sql: str, *arguments: Any) -> Any:
        """Return the one value of a query."""
        return _LINES.ask(self.url, lambda c: c.fetchval(sql, *arguments))
