import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest

from app.embedded import identity, launch
from app.embedded.errors import EmbeddedError

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="only root must become somebody else")
NOBODY = pwd.getpwnam("nobody").pw_uid


@pytest.fixture
def without(monkeypatch):
    """Hide programs, as on a machine that lacks them or a container that refuses them."""
    real = shutil.which

    def hide(*names):
        monkeypatch.setattr(shutil, "which", lambda name: None if name in names else real(name))

    return hide


@pytest.fixture
def open_directory():
    """A directory that every user may enter; pytest's own belong to their maker alone."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        yield Path(name) / "postgres"
        launch.stop(Path(name) / "postgres")


def owner_of_the_data(directory: Path, server: launch.Server, ask: Callable[[str, str], object]) -> int:
    assert ask(server.url(), "select 1") == 1
    effective = Path(f"/proc/{server.pid}/status").read_text().split("Uid:")[1].split()[1]
    assert int(effective) == (directory / "cluster").stat().st_uid
    return int(effective)


def may_enter(folder: Path) -> bool:
    return all(place.stat().st_mode & 0o001 for place in (folder, *folder.parents))


def test_root_maps_itself_to_an_ordinary_user(directory, pg_bin, ask, without):
    if subprocess.run([*identity.MAPPED, "true"], check=False).returncode != 0:
        pytest.skip("this machine refuses user namespaces")
    without("setpriv")
    server = launch.start(directory, durable=False, pg_bin=pg_bin)
    assert owner_of_the_data(directory, server, ask) == 0


def test_where_that_is_refused_it_becomes_nobody(open_directory, binaries, pg_bin, ask, without):
    if not may_enter(binaries.folder):
        pytest.skip("the programs lie where nobody may not enter")
    without("unshare", "setpriv")
    assert owner_of_the_data(open_directory, launch.start(open_directory, durable=False, pg_bin=pg_bin), ask) == NOBODY


def test_a_checkout_that_nobody_may_enter_still_works(empty, pg_bin, ask, without):
    assert not may_enter(empty.parent)
    without("unshare")
    assert owner_of_the_data(empty, launch.start(empty, durable=False, pg_bin=pg_bin), ask) == NOBODY


def test_data_made_under_one_identity_is_adopted_by_the_next(directory, pg_bin, ask, without):
    for hidden in ("unshare", "nothing", "unshare"):
        without(hidden)
        owner_of_the_data(directory, launch.start(directory, durable=False, pg_bin=pg_bin), ask)
        launch.stop(directory)


def test_where_nothing_helps_the_error_says_what_to_do(directory, pg_bin, without):
    without("unshare", "setpriv")
    with pytest.raises(EmbeddedError, match="ordinary user"):
        launch.start(directory, durable=False, pg_bin=pg_bin)


def test_nobody_with_the_one_capability_passes_the_question_that_postgres_asks(tmp_path):
    (tmp_path / "closed").mkdir(mode=0o700)
    (tmp_path / "closed" / "program").touch(mode=0o700)
    question = "import os, sys; sys.exit(not os.access(sys.argv[1], os.X_OK))"  # access(2), as Postgres does
    command = [sys.executable, "-c", question, str(tmp_path / "closed" / "program")]
    capable = next(found for found in identity._candidates() if found.name == "setpriv")
    assert capable.popen(command, subprocess.DEVNULL).wait(timeout=20) == 0
