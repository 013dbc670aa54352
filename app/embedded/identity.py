"""Postgres refuses to run as root; this finds the poor user it may run as."""

import os
import pwd
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from app.embedded.errors import EmbeddedError

MAPPED = ("unshare", "--user", "--map-user=65534", "--map-group=65534")
# Where `nobody` may not enter a parent folder (a checkout in /root), it keeps the one capability that opens folders.
# The secure bit lets it count for access(2) too, which Postgres asks about its own program.
CAPABLE = (
    "--clear-groups",
    "--securebits=+no_setuid_fixup",
    "--inh-caps=+dac_override",
    "--ambient-caps=+dac_override",
)
# Nothing of the caller's environment may change how the server parses, sorts or prints.
ENVIRONMENT = {"LC_ALL": "C.UTF-8", "TZ": "UTC"}


@dataclass(frozen=True, slots=True)
class Identity:
    """How to start a program as an ordinary user, and the user id its files must belong to."""

    name: str
    owner: int
    group: int
    prefix: tuple[str, ...] = ()
    switch: bool = False

    def popen(self, command: list[str], output: int) -> "subprocess.Popen[bytes]":
        """Start `command` in a session of its own, so that a terminal's Ctrl-C does not reach it."""
        return subprocess.Popen(  # noqa: S603  (programs found by `find`, arguments of our own)
            [*self.prefix, *command],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=ENVIRONMENT,
            start_new_session=True,
            user=self.owner if self.switch else None,
            group=self.group if self.switch else None,
            extra_groups=() if self.switch else None,
        )

    def adopt(self, folder: Path) -> None:
        """Give `folder` and all in it to this identity; a cluster may have been made under another one."""
        if folder.stat().st_uid == self.owner or os.geteuid() != 0:
            return
        for place, folders, files in os.walk(folder):
            for name in (".", *folders, *files):
                os.chown(Path(place, name), self.owner, self.group, follow_symlinks=False)

    def enters(self, folder: Path, initdb: Path) -> bool:
        """Tell whether this identity may write into `folder` and run the programs beside `initdb`.

        `--show` makes nothing, but looks for its own program and for `postgres` as a real start does.
        """
        script = 'test -w "$1" && exec "$2" --show -D "$1"'
        try:
            process = self.popen(["/bin/sh", "-c", script, "sh", str(folder), str(initdb)], subprocess.DEVNULL)
            return process.wait(timeout=20) == 0
        except (OSError, subprocess.SubprocessError):
            return False


def choose(folder: Path, initdb: Path) -> Identity:
    """Return an identity that owns `folder` and may run `initdb` and what lies beside it."""
    for identity in _candidates():
        identity.adopt(folder)
        if identity.enters(folder, initdb):
            return identity
    raise EmbeddedError(
        f"Postgres does not run as root, and no other user may use {folder} and {initdb.parent}.\n"
        "Run ./dev as an ordinary user, or move the checkout to a folder that every user may enter."
        if os.geteuid() == 0
        else f"This user may not write {folder} or not run the programs in {initdb.parent}."
    )


def _candidates() -> Iterator[Identity]:
    if os.geteuid() != 0:
        yield Identity("self", os.geteuid(), os.getegid())
        return
    unshare, setpriv = shutil.which(MAPPED[0]), shutil.which("setpriv")
    if unshare:
        yield Identity("unshare", 0, 0, prefix=(unshare, *MAPPED[1:]))
    try:
        nobody = pwd.getpwnam("nobody")
    except KeyError:
        return
    yield Identity("nobody", nobody.pw_uid, nobody.pw_gid, switch=True)
    if setpriv:
        become = (f"--reuid={nobody.pw_uid}", f"--regid={nobody.pw_gid}", *CAPABLE)
        yield Identity("setpriv", nobody.pw_uid, nobody.pw_gid, prefix=(setpriv, *become))
