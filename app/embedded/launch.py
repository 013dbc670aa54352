"""Start, share and stop the bundled Postgres of one directory.

directory/cluster        the data, made once by initdb
directory/postgres.log   the server's log since its last start
directory/start.lock     held while a server is started or stopped
directory/users.lock     held shared by everyone inside `running`; the last one out stops the server
"""

import fcntl
import os
import shutil
import signal
import socket
import subprocess
import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from app.embedded import find, identity, pidfile
from app.embedded.errors import EmbeddedError

HOST = "127.0.0.1"
SUPERUSER = "postgres"
PORTS = range(15432, 15632)  # from 32768 on the kernel may have lent a number to an outgoing connection
TICK = 0.02
START_LIMIT, STOP_LIMIT, QUIT_LIMIT = 60.0, 60.0, 10.0
RETRIES, RETRY_PAUSE = 20, 0.5  # after kill -9 backends may live on for up to 2 s
TESTING = ("fsync=off", "full_page_writes=off", "synchronous_commit=off")

_children: dict[int, "subprocess.Popen[bytes]"] = {}  # started by this process: to be reaped when they end


@dataclass(frozen=True, slots=True)
class Server:
    """A ready server; `started` tells whether this call started it or found it running."""

    host: str
    port: int
    pid: int
    started: bool

    def url(self, user: str = SUPERUSER, database: str = "postgres") -> str:
        """Return the libpq URL of one login and database; on the loopback every login is trusted."""
        return f"postgresql://{user}@{self.host}:{self.port}/{database}"


def start(directory: Path, *, durable: bool = True, pg_bin: Path | None = None) -> Server:
    """Return the directory's running server, or start it; it runs until `stop`, whatever becomes of this process."""
    directory = _prepared(directory)
    with _locked(directory):
        return _start(directory, durable=durable, pg_bin=pg_bin)


def stop(directory: Path) -> bool:
    """Stop the directory's server cleanly; False when none was running."""
    directory = directory.resolve()
    if not directory.is_dir():
        return False
    with _locked(directory):
        return _stop(directory / "cluster")


@contextmanager
def running(directory: Path, *, durable: bool = True, pg_bin: Path | None = None) -> Iterator[Server]:
    """Use the directory's server, shared with all who use it now; the last one out stops it.

    The kernel drops the share of a killed process, so nobody's death keeps a server alive for ever.
    """
    directory = _prepared(directory)
    with (directory / "users.lock").open("a") as share:
        with _locked(directory):
            fcntl.flock(share, fcntl.LOCK_SH)
            server = _start(directory, durable=durable, pg_bin=pg_bin)
        try:
            yield server
        finally:
            with _locked(directory):
                if _is_last(share.fileno()):
                    _stop(directory / "cluster")


