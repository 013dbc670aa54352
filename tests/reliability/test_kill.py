"""kill -9 in the middle of writes: what was acknowledged is there, and the steps agree with the timelines."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2 as httpx

from tests.support import api as support
from tests.support import build
from tests.support import database as databases
from tests.support.database import Database, Server
from tests.support.steps import disagreements

ROOT = Path(__file__).resolve().parents[2]
KILLS, WRITERS, WRITES_BEFORE_A_KILL = 2, 4, 30
KINDS = ("application", "employer_message", "interview", "follow_up", "note", "request", "reply")


@contextmanager
def serving(url: str, port: int) -> Iterator[subprocess.Popen[bytes]]:
    """Run the shipped server as a process of its own."""
    environment = {**os.environ, "CRICKETS_DATABASE_URL": url, "CRICKETS_SECRET_KEY": "only-for-tests"}
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


def write_until_cut(base: str, key: str, opportunity_id: str, done: list[str], enough: threading.Event) -> None:
    """Record interactions with ids of our own and note each one that was acknowledged, until the server is gone."""
    with httpx.Client(base_url=base, headers={"Authorization": f"Bearer {key}"}, timeout=5) as http:
        for number in range(2_000):
            own = str(uuid.uuid4())
            instant = f"2026-03-{number % 27 + 1:02d}T12:00:00Z"
            body = {"id": own, "kind": KINDS[number % len(KINDS)], "occurred_at": instant}
            try:
                answer = http.post(f"/v1/opportunities/{opportunity_id}/interactions", json=body)
            except httpx.HTTPError:
                return
            if answer.status_code == 201:
                done.append(json.loads(answer.content)["id"])
            if len(done) >= WRITES_BEFORE_A_KILL:
                enough.set()


def test_every_acknowledged_write_survives_kill_9_and_the_steps_agree(server: Server) -> None:
    name = "reliability"
    databases.clone(server, name)
    url = server.url(name, "crickets_app")
    try:
        with support.running(url) as house:
            api = support.new_practice(house)
            roles = [build.opportunity(api)["id"] for _ in range(WRITERS)]
            behind = Database(server.url(name))
            behind.execute("update api_key set expires_at = now() + interval '1 day'")
            acknowledged: list[str] = []
            for _ in range(KILLS):
                port, enough, done = free_port(), threading.Event(), []  # type: int, threading.Event, list[str]
                with serving(url, port) as process:
                    base = f"http://127.0.0.1:{port}"
                    arguments = [(base, api.key, role, done, enough) for role in roles]
                    threads = [threading.Thread(target=write_until_cut, args=a) for a in arguments]
                    for thread in threads:
                        thread.start()
                    assert enough.wait(30), "the writers did not get going"
                    os.killpg(process.pid, signal.SIGKILL)
                    for thread in threads:
                        thread.join(15)
                acknowledged += done
            stored = {str(row["id"]) for row in behind.fetch("select id from interaction")}
            assert len(acknowledged) >= KILLS * WRITES_BEFORE_A_KILL
            assert set(acknowledged) <= stored
            assert disagreements(house, behind) == []
    finally:
        databases.drop(server, name)
