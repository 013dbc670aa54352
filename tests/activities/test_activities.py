"""Development activities: planned, under way, done, and what they leave behind."""

from typing import Any
from uuid import uuid4

import pytest

from tests.support import build
from tests.support.api import Api

PATH = "/v1/development-activities"


@pytest.fixture
def client_id(api: Api) -> str:
    return str(build.client(api, time_zone="Pacific/Kiritimati")["id"])


def plan(api: Api, client_id: str, **fields: Any) -> Any:
    body = {"client_id": client_id, "kind": "course", "title": "Evening course", **fields}
    return api.ok(api.post(PATH, body), 201)


def pointers(response: Any, code: str = "validation-failed") -> list[tuple[str, str]]:
    assert (response.status_code, response.json()["code"]) == (422, code), response.text
    return [(fault["pointer"], fault["code"]) for fault in response.json()["errors"]]


class TestCreate:
    def test_answers_with_what_was_sent_and_the_rest_empty(self, api: Api, client_id: str) -> None:
        response = api.post(PATH, {"client_id": client_id, "kind": "skill", "title": "Typesetting"})
        made = api.ok(response, 201)
        assert response.headers["location"] == f"{PATH}/{made['id']}"
        assert response.headers["etag"] == '"1"'
        empty = ("started_on", "due_on", "finished_on", "hours_per_week", "evidence_url", "credential", "notes")
        assert {name: made[name] for name in empty} == dict.fromkeys(empty)
        assert (made["status"], made["opportunity_ids"], made["version"]) == ("planned", [], 1)
        assert api.ok(api.get(f"{PATH}/{made['id']}")) == made

    def test_keeps_everything(self, api: Api, client_id: str) -> None:
        helped = [build.opportunity(api, client_id)["id"] for _ in range(2)]
        sent = {
            "id": str(uuid4()),
            "client_id": client_id,
            "kind": "volunteering",
            "title": "Board of the choir",
            "status": "done",
            "started_on": "2026-01-02",
            "due_on": "2026-02-28",
            "finished_on": "2026-03-01",
            "hours_per_week": 168,
            "evidence_url": "https://choir.example/board",
            "credential": "Treasurer of a society",
            "notes": "Two\nlines",
            "opportunity_ids": [helped[1], helped[0], helped[1]],
        }
        made = api.ok(api.post(PATH, sent), 201)
        assert {**made, "opportunity_ids": None} == {
            **made,
            **sent,
            "opportunity_ids": None,
        }
        assert made["opportunity_ids"] == [helped[1], helped[0]]

    def test_done_without_a_date_is_done_on_the_clients_date(self, api: Api, client_id: str) -> None:
        """At noon in UTC on the 16th it is the 17th on Kiritimati."""
        assert plan(api, client_id, status="done")["finished_on"] == "2026-03-17"
        ahead = {"client_id": client_id, "kind": "course", "title": "T", "status": "done", "started_on": "2026-04-01"}
        assert pointers(api.post(PATH, ahead)) == [("/started_on", "order")]

    def test_what_is_finished_was_finished_by_the_clients_date(self, api: Api, client_id: str) -> None:
        body = {"client_id": client_id, "kind": "course", "title": "T", "finished_on": "2026-03-17"}
        for status in ("done", "dropped"):
            assert plan(api, client_id, status=status, finished_on="2026-03-17")["finished_on"] == "2026-03-17"
            ahead = {**body, "status": status, "finished_on": "2026-03-18"}
            assert pointers(api.post(PATH, ahead)) == [("/finished_on", "out-of-range")]
        west = {**body, "client_id": build.client(api, time_zone="Pacific/Pago_Pago")["id"], "status": "done"}
        assert pointers(api.post(PATH, west)) == [("/finished_on", "out-of-range")]

    def test_a_taken_id_is_refused(self, api: Api, client_id: str) -> None:
        made = plan(api, client_id)
        response = api.post(PATH, {"id": made["id"], "client_id": client_id, "kind": "other", "title": "T"})
        assert (response.status_code, response.json()["code"]) == (409, "id-taken")

    @pytest.mark.parametrize(
        ("fields", "pointer", "code"),
        [
            ({"finished_on": "2026-01-01", "started_on": "2026-01-02"}, "/finished_on", "order"),
            ({"finished_on": "2026-01-01"}, "/finished_on", "unknown-field"),
            ({"finished_on": "2026-01-01", "status": "active"}, "/finished_on", "unknown-field"),
            ({"hours_per_week": 169}, "/hours_per_week", "out-of-range"),
            ({"hours_per_week": -1}, "/hours_per_week", "out-of-range"),
            ({"status": "finished"}, "/status", "not-in-list"),
            ({"evidence_url": "ftp://example.com"}, "/evidence_url", "bad-url"),
            ({"credential": "x" * 201}, "/credential", "too-long"),
            ({"notes": "x" * 4001}, "/notes", "too-long"),
            ({"opportunity_ids": [str(uuid4()) for _ in range(21)]}, "/opportunity_ids", "too-many"),
            ({"version": 1}, "/version", "unknown-field"),
        ],
    )
    def test_refuses_nonsense(self, api: Api, client_id: str, fields: Any, pointer: str, code: str) -> None:
        response = api.post(PATH, {"client_id": client_id, "kind": "course", "title": "T", **fields})
        assert (pointer, code) in pointers(response)

    def test_refuses_unknown_references(self, api: Api, stranger: Api, client_id: str) -> None:
        own = build.opportunity(api, client_id)["id"]
        others = build.opportunity(api)["id"]
        gone = build.opportunity(api, client_id)["id"]
        api.ok(api.delete(f"/v1/opportunities/{gone}"), 204)
        body = {"client_id": client_id, "kind": "course", "title": "T", "opportunity_ids": [own, others, gone]}
        assert pointers(api.post(PATH, body), "unknown-reference") == [
            ("/opportunity_ids/1", "unknown-reference"),
            ("/opportunity_ids/2", "unknown-reference"),
        ]
        foreign = build.client(stranger)["id"]
        body = {"client_id": foreign, "kind": "course", "title": "T"}
        assert pointers(api.post(PATH, body), "unknown-reference") == [("/client_id", "unknown-reference")]


