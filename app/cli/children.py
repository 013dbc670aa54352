"""The processes that `crickets dev` looks after."""

import contextlib
import ctypes
import json
import os
import signal
import subprocess
import sys
import time
from types import FrameType, TracebackType
from typing import TYPE_CHECKING, Self

from app.cli.console import Failure

if TYPE_CHECKING:  # loading it takes half a second, which the children had better use already
    from app.settings import Settings

STOP_LIMIT = 15.0
_PARENT_DEATH_SIGNAL = 1
_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_PLAYGROUND = 100  # times the limits of a deployed service


class Stopped(Exception):
    """A person or the system asked us to end."""


def stop_by_exception() -> None:
    """Turn Ctrl-C, SIGTERM and a closed terminal into `Stopped`, so that every `with` block cleans up."""

    def stop(_: int, __: FrameType | None) -> None:
        for number in _SIGNALS:  # once is enough: a second Ctrl-C must not cut the cleaning short
            signal.signal(number, signal.SIG_IGN)
        raise Stopped

    for number in _SIGNALS:
        signal.signal(number, stop)


def handed_down(settings: "Settings", parent: int | None) -> "Settings":
    """In a child of `crickets dev`, wait for what it found out and return it; anywhere else return `settings`."""
    if parent is None:
        return settings
    _follow(parent)
    line = sys.stdin.readline()
    if not line:
        raise Stopped  # it gave up before it had anything to hand down
    from pydantic import SecretStr

    secrets = {name: SecretStr(value) for name, value in json.loads(line).items()}
    return settings.model_copy(update={**secrets, **_room_to_play(settings)})


def _room_to_play(settings: "Settings") -> dict[str, int]:
    """Return the limits of a laptop, where scripts and tests share one key: a hundredfold, unless they are set."""
    limits = {"limit_read", "limit_write", "limit_practice"} - settings.model_fields_set
    return {name: _PLAYGROUND * getattr(settings, name) for name in limits}


def _follow(parent: int) -> None:
    """End when `parent` ends, however it ends (Linux; elsewhere only when it says so)."""
    if sys.platform != "linux":
        return
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(_PARENT_DEATH_SIGNAL, signal.SIGTERM)
    if os.getppid() != parent:
        raise Stopped


class Children:
    """Child processes that end with the `with` block."""

    def __init__(self) -> None:
        self._running: dict[str, subprocess.Popen[bytes]] = {}

    def start(self, name: str) -> None:
        """Start a subcommand of ours, which loads itself and then waits for `hand_down`.

        It gets a session of its own: a terminal's Ctrl-C reaches the parent only.
        """
        self._running[name] = subprocess.Popen(  # noqa: S603  (ourselves)
            [sys.executable, "-m", "app.cli", name, "--parent", str(os.getpid())],
            stdin=subprocess.PIPE,
            start_new_session=True,
        )

    def hand_down(self, settings: "Settings") -> None:
        """Tell waiting children the service's login and key; by a pipe, where no list of processes shows them."""
        given = {"database_url": settings.database_url, "secret_key": settings.secret_key}
        line = json.dumps({name: value.get_secret_value() for name, value in given.items() if value is not None})
        for process in self._running.values():
            if process.stdin is not None and not process.stdin.closed:
                with contextlib.suppress(BrokenPipeError):  # it has ended, as `check` will tell
                    process.stdin.write(f"{line}\n".encode())
                    process.stdin.close()

    def check(self) -> None:
        """Raise when one of them has ended."""
        for name, process in self._running.items():
            code = process.poll()
            if code is not None:
                raise Failure(f"`crickets {name}` ended unexpectedly with code {code}; see its messages above")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if not self._running:
            return
        for number in _SIGNALS:
            signal.signal(number, signal.SIG_IGN)
        for process in self._running.values():
            process.terminate()
            if process.stdin is not None:
                process.stdin.close()
        deadline = time.monotonic() + STOP_LIMIT
        for process in self._running.values():
            try:
                process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
