"""Small files in the data directory that outlive a run."""

import os
import secrets
from pathlib import Path

from app.cli.console import Failure
from app.settings import Settings

PRIVATE = 0o600


def data_dir(settings: Settings) -> Path:
    """Return the data directory, made if it is missing."""
    directory = settings.data_dir.resolve()
    try:
        directory.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Failure(f"cannot make the data directory {directory}: {error.strerror}") from error
    return directory


def random_secret(path: Path) -> str:
    """Return the secret kept in `path`, drawn once."""
    if not path.exists():
        write_private(path, secrets.token_urlsafe(48))
    try:
        return path.read_text().strip()
    except OSError as error:
        raise Failure(f"cannot read {path}: {error.strerror}; did another user run this here?") from error


def write_private(path: Path, text: str) -> None:
    """Write `path` in one step, readable by its owner only from the first moment."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, PRIVATE), "w") as file:
            file.write(f"{text}\n")
        draft.replace(path)
    except OSError as error:
        raise Failure(f"cannot write {path}: {error.strerror}; did another user run this here?") from error
