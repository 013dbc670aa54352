"""The application as its callers see it: driven over HTTP, in process, with its real lifespan and its poor login."""

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import httpx2 as httpx
from fastapi.testclient import TestClient
from pydantic import SecretStr

from app.accounts.repository import logins
from app.accounts.service import sessions
from app.clients import service as clients
from app.db.ids import new_id
from app.db.scope import Role, Scope, ScopedSession
from app.db.vocabulary import LoginStatus, MemberRole
from app.main import create_app
from app.practices import service as practices
from app.settings import Settings
from tests.support.contract import Contract

#: A Monday at noon; every test starts here unless it moves the clock.
NOON = datetime(2026, 3, 16, 12, tzinfo=UTC)


@dataclass
class Clock:
    """The clock of the application under test."""

    now: datetime = NOON

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **by: float) -> None:
        """Let time pass."""
        self.now += timedelta(**by)


@dataclass
class House:
    """One running application."""

    client: TestClient
    clock: Clock
    contract: Contract
    app: Any

    def within(self, scope: Scope, work: Callable[[ScopedSession], Awaitable[Any]]) -> Any:
        """Run `work` in a committed transaction of the application's own pool."""

        async def run() -> Any:
            async with self.app.state.house.sessions() as session:
                result = await work(session.within(scope))
                await session.commit()
                return result

        assert self.client.portal is not None
        return self.client.portal.call(run)


@contextmanager
def running(database_url: str, **more: Any) -> Iterator[House]:
    """Start the application on a database, as the service login."""
    # The suite asks more than any caller may; tests/limits sets the limits it needs.
    generous = dict.fromkeys(("limit_read", "limit_write", "limit_auth", "limit_practice"), 1_000_000)
    usual = {**generous, "secret_key": SecretStr("only-for-tests"), "db_pool_size": 4}
    settings = Settings(environment="test", database_url=SecretStr(database_url), **{**usual, **more})
    clock = Clock()
    app = create_app(settings, now=clock)
    with TestClient(app, base_url="http://testserver", raise_server_exceptions=False) as client:
        yield House(client, clock, Contract(app.state.openapi), app)


@dataclass
class Api:
    """The API with one credential; every answer is checked against the document."""

    house: House
    key: str
    practice_id: str
    member_id: str
    role: str
    made: dict[str, Any] = field(default_factory=dict)

    def request(self, method: str, path: str, **more: Any) -> httpx.Response:
        """Send a request and hold the answer against the contract."""
        headers = {"Authorization": f"Bearer {self.key}", **(more.pop("headers", None) or {})}
        response: httpx.Response = self.house.client.request(method, path, headers=headers, **more)
        self.house.contract.check(response)
        return response

    def get(self, path: str, **more: Any) -> httpx.Response:
        return self.request("GET", path, **more)

    def post(self, path: str, json: Any = None, **more: Any) -> httpx.Response:
        return self.request("POST", path, json=json, **more)

    def put(self, path: str, json: Any = None, *, version: int | None = None, **more: Any) -> httpx.Response:
        return self.request("PUT", path, json=json, headers=_if_match(version, more), **more)

    def patch(self, path: str, json: Any = None, *, version: int | None = None, **more: Any) -> httpx.Response:
        return self.request("PATCH", path, json=json, headers=_if_match(version, more), **more)

    def delete(self, path: str, **more: Any) -> httpx.Response:
        return self.request("DELETE", path, **more)

    def ok(self, response: httpx.Response, status: int = 200) -> Any:
        """Return the body of an answer that must have `status`."""
        assert response.status_code == status, response.text
        return response.json() if response.content else None

    def walk(self, path: str, **params: Any) -> list[Any]:
        """Return the items of all pages of a list."""
        items: list[Any] = []
        url: str | None = path
        while url is not None:
            response = self.get(url) if items else self.get(url, params=params)
            items += self.ok(response)["items"]
            url = response.links["next"]["url"] if "next" in response.links else None
        return items

    def as_role(self, role: str, name: str = "Colleague Example") -> "Api":
        """Return the API as another member of the same practice, with a key of all scopes of the role."""
        return _member(self.house, self.practice_id, MemberRole(role), name)

    def as_login(self, role: str, name: str = "Colleague Example") -> "Api":
        """Return the API as another member of the same practice who has signed in: an access token for an hour."""
        return self.as_role(role, name).signed_in()

    def as_client(self, client_id: str) -> "Api":
        """Return the API as the login of a client of the practice: an access token for an hour."""
        return Api(self.house, _sign_in(self, client_id=UUID(client_id)), self.practice_id, "", "client")

    def signed_in(self) -> "Api":
        """Return the API as this same member with an access token instead of the key."""
        key = _sign_in(self, member_id=UUID(self.member_id))
        return Api(self.house, key, self.practice_id, self.member_id, self.role)


def _if_match(version: int | None, more: dict[str, Any]) -> dict[str, str]:
    headers: dict[str, str] = more.pop("headers", None) or {}
    return headers if version is None else {**headers, "If-Match": f'"{version}"'}


def new_practice(house: House, name: str = "Example Coaching") -> Api:
    """Found a practice and return the API as its owner."""
    practice_id = new_id()

    async def found(session: ScopedSession) -> Any:
        return await practices.found(
            session,
            name=name,
            owner_name="Owner Example",
            owner_email="owner@example.com",
            time_zone="Europe/Berlin",
            now=house.clock.now,
        )

    made = house.within(Scope(Role.TENANT, practice_id=practice_id), found)
    return Api(house, made.api_key, str(practice_id), str(made.member_id), "owner")


def _member(house: House, practice_id: str, role: MemberRole, name: str) -> Api:
    async def add(session: ScopedSession) -> Any:
        member_id = await practices.add_member(
            session,
            name=name,
            email=f"{new_id()}@example.com",
            role=role,
            time_zone="Europe/Berlin",
            now=house.clock.now,
        )
        key = await practices.add_key(session, member_id=member_id, role=role, name="Test key", now=house.clock.now)
        return member_id, key

    member_id, key = house.within(Scope(Role.TENANT, practice_id=UUID(practice_id)), add)
    return Api(house, key, practice_id, str(member_id), role.value)


def _sign_in(api: Api, **person: UUID) -> str:
    """Begin a sign-in of a member or a client without a password, which would take its time."""

    now = api.house.clock.now

    async def begin(session: ScopedSession) -> Any:
        if "client_id" in person:
            found = await logins.of_client(session, **person)
            await clients.set_login_status(session, **person, status=LoginStatus.ACTIVE, now=now)
        else:
            found = await logins.of_member(session, **person)
        login_id = new_id() if found is None else found["id"]
        if found is None:
            email = f"{login_id}@example.com"
            values = {"id": login_id, "email": email, "email_key": email, "created_at": now, "updated_at": now}
            await logins.insert_login(session, values={**values, **person})
        return await sessions.begin(session, login_id=login_id, now=now)

    answer = api.house.within(Scope(Role.TENANT, practice_id=UUID(api.practice_id)), begin)
    return str(answer.access_token)
