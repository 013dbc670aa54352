"""A database of each size, made once: the marker that is written last says that it is whole."""

import asyncio
import json
import sys
import time
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg
from alembic import command
from alembic.config import Config

from app.db import roles
from app.db.head import SCHEMA_HEAD
from app.embedded.launch import Server
from bench import places
from bench.places import Place
from bench.seed import kept, load, people
from bench.seed.people import Practice

#: To be raised when what is seeded changes; a new schema makes new databases anyway.
_EDITION = 2
_MARKER = "create table bench.seeded (edition text, anchor timestamptz, practices jsonb)"


def ensure(sizes: Iterable[str]) -> None:
    """Make the databases of `sizes` that are missing, unfinished, or of another edition."""
    anchor = places.anchor()
    with places.cluster() as server:
        missing = [size for size in sizes if _known(places.place(server, size), anchor) is None]
    if not missing:
        return
    print("Seeding (once; the databases are kept):", file=sys.stderr)
    with places.bulk_cluster() as server:
        for size in missing:
            began = time.monotonic()
            print(f"  {size} opportunities", file=sys.stderr, flush=True)
            _make(server, size, anchor)
            print(f"  {size} done in {time.monotonic() - began:.0f} s", file=sys.stderr, flush=True)


def practices(place: Place) -> Sequence[Practice]:
    """Return the practices of a seeded database."""
    found = _known(place, places.anchor())
    if found is None:
        raise LookupError(f"the database {place.size} is not seeded")
    return found


def edition(anchor: datetime) -> str:
    """Return what must be the same for two databases to hold the same."""
    return f"{SCHEMA_HEAD} {_EDITION} {anchor.isoformat()}"


def _known(place: Place, anchor: datetime) -> Sequence[Practice] | None:
    async def look(connection: Any) -> Any:
        if await connection.fetchval("select to_regclass('bench.seeded')") is None:
            return None
        return await connection.fetchval("select practices from bench.seeded where edition = $1", edition(anchor))

    try:
        listed = places.with_connection(place.admin, look)
    except asyncpg.InvalidCatalogNameError:
        return None
    return None if listed is None else [_read(one) for one in json.loads(listed)]


def _read(told: dict[str, Any]) -> Practice:
    members = {role: UUID(ident) for role, ident in told["members"].items()}
    return Practice(told["number"], UUID(told["id"]), told["opportunities"], members, told["keys"])


def _make(server: Server, size: str, anchor: datetime) -> None:
    place = places.place(server, size)
    name = place.admin.rpartition("/")[2]
    places.with_connection(server.url(), lambda c: c.execute(f'drop database if exists "{name}" with (force)'))
    places.with_connection(server.url(), lambda c: roles.ensure_roles(c, app_password=None))
    places.with_connection(server.url(), lambda c: roles.ensure_database(c, name))
    places.with_connection(place.admin, roles.ensure_schema)
    config = Config(toml_file=places.ROOT / "pyproject.toml")
    config.attributes["url"] = place.admin
    command.upgrade(config, "head")
    seed(place, parts=people.shares(places.SIZES[size]), anchor=anchor)


def seed(place: Place, *, parts: Sequence[int], anchor: datetime, timelines: int = load.TIMELINES) -> list[Practice]:
    """Fill an empty, migrated database, and mark it as whole."""
    made = asyncio.run(people.found(place.service, parts=parts, now=anchor - timedelta(days=1)))

    async def fill(connection: Any) -> None:
        await people.populate(connection, made, now=anchor)
        await load.fill(connection, made, anchor=anchor, count=timelines)
        await connection.execute("create schema bench")
        await kept.keep(connection, made[0].id)
        await connection.execute("vacuum (analyze)")
        await connection.execute(_MARKER)
        listed = [
            {
                "number": one.number,
                "id": str(one.id),
                "opportunities": one.opportunities,
                "members": {role: str(ident) for role, ident in one.members.items()},
                "keys": one.keys,
            }
            for one in made
        ]
        await connection.execute(
            "insert into bench.seeded values ($1, $2, $3)", edition(anchor), anchor, json.dumps(listed)
        )

    places.with_connection(place.admin, fill)
    return made
