"""The login of a client, from the invitation to the end."""

import uuid

import pytest

from tests.support import build, doors
from tests.support.api import Api
from tests.support.database import Database


def status_of(api: Api, client_id: str) -> tuple[str, int]:
    client = api.ok(api.get(f"/v1/clients/{client_id}"))
    return client["login_status"], client["version"]


class TestInvite:
    def test_from_none_to_invited_to_active_to_none(self, api: Api, database: Database) -> None:
        client_id = build.client(api, email=doors.address())["id"]
        path = f"/v1/clients/{client_id}/login"
        assert status_of(api, client_id) == ("none", 1)
        response = api.post(path)
        invited = api.ok(response, 201)
        assert (invited["client_id"], invited["login_status"]) == (client_id, "invited")
        assert response.headers["etag"] == '"2"'
        assert status_of(api, client_id) == ("invited", 2)
        doors.accept(api.house, invited["invitation_token"])
        assert status_of(api, client_id) == ("active", 3)
        api.ok(api.delete(path), 204)
        assert status_of(api, client_id) == ("none", 4)
        assert api.delete(path).status_code == 404
        entries = database.fetch(
            "select action, actor_type from audit_event where resource_id = $1 order by id", uuid.UUID(client_id)
        )
        assert [(e["action"], e["actor_type"]) for e in entries] == [
            ("client.create", "member"),
            ("client.login_invite", "member"),
            ("login.accept", "client"),
            ("client.login_revoke", "member"),
        ]

    def test_again_the_token_before_is_void(self, api: Api) -> None:
        first = doors.invite_client(api)
        again = api.ok(api.post(f"/v1/clients/{first['client_id']}/login"), 201)
        answer = doors.ask(api.house, "invitations/accept", token=first["invitation_token"], password=doors.PASSWORD)
        assert answer.json()["code"] == "invalid-token"
        doors.accept(api.house, again["invitation_token"])

    def test_without_an_address_there_is_nothing_to_sign_in_with(self, api: Api) -> None:
        problem = api.ok(api.post(f"/v1/clients/{build.client(api)['id']}/login"), 409)
        assert problem["code"] == "wrong-state"

    def test_one_address_signs_one_person_in(self, api: Api) -> None:
        first = doors.invite_client(api)
        for email in (first["email"], "OWNER@example.com"):
            twin = build.client(api, email=email)
            assert api.ok(api.post(f"/v1/clients/{twin['id']}/login"), 409)["code"] == "wrong-state"
            assert status_of(api, twin["id"]) == ("none", 1)

    def test_an_address_that_was_corrected_makes_the_invitation_void(self, api: Api) -> None:
        invited = doors.invite_client(api)
        path = f"/v1/clients/{invited['client_id']}"
        right = doors.address("right")
        api.ok(api.patch(path, {"email": right}, version=2))
        answer = doors.ask(api.house, "invitations/accept", token=invited["invitation_token"], password=doors.PASSWORD)
        assert answer.json()["code"] == "invalid-token"
        doors.accept(api.house, api.ok(api.post(f"{path}/login"), 201)["invitation_token"])
        assert doors.login(api.house, right)

    @pytest.mark.parametrize("method", ["POST", "DELETE"])
    def test_if_match_is_honoured(self, api: Api, method: str) -> None:
        invited = doors.invite_client(api)
        path = f"/v1/clients/{invited['client_id']}/login"
        assert api.request(method, path, headers={"If-Match": '"1"'}).status_code == 412
        assert api.request(method, path, headers={"If-Match": '"2"'}).status_code in {201, 204}

    def test_coaches_may_and_assistants_clients_and_strangers_may_not(self, api: Api, stranger: Api) -> None:
        coach = api.as_role("coach")
        invited = doors.invite_client(coach)
        path = f"/v1/clients/{invited['client_id']}/login"
        client = api.as_client(invited["client_id"])
        for caller in (api.as_role("assistant"), client):
            for method in ("POST", "DELETE"):
                problem = caller.ok(caller.request(method, path), 403)
                assert problem["code"] == "forbidden-role"
        assert stranger.post(path).status_code == 404
        assert stranger.delete(path).status_code == 404
        assert coach.delete(path).status_code == 204


def test_a_client_sees_and_writes_their_own_search_and_nothing_else(api: Api) -> None:
    client, made = doors.as_client(api, name="Mara Example")
    own_id, other_id = made["client_id"], build.client(api)["id"]
    me = client.ok(client.get("/v1/me"))
    assert (me["type"], me["id"], me["role"], me["name"]) == ("client", own_id, "client", "Mara Example")
    own, other = (build.opportunity(api, i)["id"] for i in (own_id, other_id))
    when = "2026-03-10T09:00:00Z"
    shared = build.interaction(api, own, "application", when)["id"]
    hidden = build.interaction(api, own, "note", when, visibility="coaches")["id"]
    foreign = build.interaction(api, other, "application", when)["id"]

    assert [c["id"] for c in client.walk("/v1/clients")] == [own_id]
    assert [o["id"] for o in client.walk("/v1/opportunities")] == [own]
    assert [i["id"] for i in client.walk(f"/v1/opportunities/{own}/interactions")] == [shared]
    for path in (f"clients/{other_id}", f"opportunities/{other}", f"interactions/{hidden}", f"interactions/{foreign}"):
        assert client.get(f"/v1/{path}").status_code == 404
    for path in ("/v1/members", "/v1/policy"):
        assert client.ok(client.get(path), 403)["code"] == "forbidden-role"

    mine = build.opportunity(client, own_id)["id"]
    wrote = build.interaction(client, mine, "application", when)
    assert wrote["recorded_by"] == {"type": "client", "id": own_id}
    body = {"client_id": other_id, "title": "T", "kind": "gig", "source": "other", "company_name": "C"}
    assert client.ok(client.post("/v1/opportunities", body), 422)["code"] == "unknown-reference"
    note = {"kind": "note", "occurred_at": when}
    assert client.post(f"/v1/opportunities/{other}/interactions", note).status_code == 404
    assert client.patch(f"/v1/opportunities/{other}", {"title": "Taken"}, version=1).status_code == 404
    assert client.patch(f"/v1/clients/{other_id}", {"goals": ["Taken"]}, version=1).status_code == 404


def test_a_revoked_login_ends_with_every_token_and_the_password(api: Api) -> None:
    client, made = doors.as_client(api)
    path = f"/v1/clients/{made['client_id']}/login"
    again = api.ok(api.post(path), 201)
    assert again["login_status"] == "active"
    api.ok(api.delete(path), 204)
    assert not doors.works(client)
    assert doors.ask(api.house, "refresh", refresh_token=made["refresh_token"]).status_code == 401
    assert doors.ask(api.house, "login", email=made["email"], password=doors.PASSWORD).status_code == 401
    for token in (made["invitation_token"], again["invitation_token"]):
        answer = doors.ask(api.house, "invitations/accept", token=token, password=doors.PASSWORD)
        assert answer.json()["code"] == "invalid-token"
    doors.accept(api.house, api.ok(api.post(path), 201)["invitation_token"], "another long password")
    assert doors.login(api.house, made["email"], "another long password")
