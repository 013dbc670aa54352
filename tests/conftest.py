"""Fixtures of the whole suite: a real Postgres, the running application, a fresh practice for each test."""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from app.embedded import launch
from tests.support import api as support
from tests.support import database as databases
from tests.support.api import Api, Clock, House
from tests.support.database import Database, Server
from tests.support.steps import disagreements

_SERVER = pytest.StashKey[Server]()


# How long an example takes says something about the machine: in a fresh checkout the first text of all takes a second.
settings.register_profile("any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any machine")


def pytest_addoption(parser: pytest.Parser) -> None:
    words = "How many random timelines tests/guidance/test_random_timelines.py plays (default: 25; try 2000)."
    parser.addoption("--timelines", type=int, default=25, help=words)


def pytest_configure(config: pytest.Config) -> None:
    # With xdist only the controller starts the server; the workers are told where it is.
    given: dict[str, Any] | None = getattr(config, "workerinput", None)
    if given is not None:
        own = Path(given["server_own"]) if given["server_own"] else None
        config.stash[_SERVER] = Server(given["server_admin"], own)
    elif not config.option.collectonly:
        config.stash[_SERVER] = databases.start(Path(tempfile.mkdtemp(prefix="crickets-tests-")))
        databases.make_template(config.stash[_SERVER])


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    server = node.config.stash[_SERVER]
    node.workerinput["server_admin"] = server.admin
    node.workerinput["server_own"] = str(server.own) if server.own else ""


def pytest_unconfigure(config: pytest.Config) -> None:
    server = config.stash.get(_SERVER, None)
    if server is not None and server.own is not None and not hasattr(config, "workerinput"):
        launch.stop(server.own)


@pytest.fixture(scope="session")
def server(request: pytest.FixtureRequest) -> Server:
    """The Postgres server of the suite."""
    return request.config.stash[_SERVER]


@pytest.fixture(scope="session")
def database_name(server: Server, request: pytest.FixtureRequest) -> Iterator[str]:
    """This worker's own copy of the migrated template."""
    worker = getattr(request.config, "workerinput", {}).get("workerid", "alone")
    name = f"crickets_{worker}"
    databases.clone(server, name)
    yield name
    databases.drop(server, name)


@pytest.fixture(scope="session")
def database(server: Server, database_name: str) -> Database:
    """A look behind the API."""
    return Database(server.url(database_name))


@pytest.fixture(scope="session")
def house(server: Server, database_name: str) -> Iterator[House]:
    """The running application of this worker."""
    with support.running(server.url(database_name, "crickets_app")) as house:
        yield house
        # Whatever the tests did to timelines, calendars and policies: the stored steps must say the same as the engine.
        assert disagreements(house, Database(server.url(database_name))) == []


@pytest.fixture
def clock(house: House) -> Iterator[Clock]:
    """The application's clock, back at noon after each test."""
    house.clock.now = support.NOON
    yield house.clock
    house.clock.now = support.NOON


@pytest.fixture
def api(house: House, clock: Clock) -> Api:
    """The API as the owner of a fresh practice."""
    return support.new_practice(house)


@pytest.fixture
def stranger(house: House, clock: Clock) -> Api:
    """The API as the owner of another practice, whose rows must never be seen."""
    return support.new_practice(house, "Other Coaching")
