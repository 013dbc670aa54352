"""API keys over HTTP: made, read, replaced and revoked."""

import hashlib
import re
import uuid
from typing import Any

import pytest

from tests.access import callers
from tests.support.api import Api, Clock
from tests.support.database import Database

PATH = "/v1/api-keys"
OUT = {
    "id",
    "member_id",
    "name",
    "scopes",
    "expires_at",
    "last4",
    "last_used_at",
    "version",
    "created_at",
    "updated_at",
}


@pytest.fixture
def person(api: Api) -> Api:
    """The owner of the practice, signed in."""
    return api.signed_in()


@pytest.fixture
def coach(api: Api) -> Api:
    """A coach of the practice, signed in."""
    return api.as_role("coach").signed_in()


def make(person: Api, **fields: Any) -> dict[str, Any]:
    body = {"name": "Nightly export", "scopes": ["clients:read", "keys:manage"], **fields}
    made: dict[str, Any] = person.ok(person.post(PATH, body), 201)
    return made


def using(person: Api, made: dict[str, Any]) -> Api:
    return Api(person.house, made["key"], person.practice_id, made["member_id"], person.role)


def opens(person: Api, made: dict[str, Any]) -> bool:
    status = using(person, made).get("/v1/me").status_code
    assert status in {200, 401}
    return status == 200


def audited(database: Database, key_id: str) -> list[tuple[str, list[str]]]:
    rows = database.fetch(
        "select action, changed_fields from audit_event where resource_type = 'api_key' and resource_id = $1 "
        "order by occurred_at, id",
        uuid.UUID(key_id),
    )
    return [(row["action"], row["changed_fields"]) for row in rows]


