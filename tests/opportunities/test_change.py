"""Reading and changing opportunities."""

import uuid
from typing import Any

import pytest

from tests.support import build
from tests.support.api import Api, Clock
from tests.support.database import Database


def actions(database: Database, opportunity_id: str) -> list[tuple[str, list[str]]]:
    rows = database.fetch(
        "select action, changed_fields from audit_event where resource_id = $1 order by occurred_at, id",
        uuid.UUID(opportunity_id),
    )
    return [(row["action"], row["changed_fields"]) for row in rows]


def change(api: Api, made: dict[str, Any], patch: dict[str, Any], status: int = 200) -> Any:
    return api.ok(api.patch(f"/v1/opportunities/{made['id']}", patch, version=made["version"]), status)


class TestRead:
    def test_a_version_already_held_is_not_sent_again(self, api: Api) -> None:
        path = f"/v1/opportunities/{build.opportunity(api)['id']}"
        assert api.get(path, headers={"If-None-Match": '"1"'}).status_code == 304
        assert api.get(path, headers={"If-None-Match": '"0"'}).headers["etag"] == '"1"'

    def test_missing_malformed_and_foreign_ids_are_the_same_404(self, api: Api, stranger: Api) -> None:
        foreign = build.opportunity(stranger)["id"]
        for path_id in (foreign, uuid.uuid4(), "1"):
            path = f"/v1/opportunities/{path_id}"
            assert api.ok(api.get(path), 404)["code"] == "not-found"
            assert api.patch(path, {"title": "A"}, version=1).status_code == 404
            assert api.delete(path).status_code == 404
            assert api.post(f"{path}/restore").status_code == 404
        assert stranger.get(f"/v1/opportunities/{foreign}").status_code == 200

    def test_the_verdict_is_that_of_the_moment_and_no_change_of_the_version(self, api: Api, clock: Clock) -> None:
        made = build.opportunity(api, contact_ids=[build.contact(api)["id"]])
        path = f"/v1/opportunities/{made['id']}"
        build.interaction(api, made["id"], "application", "2026-03-16T09:00:00Z")
        now = api.ok(api.get(path))
        assert (now["version"], now["stage"], now["assessment"]["status"]) == (1, "applied", "waiting")
        assert now["last_activity_at"] == "2026-03-16T09:00:00.000000Z"
        assert now["assessment"]["next_action"] == {"kind": "stay_active", "due_on": "2026-03-23"}
        clock.forward(days=8)
        later = api.ok(api.get(path))
        assert (later["assessment"]["status"], later["assessment"]["silent_days"]) == ("follow_up_due", 8)
        clock.forward(days=30)
        assert api.ok(api.get(path))["assessment"]["status"] == "ghosted"

    def test_what_lies_ahead_or_is_void_is_no_activity(self, api: Api, clock: Clock) -> None:
        made = build.opportunity(api)
        path = f"/v1/opportunities/{made['id']}"
        build.interaction(api, made["id"], "note", "2026-03-10T09:00:00Z")
        void = build.interaction(api, made["id"], "outreach", "2026-03-12T09:00:00Z")
        build.interaction(api, made["id"], "note", "2026-03-17T09:00:00Z")
        assert api.delete(f"/v1/interactions/{void['id']}").status_code == 204
        assert api.ok(api.get(path))["last_activity_at"] == "2026-03-10T09:00:00.000000Z"
        clock.forward(days=1)
        assert api.ok(api.get(path))["last_activity_at"] == "2026-03-17T09:00:00.000000Z"

    def test_an_assistant_knows_nothing_of_what_only_coaches_see(self, api: Api) -> None:
        made = build.opportunity(api)
        build.interaction(api, made["id"], "note", "2026-03-10T09:00:00Z")
        build.interaction(api, made["id"], "note", "2026-03-12T09:00:00Z", visibility="coaches")
        assistant = api.as_role("assistant")
        for caller, day in ((api, "12"), (assistant, "10")):
            expected = f"2026-03-{day}T09:00:00.000000Z"
            assert caller.ok(caller.get(f"/v1/opportunities/{made['id']}"))["last_activity_at"] == expected
            assert caller.walk("/v1/opportunities")[0]["last_activity_at"] == expected


