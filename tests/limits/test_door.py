"""The one call at the door: what it counts, what it notes, and who may make it."""

import uuid
from datetime import timedelta

import pytest

from tests.limits.conftest import READ
from tests.support import build
from tests.support.api import Api
from tests.support.database import Database

ME = "/v1/me"


def spent(api: Api) -> int:
    """Return how many reads the answers say were counted by now, this one included."""
    left = api.get(ME).headers["ratelimit"]
    return READ - int(left.split(";r=")[1].split(";")[0])


def key_id(database: Database, api: Api) -> uuid.UUID:
    found: uuid.UUID = database.value("select id from api_key where member_id = $1", uuid.UUID(api.member_id))
    return found


def test_links_and_the_key_behind_them_share_one_window(api: Api) -> None:
    made = build.opportunity(api)
    assert spent(api) == 1
    url = api.ok(api.post("/v1/picture-links", {"picture": "opportunity_timeline", "id": made["id"]}))["url"]
    assert api.house.client.get(url).status_code == 200
    assert spent(api) == 3


@pytest.mark.parametrize("change", ["revoked_at = expires_at", "expires_at = '2026-03-01Z'"])
def test_a_key_that_is_not_good_any_more_is_told_so_though_it_is_over_its_limit(
    api: Api, database: Database, change: str
) -> None:
    assert [api.get(ME).status_code for _ in range(READ + 1)][-1] == 429
    database.execute(f"update api_key set {change} where id = $1", key_id(database, api))
    refused = api.get(ME)
    assert (refused.status_code, "ratelimit" in refused.headers) == (401, False)


def test_a_key_that_is_not_good_counts_nothing_and_its_use_is_not_noted(api: Api, database: Database) -> None:
    coach = api.as_role("coach")
    database.execute("update api_key set revoked_at = expires_at where id = $1", key_id(database, coach))
    assert {coach.get(ME).status_code for _ in range(READ + 1)} == {401}
    assert database.value("select last_used_at from api_key where id = $1", key_id(database, coach)) is None
    database.execute("update api_key set revoked_at = null where id = $1", key_id(database, coach))
    assert spent(coach) == 1


def test_the_use_of_a_key_is_noted_to_the_minute(api: Api, database: Database) -> None:
    begun = api.house.clock.now
    seen = []
    for seconds in (0, 60, 61):
        api.house.clock.now = begun + timedelta(seconds=seconds)
        assert api.get(ME).status_code == 200
        noted = database.value("select last_used_at from api_key where id = $1", key_id(database, api))
        seen.append((noted - begun).total_seconds())
    assert seen == [0, 0, 61]


def test_a_flood_over_the_limit_is_not_counted_on(api: Api, database: Database) -> None:
    count = "select coalesce(sum(spent), 0) from rate_window"
    for _ in range(READ + 1):
        api.get(ME)
    before = database.value(count)
    assert {api.get(ME).status_code for _ in range(5)} == {429}
    assert database.value(count) == before


def test_only_the_services_login_may_call_it(database: Database) -> None:
    question = (
        "select has_function_privilege($1, 'admit_caller(bytea, boolean, text, integer, timestamptz)', 'EXECUTE')"
    )
    roles = ("crickets_app", "app_tenant", "app_auth", "app_worker")
    assert [database.value(question, role) for role in roles] == [True, False, False, False]


@pytest.mark.parametrize("table", ["api_key", "login", "login_session", "login_token"])
def test_within_a_practice_credentials_are_closed_to_functions_of_the_owner(
    api: Api, database: Database, table: str
) -> None:
    api.signed_in()
    assert rows_for_the_owner(database, table, "") > 0
    assert rows_for_the_owner(database, table, api.practice_id) == 0


def rows_for_the_owner(database: Database, table: str, practice: str) -> int:
    """Count what a function of the owner sees."""
    name = f"seen_{uuid.uuid4().hex}"
    database.execute(
        f"create function {name}() returns bigint language sql security definer as 'select count(*) from {table}';"
        f"alter function {name}() owner to crickets_owner"
    )
    try:
        found: int = database.value(
            f"select {name}() from (select set_config('app.practice_id', $1, true) offset 0) s", practice
        )
        return found
    finally:
        database.execute(f"drop function {name}()")
