"""The application with limits that a test can reach."""

from collections.abc import Iterator
from typing import Any

import httpx2 as httpx
import pytest

from tests.support import api as support
from tests.support.api import Api, House
from tests.support.database import Server

READ, WRITE, AUTH, PRACTICE = 6, 3, 10, 12


@pytest.fixture(scope="session")
def limits() -> dict[str, int]:
    return {"limit_read": READ, "limit_write": WRITE, "limit_auth": AUTH, "limit_practice": PRACTICE}


@pytest.fixture(scope="module")
def tight(server: Server, database_name: str, limits: dict[str, int]) -> Iterator[House]:
    """An application that soon has enough, on the database of this worker."""
    with support.running(server.url(database_name, "crickets_app"), **limits) as house:
        yield house


@pytest.fixture
def api(tight: House) -> Api:
    """The API as the owner of a fresh practice, at noon."""
    tight.clock.now = support.NOON
    return support.new_practice(tight)


class Visitor:
    """Somebody at an address of their own."""

    def __init__(self, house: House, address: str) -> None:
        self.house = house
        self.address = address

    def post(self, path: str, **more: Any) -> httpx.Response:
        """Post to an operation of `/v1/auth`."""

        async def send() -> httpx.Response:
            transport = httpx.ASGITransport(self.house.app, client=(self.address, 50_000))
            async with httpx.AsyncClient(transport=transport, base_url="http://testserver") as client:
                return await client.post(f"/v1/auth/{path}", **more)

        assert self.house.client.portal is not None
        response: httpx.Response = self.house.client.portal.call(send)
        self.house.contract.check(response)
        return response

    def login(self, email: str, password: str = "x") -> int:  # noqa: S107
        """Try to sign in, and return the status."""
        return self.post("login", json={"email": email, "password": password}).status_code
