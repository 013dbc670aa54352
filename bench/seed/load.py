"""Filling a database in bulk: COPY without triggers and without indexes, which are built when everything is there."""

import sys
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from datetime import datetime
from functools import lru_cache
from random import Random
from typing import Any

from app.kit.keys import search_key
from bench.seed.people import Practice
from bench.seed.templates import (
    CLIENT,
    COLUMNS,
    COMPANY,
    CONTACT,
    MARK,
    MICROS,
    PLACES,
    TITLE,
    TITLE_KEY,
    Template,
    template,
)
from bench.seed.timelines import stories

#: How many timelines the engine computes; all opportunities are copies of one of them.
TIMELINES = 2_000
_CHUNK = 1 << 20
_TITLES = ("Product Lead", "Data Engineer", "Hotel Manager", "Art Director", "Care Coordinator", "Controller")
_PLAIN_ID = 2**40  # keeps the numbers of one practice apart from those of the next
_NOT_READY = (
    "update pg_index set indisready = false where indrelid = $1::regclass and indisready returning indexrelid::regclass"
)
_SETTINGS = (
    "set session_replication_role = replica",
    "set synchronous_commit = off",
    "set maintenance_work_mem = '1GB'",
    "set max_parallel_maintenance_workers = 1",
    "set statement_timeout = 0",
)
#: Which transactions changed whose waits: the service keeps the latest of each client.
_WAITS_CHANGED = (
    "insert into silence_change (practice_id, client_id, written) "
    "select distinct practice_id, client_id, pg_current_xact_id()::text::bigint from silence"
)


@lru_cache(maxsize=1)
def templates(anchor: datetime, count: int = TIMELINES) -> Sequence[Template]:
    """Return the timelines; the place of one is that of its number."""
    return [template(story, PLACES[n % len(PLACES)]) for n, story in enumerate(stories(count, anchor=anchor))]


def chosen(practice: Practice, known: int) -> Iterator[tuple[int, int]]:
    """Give, for each opportunity of a practice, the number of its client and that of its timeline.

    Drawn anew for each table, and always the same: of the first practice whatever the size of the rest.
    """
    rng, clients, places = Random(practice.number), len(practice.clients), len(PLACES)
    for n in range(practice.opportunities):
        client = n % clients
        yield client, rng.randrange(known // places) * places + client % places


async def fill(connection: Any, practices: Sequence[Practice], *, anchor: datetime, count: int = TIMELINES) -> None:
    """Load everything that hangs on opportunities."""
    for setting in _SETTINGS:
        await connection.execute(setting)
    known = templates(anchor, count)
    for table in COLUMNS:
        began = time.monotonic()
        async with connection.transaction():
            fresh = table != "change"  # which tells of the people already
            if fresh:
                await connection.execute(f"truncate {table} cascade")
            await connection.fetch(_NOT_READY, table)
            said = await connection.copy_to_table(
                table, source=_lines(table, practices, known), columns=list(COLUMNS[table]), format="text", freeze=fresh
            )
        copied = time.monotonic()
        await connection.execute(f"reindex table {table}")
        spent = f"{copied - began:.0f} s, its indexes {time.monotonic() - copied:.0f} s"
        print(f"    {table}: {int(said.split()[1]):,} rows in {spent}", file=sys.stderr, flush=True)
    await connection.execute(_WAITS_CHANGED)
    await connection.execute("reset session_replication_role")


async def _lines(table: str, practices: Sequence[Practice], known: Sequence[Template]) -> AsyncIterator[bytes]:
    held: list[bytes] = []
    size = 0
    for practice in practices:
        if not practice.opportunities:
            continue
        of_practice = [t.of_practice(table, practice.id, practice.members["coach"]) for t in known]
        for text in _of_practice(practice, of_practice):
            held.append(text)
            size += len(text)
            if size > _CHUNK:
                yield b"".join(held)
                held, size = [], 0
    yield b"".join(held)


def _of_practice(practice: Practice, known: Sequence[bytes]) -> Iterator[bytes]:
    clients = [str(i).encode() for i in practice.clients]
    companies = [str(i).encode() for i in practice.companies]
    contacts = [str(i).encode() for i in practice.contacts]
    mark, of_client, of_company, of_contact = (m.encode() for m in (MARK, CLIENT, COMPANY, CONTACT))
    micros, title, title_key = MICROS.encode(), TITLE.encode(), TITLE_KEY.encode()
    for n, (client, timeline) in enumerate(chosen(practice, len(known))):
        text = known[timeline].replace(mark, b"%012x" % number_of(practice, n))
        if of_client in text:
            text = text.replace(of_client, clients[client])
        if of_company in text:
            text = text.replace(of_company, companies[n % len(companies)])
        if of_contact in text:
            text = text.replace(of_contact, contacts[n % len(companies)])
        if title in text:
            words = _TITLES[n % len(_TITLES)]
            text = text.replace(title, words.encode()).replace(micros, b"%06d" % (n * 97 % 10**6))
            text = text.replace(title_key, search_key(words).encode())
        yield text


def number_of(practice: Practice, n: int) -> int:
    """Return the number that the ids of the n-th opportunity of a practice end in."""
    return practice.number * _PLAIN_ID + n
