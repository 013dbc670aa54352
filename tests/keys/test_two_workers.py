"""What one worker refuses, the other refuses too, with the very next request."""

from collections.abc import Iterator

import pytest

from tests.access import callers
from tests.support import api as support
from tests.support.api import Api, House
from tests.support.database import Database, Server


@pytest.fixture(scope="module")
def second(server: Server, database_name: str) -> Iterator[House]:
    """Another application on the same database."""
    with support.running(server.url(database_name, "crickets_app")) as house:
        yield house


def elsewhere(api: Api, second: House) -> int:
    """Call the other worker with the same credential."""
    return Api(second, api.key, api.practice_id, api.member_id, api.role).get("/v1/me").status_code


def test_a_revoked_key_is_refused_by_the_other_worker_at_once(api: Api, second: House, database: Database) -> None:
    person, machine = api.signed_in(), callers.with_key(api, database, ["clients:read"])
    found = [key for key in person.walk("/v1/api-keys") if key["last4"] == machine.key[-4:]]
    assert (machine.get("/v1/me").status_code, elsewhere(machine, second)) == (200, 200)
    person.ok(person.delete(f"/v1/api-keys/{found[0]['id']}"), 204)
    assert (elsewhere(machine, second), machine.get("/v1/me").status_code) == (401, 401)


def test_a_replaced_secret_is_refused_by_the_other_worker_at_once(api: Api, second: House) -> None:
    person = api.signed_in()
    made = person.ok(person.post("/v1/api-keys", {"name": "K", "scopes": []}), 201)
    before = Api(api.house, made["key"], api.practice_id, api.member_id, api.role)
    assert elsewhere(before, second) == 200
    turned = person.ok(person.post(f"/v1/api-keys/{made['id']}/rotate"))
    after = Api(api.house, turned["key"], api.practice_id, api.member_id, api.role)
    assert (elsewhere(before, second), elsewhere(after, second)) == (401, 200)