class TestCreate:
    def test_the_answer_is_the_only_copy_of_a_secret_that_acts_as_its_member(
        self, person: Api, database: Database
    ) -> None:
        response = person.post(PATH, {"name": "Nightly export", "scopes": ["pipeline:read", "clients:read"]})
        made = person.ok(response, 201)
        assert set(made) == OUT | {"key"}
        assert response.headers["location"] == f"{PATH}/{made['id']}"
        assert response.headers["etag"] == '"1"'
        assert re.fullmatch(r"crk_[0-9A-Za-z]{36}", made["key"])
        assert made["last4"] == made["key"][-4:]
        assert (made["member_id"], made["last_used_at"], made["version"]) == (person.member_id, None, 1)
        assert made["scopes"] == ["clients:read", "pipeline:read"]
        me = person.ok(using(person, made).get("/v1/me"))
        assert (me["id"], me["role"], me["scopes"]) == (person.member_id, "owner", made["scopes"])
        stored = database.fetch("select * from api_key where id = $1", uuid.UUID(made["id"]))[0]
        assert stored["key_hash"] == hashlib.sha256(made["key"].encode()).digest()
        assert made["key"] not in str(stored)
        assert audited(database, made["id"]) == [("api_key.create", ["name", "scopes"])]

    def test_a_key_does_what_its_scopes_say_and_no_more(self, person: Api) -> None:
        machine = using(person, make(person, scopes=["clients:read"]))
        machine.ok(machine.get("/v1/clients"))
        assert machine.ok(machine.get("/v1/opportunities"), 403)["code"] == "insufficient-scope"

    def test_a_key_without_scopes_tells_who_it_is(self, person: Api) -> None:
        machine = using(person, make(person, scopes=[]))
        assert machine.ok(machine.get("/v1/me"))["scopes"] == []

    def test_a_scope_named_twice_is_held_once(self, person: Api) -> None:
        assert make(person, scopes=["clients:read", "clients:read"])["scopes"] == ["clients:read"]

    def test_scopes_beyond_the_role_are_named(self, coach: Api) -> None:
        body = {"name": "K", "scopes": ["clients:read", "practice:write", "audit:read"]}
        problem = coach.ok(coach.post(PATH, body), 422)
        faults = [(fault["pointer"], fault["code"]) for fault in problem["errors"]]
        assert faults == [("/scopes/1", "not-in-list"), ("/scopes/2", "not-in-list")]
        assert coach.ok(coach.get(PATH))["items"][0]["name"] == "Test key"  # the one they had

    def test_it_lasts_90_days_unless_said(self, person: Api, clock: Clock) -> None:
        made = make(person)
        assert made["expires_at"] == "2026-06-14T12:00:00.000000Z"
        assert make(person, expires_at=None)["expires_at"] == made["expires_at"]
        clock.forward(days=90, seconds=-1)
        assert opens(person, made)
        clock.forward(seconds=1)
        machine = using(person, made)
        assert machine.ok(machine.get("/v1/me"), 401)["code"] == "expired-token"

    @pytest.mark.parametrize("expires_at", ["2026-03-16T12:00:00.000001Z", "2027-03-16T12:00:00Z"])
    def test_it_ends_when_asked_to_within_a_year(self, person: Api, expires_at: str) -> None:
        assert make(person, expires_at=expires_at)["expires_at"].startswith(expires_at[:19])

    def test_a_year_from_a_leap_day_ends_on_the_last_of_february(self, api: Api, clock: Clock) -> None:
        clock.forward(days=715)
        person = api.signed_in()
        made = make(person, expires_at="2029-02-28T12:00:00Z")
        assert made["created_at"].startswith("2028-02-29")
        refused = person.post(PATH, {"name": "K", "scopes": [], "expires_at": "2029-02-28T12:00:01Z"})
        assert person.ok(refused, 422)["errors"][0]["code"] == "out-of-range"

    @pytest.mark.parametrize(
        "expires_at", ["2026-03-16T12:00:00Z", "2020-01-01T00:00:00Z", "2027-03-16T12:00:00.000001Z"]
    )
    def test_an_end_in_the_past_or_beyond_a_year_is_refused(self, person: Api, expires_at: str) -> None:
        body = {"name": "K", "scopes": [], "expires_at": expires_at}
        problem = person.ok(person.post(PATH, body), 422)
        assert [(f["pointer"], f["code"]) for f in problem["errors"]] == [("/expires_at", "out-of-range")]

    @pytest.mark.parametrize(
        ("field", "value", "code"),
        [
            ("name", "", "empty"),
            ("name", "x" * 101, "too-long"),
            ("name", None, "not-nullable"),
            ("scopes", None, "not-nullable"),
            ("scopes", "clients:read", "wrong-type"),
            ("scopes", ["clients:everything"], "not-in-list"),
            ("scopes", [None], "not-nullable"),
            ("expires_at", "tomorrow", "bad-date-time"),
            ("member_id", "01981d3c-5f0e-7c3a-9b1e-6a1d2f3c4b00", "unknown-field"),
            ("key", "crk_mine", "unknown-field"),
            ("last4", "aaaa", "unknown-field"),
        ],
    )
    def test_a_bad_value_is_named(self, person: Api, field: str, value: Any, code: str) -> None:
        problem = person.ok(person.post(PATH, {"name": "K", "scopes": [], field: value}), 422)
        pointer = f"/{field}/0" if isinstance(value, list) else f"/{field}"
        assert [(f["pointer"], f["code"]) for f in problem["errors"]] == [(pointer, code)]

    def test_the_callers_own_id_is_kept_and_never_used_twice(self, person: Api) -> None:
        made = make(person, id=(own := str(uuid.uuid4())))
        assert made["id"] == own
        body = {"id": own, "name": "Second", "scopes": []}
        assert person.ok(person.post(PATH, body), 409)["code"] == "id-taken"
        person.ok(person.delete(f"{PATH}/{own}"), 204)
        assert person.ok(person.post(PATH, body), 409)["code"] == "id-taken"

    def test_keys_cannot_create_keys_whatever_they_send(self, api: Api, person: Api) -> None:
        before = person.walk(PATH)
        for body in ({"name": "K", "scopes": ["clients:read"]}, {"name": 1}, None):
            assert api.ok(api.post(PATH, body), 403)["code"] == "forbidden-role"
        assert [key["id"] for key in person.walk(PATH)] == [key["id"] for key in before]