class TestChange:
    def test_replaces_what_is_sent_and_clears_nulls(self, api: Api, client_id: str) -> None:
        helped = [build.opportunity(api, client_id)["id"] for _ in range(3)]
        made = plan(api, client_id, notes="Old", opportunity_ids=helped[:2])
        change = {"notes": None, "hours_per_week": 3, "opportunity_ids": helped[1:]}
        changed = api.ok(api.patch(f"{PATH}/{made['id']}", change, version=1))
        assert {**made, **change, "version": 2, "updated_at": changed["updated_at"]} == changed
        again = api.patch(f"{PATH}/{made['id']}", change, version=2)
        assert (api.ok(again), again.headers["etag"]) == (changed, '"2"')

    def test_getting_done_dates_it(self, api: Api, client_id: str) -> None:
        made = plan(api, client_id)
        assert api.ok(api.patch(f"{PATH}/{made['id']}", {"status": "done"}, version=1))["finished_on"] == "2026-03-17"
        told = api.ok(api.patch(f"{PATH}/{made['id']}", {"finished_on": "2026-03-01"}, version=2))
        assert told["finished_on"] == "2026-03-01"

    def test_taken_up_again_it_is_not_finished(self, api: Api, client_id: str) -> None:
        path = f"{PATH}/{plan(api, client_id, status='done', finished_on='2026-03-10')['id']}"
        again = api.ok(api.patch(path, {"status": "active"}, version=1))
        assert (again["finished_on"], api.walk("/v1/wins")) == (None, [])
        assert pointers(api.patch(path, {"finished_on": "2026-03-11"}, version=2)) == [
            ("/finished_on", "unknown-field")
        ]
        both = {"status": "planned", "finished_on": "2026-03-10"}
        assert pointers(api.patch(path, both, version=2)) == [("/finished_on", "unknown-field")]
        assert api.ok(api.patch(path, {"status": "done"}, version=2))["finished_on"] == "2026-03-17"
        assert [win["occurred_on"] for win in api.walk("/v1/wins")] == ["2026-03-17"]
        assert api.ok(api.patch(path, {"status": "dropped"}, version=3))["finished_on"] is None

    def test_what_is_done_keeps_a_date_not_ahead(self, api: Api, client_id: str) -> None:
        path = f"{PATH}/{plan(api, client_id, status='done', finished_on='2026-03-10')['id']}"
        for sent in ({"finished_on": None}, {"status": "done", "finished_on": None}):
            assert pointers(api.patch(path, sent, version=1)) == [("/finished_on", "not-nullable")]
        assert pointers(api.patch(path, {"finished_on": "2026-03-18"}, version=1)) == [("/finished_on", "out-of-range")]
        assert api.ok(api.get(path))["version"] == 1

    def test_demands_the_order_of_the_whole(self, api: Api, client_id: str) -> None:
        made = plan(api, client_id, status="done", started_on="2026-02-01", finished_on="2026-02-10")
        path = f"{PATH}/{made['id']}"
        assert pointers(api.patch(path, {"started_on": "2026-02-11"}, version=1)) == [("/started_on", "order")]
        assert pointers(api.patch(path, {"finished_on": "2026-01-11"}, version=1)) == [("/finished_on", "order")]

    def test_needs_the_version(self, api: Api, client_id: str) -> None:
        path = f"{PATH}/{plan(api, client_id)['id']}"
        assert api.patch(path, {"title": "T"}).status_code == 428
        assert api.patch(path, {"title": "T"}, version=2).status_code == 412
        assert pointers(api.patch(path, {"client_id": client_id}, version=1)) == [("/client_id", "unknown-field")]


