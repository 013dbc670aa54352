"""Hiding and restoring opportunities."""

import uuid

from tests.support import build
from tests.support.api import Api, Clock
from tests.support.database import Database


def actions(database: Database, opportunity_id: str) -> list[str]:
    rows = database.fetch(
        "select action from audit_event where resource_id = $1 order by occurred_at, id", uuid.UUID(opportunity_id)
    )
    return [row["action"] for row in rows]


class TestDelete:
    def test_it_is_gone_from_everywhere(self, api: Api, database: Database) -> None:
        made, other = build.opportunity(api), build.opportunity(api)
        happened = build.interaction(api, made["id"], "application", "2026-03-16T09:00:00Z")
        path = f"/v1/opportunities/{made['id']}"
        assert api.delete(path).status_code == 204
        for hidden in (path, f"{path}/interactions", f"{path}/assessment", f"{path}/status-history"):
            assert api.get(hidden).status_code == 404, hidden
        assert api.get(f"/v1/interactions/{happened['id']}").status_code == 404
        assert api.patch(path, {"title": "A"}, version=2).status_code == 404
        assert api.delete(path).status_code == 404
        assert [o["id"] for o in api.walk("/v1/opportunities")] == [other["id"]]
        assert api.walk("/v1/opportunities", client_id=made["client_id"]) == []
        assert api.walk("/v1/opportunities", status="waiting") == []
        assert actions(database, made["id"])[0] == "opportunity.create"
        assert actions(database, made["id"])[-1] == "opportunity.delete"
        assert actions(database, made["id"]).count("opportunity.delete") == 1

    def test_if_match_is_honoured_when_sent(self, api: Api) -> None:
        path = f"/v1/opportunities/{build.opportunity(api)['id']}"
        assert api.delete(path, headers={"If-Match": '"2"'}).status_code == 412
        assert api.get(path).status_code == 200
        assert api.delete(path, headers={"If-Match": '"1"'}).status_code == 204

    def test_an_assistant_may_not(self, api: Api) -> None:
        made = build.opportunity(api)
        assert api.as_role("assistant").delete(f"/v1/opportunities/{made['id']}").status_code == 403


class TestRestore:
    def test_it_comes_back_with_its_timeline(self, api: Api, clock: Clock, database: Database) -> None:
        made = build.opportunity(api, contact_ids=[build.contact(api)["id"]])
        happened = build.interaction(api, made["id"], "application", "2026-03-16T09:00:00Z")
        path = f"/v1/opportunities/{made['id']}"
        assert api.delete(path).status_code == 204
        clock.forward(days=29, hours=23)
        response = api.post(f"{path}/restore", headers={"If-Match": '"2"'})
        restored = api.ok(response)
        assert (restored["version"], response.headers["etag"]) == (3, '"3"')
        assert restored["contact_ids"] == made["contact_ids"]
        assert restored["assessment"]["status"] == "follow_up_overdue"
        assert api.ok(api.get(path)) == restored
        assert api.get(f"/v1/interactions/{happened['id']}").status_code == 200
        kept = [a for a in actions(database, made["id"]) if a.startswith("opportunity.")]
        assert kept == ["opportunity.create", "opportunity.delete", "opportunity.restore"]

    def test_after_thirty_days_it_is_too_late(self, api: Api, clock: Clock) -> None:
        path = f"/v1/opportunities/{build.opportunity(api)['id']}"
        assert api.delete(path).status_code == 204
        clock.forward(days=30)
        assert api.ok(api.post(f"{path}/restore"), 404)["code"] == "not-found"

    def test_what_is_in_sight_cannot_be_restored(self, api: Api, database: Database) -> None:
        made = build.opportunity(api)
        path = f"/v1/opportunities/{made['id']}"
        assert api.ok(api.post(f"{path}/restore"), 409)["code"] == "wrong-state"
        assert api.ok(api.get(path))["version"] == 1
        assert actions(database, made["id"]) == ["opportunity.create"]

    def test_an_old_if_match_stops_it(self, api: Api) -> None:
        path = f"/v1/opportunities/{build.opportunity(api)['id']}"
        assert api.delete(path).status_code == 204
        stale = api.post(f"{path}/restore", headers={"If-Match": '"1"'})
        assert (stale.status_code, stale.headers["etag"]) == (412, '"2"')

    def test_the_rules_of_meanwhile_hold(self, api: Api) -> None:
        made = build.opportunity(api)
        build.interaction(api, made["id"], "outreach", "2026-03-16T09:00:00Z")
        path = f"/v1/opportunities/{made['id']}"
        assert api.ok(api.get(path))["assessment"]["next_action"]["due_on"] == "2026-03-23"
        assert api.delete(path).status_code == 204
        api.ok(api.patch(f"/v1/clients/{made['client_id']}", {"time_zone": "Pacific/Auckland"}, version=1))
        restored = api.ok(api.post(f"{path}/restore"))
        assert restored["assessment"]["until"] == "2026-03-22T11:00:00.000000Z"