class TestChange:
    def test_what_is_sent_changes_what_is_absent_stays_and_null_clears(
        self, api: Api, clock: Clock, database: Database
    ) -> None:
        made = build.opportunity(api, url="https://a.example/", location="Berlin", requisition_id="R-1")
        clock.forward(hours=1)
        patch = {"title": "Other", "url": None, "requisition_id": "R-2", "kind": "gig"}
        changed = change(api, made, patch)
        again = {"version": 2, "updated_at": "2026-03-16T13:00:00.000000Z", "assessment": changed["assessment"]}
        assert changed == {**made, **patch, **again}
        assert [o["id"] for o in api.walk("/v1/opportunities", q="othe")] == [made["id"]]
        assert actions(database, made["id"])[1:] == [("opportunity.update", ["kind", "requisition_id", "title", "url"])]

    def test_what_changes_nothing_leaves_no_trace(self, api: Api, database: Database) -> None:
        contact = build.contact(api)["id"]
        made = build.opportunity(api, contact_ids=[contact], company_name="Acme")
        same = {"title": made["title"], "client_id": made["client_id"], "contact_ids": [contact, contact]}
        assert change(api, made, {**same, "company_name": "ACME"}) == made
        assert change(api, made, {"company_id": made["company_id"]}) == made
        assert len(actions(database, made["id"])) == 1

    def test_preconditions(self, api: Api) -> None:
        path = f"/v1/opportunities/{build.opportunity(api)['id']}"
        assert api.patch(path, {"title": "A"}).status_code == 428
        api.ok(api.patch(path, {"title": "A"}, version=1))
        stale = api.patch(path, {"title": "B"}, version=1)
        assert (stale.status_code, stale.headers["etag"]) == (412, '"2"')
        assert api.ok(api.get(path))["title"] == "A"

    def test_the_client_is_fixed(self, api: Api) -> None:
        made = build.opportunity(api)
        fault = change(api, made, {"client_id": build.client(api)["id"]}, 422)["errors"][0]
        assert fault["pointer"] == "/client_id"

    def test_the_company_changes_by_id_or_by_name(self, api: Api, database: Database) -> None:
        made = build.opportunity(api, company_name="Acme")
        bolt = api.ok(api.post("/v1/companies", {"name": "Bolt"}), 201)["id"]
        moved = change(api, made, {"company_id": bolt})
        assert (moved["company_id"], moved["company_name"]) == (bolt, "Bolt")
        named = change(api, moved, {"company_name": "Cyd"})
        assert named["company_name"] == "Cyd"
        assert change(api, named, {"company_name": "acme"})["company_id"] == made["company_id"]
        assert [fields for _, fields in actions(database, made["id"])[1:]] == [["company_id"]] * 3
        both = {"company_id": bolt, "company_name": "Bolt"}
        assert change(api, {**made, "version": 4}, both, 422)["errors"][0]["code"] == "exactly-one"

    @pytest.mark.parametrize("field", ["company_id", "company_name", "title", "kind", "contact_ids", "client_id"])
    def test_required_fields_are_not_cleared(self, api: Api, field: str) -> None:
        fault = change(api, build.opportunity(api), {field: None}, 422)["errors"][0]
        assert (fault["code"], fault["pointer"]) == ("not-nullable", f"/{field}")

    def test_an_empty_patch_is_refused(self, api: Api) -> None:
        assert change(api, build.opportunity(api), {}, 422)["errors"][0]["code"] == "empty"

    @pytest.mark.parametrize(
        ("patch", "pointer", "code"),
        [
            ({"salary_min": 101}, "/salary_max", "order"),
            ({"salary_max": 49}, "/salary_max", "order"),
            ({"currency": None}, "/currency", "required"),
        ],
    )
    def test_pay_is_judged_as_it_would_become(self, api: Api, patch: dict[str, Any], pointer: str, code: str) -> None:
        made = build.opportunity(api, salary_min=50, salary_max=100, currency="EUR")
        fault = change(api, made, patch, 422)["errors"][0]
        assert (fault["pointer"], fault["code"]) == (pointer, code)
        assert change(api, made, {"salary_min": 100, "currency": "CHF"})["version"] == 2

    def test_pay_may_be_cleared_with_its_currency(self, api: Api) -> None:
        made = build.opportunity(api, salary_min=50, currency="EUR")
        cleared = change(api, made, {"salary_min": None, "currency": None})
        assert (cleared["salary_min"], cleared["currency"]) == (None, None)

    def test_unknown_references_are_named_and_change_nothing(self, api: Api, stranger: Api) -> None:
        made, foreign = build.opportunity(api), build.contact(stranger)["id"]
        patch = {"title": "Other", "company_id": str(uuid.uuid4()), "contact_ids": [build.contact(api)["id"], foreign]}
        problem = change(api, made, patch, 422)
        assert problem["code"] == "unknown-reference"
        assert [fault["pointer"] for fault in problem["errors"]] == ["/company_id", "/contact_ids/1"]
        assert api.ok(api.get(f"/v1/opportunities/{made['id']}")) == made

    def test_contacts_are_replaced_whole_in_their_order(self, api: Api) -> None:
        a, b, c = (build.contact(api)["id"] for _ in range(3))
        made = build.opportunity(api, contact_ids=[a, b])
        assert change(api, made, {"contact_ids": [c, a]})["contact_ids"] == [c, a]
        assert api.ok(api.delete(f"/v1/contacts/{b}"), 204) is None


class TestRecompute:
    def test_a_contact_opens_the_follow_up_window_of_an_application(self, api: Api, clock: Clock) -> None:
        made = build.opportunity(api)
        build.interaction(api, made["id"], "application", "2026-03-16T09:00:00Z")
        clock.forward(days=10)
        path = f"/v1/opportunities/{made['id']}"
        without = api.ok(api.get(path))["assessment"]
        assert (without["status"], without["next_action"]["kind"]) == ("waiting", "find_contact")
        linked = change(api, made, {"contact_ids": [build.contact(api)["id"]]})
        assert linked["assessment"]["status"] == "follow_up_due"
        assert linked["assessment"]["next_action"] == {"kind": "send_follow_up", "due_on": "2026-03-30"}
        second = change(api, linked, {"contact_ids": [build.contact(api)["id"]]})
        assert second["assessment"] == linked["assessment"]
        assert change(api, second, {"contact_ids": []})["assessment"]["status"] == "waiting"
