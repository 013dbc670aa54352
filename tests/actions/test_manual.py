"""Actions that people set themselves: made, changed, removed, and found again."""

from typing import Any
from uuid import uuid4

import pytest

from tests.support import build
from tests.support.api import Api
from tests.support.database import Database
from tests.support.statements import overtaken

PATH = "/v1/next-actions"


@pytest.fixture
def client_id(api: Api) -> str:
    return str(build.client(api)["id"])


def task(api: Api, client_id: str, **fields: Any) -> Any:
    return api.ok(api.post(PATH, {"client_id": client_id, "title": "Ask Kim", **fields}), 201)


def refused(response: Any, code: str = "validation-failed") -> list[tuple[str, str]]:
    assert (response.status_code, response.json()["code"]) == (422, code), response.text
    return [(fault["pointer"], fault["code"]) for fault in response.json()["errors"]]


class TestCreate:
    def test_answers_with_the_whole(self, api: Api, client_id: str) -> None:
        own = str(uuid4())
        opportunity = build.opportunity(api, client_id)["id"]
        sent = {
            "id": own,
            "client_id": client_id,
            "opportunity_id": opportunity,
            "title": "Ask Kim",
            "due_on": "2026-03-18",
            "assignee": "coach",
        }
        response = api.post(PATH, {**sent, "kind": "custom"})
        made = api.ok(response, 201)
        assert (response.headers["location"], response.headers["etag"]) == (f"{PATH}/{own}", '"1"')
        then = "2026-03-16T12:00:00.000000Z"
        assert made == {
            **sent,
            "origin": "manual",
            "key": None,
            "kind": "custom",
            "state": "open",
            "snoozed_until": None,
            "reason": None,
            "dismiss_reason": None,
            "accepted_at": None,
            "accepted_by": None,
            "interaction_kind": None,
            "version": 1,
            "created_at": then,
            "updated_at": then,
        }
        assert api.ok(api.get(f"{PATH}/{own}")) == made

    def test_is_the_clients_unless_said_otherwise(self, api: Api, client_id: str) -> None:
        made = task(api, client_id)
        assert (made["assignee"], made["opportunity_id"], made["due_on"]) == ("client", None, None)

    @pytest.mark.parametrize(
        ("fields", "pointer", "code"),
        [
            ({"kind": "reply"}, "/kind", "not-in-list"),
            ({"title": None}, "/title", "not-nullable"),
            ({"title": " "}, "/title", "not-visible"),
            ({"title": "x" * 201}, "/title", "too-long"),
            ({"assignee": "owner"}, "/assignee", "not-in-list"),
            ({"due_on": "2026-02-30"}, "/due_on", "bad-date"),
            ({"state": "done"}, "/state", "unknown-field"),
            ({"snoozed_until": "2026-04-01"}, "/snoozed_until", "unknown-field"),
            ({"key": "reply:1"}, "/key", "unknown-field"),
        ],
    )
    def test_refuses_nonsense(self, api: Api, client_id: str, fields: Any, pointer: str, code: str) -> None:
        response = api.post(PATH, {"client_id": client_id, "title": "Ask", **fields})
        assert pointer in [found for found, _ in refused(response)]
        assert (pointer, code) in refused(response) or code == "not-visible"

    def test_refuses_unknown_references_and_taken_ids(self, api: Api, stranger: Api, client_id: str) -> None:
        others = build.opportunity(api)["id"]
        body = {"client_id": client_id, "opportunity_id": others, "title": "T"}
        assert refused(api.post(PATH, body), "unknown-reference") == [("/opportunity_id", "unknown-reference")]
        body = {"client_id": build.client(stranger)["id"], "title": "T"}
        assert refused(api.post(PATH, body), "unknown-reference") == [("/client_id", "unknown-reference")]
        taken = task(api, client_id)["id"]
        assert api.post(PATH, {"id": taken, "client_id": client_id, "title": "T"}).json()["code"] == "id-taken"

    def test_an_opportunity_that_is_taken_away_meanwhile_waits(
        self, api: Api, client_id: str, database: Database
    ) -> None:
        on = build.opportunity(api, client_id)["id"]
        gone = "update opportunity set deleted_at = now() where id = $1"
        with overtaken(api.house, database, gone, on, before="INSERT INTO next_action"):
            made = task(api, client_id, opportunity_id=on)
        assert made["opportunity_id"] == on


class TestChange:
    def test_of_what_is_sent(self, api: Api, client_id: str) -> None:
        made = task(api, client_id, due_on="2026-03-18", opportunity_id=build.opportunity(api, client_id)["id"])
        api.house.clock.forward(hours=1)
        change = {"title": "Ask Sam", "due_on": None, "opportunity_id": None, "assignee": "coach"}
        changed = api.ok(api.patch(f"{PATH}/{made['id']}", change, version=1))
        assert changed == {**made, **change, "version": 2, "updated_at": "2026-03-16T13:00:00.000000Z"}
        same = api.patch(f"{PATH}/{made['id']}", {"title": "Ask Sam"}, version=2)
        assert (api.ok(same), same.headers["etag"]) == (changed, '"2"')

    def test_needs_the_version_and_a_known_opportunity(self, api: Api, client_id: str) -> None:
        path = f"{PATH}/{task(api, client_id)['id']}"
        assert api.patch(path, {"title": "T"}).status_code == 428
        assert api.patch(path, {"title": "T"}, version=2).status_code == 412
        other = {"opportunity_id": build.opportunity(api)["id"]}
        assert refused(api.patch(path, other, version=1), "unknown-reference")
        for field in ("state", "client_id", "kind"):
            assert refused(api.patch(path, {field: "open"}, version=1)) == [(f"/{field}", "unknown-field")]

    def test_removal(self, api: Api, client_id: str) -> None:
        path = f"{PATH}/{task(api, client_id)['id']}"
        assert api.delete(path, headers={"If-Match": '"2"'}).status_code == 412
        api.ok(api.delete(path), 204)
        assert [api.get(path).status_code, api.delete(path).status_code] == [404, 404]


class TestWithItsOpportunity:
    def test_hides_and_comes_back(self, api: Api, client_id: str) -> None:
        opportunity = build.opportunity(api, client_id)["id"]
        made = task(api, client_id, opportunity_id=opportunity)
        api.ok(api.delete(f"/v1/opportunities/{opportunity}"), 204)
        path = f"{PATH}/{made['id']}"
        assert api.get(path).status_code == api.post(f"{path}/done", {}).status_code == 404
        assert api.walk(PATH, client_id=client_id) == []
        api.ok(api.post(f"/v1/opportunities/{opportunity}/restore"))
        assert api.ok(api.get(path)) == made


def test_a_client_keeps_their_own(api: Api, client_id: str) -> None:
    hers, other = api.as_client(client_id), build.client(api)["id"]
    foreign = task(api, other)["id"]
    mine = task(hers, client_id)
    set_by_coach = task(api, client_id, title="From your coach")
    assert {item["id"] for item in hers.walk(PATH)} == {mine["id"], set_by_coach["id"]}
    for method, path, body in (("GET", "", None), ("POST", "/done", {}), ("DELETE", "", None)):
        assert hers.request(method, f"{PATH}/{foreign}{path}", json=body).status_code == 404
    assert refused(hers.post(PATH, {"client_id": other, "title": "T"}), "unknown-reference")
    assert hers.ok(hers.post(f"{PATH}/{set_by_coach['id']}/done", {}))["state"] == "done"