class TestRead:
    def test_owners_and_admins_see_all_keys_others_their_own(self, api: Api, stranger: Api) -> None:
        people = {role: api.as_role(role).signed_in() for role in callers.MEMBER_ROLES}
        made = {role: make(person)["id"] for role, person in people.items()}
        theirs = make(stranger.signed_in())["id"]
        for role, person in people.items():
            visible = set(made.values()) if role in {"owner", "admin"} else {made[role]}
            listed = {key["id"] for key in person.walk(PATH, limit=2)}
            assert listed & set(made.values()) == visible
            assert theirs not in listed
            for target in (*made.values(), theirs):
                expected = 200 if target in visible else 404
                assert person.get(f"{PATH}/{target}").status_code == expected
        listed_by_coach = {key["member_id"] for key in people["coach"].walk(PATH)}
        assert listed_by_coach == {people["coach"].member_id}

    def test_no_answer_but_the_first_holds_the_secret(self, person: Api) -> None:
        made = make(person)
        response = person.get(f"{PATH}/{made['id']}")
        found = person.ok(response)
        assert set(found) == OUT
        assert found == {name: made[name] for name in OUT}
        assert response.headers["etag"] == '"1"'
        assert person.get(f"{PATH}/{made['id']}", headers={"If-None-Match": '"1"'}).status_code == 304
        assert made["key"] not in person.get(PATH).text

    def test_a_list_goes_from_the_oldest_on_and_through_all_pages(self, coach: Api, clock: Clock) -> None:
        first = coach.walk(PATH)
        made = []
        for _ in range(5):
            clock.forward(seconds=1)
            made.append(make(coach)["id"])
        assert [key["id"] for key in coach.walk(PATH, limit=2)] == [*(key["id"] for key in first), *made]

    def test_the_last_use_is_good_to_the_minute_and_no_new_version(self, person: Api, clock: Clock) -> None:
        made = make(person)
        clock.forward(minutes=5)
        assert opens(person, made)
        found = person.ok(person.get(f"{PATH}/{made['id']}"))
        assert (found["last_used_at"], found["version"]) == ("2026-03-16T12:05:00.000000Z", 1)


