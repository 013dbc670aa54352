"""Random grants against a model of API.md section 5 that fits on one screen: no read may answer otherwise.

By default a few hundred reads; `pytest -m soak tests/access/test_random_grants.py` makes more than 10,000.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.access import callers
from tests.access.contract_rights import HOLDERS, RULES, scopes_of
from tests.support import api as support
from tests.support import build
from tests.support.api import Api, House
from tests.support.database import Database

SECRET = "Coaches Only Example"
READS_EACH = 10
#: Lists and single documents, as named in section 4; each `{kind}` is filled with the id of such a record.
PATHS = [
    "/v1/me",
    "/v1/practice",
    "/v1/clients",
    "/v1/clients/{clients}",
    "/v1/companies",
    "/v1/companies/{companies}",
    "/v1/contacts",
    "/v1/contacts/{contacts}",
    "/v1/opportunities",
    "/v1/opportunities/{opportunities}",
    "/v1/opportunities/{opportunities}/interactions",
    "/v1/opportunities/{opportunities}/assessment",
    "/v1/opportunities/{opportunities}/status-history",
    "/v1/interactions/{interactions}",
    "/v1/interactions/{secrets}",
    "/v1/queue",
    "/v1/policy",
    "/v1/policy/versions",
    "/v1/imports",
    "/v1/imports/{imports}",
    "/v1/imports/{imports}/rows",
    "/v1/members",
    "/v1/members/{members}",
    "/v1/api-keys",
    "/v1/audit-events",
]


@dataclass(frozen=True)
class Grant:
    """A credential: whose, what it was given, and what became of it."""

    role: str
    by: str  # key or login
    scopes: frozenset[str]
    state: str  # good, expired or revoked

    @property
    def holds(self) -> frozenset[str]:
        """What it may do now: a login all of its role, a key what it was given and the role still has."""
        whole = scopes_of(self.role)
        return whole & self.scopes if self.by == "key" else whole


def model(grant: Grant, path: str, *, own_practice: bool) -> tuple[int, str | None]:
    """Return the status and code that section 5 promises."""
    if grant.state != "good":
        return 401, "expired-token" if grant.state == "expired" else "invalid-token"
    rule = RULES["GET " + _template(path)]
    if grant.role not in rule.roles:
        return 403, "forbidden-role"
    if rule.scope is not None and rule.scope not in grant.holds:
        return 403, "insufficient-scope"
    hidden = "{secrets}" in path and grant.role in {"assistant", "client"}
    if hidden or ("{" in path and not own_practice):
        return 404, "not-found"
    return 200, None


def _template(path: str) -> str:
    return "/".join("{id}" if part.startswith("{") else part for part in path.split("/"))


SCOPES = st.frozensets(st.sampled_from(sorted(HOLDERS)))
STATES = st.sampled_from(["good"] * 8 + ["expired", "revoked"])
NONE: st.SearchStrategy[frozenset[str]] = st.just(frozenset())
GRANTS = st.one_of(
    st.builds(Grant, st.sampled_from(callers.MEMBER_ROLES), st.just("key"), SCOPES, STATES),
    st.builds(Grant, st.sampled_from([*callers.MEMBER_ROLES, "client"]), st.just("login"), NONE, STATES),
)
READS = st.lists(st.tuples(st.sampled_from(PATHS), st.booleans()), min_size=READS_EACH, max_size=READS_EACH)


@pytest.fixture
def world(
    house: House, database: Database, clock: Any
) -> Callable[[Grant], tuple[Api, dict[str, str], dict[str, str]]]:
    """Return what makes a credential of a grant, with the ids of its practice's records and of another practice's."""
    ours, theirs = _practice(house), _practice(house)
    members = {role: ours if role == "owner" else ours.as_role(role) for role in callers.MEMBER_ROLES}

    def issue(grant: Grant) -> tuple[Api, dict[str, str], dict[str, str]]:
        # A minute for each: reads are limited by the minute.
        clock.forward(minutes=1)
        return _credential(grant, members, ours, database), ours.made, theirs.made

    return issue


def _practice(house: House) -> Api:
    owner = support.new_practice(house)
    made = build.everything(owner, "Everything Example")
    secret = build.interaction(
        owner, made["opportunities"], "note", "2026-03-03T12:00:00Z", summary=SECRET, visibility="coaches"
    )
    owner.made = {**made, "secrets": secret["id"], "members": owner.member_id}
    return owner


def _credential(grant: Grant, members: dict[str, Api], ours: Api, database: Database) -> Api:
    now = ours.house.clock.now
    age = timedelta(hours=1 if grant.state == "expired" else 0)
    if grant.role == "client":
        api = callers.as_client(ours, ours.made["clients"], age=age)
    elif grant.by == "login":
        api = callers.signed_in(members[grant.role], age=age)
    else:
        return callers.with_key(
            members[grant.role],
            database,
            grant.scopes,
            expires_at=now if grant.state == "expired" else None,
            revoked_at=now if grant.state == "revoked" else None,
        )
    if grant.state == "revoked":
        callers.sign_out(api, database)
    return api


def _compare(world: Any, grant: Grant, reads: list[tuple[str, bool]]) -> None:
    api, ours, theirs = world(grant)
    for path, own_practice in reads:
        answer = api.get(path.format(**(ours if own_practice else theirs)))
        code = answer.json()["code"] if answer.status_code >= 400 else None
        assert (answer.status_code, code) == model(grant, path, own_practice=own_practice), path
        shown = answer.text
        assert not any(i in shown for i in theirs.values()) or answer.status_code != 200, path
        if grant.role in {"assistant", "client"}:
            assert SECRET not in shown, path
            assert ours["secrets"] not in shown, path


_LAX = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]


@settings(max_examples=40, deadline=None, derandomize=True, database=None, suppress_health_check=_LAX)
@given(grant=GRANTS, reads=READS)
def test_a_few_grants_open_what_the_model_says(world: Any, grant: Grant, reads: list[tuple[str, bool]]) -> None:
    _compare(world, grant, reads)


@pytest.mark.soak
@settings(max_examples=1200, deadline=None, database=None, suppress_health_check=_LAX)
@given(grant=GRANTS, reads=READS)
def test_ten_thousand_reads_open_what_the_model_says(world: Any, grant: Grant, reads: list[tuple[str, bool]]) -> None:
    _compare(world, grant, reads)
