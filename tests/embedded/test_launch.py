import os
import signal
import socket
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from app.embedded import find, launch, pidfile
from app.embedded.errors import EmbeddedError

ROOT = Path(__file__).parents[2]
# What a second ./dev or a second test worker does: use the server, tell which it got, and stay until told to leave.
NEIGHBOUR = """
import sys, pathlib
from app.embedded import launch
pg_bin = pathlib.Path(sys.argv[2]) if sys.argv[2] else None
with launch.running(pathlib.Path(sys.argv[1]), durable=False, pg_bin=pg_bin) as server:
    print(server.pid, server.started, flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def start(directory, pg_bin):
    return lambda **options: launch.start(directory, durable=False, pg_bin=pg_bin, **options)


@pytest.fixture
def neighbour(empty, pg_bin):
    """Start another process that uses the directory's server."""
    processes = []

    def launch_one():
        command = [sys.executable, "-c", NEIGHBOUR, str(empty), str(pg_bin or "")]
        process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        processes.append(process)
        return process

    yield launch_one
    for process in processes:
        process.communicate(timeout=30)


@pytest.fixture
def rewrite(directory):
    """Write something else into a file of the cluster until the test is over."""
    kept: dict[Path, str] = {}

    def write(name, text):
        path = directory / "cluster" / name
        kept[path] = path.read_text()
        path.write_text(text)

    yield write
    for path, text in kept.items():
        path.write_text(text)


def said(process: subprocess.Popen[str]) -> tuple[int, bool]:
    assert process.stdout is not None
    pid, started = process.stdout.readline().split()
    return int(pid), started == "True"


def leave(process: subprocess.Popen[str]) -> None:
    process.communicate(timeout=30)
    assert process.returncode == 0


def test_a_server_starts_is_found_again_and_stops(directory, start, ask):
    first = start()
    assert first.started
    assert first.host == "127.0.0.1"
    assert first.port in launch.PORTS
    again = start()
    assert (again.pid, again.port, again.started) == (first.pid, first.port, False)

    assert ask(first.url(), "select current_user::text") == "postgres"
    assert ask(first.url(), "show unix_socket_directories") == ""
    assert ask(first.url(), "show listen_addresses") == "127.0.0.1"
    assert ask(first.url(), "show server_encoding") == "UTF8"
    assert os.getsid(first.pid) == first.pid  # a terminal's Ctrl-C does not reach it

    assert launch.stop(directory)
    assert not pidfile.alive(first.pid)
    assert not (directory / "cluster" / pidfile.NAME).exists()
    assert not launch.stop(directory)


def test_the_data_and_the_port_are_found_again(directory, start, ask):
    first = start()
    ask(first.url(), "create table stopped as select 42 as number")
    launch.stop(directory)
    second = start()
    assert second.port == first.port
    assert ask(second.url(), "select number from stopped") == 42


@pytest.mark.parametrize("durable", [True, False])
def test_only_tests_may_lose_data(directory, pg_bin, ask, durable):
    server = launch.start(directory, durable=durable, pg_bin=pg_bin)
    for setting in ("fsync", "full_page_writes", "synchronous_commit"):
        assert ask(server.url(), "select current_setting($1)", setting) == ("on" if durable else "off")
    assert stat.S_IMODE((directory / "postgres.log").stat().st_mode) == 0o600  # it may quote statements


def test_after_kill_nine_it_starts_again_and_has_lost_nothing(directory, pg_bin, ask):
    first = launch.start(directory, pg_bin=pg_bin)
    ask(first.url(), "create table killed as select 42 as number")
    os.kill(first.pid, signal.SIGKILL)
    os.waitid(os.P_PID, first.pid, os.WEXITED | os.WNOWAIT)  # dead, but still a zombie with its number in the lock file
    second = launch.start(directory, pg_bin=pg_bin)
    assert second.started
    assert second.pid != first.pid
    assert ask(second.url(), "select number from killed") == 42


def test_a_starter_that_is_killed_leaves_a_server_to_be_found(empty, pg_bin, neighbour):
    process = neighbour()
    pid, _ = said(process)
    process.kill()
    process.wait()
    found = launch.start(empty, pg_bin=pg_bin)
    assert (found.pid, found.started) == (pid, False)


def test_a_lock_file_with_a_dead_or_a_strangers_number_does_not_stand_in_the_way(directory, start):
    start()
    launch.stop(directory)
    for number in (2**22 + 7, os.getppid()):  # no such process; a living one that is no Postgres
        (directory / "cluster" / pidfile.NAME).write_text(f"{number}\n{directory / 'cluster'}\n0\n15432\n\n\n\nready\n")
        assert start().started
        launch.stop(directory)


def test_an_interrupted_initdb_is_done_again(empty, pg_bin, ask):
    (empty / "cluster.new" / "base").mkdir(parents=True)
    server = launch.start(empty, pg_bin=pg_bin)
    assert server.started
    assert ask(server.url(), "select datcollate from pg_database where datname = 'postgres'") == "C.UTF-8"


def test_neighbours_share_one_server_and_the_last_one_out_stops_it(empty, neighbour):
    assert not empty.exists()  # they make the data at the same time too
    neighbours = [neighbour() for _ in range(4)]
    answers = [said(process) for process in neighbours]
    assert len({pid for pid, _ in answers}) == 1
    assert [started for _, started in answers].count(True) == 1
    pid = answers[0][0]
    for process in neighbours[:3]:
        leave(process)
        assert pidfile.alive(pid)
    leave(neighbours[3])
    assert not pidfile.alive(pid)


def test_an_error_inside_the_block_stops_the_server_too(directory, pg_bin):
    with pytest.raises(ZeroDivisionError), launch.running(directory, durable=False, pg_bin=pg_bin) as server:
        raise ZeroDivisionError
    assert not pidfile.alive(server.pid)


def test_a_taken_port_is_passed_over(directory, start, monkeypatch):
    taken = start()
    launch.stop(directory)
    with socket.socket() as holder:
        holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        holder.bind((launch.HOST, taken.port))
        holder.listen()
        assert start().port != taken.port
        launch.stop(directory)
        # Somebody was faster between the look and the start: Postgres itself finds the port taken.
        monkeypatch.setattr(launch, "_free_ports", lambda _: iter([taken.port, taken.port + 1]))
        assert start().port == taken.port + 1


def test_data_of_another_version_is_refused_in_words(start, rewrite):
    rewrite("PG_VERSION", "12\n")
    with pytest.raises(EmbeddedError, match="was made by Postgres 12"):
        start()


def test_a_server_that_cannot_start_shows_its_log(start, rewrite):
    rewrite("postgresql.conf", "no_such_setting = 1\n")
    with pytest.raises(EmbeddedError, match="no_such_setting"):
        start()


def test_an_impossible_directory_is_refused_in_words(tmp_path, pg_bin):
    (tmp_path / "file").touch()
    with pytest.raises(EmbeddedError, match="data directory"):
        launch.start(tmp_path / "file" / "postgres", pg_bin=pg_bin)


def test_the_wheel_is_used_but_never_imported(start):
    start()
    assert find.WHEEL not in sys.modules
