"""The Postgres of the benchmark and its databases: one cluster of its own, kept between runs."""

import asyncio
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import asyncpg

from app.db import roles
from app.embedded import launch
from app.kit import clock

ROOT = Path(__file__).resolve().parents[1]
SECRET = "only-for-the-benchmark"  # noqa: S105  # it guards invented people on this machine
SIZES = {"10k": 10_000, "100k": 100_000, "1M": 1_000_000}
#: After this time all silences of the seeded searches would have grown old, and the mix of statuses with them.
_FRESH = timedelta(days=14)
_BULK_SETTINGS = {"wal_level": "minimal", "max_wal_senders": "0", "max_wal_size": "'8GB'", "autovacuum": "off"}


@dataclass(frozen=True, slots=True)
class Place:
    """A seeded database as its administrator and as the service see it."""

    size: str
    admin: str
    service: str
    postmaster: int


def data_dir() -> Path:
    """Return the folder that everything of the benchmark is kept in."""
    return Path(os.environ.get("CRICKETS_DATA_DIR", ROOT / ".data")).resolve() / "bench"


def log_file() -> Path:
    """Return where Postgres writes its log."""
    return data_dir() / "postgres" / "postgres.log"


@contextmanager
def cluster(*, durable: bool = True) -> Iterator[launch.Server]:
    """Run the cluster for the length of a block."""
    with launch.running(data_dir() / "postgres", durable=durable) as server:
        yield server


def place(server: launch.Server, size: str) -> Place:
    """Return the database of a size."""
    name = f"bench_{size.lower()}"
    return Place(size, server.url(database=name), server.url(roles.APP, name), server.pid)


def anchor() -> datetime:
    """Return the instant up to which the stories of all databases are told; a new one once it is too long ago."""
    kept = data_dir() / "anchor.json"
    now = clock.read()
    if kept.is_file():
        known = datetime.fromisoformat(json.loads(kept.read_text()))
        if now - known < _FRESH:
            return known
    data_dir().mkdir(parents=True, exist_ok=True)
    fresh = now.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    kept.write_text(json.dumps(fresh.isoformat()))
    return fresh


@contextmanager
def bulk_cluster() -> Iterator[launch.Server]:
    """Run the cluster for loading: nothing is safe until the block ends, hence the marker that seeding writes last."""
    with cluster(durable=False) as server:
        _alter(server, [f"alter system set {name} = {value}" for name, value in _BULK_SETTINGS.items()])
    try:
        with cluster(durable=False) as server:
            yield server
    finally:
        with cluster(durable=False) as server:
            _alter(server, [f"alter system reset {name}" for name in _BULK_SETTINGS])


def _alter(server: launch.Server, statements: list[str]) -> None:
    async def run(connection: Any) -> None:
        for statement in statements:
            await connection.execute(statement)

    with_connection(server.url(), run)


def with_connection(url: str, work: Any) -> Any:
    """Run `work` on a connection of its own and return what it returns."""

    async def run() -> Any:
        connection = await asyncpg.connect(url)
        try:
            return await work(connection)
        finally:
            await connection.close()

    return asyncio.run(run())
