"""Every operation by every kind of caller, against API.md's tables as `contract_rights.py` has them."""

import itertools
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from fastapi import APIRouter, Response
from pydantic import SecretStr

from app import main
from app.access import tokens
from app.http.operation import Operation, declared_on
from app.http.spec_inputs import example
from app.settings import Settings
from tests.access import callers
from tests.access.contract_rights import HOLDERS, PUBLIC, RULES, Rule, expected, scopes_of
from tests.support import api as support
from tests.support.api import NOON, Api, Clock, House
from tests.support.database import Database

#: Public doors that judge what the body brings, and say so with a 401 of their own.
JUDGES_OF_BODIES = {
    "POST /v1/auth/login",
    "POST /v1/auth/refresh",
    "POST /v1/auth/password/reset",
    "POST /v1/auth/invitations/accept",
}
#: Pages for people, beside the contract; they show the public document and nothing else.
PAGES = {"/docs", "/docs/start.js", "/docs/assets"}
_hours = itertools.count(1)


@dataclass
class Cast:
    """One practice and everybody who might call."""

    database: Database
    members: dict[str, Api]
    logins: dict[str, Api]
    nobodies: dict[str, tuple[str | None, str]]
    _keys: dict[tuple[str, frozenset[str]], Api] = field(default_factory=dict)

    def key(self, role: str, scopes: frozenset[str]) -> Api:
        """Return the API with a key of these scopes."""
        if (role, scopes) not in self._keys:
            self._keys[role, scopes] = callers.with_key(self.members[role], self.database, scopes)
        return self._keys[role, scopes]

    def known(self, rule: Rule) -> Iterator[tuple[str, Api, str | None]]:
        """Yield each caller with a good credential: their name, the API as them, and the code of their refusal."""
        for role in self.members:
            whole = scopes_of(role)
            yield f"{role} by key", self.key(role, whole), expected(rule, role=role, scopes=whole, by_key=True)
            if rule.scope in whole:
                alone = frozenset({rule.scope})
                answer = expected(rule, role=role, scopes=whole - alone, by_key=True)
                yield f"{role} by key without the scope", self.key(role, whole - alone), answer
                answer = expected(rule, role=role, scopes=alone, by_key=True)
                yield f"{role} by key with this scope alone", self.key(role, alone), answer
        for role, signed_in in self.logins.items():
            yield f"{role} by login", signed_in, expected(rule, role=role, scopes=scopes_of(role), by_key=False)


@pytest.fixture(scope="module")
def cast(house: House, database: Database) -> Cast:
    owner = support.new_practice(house)
    members = {role: owner if role == "owner" else owner.as_role(role) for role in callers.MEMBER_ROLES}
    logins = {role: callers.signed_in(member) for role, member in members.items()}
    logins["client"] = callers.as_client(owner)
    every, then = scopes_of("owner"), NOON - timedelta(seconds=1)
    gone = owner.as_role("admin")
    left = callers.signed_in(gone)
    database.execute("update member set status = 'deactivated' where id = $1", uuid.UUID(gone.member_id))
    ended = callers.signed_in(owner)
    callers.sign_out(ended, database)
    nobodies: dict[str, tuple[str | None, str]] = {
        "nobody": (None, "unauthenticated"),
        "garbage": ("Bearer garbage", "invalid-token"),
        "no scheme": (owner.key, "unauthenticated"),
        "another scheme": (f"Basic {owner.key}", "unauthenticated"),
        "a key never issued": (f"Bearer {tokens.new_api_key()}", "invalid-token"),
        "a login never made": ("Bearer cra_" + "x" * 43, "invalid-token"),
        "an expired key": (_bearer(callers.with_key(owner, database, every, expires_at=then)), "expired-token"),
        "a revoked key": (_bearer(callers.with_key(owner, database, every, revoked_at=then)), "invalid-token"),
        "a key of one who left": (_bearer(gone), "invalid-token"),
        "a login of one who left": (_bearer(left), "invalid-token"),
        "a login that was ended": (_bearer(ended), "invalid-token"),
        "a login that ran out": (
            _bearer(callers.signed_in(owner, age=timedelta(hours=1))),
            "expired-token",
        ),
    }
    return Cast(database, members, logins, nobodies)


def _bearer(api: Api) -> str:
    return f"Bearer {api.key}"


