"""`coach_access`: whom coaches and assistants see, from request to request (API.md sections 3 and 5).

That each wall keeps this alone is tried in tests/tenancy/test_sights.py.
"""

from typing import Any

import pytest

from tests.support import build
from tests.support.api import Api
from tests.support.database import Database

WHEN = "2026-03-09T10:00:00Z"
LOG = {"content": "company,title,date applied\nAcme,Lead,2026-03-01\n"}


def assign(owner: Api, client: dict[str, Any], *members: Api) -> dict[str, Any]:
    """Make `members` the coaches of a client and return the client as answered."""
    path = f"/v1/clients/{client['id']}"
    version = owner.ok(owner.get(path))["version"]
    ids = [member.member_id for member in members]
    changed: dict[str, Any] = owner.ok(owner.patch(path, {"coach_ids": ids}, version=version))
    return changed


def set_access(owner: Api, mode: str) -> None:
    """Open all clients to all coaches, or only the assigned ones."""
    version = owner.ok(owner.get("/v1/practice"))["version"]
    owner.ok(owner.patch("/v1/practice", {"coach_access": mode}, version=version))


@pytest.fixture
def coach(api: Api) -> Api:
    """A coach of a practice where coaches see assigned clients only."""
    set_access(api, "assigned")
    return api.as_role("coach")


def ids(who: Api, path: str, **params: Any) -> set[str]:
    return {item["id"] for item in who.walk(path, **params)}


class TestTheSetting:
    @pytest.mark.parametrize("role", ["coach", "assistant"])
    def test_it_holds_from_the_next_request_on(self, api: Api, role: str) -> None:
        theirs, others = build.client(api), build.client(api)
        who = api.as_role(role)
        assign(api, theirs, who)
        assert ids(who, "/v1/clients") == {theirs["id"], others["id"]}
        set_access(api, "assigned")
        assert ids(who, "/v1/clients") == {theirs["id"]}
        assert who.get(f"/v1/clients/{others['id']}").status_code == 404
        set_access(api, "practice")
        assert who.get(f"/v1/clients/{others['id']}").status_code == 200

    @pytest.mark.parametrize("role", ["owner", "admin"])
    def test_owners_and_admins_see_everybody(self, api: Api, role: str) -> None:
        person = build.client(api, coach_ids=[])
        set_access(api, "assigned")
        who = api.as_role(role)
        assert ids(who, "/v1/clients") == {person["id"]}
        assert who.get(f"/v1/clients/{person['id']}").status_code == 200

    def test_an_assignment_holds_from_the_next_request_on(self, api: Api, coach: Api) -> None:
        person = build.client(api)
        role = build.opportunity(api, person["id"])
        path = f"/v1/opportunities/{role['id']}"
        assert coach.get(path).status_code == 404
        assign(api, person, coach)
        assert coach.get(path).status_code == 200
        assign(api, person)
        assert coach.get(path).status_code == 404

    def test_of_an_assigned_client_all_coaches_are_told(self, api: Api, coach: Api) -> None:
        person = assign(api, build.client(api), api, coach)
        assert coach.ok(coach.get(f"/v1/clients/{person['id']}"))["coach_ids"] == [api.member_id, coach.member_id]
        assert ids(coach, "/v1/clients", coach_id=api.member_id) == {person["id"]}

    def test_companies_and_contacts_stay_the_whole_practices(self, api: Api, coach: Api) -> None:
        contact = build.contact(api)
        role = build.opportunity(api, contact_ids=[contact["id"]])
        assert coach.get(f"/v1/contacts/{contact['id']}").status_code == 200
        assert coach.get(f"/v1/companies/{role['company_id']}").status_code == 200
        refused = coach.delete(f"/v1/companies/{role['company_id']}")
        assert (refused.status_code, refused.json()["code"]) == (409, "in-use")


class TestQueue:
    @pytest.fixture
    def theirs(self, api: Api, coach: Api) -> str:
        """An opportunity with work to do, of the coach's one client; another client has as much to do."""
        person = build.client(api)
        own, other = build.opportunity(api, person["id"])["id"], build.opportunity(api)["id"]
        for role in (own, other):
            build.interaction(api, role, "request", WHEN)
        assign(api, person, coach)
        return str(own)

    @pytest.mark.parametrize("query", [{}, {"scope": "practice"}])
    def test_items_and_counts_are_of_assigned_clients(self, coach: Api, theirs: str, query: dict[str, str]) -> None:
        queue = coach.ok(coach.get("/v1/queue", params=query))
        assert [item["opportunity"]["id"] for item in queue["items"]] == [theirs]
        assert queue["counts"]["your_move"] == 1

    def test_another_coachs_queue_is_what_one_shares_with_them(self, api: Api, coach: Api, theirs: str) -> None:
        queue = coach.ok(coach.get("/v1/queue", params={"coach_id": api.member_id}))
        assert queue["items"] == []
        assert queue["counts"]["your_move"] == 0


