"""`crickets verify-audit` over a database of its own, and the chain of entries that were there before it."""

import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config

from app.cli import main
from tests.support import api as support
from tests.support import build
from tests.support import database as databases
from tests.support.database import ROOT, Database, Server

Verify = Callable[..., tuple[int, list[str], str]]


@pytest.fixture(scope="module")
def own(server: Server, database_name: str) -> Iterator[str]:
    """A database where no other test leaves broken chains."""
    name = f"{database_name}_chains"
    databases.clone(server, name)
    yield name
    databases.drop(server, name)


@pytest.fixture(scope="module")
def practices(server: Server, own: str) -> Iterator[tuple[str, str]]:
    """The ids of two practices with chains of 3 and 2, in the order in which they are walked."""
    with support.running(server.url(own, "crickets_app")) as house:
        first, second = support.new_practice(house), support.new_practice(house, "Other Coaching")
        for api in (first, second, first):
            build.client(api)
        yield first.practice_id, second.practice_id


@pytest.fixture
def verify(
    server: Server, own: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> Verify:
    """Run the command as the service's login; return its exit code, its results and its complaints."""
    monkeypatch.setenv("CRICKETS_DATABASE_URL", server.url(own, "crickets_app"))
    monkeypatch.delenv("CRICKETS_OWNER_DATABASE_URL", raising=False)
    monkeypatch.setenv("CRICKETS_DATA_DIR", str(tmp_path))

    def run(*arguments: str) -> tuple[int, list[str], str]:
        code = main(["verify-audit", *arguments])
        said = capsys.readouterr()
        return code, said.out.splitlines(), said.err

    return run


def test_it_walks_every_chain_and_prints_the_heads(practices: tuple[str, str], verify: Verify) -> None:
    code, said, complaints = verify()
    assert (code, complaints) == (0, "")
    first, second = said
    assert first.startswith(f"{practices[0]} holds, head 3:")
    assert second.startswith(f"{practices[1]} holds, head 2:")


def test_it_walks_one_chain(practices: tuple[str, str], verify: Verify) -> None:
    code, said, _ = verify("--practice", practices[1])
    assert (code, len(said)) == (0, 1)
    assert said[0].startswith(practices[1])


def test_a_head_that_was_noted_must_still_be_there(practices: tuple[str, str], verify: Verify) -> None:
    _, said, _ = verify("--practice", practices[0])
    head = said[0].split()[-1]
    assert verify("--practice", practices[0], "--head", head)[0] == 0
    code, _, complaints = verify("--practice", practices[0], "--head", head.replace("3:", "4:"))
    assert (code, "link 4 is missing: number 4 was noted before" in complaints) == (1, True)


def test_a_broken_chain_is_named_and_the_others_are_walked_all_the_same(
    practices: tuple[str, str], verify: Verify, server: Server, own: str
) -> None:
    database = Database(server.url(own))
    which = uuid.UUID(practices[0])
    changed = database.value("select event_id from audit_link where practice_id = $1 and seq = 2", which)
    change = "set session_replication_role = replica; update audit_event set action = '{}' where id = '{}'"
    database.execute(change.format("client.view", changed))
    code, said, complaints = verify()
    broken = f"link 2: entry {changed} is not what it was, or not where it was"
    assert code == 1
    assert said[0] == f"{practices[0]} {broken}"
    assert said[1].startswith(f"{practices[1]} holds")
    assert f"practice {practices[0]}: {broken}" in complaints
    assert "Traceback" not in complaints
    database.execute(change.format("client.create", changed))
    assert verify()[0] == 0


@pytest.mark.parametrize(
    "arguments",
    [
        ("--practice", "7"),
        ("--practice", str(uuid.UUID(int=7))),
        ("--head", f"3:{'0' * 64}"),
        ("--practice", str(uuid.UUID(int=7)), "--head", "3"),
    ],
)
def test_what_cannot_be_asked_is_told_in_words(
    practices: tuple[str, str], verify: Verify, arguments: tuple[str, ...]
) -> None:
    code, said, complaints = verify(*arguments)
    assert (code, said) == (1, [])
    assert complaints.startswith("crickets: ")
    assert "Traceback" not in complaints


def test_entries_from_before_there_was_a_chain_are_chained_in_their_order(
    server: Server, own: str, verify: Verify, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = f"{own}_former"
    databases.clone(server, name)
    try:
        database, which = Database(server.url(name)), uuid.uuid4()
        config = Config(toml_file=ROOT / "pyproject.toml")
        config.attributes["url"] = server.url(name)
        command.downgrade(config, "0007")
        database.execute(
            "insert into practice (id, name, time_zone, created_at, updated_at) values ($1, 'P', 'UTC', now(), now())",
            which,
        )
        database.execute(
            "insert into audit_event (practice_id, id, occurred_at, actor_type, action, resource_type, changed_fields) "
            "select $1, gen_random_uuid(), now() - n * interval '1 hour', 'system', 'step.' || n, 'practice', '{name}' "
            "from generate_series(1, 20) n",
            which,
        )
        command.upgrade(config, "head")
        monkeypatch.setenv("CRICKETS_DATABASE_URL", server.url(name, "crickets_app"))
        code, said, _ = verify()
        assert (code, said[0].split(":")[0]) == (0, f"{which} holds, head 20")
        steps = "select action from audit_event e join audit_link l on l.event_id = e.id order by l.seq"
        assert [row["action"] for row in database.fetch(steps)] == [f"step.{n}" for n in range(20, 0, -1)]
    finally:
        databases.drop(server, name)