class TestRotate:
    def test_the_new_secret_replaces_the_old_one_in_the_same_record(
        self, person: Api, clock: Clock, database: Database
    ) -> None:
        made = make(person)
        clock.forward(minutes=5)
        response = person.post(f"{PATH}/{made['id']}/rotate")
        turned = person.ok(response)
        assert set(turned) == OUT | {"key"}
        assert turned["key"] != made["key"]
        assert turned["last4"] == turned["key"][-4:]
        assert (turned["version"], response.headers["etag"]) == (2, '"2"')
        for name in ("id", "member_id", "name", "scopes", "expires_at", "created_at"):
            assert turned[name] == made[name]
        assert not opens(person, made)
        assert opens(person, turned)
        assert audited(database, made["id"])[1:] == [("api_key.rotate", ["key"])]

    def test_a_key_renews_itself(self, person: Api) -> None:
        made = make(person)
        machine = using(person, made)
        turned = machine.ok(machine.post(f"{PATH}/{made['id']}/rotate"))
        assert not opens(person, made)
        assert opens(person, turned)

    def test_nobody_is_handed_more_than_they_hold(self, api: Api, person: Api) -> None:
        strong, weak = make(person, scopes=["keys:manage", "audit:read"]), make(person, scopes=["keys:manage"])
        machine = using(person, weak)
        refused = machine.post(f"{PATH}/{strong['id']}/rotate")
        assert machine.ok(refused, 403)["code"] == "insufficient-scope"
        admin = api.as_role("admin").signed_in()
        assert admin.ok(admin.post(f"{PATH}/{weak['id']}/rotate"), 403)["code"] == "forbidden-role"
        assert opens(person, strong)
        assert opens(person, weak)

    def test_owners_and_admins_replace_the_keys_of_others(self, api: Api, coach: Api) -> None:
        made = make(coach)
        for role in ("owner", "admin"):
            leader = api.as_role(role).signed_in()
            turned = leader.ok(leader.post(f"{PATH}/{made['id']}/rotate"))
            assert leader.ok(using(coach, turned).get("/v1/me"))["id"] == coach.member_id

    def test_the_version_is_honoured_if_sent(self, person: Api) -> None:
        made = make(person)
        path = f"{PATH}/{made['id']}/rotate"
        stale = person.post(path, headers={"If-Match": '"7"'})
        assert person.ok(stale, 412)["code"] == "version-mismatch"
        assert stale.headers["etag"] == '"1"'
        assert opens(person, made)
        person.ok(person.post(path, headers={"If-Match": '"1"'}))

    def test_an_expired_key_stays_dead(self, person: Api, clock: Clock) -> None:
        made = make(person, expires_at="2026-03-16T12:30:00Z")
        clock.forward(minutes=30)
        assert person.ok(person.post(f"{PATH}/{made['id']}/rotate"), 409)["code"] == "wrong-state"

    def test_a_key_of_one_who_left_stays_dead(self, person: Api, coach: Api, database: Database) -> None:
        made = make(coach)
        database.execute("update member set status = 'deactivated' where id = $1", uuid.UUID(coach.member_id))
        assert not opens(coach, made)
        assert person.ok(person.post(f"{PATH}/{made['id']}/rotate"), 409)["code"] == "wrong-state"

    @pytest.mark.parametrize("whose", ["colleague", "stranger", "nobody"])
    def test_a_key_that_is_not_ones_own_is_not_there(self, person: Api, coach: Api, stranger: Api, whose: str) -> None:
        targets = {
            "colleague": make(person)["id"],
            "stranger": make(stranger.signed_in())["id"],
            "nobody": str(uuid.uuid4()),
        }
        assert coach.ok(coach.post(f"{PATH}/{targets[whose]}/rotate"), 404)["code"] == "not-found"


class TestRevoke:
    def test_a_revoked_key_is_refused_and_not_found_any_more(self, person: Api, database: Database) -> None:
        made, other = make(person), make(person)
        person.ok(person.delete(f"{PATH}/{made['id']}"), 204)
        machine = using(person, made)
        assert machine.ok(machine.get("/v1/me"), 401)["code"] == "invalid-token"
        for response in (
            person.get(f"{PATH}/{made['id']}"),
            person.delete(f"{PATH}/{made['id']}"),
            person.post(f"{PATH}/{made['id']}/rotate"),
        ):
            assert person.ok(response, 404)["code"] == "not-found"
        listed = [key["id"] for key in person.walk(PATH)]
        assert other["id"] in listed
        assert made["id"] not in listed
        assert opens(person, other)
        assert audited(database, made["id"])[1:] == [("api_key.revoke", [])]

    def test_the_version_is_honoured_if_sent(self, person: Api) -> None:
        made = make(person)
        path = f"{PATH}/{made['id']}"
        assert person.ok(person.delete(path, headers={"If-Match": '"2"'}), 412)["code"] == "version-mismatch"
        assert opens(person, made)
        person.ok(person.delete(path, headers={"If-Match": '"1"'}), 204)
        assert not opens(person, made)

    def test_a_key_can_end_itself_and_an_admin_anybodys(self, api: Api, person: Api) -> None:
        made, other = make(person), make(person)
        machine = using(person, made)
        machine.ok(machine.delete(f"{PATH}/{made['id']}"), 204)
        admin = api.as_role("admin").signed_in()
        admin.ok(admin.delete(f"{PATH}/{other['id']}"), 204)
        assert not opens(person, made)
        assert not opens(person, other)

    def test_a_coach_cannot_end_the_keys_of_others(self, person: Api, coach: Api, stranger: Api) -> None:
        made = make(person)
        assert coach.delete(f"{PATH}/{made['id']}").status_code == 404
        assert stranger.delete(f"{PATH}/{made['id']}").status_code == 404
        assert opens(person, made)