def operations(house: House) -> dict[str, Operation]:
    found = [declared_on(route) for route in house.app.routes]
    return {f"{op.method} {op.path}": op for op in found if op is not None}


def call(house: House, op: Operation, authorization: str | None) -> tuple[int, str | None, Any]:
    """Call an operation on a record that is not there; return the status, the problem's code, and the answer."""
    path = op.path.replace("{id}", str(uuid.uuid4())).replace("{number}", "1")
    headers = {"If-Match": '"1"'} if op.method in {"PATCH", "PUT"} else {}
    headers |= {} if authorization is None else {"Authorization": authorization}
    body = {} if op.body is None else {"json": example(op.body)}
    answer = house.client.request(op.method, path, headers=headers, **body)
    house.contract.check(answer)
    refused = answer.status_code >= 400
    return answer.status_code, answer.json()["code"] if refused else None, answer


def test_every_route_is_in_the_table_and_the_table_holds_nothing_else(house: House) -> None:
    assert set(operations(house)) == set(RULES)
    undeclared = {getattr(route, "path", "?") for route in house.app.routes if declared_on(route) is None}
    assert undeclared <= PAGES


@pytest.mark.parametrize("name", [name for name, rule in RULES.items() if rule is not PUBLIC])
def test_a_good_credential_opens_what_its_role_and_scopes_open(
    house: House, cast: Cast, clock: Clock, name: str
) -> None:
    op, rule = operations(house)[name], RULES[name]
    wrong = []
    for who, api, refusal in cast.known(rule):
        status, code, _ = call(house, op, _bearer(api))
        right = status not in {401, 403, 429} if refusal is None else (status, code) == (403, refusal)
        if not right:
            wrong.append(f"{who}: {status} {code} instead of {refusal or 'being let in'}")
    assert wrong == []


@pytest.mark.parametrize("name", [name for name, rule in RULES.items() if rule is not PUBLIC])
def test_without_a_good_credential_nothing_opens(house: House, cast: Cast, clock: Clock, name: str) -> None:
    op = operations(house)[name]
    for who, (authorization, expected_code) in cast.nobodies.items():
        status, code, answer = call(house, op, authorization)
        assert (status, code) == (401, expected_code), who
        assert answer.headers["www-authenticate"].startswith("Bearer"), who
        assert answer.headers["content-type"] == "application/problem+json", who


@pytest.mark.parametrize("name", [name for name, rule in RULES.items() if rule is PUBLIC])
def test_an_open_door_asks_nobody_who_they_are(house: House, cast: Cast, clock: Clock, name: str) -> None:
    op = operations(house)[name]
    # An hour of its own: attempts are counted by address, and other tests sign in too.
    clock.forward(hours=next(_hours))
    seen = {}
    for who in ("nobody", "garbage", "a revoked key"):
        status, code, _ = call(house, op, cast.nobodies[who][0])
        seen[who] = (status, code)
    seen["owner"] = call(house, op, _bearer(cast.members["owner"]))[:2]
    assert len(set(seen.values())) == 1, seen
    assert seen["nobody"][0] not in {403, 429}
    assert seen["nobody"][0] != 401 or name in JUDGES_OF_BODIES


@pytest.mark.parametrize("role", [*callers.MEMBER_ROLES, "client"])
def test_a_login_holds_all_scopes_of_its_role_and_no_other(cast: Cast, clock: Clock, role: str) -> None:
    me = cast.logins[role].ok(cast.logins[role].get("/v1/me"))
    assert (me["role"], frozenset(me["scopes"])) == (role, scopes_of(role))


@pytest.mark.parametrize("role", callers.MEMBER_ROLES)
def test_a_key_that_outlived_a_demotion_holds_what_the_role_holds_now(cast: Cast, clock: Clock, role: str) -> None:
    api = cast.key(role, frozenset(HOLDERS))
    assert set(api.ok(api.get("/v1/me"))["scopes"]) == scopes_of(role)


def test_a_route_that_declares_no_right_stops_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    stray = APIRouter()

    @stray.get("/v1/stray")
    async def read() -> Response:
        return Response()

    monkeypatch.setattr(main, "ROUTERS", (*main.ROUTERS, stray))
    with pytest.raises(main.UndeclaredRouteError, match="/v1/stray"):
        main.create_app(Settings(environment="test", database_url=SecretStr("postgresql://nobody@127.0.0.1/none")))
