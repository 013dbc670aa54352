"""What `postmaster.pid` says, and whether it still tells the truth."""

import os
from dataclasses import dataclass
from pathlib import Path

PROC = Path("/proc")
NAME = "postmaster.pid"
PORT_LINE, STATUS_LINE = 3, 7


@dataclass(frozen=True, slots=True)
class Postmaster:
    """A living server of one cluster; `port` is None until it has written it down."""

    pid: int
    port: int | None
    ready: bool


def read(cluster: Path) -> Postmaster | None:
    """Return the living server of `cluster`, if there is one."""
    try:
        lines = (cluster / NAME).read_text().splitlines()
        pid = int(lines[0])
    except (OSError, ValueError, IndexError):
        return None
    if not serves(pid, cluster):
        return None
    port = int(lines[PORT_LINE]) if len(lines) > PORT_LINE and lines[PORT_LINE].isdecimal() else None
    ready = len(lines) > STATUS_LINE and lines[STATUS_LINE].strip() == "ready"
    return Postmaster(pid, port, ready and port is not None)


def alive(pid: int) -> bool:
    """Tell whether `pid` runs; a zombie still has a number and answers signals, but it is dead."""
    try:
        stat = (PROC / str(pid) / "stat").read_text()
    except OSError:
        return not PROC.joinpath("self").exists() and _answers(pid)
    return stat.rpartition(")")[2].split()[0] not in {"Z", "X"}


def serves(pid: int, cluster: Path) -> bool:
    """Tell whether `pid` is alive and is this cluster's server: numbers are given out again after a restart."""
    if not alive(pid):
        return False
    try:
        arguments = (PROC / str(pid) / "cmdline").read_bytes().split(b"\0")
    except OSError:
        return _answers(pid)
    return os.fsencode(cluster) in arguments


def forget_dead(cluster: Path) -> None:
    """Remove a lock file whose number belongs to a zombie or a stranger: Postgres would take either for a server.

    Never done while any process still works in the cluster: the file also guards against orphaned backends.
    """
    if read(cluster) is None and PROC.joinpath("self").exists() and not _inhabited(cluster):
        (cluster / NAME).unlink(missing_ok=True)


def _inhabited(cluster: Path) -> bool:
    return any(_works_in(process, cluster) for process in PROC.glob("[0-9]*"))


def _works_in(process: Path, cluster: Path) -> bool:
    try:
        return (process / "cwd").readlink() == cluster
    except OSError:
        return False


def _answers(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
