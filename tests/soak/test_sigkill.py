"""10,000 writes with keys, while the service is killed 32 times and the database crashes twice: each is there, once.

python -m pytest -m soak tests/soak/test_sigkill.py

A Postgres of its own that waits for its disk, `crickets serve` with two workers, and devices that send each request
until it is answered. Some ten minutes, most of it for starting the service anew.
"""

import contextlib
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from app.embedded import launch, pidfile
from app.kit.clock import read
from app.settings import Settings
from tests.soak.retrying import Device
from tests.support import api as support
from tests.support import build
from tests.support import database as databases
from tests.support.api import Api
from tests.support.database import ROOT, Database, Server
from tests.support.steps import disagreements

WRITES, DEVICES, KILLS, CRASHES = 10_000, 6, 32, 2
PORTS = range(20_000, 30_000)
LIMIT = 1_500.0  # seconds; a busy machine takes 10 for each start
NAME = "sigkill"

pytestmark = pytest.mark.soak


@dataclass
class Service:
    """`crickets serve` with two workers, as a process group that can be shot."""

    url: str
    port: int
    process: "subprocess.Popen[bytes] | None" = None
    down: float = 0.0

    def start(self) -> None:
        limits = {f"CRICKETS_LIMIT_{name}": "1000000" for name in ("READ", "WRITE", "PRACTICE")}
        own = {"CRICKETS_DATABASE_URL": self.url, "CRICKETS_SECRET_KEY": "only-for-tests", **limits}
        where = ["--host", "127.0.0.1", "--port", str(self.port), "--workers", "2"]
        self.process = subprocess.Popen(
            [sys.executable, "-m", "app.cli", "serve", *where],
            cwd=ROOT,
            env={**os.environ, **own, "CRICKETS_LOG_LEVEL": "error"},
            start_new_session=True,
        )
        began = time.monotonic()
        while time.monotonic() < began + 60 and self.process.poll() is None:
            if self.listens():
                self.down += time.monotonic() - began
                return
            time.sleep(0.05)
        raise TimeoutError("the service did not start")

    def kill(self) -> None:
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(10)
        while self.listens():  # a dying worker holds the socket a little longer than its parent
            time.sleep(0.01)

    def listens(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0


@pytest.fixture
def durable(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A Postgres of the suite's kind, but one that a crash costs nothing that was committed."""
    folder = tmp_path_factory.mktemp("durable")
    found = launch.start(folder, durable=True, pg_bin=Settings().pg_bin)
    server = Server(found.url(database="postgres"), folder)
    try:
        databases.make_database(server, NAME)
        databases.migrate(server.url(NAME))
        yield server
    finally:
        launch.stop(folder)


def crash(server: Server) -> None:
    """Do what `pg_ctl restart -m immediate` does: no backend says good-bye, and the log of the database is replayed."""
    assert server.own is not None
    cluster = server.own.resolve() / "cluster"
    running = pidfile.read(cluster)
    assert running is not None
    os.kill(running.pid, signal.SIGQUIT)
    while pidfile.alive(running.pid):
        time.sleep(0.02)
    again = launch.start(server.own, durable=True, pg_bin=Settings().pg_bin)
    assert again.started
    assert again.url(database="postgres") == server.admin


def free_port() -> int:
    """Return a port that is never lent to outgoing connections: one of those could meet itself while nobody listens."""
    for port in random.SystemRandom().sample(PORTS, 100):
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
    raise OSError("no port is free")


def harass(service: Service, server: Server, devices: list[Device], rng: random.Random) -> Counter[str]:
    """Kill and crash at random moments between the first write and the last, while the devices write."""
    moments = [(rng.random(), "kill") for _ in range(KILLS)] + [(rng.random(), "crash") for _ in range(CRASHES)]
    due, done = sorted(moments), Counter[str]()
    threads = [threading.Thread(target=device.run) for device in devices]
    deadline = time.monotonic() + LIMIT
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        if due and sum(device.keyed for device in devices) >= due[0][0] * WRITES * 0.99:
            time.sleep(rng.random() * 0.1)
            what = due.pop(0)[1]
            if what == "kill":
                service.kill()
                service.start()
            else:
                crash(server)
            done[what] += 1
        if time.monotonic() > deadline:
            devices[0].stop.set()
        time.sleep(0.005)
    return done


def stored(behind: Database, practices: list[str], sql: str) -> list[tuple[Any, ...]]:
    """Return rows of the practices, ids as text."""
    rows = behind.fetch(f"{sql} where practice_id = any($1::text[]::uuid[])", practices)
    return [tuple(str(value) if key.endswith("id") else value for key, value in row.items()) for row in rows]


def differences(behind: Database, practices: list[str], devices: list[Device], setup: list[str]) -> dict[str, int]:
    """Count what is lost and what is there without having been acknowledged, or otherwise than acknowledged."""
    expected: dict[str, dict[str, tuple[Any, ...]]] = {"client": {}, "opportunity": {}, "interaction": {}}
    for device in devices:
        expected["client"] |= {key: tuple(value) for key, value in device.clients.items()}
        expected["opportunity"] |= {key: tuple(value) for key, value in device.opportunities.items()}
        expected["interaction"] |= {key: tuple(value) for key, value in device.interactions.items()}
    found = {
        "client": stored(behind, practices, "select id, name, version from client"),
        "opportunity": stored(behind, practices, "select id, title, client_id from opportunity"),
        "interaction": stored(
            behind,
            practices,
            "select id, opportunity_id, summary, version, voided_at is not null as gone from interaction",
        ),
    }
    counts: Counter[str] = Counter()
    for table, rows in found.items():
        there = {row[0]: row[1:] for row in rows if row[0] not in setup}
        counts[f"{table} lost"] += len(expected[table].keys() - there.keys())
        counts[f"{table} doubled"] += len(there.keys() - expected[table].keys())
        counts[f"{table} otherwise"] += sum(expected[table].get(key, row) != row for key, row in there.items())
    return dict(counts)


def audited(behind: Database, practices: list[str]) -> Counter[str]:
    sql = "select action, count(*) as times from audit_event where practice_id = any($1::text[]::uuid[]) group by 1"
    return Counter({row["action"]: row["times"] for row in behind.fetch(sql, practices)})


def test_nothing_is_lost_and_nothing_is_done_twice(durable: Server, capsys: pytest.CaptureFixture[str]) -> None:
    seed = random.SystemRandom().randrange(2**32)
    rng = random.Random(seed)  # noqa: S311  # a schedule, no secret
    behind, url = Database(durable.url(NAME)), durable.url(NAME, "crickets_app")
    assert behind.value("show fsync") == "on"
    service, stop = Service(url, free_port()), threading.Event()
    with support.running(url) as house:
        house.clock.now = read()  # the service's
        owners = [support.new_practice(house) for _ in range(2)]
        shared = [build.opportunity(owner) for owner in owners]
    practices = [owner.practice_id for owner in owners]
    before = audited(behind, practices)
    devices = [_device(n, owners[n % 2], service, seed, shared[n % 2]["id"], stop) for n in range(DEVICES)]
    began = time.monotonic()
    try:
        service.start()
        done = harass(service, durable, devices, rng)
    finally:
        stop.set()
        service.kill()
    seconds = time.monotonic() - began
    counts = differences(behind, practices, devices, [one[key] for one in shared for key in ("id", "client_id")])
    seen = sum((device.seen for device in devices), Counter[Any]())
    actions = sum((device.actions for device in devices), Counter[str]())
    keyed, kept = sum(d.keyed for d in devices), behind.value("select count(*) from kept_answer")
    wrong = [line for device in devices for line in device.wrong]
    with capsys.disabled():
        print(f"\nseed {seed}: {keyed} keyed writes, {actions.total()} changes in all; {dict(done)}")  # noqa: T201
        print(f"{seconds:.0f} s, {service.down:.0f} s of them starting; answers {dict(seen)}")  # noqa: T201
        print(f"{counts}; {kept} answers kept; {len(wrong)} wrong {wrong[:5]}")  # noqa: T201
    assert not wrong
    assert done == {"kill": KILLS, "crash": CRASHES}
    assert not any(counts.values()), counts
    assert kept == keyed >= WRITES
    assert audited(behind, practices) - before == actions
    assert not {status for status in seen if isinstance(status, int) and status >= 500} - {503}
    assert _orphans(behind) == 0
    with support.running(url) as house:
        assert disagreements(house, behind) == []


def _device(number: int, owner: Api, service: Service, seed: int, shared: str, stop: threading.Event) -> Device:
    share = -(-WRITES // DEVICES)
    return Device(f"http://127.0.0.1:{service.port}", owner.key, number, seed, share, shared, stop)


def _orphans(behind: Database) -> int:
    """Count steps and entries of nobody's, companies that no opportunity has, and changes that no entry tells of."""
    sql = """
        select (select count(*) from ghosting_step s where not exists (
                    select from opportunity o where (o.practice_id, o.id) = (s.practice_id, s.opportunity_id)))
             + (select count(*) from interaction_revision r where not exists (
                    select from interaction i where (i.practice_id, i.id) = (r.practice_id, r.interaction_id)))
             + (select count(*) from company c where not exists (
                    select from opportunity o where (o.practice_id, o.company_id) = (c.practice_id, c.id)))
             + (select count(*) from audit_event e where not exists (
                    select from audit_link l where (l.practice_id, l.event_id) = (e.practice_id, e.id)))
             + (select count(*) from audit_link l where not exists (
                    select from audit_event e where (e.practice_id, e.id) = (l.practice_id, l.event_id)))"""
    return int(behind.value(sql))