class TestDelete:
    def test_removes_it(self, api: Api, client_id: str) -> None:
        path = f"{PATH}/{plan(api, client_id, opportunity_ids=[build.opportunity(api, client_id)['id']])['id']}"
        assert api.delete(path, headers={"If-Match": '"7"'}).status_code == 412
        api.ok(api.delete(path), 204)
        assert api.get(path).status_code == api.delete(path).status_code == 404


class TestList:
    def test_newest_first_with_filters(self, api: Api, stranger: Api, client_id: str) -> None:
        plan(stranger, build.client(stranger)["id"])
        made = []
        for status in ("planned", "active", "done", "dropped"):
            api.house.clock.forward(seconds=1)
            made.append(plan(api, client_id, status=status)["id"])
        other = plan(api, build.client(api)["id"])["id"]
        assert [item["id"] for item in api.walk(PATH, client_id=client_id, limit=3)] == made[::-1]
        assert {item["id"] for item in api.walk(PATH)} == {*made, other}
        assert [item["id"] for item in api.walk(PATH, status=["done", "active"])] == [made[2], made[1]]

    def test_leaves_archived_clients_out_unless_named(self, api: Api, client_id: str) -> None:
        plan(api, client_id)
        api.ok(api.patch(f"/v1/clients/{client_id}", {"archived": True}, version=1))
        assert api.walk(PATH) == []
        assert len(api.walk(PATH, client_id=client_id)) == 1

    def test_leaves_deleted_opportunities_out_while_they_are(self, api: Api, client_id: str) -> None:
        kept, gone = (build.opportunity(api, client_id)["id"] for _ in range(2))
        made = plan(api, client_id, opportunity_ids=[gone, kept])
        api.ok(api.delete(f"/v1/opportunities/{gone}"), 204)
        assert api.ok(api.get(f"{PATH}/{made['id']}"))["opportunity_ids"] == [kept]
        api.ok(api.post(f"/v1/opportunities/{gone}/restore"))
        assert api.ok(api.get(f"{PATH}/{made['id']}"))["opportunity_ids"] == [gone, kept]


def test_a_client_keeps_their_own(api: Api, client_id: str) -> None:
    hers, other = api.as_client(client_id), build.client(api)["id"]
    foreign = plan(api, other)["id"]
    made = plan(hers, client_id)
    assert hers.ok(hers.patch(f"{PATH}/{made['id']}", {"status": "active"}, version=1))["status"] == "active"
    assert [item["id"] for item in hers.walk(PATH)] == [made["id"]]
    assert hers.get(f"{PATH}/{foreign}").status_code == 404
    assert pointers(hers.post(PATH, {"client_id": other, "kind": "course", "title": "T"}), "unknown-reference")
    hers.ok(hers.delete(f"{PATH}/{made['id']}"), 204)
