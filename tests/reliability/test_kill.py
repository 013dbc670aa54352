"""kill -9 in the middle of writes: what was acknowledged is there, once, and the steps agree with the timelines."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx2 as httpx

from tests.support import api as support
from tests.support import build
from tests.support import database as databases
from tests.support.database import Database, Server
from tests.support.steps import disagreements

ROOT = Path(__file__).resolve().parents[2]
KILLS, WRITERS, WRITES_BEFORE_A_KILL = 2, 4, 12
KINDS = ("application", "employer_message", "interview", "follow_up", "note", "request", "reply")


@contextmanager
def serving(url: str, port: int) -> Iterator[subprocess.Popen[bytes]]:
    """Run the shipped server as a process of its own."""
    own = {"CRICKETS_DATABASE_URL": url, "CRICKETS_SECRET_KEY": "only-for-tests", "CRICKETS_LIMIT_WRITE": "1000000"}
    environment = {**os.environ, **own}
    command = [sys.executable, "-m", "app.cli", "serve", "--host", "127.0.0.1", "--port", str(port)]
    process = subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )
    try:
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline and process.poll() is None:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
        yield process
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(10)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Writer:
    """Records interactions, each under a key of its own, and after a cut sends the last one again."""

    key: str
    opportunity_id: str
    asked: int = 0
    pending: bool = False
    acknowledged: list[str] = field(default_factory=list)

    def write_until_cut(self, base: str, enough: threading.Event) -> None:
        """Note each answer, until the server is gone."""
        path = f"/v1/opportunities/{self.opportunity_id}/interactions"
        before = len(self.acknowledged)
        with httpx.Client(base_url=base, headers={"Authorization": f"Bearer {self.key}"}, timeout=5) as http:
            for _ in range(2_000):
                self.asked += not self.pending
                self.pending = True
                instant = f"2026-03-{self.asked % 27 + 1:02d}T12:00:00Z"
                body = {"kind": KINDS[self.asked % len(KINDS)], "occurred_at": instant}
                try:
                    answer = http.post(path, json=body, headers={"Idempotency-Key": str(self.asked)})
                except httpx.HTTPError:
                    return
                if answer.status_code == 201:
                    self.acknowledged.append(json.loads(answer.content)["id"])
                    self.pending = False
                if len(self.acknowledged) - before >= WRITES_BEFORE_A_KILL:
                    enough.set()


def test_every_acknowledged_write_survives_kill_9_once_and_the_steps_agree(server: Server) -> None:
    name = "reliability"
    databases.clone(server, name)
    url = server.url(name, "crickets_app")
    try:
        with support.running(url) as house:
            api = support.new_practice(house)
            writers = [Writer(api.key, build.opportunity(api)["id"]) for _ in range(WRITERS)]
            behind = Database(server.url(name))
            behind.execute("update api_key set expires_at = now() + interval '1 day'")
            for _ in range(KILLS):
                port, enough = free_port(), threading.Event()
                with serving(url, port) as process:
                    arguments = (f"http://127.0.0.1:{port}", enough)
                    threads = [threading.Thread(target=writer.write_until_cut, args=arguments) for writer in writers]
                    for thread in threads:
                        thread.start()
                    assert enough.wait(30), "the writers did not get going"
                    os.killpg(process.pid, signal.SIGKILL)
                    for thread in threads:
                        thread.join(15)
            for writer in writers:
                rows = behind.fetch("select id from interaction where opportunity_id = $1", writer.opportunity_id)
                stored = {str(row["id"]) for row in rows}
                assert len(writer.acknowledged) == len(set(writer.acknowledged)) == writer.asked - writer.pending
                assert set(writer.acknowledged) <= stored
                assert len(stored) - len(writer.acknowledged) <= writer.pending
            assert sum(len(writer.acknowledged) for writer in writers) >= KILLS * WRITES_BEFORE_A_KILL
            assert disagreements(house, behind) == []
    finally:
        databases.drop(server, name)
