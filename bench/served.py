"""Starting what is measured, as processes of their own, and what they cost the machine."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench import places
from bench.places import Place
from bench.seed.people import Practice

_START_LIMIT = 60.0
_TICK = os.sysconf("SC_CLK_TCK")
_UTIME, _CSTIME = 11, 14  # of what follows the name in /proc/PID/stat, with the two between them
#: The service counts, and refuses nobody.
GENEROUS = {f"CRICKETS_LIMIT_{name}": "1000000" for name in ("READ", "WRITE", "AUTH", "PRACTICE")}


@dataclass(frozen=True, slots=True)
class Served:
    """A process that answers on a port, and the server of the database that it asks."""

    name: str
    port: int
    pid: int
    postmaster: int

    def cpu(self) -> tuple[float, float]:
        """Return the CPU seconds so far: of the process with its children, and of Postgres with all of its own."""
        return _tree(self.pid), _tree(self.postmaster)

    def memory(self) -> int:
        """Return the resident memory of the largest process, in KiB: a worker."""
        return max(_resident(pid) for pid in (self.pid, *_children(self.pid)))


def environment(place: Place, practices: Sequence[Practice], recorded: Path | None = None) -> dict[str, str]:
    """Return the environment of the service and of the baselines."""
    callers = {
        key: {"practice_id": str(one.id), "member_id": str(one.members[role]), "actor": role}
        for one in practices
        for role, key in one.keys.items()
    }
    return {
        **os.environ,
        **GENEROUS,
        "CRICKETS_ENVIRONMENT": "production",
        "CRICKETS_DATABASE_URL": place.service,
        "CRICKETS_SECRET_KEY": places.SECRET,
        "BENCH_ADMIN_URL": place.admin,
        "BENCH_CALLERS": json.dumps(callers),
        **({} if recorded is None else {"BENCH_RECORDED": str(recorded)}),
    }


@contextmanager
def service(place: Place, own: Mapping[str, str], *, workers: int = 1) -> Iterator[Served]:
    """Run `crickets serve`."""
    with _running("service", place, own, ["-m", "app.cli", "serve", "--workers", str(workers)]) as served:
        yield served


@contextmanager
def baseline(name: str, place: Place, own: Mapping[str, str]) -> Iterator[Served]:
    """Run `bench.NAME:create` under uvicorn with the loop and the flags of the service."""
    flags = ["--factory", "--http", "httptools", "--loop", "auto", "--no-access-log", "--no-server-header"]
    with _running(name, place, own, ["-m", "uvicorn", f"bench.{name}:create", *flags]) as served:
        yield served


@contextmanager
def worker(place: Place, own: Mapping[str, str]) -> Iterator[Served]:
    """Run `crickets work`, which answers nobody."""
    process = _started("work", own, ["-m", "app.cli", "work"])
    try:
        yield Served("work", 0, process.pid, place.postmaster)
    finally:
        _stopped(process)


@contextmanager
def _running(name: str, place: Place, own: Mapping[str, str], command: Sequence[str]) -> Iterator[Served]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    process = _started(name, own, [*command, "--host", "127.0.0.1", "--port", str(port)])
    try:
        _wait_for(port, process)
        yield Served(name, port, process.pid, place.postmaster)
    finally:
        _stopped(process)


def _started(name: str, own: Mapping[str, str], command: Sequence[str]) -> "subprocess.Popen[bytes]":
    with (places.data_dir() / f"{name}.log").open("wb") as log:
        return subprocess.Popen(
            [sys.executable, *command],
            cwd=places.ROOT,
            env=dict(own),
            stdout=log,
            stderr=log,
            start_new_session=True,
        )


def _stopped(process: "subprocess.Popen[bytes]") -> None:
    os.killpg(process.pid, signal.SIGTERM)
    try:
        process.wait(15)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(10)


def _wait_for(port: int, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + _START_LIMIT
    while time.monotonic() < deadline and process.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise TimeoutError(f"a server did not start; see the logs in {places.data_dir()}")


def _tree(pid: int) -> float:
    """Return the CPU seconds of a process, of its children, and of those of them that have ended."""
    return sum(_seconds(one) for one in (pid, *_children(pid)))


def _seconds(pid: int) -> float:
    """Return what the process has used, to the nanosecond where the kernel tells, and its ended children to a tick."""
    try:
        fields = [
            int(n) for n in Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[_UTIME : _CSTIME + 1]
        ]
        threads = [one.read_text().split()[0] for one in Path(f"/proc/{pid}/task").glob("*/schedstat")]
    except OSError:
        return 0.0
    own = sum(int(n) for n in threads) / 1e9 or (fields[0] + fields[1]) / _TICK
    return own + (fields[2] + fields[3]) / _TICK


def _children(pid: int) -> list[int]:
    found = []
    for listed in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            own = [int(child) for child in listed.read_text().split()]
        except OSError:
            continue
        found += [pid for child in own for pid in (child, *_children(child))]
    return found


def _resident(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("VmRSS:")), 0)