class TestClients:
    def test_a_coach_who_takes_one_on_sees_them(self, coach: Api) -> None:
        person = build.client(coach)
        assert coach.ok(coach.get(f"/v1/clients/{person['id']}")) == person

    @pytest.mark.parametrize("named", ["nobody", "somebody"])
    def test_one_taken_on_for_others_is_answered_and_then_theirs(self, api: Api, coach: Api, named: str) -> None:
        person = build.client(coach, coach_ids=[api.member_id] if named == "somebody" else [])
        assert coach.get(f"/v1/clients/{person['id']}").status_code == 404
        assert api.ok(api.get(f"/v1/clients/{person['id']}")) == person

    def test_one_handed_over_is_answered_and_recomputed(self, api: Api, coach: Api) -> None:
        person = build.client(coach)
        role = build.opportunity(coach, person["id"])["id"]
        build.interaction(coach, role, "application", "2026-03-13T10:00:00Z")
        before = api.ok(api.get(f"/v1/opportunities/{role}/status-history"))
        change = {"coach_ids": [api.member_id], "time_zone": "Pacific/Auckland", "region": None}
        changed = coach.ok(coach.patch(f"/v1/clients/{person['id']}", change, version=1))
        assert (changed["coach_ids"], changed["version"]) == ([api.member_id], 2)
        assert coach.get(f"/v1/clients/{person['id']}").status_code == 404
        assert api.ok(api.get(f"/v1/opportunities/{role}/status-history")) != before

    def test_one_audit_entry_each(self, coach: Api, database: Database) -> None:
        person = build.client(coach, coach_ids=[])
        made = database.fetch("select action from audit_event where resource_id = $1", person["id"])
        assert [row["action"] for row in made] == ["client.create"]


class TestWrites:
    def test_the_whole_search_of_an_assigned_client(self, api: Api, coach: Api) -> None:
        person = build.client(coach)
        role = build.opportunity(coach, person["id"], contact_ids=[build.contact(coach)["id"]])
        path = f"/v1/opportunities/{role['id']}"
        first = build.interaction(coach, role["id"], "application", WHEN, visibility="coaches")
        coach.ok(coach.patch(f"/v1/interactions/{first['id']}", {"kind": "outreach"}, version=1))
        coach.ok(coach.patch(path, {"contact_ids": [], "company_name": "Bolt"}, version=1))
        assert coach.delete(f"/v1/interactions/{first['id']}").status_code == 204
        assert coach.delete(path).status_code == 204
        assert coach.ok(coach.post(f"{path}/restore"))["assessment"]["status"] == "not_started"

    def test_an_assistant_records_for_assigned_clients(self, api: Api, coach: Api) -> None:
        person = build.client(coach)
        role = build.opportunity(coach, person["id"])["id"]
        assistant = api.as_role("assistant")
        note = {"kind": "application", "occurred_at": WHEN}
        assert assistant.post(f"/v1/opportunities/{role}/interactions", note).status_code == 404
        assign(api, person, coach, assistant)
        assistant.ok(assistant.post(f"/v1/opportunities/{role}/interactions", note), 201)
        assert api.ok(api.get(f"/v1/opportunities/{role}"))["stage"] == "applied"


class TestImports:
    def test_a_log_of_an_assigned_client_is_imported_and_undone(self, api: Api, coach: Api) -> None:
        person = build.client(coach)
        made = coach.ok(coach.post("/v1/imports", {"client_id": person["id"], **LOG}), 201)
        coach.ok(coach.post(f"/v1/imports/{made['id']}/commit"))
        assert len(ids(coach, "/v1/opportunities")) == 1
        coach.ok(coach.post(f"/v1/imports/{made['id']}/undo"))
        assert ids(coach, "/v1/opportunities") == set()
        assert ids(api, "/v1/companies") == set()

    def test_a_company_that_others_need_by_now_stays_though_they_are_not_seen(self, api: Api, coach: Api) -> None:
        person = build.client(coach)
        made = coach.ok(coach.post("/v1/imports", {"client_id": person["id"], **LOG}), 201)
        coach.ok(coach.post(f"/v1/imports/{made['id']}/commit"))
        build.opportunity(api, company_name="ACME")
        coach.ok(coach.post(f"/v1/imports/{made['id']}/undo"))
        assert [company["name"] for company in coach.walk("/v1/companies")] == ["Acme"]

    def test_those_of_others_are_not_there(self, api: Api, coach: Api) -> None:
        made = api.ok(api.post("/v1/imports", {"client_id": build.client(api)["id"], **LOG}), 201)
        own = coach.ok(coach.post("/v1/imports", {"client_id": build.client(coach)["id"], **LOG}), 201)
        assert ids(coach, "/v1/imports") == {own["id"]}
        for path in ("", "/rows"):
            assert coach.get(f"/v1/imports/{made['id']}{path}").status_code == 404
        for path in ("/commit", "/undo"):
            assert coach.post(f"/v1/imports/{made['id']}{path}").status_code == 404


class TestClientLogins:
    def test_they_see_themselves_whoever_coaches_them(self, api: Api, coach: Api) -> None:
        person = build.client(api, coach_ids=[])
        login = api.as_client(person["id"])
        build.client(api)
        assert ids(login, "/v1/clients") == {person["id"]}
        role = build.opportunity(login, person["id"], company_name="Acme")
        build.interaction(login, role["id"], "application", WHEN)
        assert sum(login.ok(login.get("/v1/queue"))["counts"].values()) == 1
        assert ids(login, "/v1/opportunities") == {role["id"]}
        assert coach.get(f"/v1/opportunities/{role['id']}").status_code == 404

    def test_a_contact_of_a_deleted_opportunity_is_no_longer_theirs(self, api: Api) -> None:
        person = build.client(api)
        contact = build.contact(api)
        role = build.opportunity(api, person["id"], contact_ids=[contact["id"]])
        login = api.as_client(person["id"])
        assert login.get(f"/v1/contacts/{contact['id']}").status_code == 200
        assert login.delete(f"/v1/opportunities/{role['id']}").status_code == 204
        assert login.get(f"/v1/contacts/{contact['id']}").status_code == 404
        body = {"client_id": person["id"], "title": "T", "kind": "gig", "source": "other", "company_name": "X"}
        refused = login.post("/v1/opportunities", {**body, "contact_ids": [contact["id"]]})
        assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/contact_ids/0")
