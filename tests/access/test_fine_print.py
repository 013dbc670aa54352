"""What a scope alone does not say: the named fields, the own queue, the interactions only (API.md sections 3 and 5)."""

import uuid
from typing import Any

import pytest

from tests.access import callers
from tests.support import build
from tests.support.api import Api

OWN_FIELDS: dict[str, Any] = {
    "time_zone": "America/New_York",
    "region": "DE-BE",
    "employment_status": "freelance",
    "hours_free_per_week": 12,
    "goals": ["Four days a week"],
    "target_titles": ["Head of Design"],
}
COACHES_FIELDS: dict[str, Any] = {"name": "Mara Example", "email": "new@example.com", "coach_ids": [], "archived": True}


@pytest.fixture
def client(api: Api) -> Api:
    """A client of the practice, signed in; another one is there too."""
    build.opportunity(api)
    return callers.as_client(api)


@pytest.fixture
def assistant(api: Api) -> Api:
    return api.as_role("assistant").signed_in()


def me(client: Api) -> str:
    return f"/v1/clients/{client.member_id}"


def change(client: Api, changes: dict[str, Any]) -> Any:
    """Send a change of the client's own record as it is now."""
    return client.patch(me(client), changes, version=client.ok(client.get(me(client)))["version"])


class TestClientsOwnRecord:
    @pytest.mark.parametrize("name", OWN_FIELDS)
    def test_each_named_field_is_theirs_to_change(self, client: Api, name: str) -> None:
        changed = client.ok(change(client, {name: OWN_FIELDS[name]}))
        assert changed[name] == OWN_FIELDS[name]

    @pytest.mark.parametrize("name", COACHES_FIELDS)
    @pytest.mark.parametrize("among", [{}, OWN_FIELDS], ids=["alone", "among_their_own"])
    def test_every_other_field_is_the_coachs(self, api: Api, client: Api, name: str, among: dict[str, Any]) -> None:
        before = api.ok(api.get(me(client)))
        refused = change(client, {**among, name: COACHES_FIELDS[name]})
        assert client.ok(refused, 403)["code"] == "forbidden-role"
        assert api.ok(api.get(me(client))) == before

    def test_a_field_of_the_coachs_is_refused_even_unchanged(self, client: Api) -> None:
        name = client.ok(client.get(me(client)))["name"]
        assert client.ok(change(client, {"name": name}), 403)["code"] == "forbidden-role"

    def test_the_fields_of_another_client_are_not_there(self, api: Api, client: Api) -> None:
        other = build.client(api)
        path = f"/v1/clients/{other['id']}"
        assert client.ok(client.patch(path, {"region": "US"}, version=1), 404)["code"] == "not-found"
        assert client.get(path).status_code == 404
        assert api.ok(api.get(path)) == other

    def test_they_find_nobody_but_themselves(self, client: Api) -> None:
        assert [found["id"] for found in client.walk("/v1/clients")] == [client.member_id]

    def test_they_take_nobody_on(self, client: Api) -> None:
        body = {"name": "Friend", "time_zone": "UTC", "employment_status": "student"}
        assert client.ok(client.post("/v1/clients", body), 403)["code"] == "forbidden-role"


class TestClientsView:
    @pytest.mark.parametrize("path", ["/v1/policy", "/v1/policy/versions", "/v1/members", "/v1/audit-events"])
    def test_the_practices_own_papers_are_not_for_clients(self, client: Api, path: str) -> None:
        assert client.ok(client.get(path), 403)["code"] == "forbidden-role"

    def test_the_practice_itself_they_may_know(self, client: Api) -> None:
        assert client.ok(client.get("/v1/practice"))["id"] == client.practice_id
        said = client.ok(client.get("/v1/me"))
        assert (said["type"], said["id"], said["role"]) == ("client", client.member_id, "client")

    @pytest.mark.parametrize("params", [{"scope": "mine"}, {"scope": "practice"}, {"coach_id": str(uuid.uuid4())}])
    def test_the_queue_takes_neither_scope_nor_coach(self, client: Api, params: dict[str, str]) -> None:
        assert client.ok(client.get("/v1/queue", params=params), 403)["code"] == "forbidden-role"

    def test_the_queue_holds_their_own_work(self, api: Api, client: Api) -> None:
        own = build.opportunity(api, client.member_id)
        build.interaction(api, own["id"], "request", "2026-03-16T09:00:00Z")
        other = build.opportunity(api)
        build.interaction(api, other["id"], "request", "2026-03-16T09:00:00Z")
        items = client.walk("/v1/queue")
        assert [item["opportunity"]["id"] for item in items] == [own["id"]]

    def test_a_simulation_stands_under_the_practices_policy(self, api: Api, client: Api) -> None:
        body = {"time_zone": "UTC", "timeline": [{"kind": "application", "occurred_at": "2026-03-02T12:00:00Z"}]}
        assert client.ok(client.post("/v1/simulations", body)) == api.ok(api.post("/v1/simulations", body))


class TestAssistantsWriting:
    def test_it_reaches_interactions(self, api: Api, assistant: Api) -> None:
        opportunity = build.opportunity(api)["id"]
        made = build.interaction(assistant, opportunity, "application", "2026-03-02T12:00:00Z")
        path = f"/v1/interactions/{made['id']}"
        assistant.ok(assistant.patch(path, {"summary": "By e-mail"}, version=1))
        assistant.ok(assistant.delete(path), 204)

    def test_it_reaches_nothing_else(self, api: Api, assistant: Api) -> None:
        made = build.everything(api, "Kept Example")
        assert "pipeline:write" in assistant.ok(assistant.get("/v1/me"))["scopes"]
        for kind in ("companies", "contacts", "opportunities"):
            path = f"/v1/{kind}/{made[kind]}"
            before = api.ok(api.get(path))
            changes = {"title" if kind == "opportunities" else "name": "Changed"}
            for refused in (
                assistant.patch(path, changes, version=1),
                assistant.delete(path),
                assistant.post(f"/v1/{kind}", {}),
            ):
                assert assistant.ok(refused, 403)["code"] == "forbidden-role"
            assert api.ok(api.get(path)) == before
