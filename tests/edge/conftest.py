"""The service under fire."""

from collections.abc import Iterator

import pytest

from tests.edge.target import Target, served
from tests.support import build
from tests.support.api import Api, House
from tests.support.database import Server


@pytest.fixture(scope="session")
def port(server: Server, database_name: str, house: House) -> Iterator[int]:
    """The application on the shipped protocol and a real socket, on the clock of the tests."""
    with served(server.url(database_name, "crickets_app"), house.clock) as port:
        yield port


@pytest.fixture
def target(port: int, api: Api) -> Iterator[Target]:
    """The service, with the access token of the owner of a fresh practice: a key may not make keys."""
    found = Target(port, api.signed_in().key, build.client(api)["id"], api.house.contract)
    yield found
    found.line.close()
