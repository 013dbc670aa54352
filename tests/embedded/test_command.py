import argparse
import asyncio
import json
import os
import stat
import subprocess
import sys

import pytest
from pydantic import SecretStr

from app.cli import children, doctor, keep, main, schema, serve, target
from app.cli.console import Failure
from app.db.head import SCHEMA_HEAD
from app.settings import Settings


@pytest.fixture
def settings(data_dir, pg_bin, monkeypatch):
    """A laptop's settings, whatever the suite itself runs on."""
    for name in ("CRICKETS_DATABASE_URL", "CRICKETS_OWNER_DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)
    return Settings(data_dir=data_dir, pg_bin=pg_bin)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("postgresql://me:pw@db:5433/mine?sslmode=require", "postgresql://app:p%20w%2F@db:5433/new?sslmode=require"),
        ("postgres://db", "postgresql://app:p%20w%2F@db/new"),
        ("postgresql+asyncpg://me@[::1]:5/x", "postgresql://app:p%20w%2F@[::1]:5/new"),
        ("postgresql://db/x?user=me&password=pw&a=b", "postgresql://app:p%20w%2F@db/new?a=b"),
    ],
)
def test_a_url_takes_another_login_and_database_and_keeps_the_rest(url, expected):
    assert target.rewritten(url, database="new", login=("app", "p w/")) == expected


def test_a_url_is_shown_without_its_login_and_options():
    assert target.shown("postgresql://me:secret@db:5433/mine?password=secret") == "db:5433/mine"


def test_a_secret_is_drawn_once_and_belongs_to_its_owner_alone(tmp_path):
    first = keep.random_secret(tmp_path / "key")
    assert keep.random_secret(tmp_path / "key") == first
    assert len(first) >= 43  # 256 bits in base64
    assert stat.S_IMODE((tmp_path / "key").stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["key"]


def test_the_bundled_database_is_prepared_migrated_and_stopped(settings, capsys, ask):
    with target.opened(settings) as place:
        ask(target.rewritten(place.admin or "", database="postgres"), "drop database if exists crickets")
        assert doctor.run(argparse.Namespace(), settings) == 1
        assert "run `crickets migrate`" in capsys.readouterr().out

        assert schema.ready(place)
        assert not schema.ready(place)
        assert ask(place.service, "select current_user::text") == "crickets_app"
        assert ask(place.admin, "select version_num from alembic_version") == SCHEMA_HEAD
        assert place.settings.secret_key is not None

        assert doctor.run(argparse.Namespace(), settings) == 0
        assert "crickets_app is a poor login" in capsys.readouterr().out
        url = place.service
    with pytest.raises(Failure, match="cannot connect"):
        asyncio.run(target.connect(url))


def test_a_login_that_may_do_nothing_is_told_what_is_missing(settings, server, ask):
    ask(server.url(), "create role passer_by login")
    poor = settings.model_copy(update={"database_url": SecretStr(server.url("passer_by", "postgres"))})
    with target.opened(poor) as place, pytest.raises(Failure, match="CREATEROLE"):
        schema.ready(place)
    ask(server.url(), "drop role passer_by")


def test_wrong_settings_are_told_by_name_and_without_a_traceback(capsys, monkeypatch):
    monkeypatch.setenv("CRICKETS_PORT", "many")
    assert main(["doctor"]) == 1
    said = capsys.readouterr().err
    assert "port" in said
    assert "Traceback" not in said


def test_an_unreachable_database_is_told_without_the_password(capsys, monkeypatch, tmp_path):
    monkeypatch.setenv("CRICKETS_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("CRICKETS_DATABASE_URL", "postgresql://me:secret@127.0.0.1:1/x")
    monkeypatch.delenv("CRICKETS_OWNER_DATABASE_URL", raising=False)
    assert main(["migrate"]) == 1
    said = capsys.readouterr().err
    assert "127.0.0.1:1/x" in said
    assert "secret" not in said


def test_serving_without_a_database_is_refused():
    arguments = argparse.Namespace(parent=None, host=None, port=None, workers=None)
    with pytest.raises(Failure, match="CRICKETS_DATABASE_URL"):
        serve.run(arguments, Settings(database_url=None))


def test_a_child_gets_the_login_by_its_pipe_and_an_orphan_stops():
    program = (
        "import os, sys; from app.cli import children; from app.settings import Settings\n"
        "settings = children.handed_down(Settings(), int(sys.argv[1]))\n"
        "print(settings.database_url.get_secret_value(), settings.secret_key.get_secret_value())"
    )
    given = json.dumps({"database_url": "postgresql://app@127.0.0.1/x", "secret_key": "k" * 40})

    def child(parent: int, line: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-c", program, str(parent)],
            cwd=schema.ROOT,
            input=line,
            capture_output=True,
            text=True,
            check=False,
        )

    assert child(os.getpid(), f"{given}\n").stdout == f"postgresql://app@127.0.0.1/x {'k' * 40}\n"
    assert "Stopped" in child(os.getpid(), "").stderr
    assert "Stopped" in child(os.getppid(), f"{given}\n").stderr


def test_without_a_parent_the_settings_are_ones_own():
    settings = Settings()
    assert children.handed_down(settings, None) is settings