def _is_last(share: int) -> bool:
    try:
        fcntl.flock(share, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _prepared(directory: Path) -> Path:
    directory = directory.resolve()
    try:
        directory.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise EmbeddedError(f"Cannot make the data directory {directory}: {error.strerror}.") from error
    if not os.access(directory, os.W_OK | os.X_OK):
        raise EmbeddedError(f"{directory} belongs to another user; set CRICKETS_DATA_DIR to a directory of your own.")
    return directory


@contextmanager
def _locked(directory: Path) -> Iterator[None]:
    try:
        lock = (directory / "start.lock").open("a")
    except OSError as error:
        raise EmbeddedError(f"Cannot use {directory}: {error.strerror}. Did another user run ./dev here?") from error
    with lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _start(directory: Path, *, durable: bool, pg_bin: Path | None) -> Server:
    cluster = directory / "cluster"
    for child in _children.values():
        child.poll()
    if pidfile.read(cluster) is not None:
        return _ready(cluster, started=False)
    binaries = find.locate(pg_bin)
    runner = _initialised(cluster, binaries, durable=durable)
    pidfile.forget_dead(cluster)
    options = [] if durable else [word for setting in TESTING for word in ("-c", setting)]
    retries = 0
    for port in _free_ports(cluster):
        command = [str(binaries.postgres), "-D", str(cluster), "-h", HOST, "-p", str(port), "-k", "", *options]
        log = directory / "postgres.log"
        while not _launched(runner, command, log, cluster):
            said = log.read_text(errors="replace")
            if "could not bind" in said:
                break
            retries += 1
            if retries > RETRIES or not ("postmaster.pid" in said or "shared memory block" in said):
                raise EmbeddedError(f"Postgres did not start. {log} says:\n{said[-1500:].strip()}")
            time.sleep(RETRY_PAUSE)
        else:
            return _ready(cluster, started=True)
    raise EmbeddedError(f"No free port on {HOST} from {PORTS.start} to {PORTS.stop - 1}.")


def _initialised(cluster: Path, binaries: find.Binaries, *, durable: bool) -> identity.Identity:
    """Run initdb beside the final place, so that a killed one leaves nothing that looks like a cluster."""
    version = cluster / "PG_VERSION"
    if cluster.exists():
        runner = identity.choose(cluster, binaries.initdb)
        made_by = version.read_text().strip()
        if made_by != str(binaries.major):
            raise EmbeddedError(
                f"The data in {cluster} was made by Postgres {made_by}, but {binaries.folder} holds {binaries.major}.\n"
                "Set PG_BIN to the matching version, or CRICKETS_DATA_DIR to another directory."
            )
        return runner
    unfinished = cluster.with_suffix(".new")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(mode=0o700)
    runner = identity.choose(unfinished, binaries.initdb)
    command = [str(binaries.initdb), "-D", str(unfinished), "-U", SUPERUSER, "-E", "UTF8", "--locale=C.UTF-8"]
    log = cluster.with_name("initdb.log")
    with log.open("wb") as output:
        process = runner.popen([*command, "--auth=trust", *([] if durable else ["--no-sync"])], output.fileno())
        failed = process.wait() != 0
    if failed:
        shutil.rmtree(unfinished, ignore_errors=True)
        raise EmbeddedError(f"initdb failed. {log} says:\n{log.read_text(errors='replace')[-1500:].strip()}")
    unfinished.rename(cluster)
    return runner


def _free_ports(cluster: Path) -> Iterator[int]:
    """Yield free ports, beginning at one that belongs to the directory: it keeps its number from start to start."""
    first = zlib.crc32(os.fsencode(cluster)) % len(PORTS)
    for port in (*PORTS[first:], *PORTS[:first]):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((HOST, port))
            except OSError:
                continue
        yield port


def _launched(runner: identity.Identity, command: list[str], log: Path, cluster: Path) -> bool:
    """Start the server and wait until it has taken its lock file; False when it ended before."""
    with _private(log) as output:
        process = runner.popen(command, output.fileno())
    deadline = time.monotonic() + START_LIMIT
    while process.poll() is None and time.monotonic() < deadline:
        server = pidfile.read(cluster)
        if server is not None and server.pid == process.pid and server.ready:
            _children[process.pid] = process
            return True
        time.sleep(TICK)
    if process.poll() is None:
        process.send_signal(signal.SIGQUIT)
        process.wait()
    return False


def _private(log: Path) -> BinaryIO:
    """Open the log anew; it may quote statements, so it is its owner's only."""
    log.unlink(missing_ok=True)
    return os.fdopen(os.open(log, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")


def _ready(cluster: Path, *, started: bool) -> Server:
    deadline = time.monotonic() + START_LIMIT
    while time.monotonic() < deadline:
        server = pidfile.read(cluster)
        if server is None:
            break
        if server.ready and server.port is not None:
            return Server(HOST, server.port, server.pid, started)
        time.sleep(TICK)
    raise EmbeddedError(f"The server of {cluster} did not become ready; see {cluster.with_name('postgres.log')}.")


def _stop(cluster: Path) -> bool:
    server = pidfile.read(cluster)
    if server is None:
        return False
    for number, limit in ((signal.SIGINT, STOP_LIMIT), (signal.SIGQUIT, QUIT_LIMIT)):
        try:
            os.kill(server.pid, number)
        except ProcessLookupError:
            pass
        except PermissionError as error:
            raise EmbeddedError(f"The server of {cluster} (pid {server.pid}) belongs to another user.") from error
        if _ended(server.pid, limit):
            return True
    raise EmbeddedError(f"The server of {cluster} (pid {server.pid}) does not stop.")


def _ended(pid: int, limit: float) -> bool:
    child = _children.get(pid)
    deadline = time.monotonic() + limit
    while time.monotonic() < deadline:
        if child is not None and child.poll() is not None:
            del _children[pid]
            return True
        if not pidfile.alive(pid):
            return True
        time.sleep(TICK)
    return False
