"""Reading the audit log: the newest first, filtered, by owners and admins."""

import uuid
from datetime import timedelta
from typing import Any

import pytest

from tests.support import build
from tests.support.api import NOON, Api, Clock

LOG = "/v1/audit-events"


def log(api: Api, **params: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = api.ok(api.get(LOG, params=params))["items"]
    return found


def actions(api: Api, **params: Any) -> list[str]:
    return [entry["action"] for entry in log(api, **params)]


@pytest.fixture
def story(api: Api, stranger: Api, clock: Clock) -> dict[str, Any]:
    """Three things that happened an hour apart, the second by a coach, while others did theirs."""
    clock.forward(minutes=1)
    build.client(stranger)
    person = build.client(api, name="Mara Example")
    clock.forward(hours=1)
    coach = api.as_role("coach")
    changed = coach.patch(f"/v1/clients/{person['id']}", {"name": "Mara Changed", "goals": ["x"]}, version=1)
    coach.ok(changed)
    clock.forward(hours=1)
    company = api.ok(api.post("/v1/companies", {"name": "Example GmbH"}), 201)
    return {"client": person["id"], "company": company["id"], "coach": coach, "request": changed.headers["request-id"]}


class TestEntry:
    def test_it_names_who_with_what_did_which_to_what_and_when(self, api: Api, story: dict[str, Any]) -> None:
        (entry,) = log(api, resource_id=story["client"], after="2026-03-16T12:30:00Z")
        key = entry["actor"].pop("api_key_id")
        assert uuid.UUID(key)
        assert uuid.UUID(entry.pop("id"))
        assert entry == {
            "occurred_at": "2026-03-16T13:01:00.000000Z",
            "actor": {"type": "member", "id": story["coach"].member_id},
            "action": "client.update",
            "resource": {"type": "client", "id": story["client"]},
            "changed_fields": ["goals", "name"],
            "request_id": story["request"],
        }

    def test_it_never_holds_a_value(self, api: Api, story: dict[str, Any]) -> None:
        assert "Mara" not in api.get(LOG).text

    def test_the_first_is_the_service_s_own(self, api: Api) -> None:
        (entry,) = log(api)
        assert entry["action"] == "practice.create"
        assert entry["actor"] == {"type": "system", "id": None, "api_key_id": None}
        assert entry["resource"] == {"type": "practice", "id": api.practice_id}
        assert (entry["request_id"], entry["changed_fields"]) == (None, [])

    def test_a_person_who_signed_in_has_no_key(self, api: Api, clock: Clock) -> None:
        login = api.signed_in()
        clock.forward(minutes=1)
        build.client(login)
        assert log(api)[0]["actor"] == {"type": "member", "id": api.member_id, "api_key_id": None}

    def test_a_client_login_is_a_client(self, api: Api) -> None:
        person = build.client(api)
        build.opportunity(api.as_client(person["id"]), person["id"])
        assert log(api, resource_type="opportunity")[0]["actor"] == {
            "type": "client",
            "id": person["id"],
            "api_key_id": None,
        }


class TestOrder:
    def test_the_newest_is_first(self, api: Api, story: dict[str, Any]) -> None:
        assert actions(api) == ["company.create", "client.update", "client.create", "practice.create"]

    def test_a_walk_meets_each_entry_once_while_others_are_added(self, api: Api, clock: Clock) -> None:
        for _ in range(6):
            build.client(api)  # all at one instant
        clock.forward(seconds=1)
        before = [entry["id"] for entry in log(api)]
        first = api.ok(api.get(LOG, params={"limit": 3}))
        met = [entry["id"] for entry in first["items"]]
        cursor = first["next_cursor"]
        while cursor:
            build.client(api)
            page = api.ok(api.get(LOG, params={"limit": 3, "cursor": cursor}))
            met += [entry["id"] for entry in page["items"]]
            cursor = page["next_cursor"]
        assert met == before

    def test_a_cursor_belongs_to_its_filters(self, api: Api) -> None:
        build.client(api)
        cursor = api.ok(api.get(LOG, params={"limit": 1}))["next_cursor"]
        refused = api.get(LOG, params={"limit": 1, "resource_type": "client", "cursor": cursor})
        assert (refused.status_code, refused.json()["code"]) == (400, "invalid-cursor")


class TestFilters:
    def test_by_actor(self, api: Api, story: dict[str, Any]) -> None:
        assert actions(api, actor_id=story["coach"].member_id) == ["client.update"]
        assert actions(api, actor_id=str(uuid.uuid4())) == []

    def test_by_type(self, api: Api, story: dict[str, Any]) -> None:
        assert actions(api, resource_type="client") == ["client.update", "client.create"]
        assert actions(api, resource_type="contact") == []

    def test_by_record(self, api: Api, story: dict[str, Any]) -> None:
        assert actions(api, resource_id=story["company"]) == ["company.create"]
        assert actions(api, resource_id=story["client"], resource_type="company") == []

    def test_by_time_from_the_first_instant_until_before_the_last(self, api: Api, story: dict[str, Any]) -> None:
        one, two, three = ((NOON + timedelta(hours=n, minutes=1)).isoformat() for n in range(3))
        assert actions(api, after=two) == ["company.create", "client.update"]
        assert actions(api, before=two) == ["client.create", "practice.create"]
        assert actions(api, after=two, before=three) == ["client.update"]
        assert actions(api, after=one, before=one) == []

    def test_together(self, api: Api, story: dict[str, Any]) -> None:
        assert actions(api, actor_id=api.member_id, resource_type="client") == ["client.create"]

    @pytest.mark.parametrize(
        ("query", "code"),
        [
            ("resource_type=nonsense", "not-in-list"),
            ("actor_id=7", "bad-format"),
            ("after=2026-03-16", "bad-date-time"),
            ("before=2026-03-16T12:00:00", "bad-date-time"),
            ("action=client.update", "unknown-parameter"),
            ("resource_id=01981d3c-5f0e-7c3a-9b1e-6a1d2f3c4b5a&resource_id=x", "repeated-parameter"),
            ("limit=201", "out-of-range"),
        ],
    )
    def test_what_cannot_be_asked_is_422(self, api: Api, query: str, code: str) -> None:
        answer = api.get(f"{LOG}?{query}")
        assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, code)


class TestWho:
    def test_leaders_read_it(self, api: Api) -> None:
        assert api.get(LOG).status_code == 200
        assert api.as_role("admin").get(LOG).status_code == 200

    @pytest.mark.parametrize("role", ["coach", "assistant"])
    def test_others_do_not(self, api: Api, role: str) -> None:
        refused = api.as_role(role).get(LOG)
        assert (refused.status_code, refused.json()["code"]) == (403, "forbidden-role")

    def test_nor_do_clients(self, api: Api) -> None:
        assert api.as_client(build.client(api)["id"]).get(LOG).status_code == 403

    def test_nor_do_strangers(self, api: Api, stranger: Api, story: dict[str, Any]) -> None:
        assert actions(stranger) == ["client.create", "practice.create"]
        assert log(stranger, resource_id=story["client"]) == []
        assert log(stranger, actor_id=api.member_id) == []

    def test_it_is_read_only(self, api: Api) -> None:
        for method in ("POST", "PUT", "PATCH", "DELETE"):
            assert api.request(method, LOG).status_code == 405
