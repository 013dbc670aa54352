"""The two changes that touch a whole practice: a new policy, and an import of ten thousand rows."""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from bench import drive, places, served
from bench.drive import Driven
from bench.measure import Measured
from bench.scenarios import World, request
from bench.seed import kept
from bench.seed.templates import COLUMNS
from bench.served import Served

_ROWS = 5_000  # the most of one import
_IMPORTS = 2
_PATIENCE = 600.0
_COMPUTED = ("ghosting_step", "derived_win", "silence")
#: Everything is under the newest policy, and no job is left.
_DONE = """
    select not exists (select from pgqueuer) and not exists (
        select from ghosting_step where practice_id = $1 and seq = 0 and rules_version <> $2)"""


def measure(world: World, names: set[str]) -> list[Measured]:
    """Measure what is asked for, each once: these take seconds, and change a whole practice."""
    places.with_connection(world.place.admin, kept.touch)
    own = served.environment(world.place, [world.practice])
    found = []
    with served.service(world.place, own) as service, _working(world, own) as worker:
        if "policy" in names:
            found += [_measured(world, "policy", "service", [service, worker], lambda: _publish(world, service))]
            found += [_rewrite(world, service)]
        if "import" in names:
            found += [_measured(world, "import", "service", [service, worker], lambda: _import(world, service))]
    return found


@contextmanager
def _working(world: World, own: dict[str, str]) -> Iterator[Served]:
    with served.worker(world.place, own) as worker:
        time.sleep(2)  # it connects and listens
        yield worker


def _measured(world: World, name: str, kind: str, involved: list[Served], work: Callable[[], None]) -> Measured:
    found = Measured(name, world.place.size, kind)
    before = _used(involved)
    began = time.perf_counter()
    work()
    seconds = time.perf_counter() - began
    found.add(Driven([seconds], seconds), before, _used(involved))
    return found


def _used(involved: list[Served]) -> tuple[float, float]:
    """Return the CPU of all processes, and of the one Postgres that they share."""
    return sum(one.cpu()[0] for one in involved), involved[0].cpu()[1]


def _publish(world: World, service: Served) -> None:
    path = "/v1/policy"
    policy = json.loads(drive.one(service.port, request("GET", path, world.owner)))
    version = policy["version"]
    document = {k: v for k, v in policy.items() if k not in {"version", "created_at", "created_by"}}
    document["waits"]["application"]["ghosted_from_days"] -= 1
    drive.one(service.port, request("PUT", path, world.owner, document, If_Match=f'"{version}"'))
    _until_done(world, version + 1)


def _until_done(world: World, version: int) -> None:
    deadline = time.monotonic() + _PATIENCE
    while time.monotonic() < deadline:
        time.sleep(0.5)
        if places.with_connection(world.place.admin, lambda c: c.fetchval(_DONE, world.practice.id, version)):
            return
    raise TimeoutError("the new policy was not computed in time")


def _rewrite(world: World, service: Served) -> Measured:
    """Write all rows that a policy computes, and compute nothing: what Postgres alone needs for them."""
    found = Measured("policy", world.place.size, "bare")

    async def work(connection: Any) -> None:
        rows = {}
        for table in _COMPUTED:
            names = ", ".join(COLUMNS[table])
            query = f"select {names} from {table} where practice_id = $1"  # noqa: S608
            rows[table] = await connection.fetch(query, world.practice.id)
        before = (time.process_time(), service.cpu()[1])
        began = time.perf_counter()
        async with connection.transaction():
            for table in _COMPUTED:
                await connection.execute(f"delete from {table} where practice_id = $1", world.practice.id)  # noqa: S608
                await connection.copy_records_to_table(table, records=rows[table], columns=list(COLUMNS[table]))
        seconds = time.perf_counter() - began
        found.add(Driven([seconds], seconds), before, (time.process_time(), service.cpu()[1]))

    places.with_connection(world.place.admin, work)
    return found


def _import(world: World, service: Served) -> None:
    for number in range(_IMPORTS):
        client = world.practice.clients[number]
        body = {"client_id": str(client), "content": _log(number)}
        made = json.loads(drive.one(service.port, request("POST", "/v1/imports", world.owner, body)))
        counts = made["counts"]
        if counts["rows"] != _ROWS:
            raise ValueError(f"the log was read as {counts}")
        drive.one(service.port, request("POST", f"/v1/imports/{made['id']}/commit", world.owner))


def _log(number: int) -> str:
    day = places.anchor().date()
    lines = ["Company,Title,Date applied,Status"]
    for row in range(_ROWS):
        applied = day.replace(day=1 + row % 28, month=1 + row % max(1, day.month - 1))
        status = ("Applied", "Interview", "Rejected", "Ghosted")[row % 4]
        lines.append(f"Imported Example {number}-{row % 700},Title Example {row},{applied.isoformat()},{status}")
    return "\n".join(lines) + "\n"
