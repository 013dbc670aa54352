"""`crickets dev`: the whole product on a laptop, from nothing to a first answer, until Ctrl-C."""

import argparse
import fcntl
import http.client
import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from pathlib import Path

from app.cli import children, commands, keep, schema, target
from app.cli.children import Children, Stopped
from app.cli.console import Failure, Progress, answer, say
from app.db.head import SCHEMA_HEAD
from app.settings import Settings

READY_LIMIT = 60.0
TICK = 0.05
WATCH = 0.3
ANYWHERE = ("0.0.0.0", "::", "")  # noqa: S104  (compared with, not listened on)
FIRST_REQUEST = "/v1/queue?scope=practice&limit=5"


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    """Start everything, tell where it is, and stop everything in the end."""
    processes: Children = arguments.processes
    if settings.environment == "production":
        raise Failure("`dev` is for laptops; in production run `crickets serve` and `crickets work`")
    children.stop_by_exception()
    directory = keep.data_dir(settings)
    try:
        with _alone(directory):
            _require_free(settings.host, settings.port)
            _run(settings, directory, processes)
    except Stopped:
        say("Stopped.")
    return 0


def _run(settings: Settings, directory: Path, processes: Children) -> None:
    progress = Progress()
    with target.opened(settings) as place, processes:
        progress.done(place.where)
        if schema.ready(place):
            progress.done(f"schema migrated to {SCHEMA_HEAD}")
        key = _kept_key(directory)
        if key is None:
            key = commands.load_demo(place.settings)
            progress.done("demo data loaded")
        processes.hand_down(place.settings)
        _await(settings, processes)
        progress.done("server ready")
        if _status(settings, FIRST_REQUEST, key) in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}:
            key = commands.load_demo(place.settings)  # the kept key is another database's, or was revoked
            progress.done("demo data loaded")
        _tell(settings, directory, key, progress.total)
        processes.start("work")  # only now: a first answer does not need it, and it would take its processor time
        processes.hand_down(place.settings)
        while True:
            processes.check()
            time.sleep(WATCH)


def _tell(settings: Settings, directory: Path, key: str, seconds: float) -> None:
    base = f"http://{_reachable(settings.host)}:{settings.port}"
    answer(
        f"\nCrickets is ready after {seconds:.1f} s. Ctrl-C stops it; the data stays in {directory}\n\n"
        f"  API        {base}/v1\n"
        f"  API docs   {base}/docs\n"
        f"  Demo key   {key}   (also in {directory / 'demo-key'})\n\n"
        "Today's queue:\n\n"
        f'  curl -s -H "Authorization: Bearer {key}" "{base}{FIRST_REQUEST}"\n'
    )


@contextmanager
def _alone(directory: Path) -> Iterator[None]:
    path = directory / "dev.lock"
    try:
        lock = path.open("a+")
    except OSError as error:
        raise Failure(f"cannot use {directory}: {error.strerror}; did another user run this here?") from error
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            who = lock.read().strip() or "unknown"
            raise Failure(
                f"it already runs on {directory} (pid {who}); stop it first, or set CRICKETS_DATA_DIR and CRICKETS_PORT"
            ) from None
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield


def _require_free(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise Failure(
                f"cannot listen on {host}:{port}: {error.strerror}; set CRICKETS_PORT to a free port"
            ) from None


def _await(settings: Settings, processes: Children) -> None:
    deadline = time.monotonic() + READY_LIMIT
    status: int | None = None
    while time.monotonic() < deadline:
        processes.check()
        status = _status(settings, "/readyz")
        if status == HTTPStatus.OK:
            return
        time.sleep(TICK)
    raise Failure(f"the server did not become ready in {READY_LIMIT:.0f} s; /readyz answers {status or 'nothing'}")


def _status(settings: Settings, path: str, key: str | None = None) -> int | None:
    connection = http.client.HTTPConnection(_reachable(settings.host), settings.port, timeout=10)
    try:
        connection.request("GET", path, headers={"Authorization": f"Bearer {key}"} if key else {})
        return connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()


def _reachable(host: str) -> str:
    return "127.0.0.1" if host in ANYWHERE else f"[{host}]" if ":" in host else host


def _kept_key(directory: Path) -> str | None:
    try:
        return (directory / "demo-key").read_text().strip() or None
    except OSError:
        return None
