"""A database whose queue belongs to one test alone: other tests leave jobs behind that are due in a month."""

from collections.abc import Iterator

import pytest

from tests.support import api as support
from tests.support import database as databases
from tests.support.api import Api, House
from tests.support.database import Database, Server


@pytest.fixture
def own_url(server: Server, database_name: str) -> Iterator[str]:
    """The service login's URL of a fresh copy of the template."""
    name = f"{database_name}_queue"
    databases.clone(server, name)
    yield server.url(name, "crickets_app")
    databases.drop(server, name)


@pytest.fixture
def own_house(own_url: str) -> Iterator[House]:
    with support.running(own_url) as house:
        yield house


@pytest.fixture
def own_api(own_house: House) -> Api:
    return support.new_practice(own_house)


@pytest.fixture
def own_database(server: Server, database_name: str, own_url: str) -> Database:
    return Database(server.url(f"{database_name}_queue"))
