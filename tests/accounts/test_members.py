"""Members over HTTP: invited, changed, deactivated, brought back."""

import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.support import doors
from tests.support.api import Api, Clock
from tests.support.database import Database


def actions(database: Database, member_id: str) -> list[str]:
    found = database.fetch(
        "select action from audit_event where resource_id = $1 order by occurred_at, id", uuid.UUID(member_id)
    )
    return [row["action"] for row in found]


class TestInvite:
    def test_an_invited_member_waits_and_the_token_is_shown_once(self, api: Api) -> None:
        body = {"name": "Cora Example", "email": "Cora@Example.COM", "role": "coach"}
        response = api.post("/v1/members", body)
        made = api.ok(response, 201)
        assert made["status"] == "invited"
        assert made["email"] == "Cora@example.com"
        assert made["time_zone"] == "Europe/Berlin"
        assert made["invitation_token"].startswith("cri_")
        assert response.headers["location"] == f"/v1/members/{made['id']}"
        read = api.get(f"/v1/members/{made['id']}")
        assert response.headers["etag"] == read.headers["etag"] == '"1"'
        assert api.ok(read) == {k: v for k, v in made.items() if k != "invitation_token"}

    def test_an_address_belongs_to_one_person_of_a_practice(self, api: Api, stranger: Api) -> None:
        first = doors.invite(api, email="One.Person@example.com")
        body = {"name": "Two", "email": "one.person@EXAMPLE.com", "role": "assistant"}
        problem = api.ok(api.post("/v1/members", body), 409)
        assert (problem["code"], problem["existing_id"]) == ("duplicate", first["id"])
        assert stranger.post("/v1/members", body).status_code == 201

    def test_the_address_of_a_clients_login_is_taken_too(self, api: Api) -> None:
        invited = doors.invite_client(api)
        body = {"name": "Two", "email": invited["email"], "role": "assistant"}
        problem = api.ok(api.post("/v1/members", body), 409)
        assert problem["existing_id"] == invited["client_id"]

    def test_an_id_in_use_is_refused(self, api: Api) -> None:
        body = {"id": api.member_id, "name": "Two", "email": doors.address(), "role": "coach"}
        assert api.ok(api.post("/v1/members", body), 409)["code"] == "id-taken"

    def test_only_owners_make_owners(self, api: Api) -> None:
        admin = api.as_role("admin")
        body = {"name": "Two", "email": doors.address(), "role": "owner"}
        assert admin.ok(admin.post("/v1/members", body), 403)["code"] == "forbidden-role"
        assert api.ok(api.post("/v1/members", body), 201)["role"] == "owner"

    @pytest.mark.parametrize("role", ["coach", "assistant"])
    def test_coaches_and_assistants_read_but_do_not_invite(self, api: Api, role: str) -> None:
        caller = api.as_role(role)
        assert [m["id"] for m in caller.walk("/v1/members")] == [api.member_id, caller.member_id]
        assert caller.ok(caller.get(f"/v1/members/{api.member_id}"))["role"] == "owner"
        body = {"name": "Two", "email": doors.address(), "role": "assistant"}
        assert caller.ok(caller.post("/v1/members", body), 403)["code"] == "forbidden-role"

    @pytest.mark.parametrize("field", ["status", "version", "practice_id", "password"])
    def test_what_the_server_sets_is_unknown(self, api: Api, field: str) -> None:
        body = {"name": "Two", "email": doors.address(), "role": "coach", field: "active"}
        assert api.ok(api.post("/v1/members", body), 422)["errors"][0]["code"] == "unknown-field"


class TestList:
    def test_a_walk_delivers_each_member_once_in_the_order_of_their_coming(
        self, api: Api, stranger: Api, clock: Clock
    ) -> None:
        ids = [api.member_id]
        for _ in range(4):
            clock.forward(minutes=1)
            ids.append(doors.invite(api)["id"])
            doors.invite(stranger)
        assert [m["id"] for m in api.walk("/v1/members", limit=2)] == ids


class TestChange:
    def test_a_change_counts_and_is_recorded(self, api: Api, database: Database) -> None:
        made = doors.invite(api)
        path = f"/v1/members/{made['id']}"
        changed = api.ok(api.patch(path, {"name": "New Example", "time_zone": "UTC", "role": "admin"}, version=1))
        assert (changed["name"], changed["time_zone"], changed["role"], changed["version"]) == (
            "New Example",
            "UTC",
            "admin",
            2,
        )
        assert api.ok(api.patch(path, {"role": "admin"}, version=2))["version"] == 2
        assert actions(database, made["id"]) == ["member.create", "member.update"]
        assert api.patch(path, {"name": "X"}).status_code == 428
        assert api.patch(path, {"name": "X"}, version=1).status_code == 412

    def test_a_new_role_holds_from_the_next_request_on(self, api: Api) -> None:
        coach, made = doors.as_member(api)
        assert coach.get("/v1/audit-events").status_code in {403, 404}
        api.ok(api.patch(f"/v1/members/{made['id']}", {"role": "assistant"}, version=2))
        me = coach.ok(coach.get("/v1/me"))
        assert me["role"] == "assistant"
        assert "clients:write" not in me["scopes"]

    def test_a_new_address_is_the_one_to_sign_in_with(self, api: Api) -> None:
        _, made = doors.as_member(api)
        new = doors.address("renamed")
        api.ok(api.patch(f"/v1/members/{made['id']}", {"email": new}, version=2))
        assert doors.ask(api.house, "login", email=made["email"], password=doors.PASSWORD).status_code == 401
        assert doors.login(api.house, new)

    def test_an_address_that_somebody_else_has_is_refused(self, api: Api) -> None:
        first, second = doors.invite(api), doors.invite(api)
        problem = api.ok(api.patch(f"/v1/members/{second['id']}", {"email": first["email"]}, version=1), 409)
        assert (problem["code"], problem["existing_id"]) == ("duplicate", first["id"])

    def test_an_invitation_to_an_address_that_was_wrong_is_void(self, api: Api) -> None:
        made = doors.invite(api)
        api.ok(api.patch(f"/v1/members/{made['id']}", {"email": doors.address()}, version=1))
        answer = doors.ask(api.house, "invitations/accept", token=made["invitation_token"], password=doors.PASSWORD)
        assert (answer.status_code, answer.json()["code"]) == (401, "invalid-token")

    def test_an_admin_neither_changes_nor_makes_owners(self, api: Api) -> None:
        admin = api.as_role("admin")
        for member_id, body in (
            (api.member_id, {"name": "Owned"}),
            (api.member_id, {"role": "coach"}),
            (admin.member_id, {"role": "owner"}),
        ):
            problem = admin.ok(admin.patch(f"/v1/members/{member_id}", body, version=1), 403)
            assert problem["code"] == "forbidden-role"
        for act in ("deactivate", "invite"):
            assert admin.post(f"/v1/members/{api.member_id}/{act}").status_code == 403

    def test_the_last_active_owner_stays_one(self, api: Api) -> None:
        path = f"/v1/members/{api.member_id}"
        invited = doors.invite(api, "owner")
        for response in (api.patch(path, {"role": "admin"}, version=1), api.post(f"{path}/deactivate")):
            assert api.ok(response, 409)["code"] == "last-owner"
        doors.accept(api.house, invited["invitation_token"])
        assert api.ok(api.patch(path, {"role": "admin"}, version=1))["role"] == "admin"

    def test_two_owners_who_demote_each_other_at_once_leave_one(self, api: Api) -> None:
        other = api.as_role("owner")

        def demote(target: Api) -> int:
            return api.patch(f"/v1/members/{target.member_id}", {"role": "admin"}, version=1).status_code

        with ThreadPoolExecutor(2) as pool:
            assert 200 in list(pool.map(demote, (api, other)))
        roles = [m["role"] for m in api.walk("/v1/members")]
        assert sorted(roles) == ["admin", "owner"]

    def test_a_strangers_member_is_not_there(self, api: Api, stranger: Api) -> None:
        path = f"/v1/members/{stranger.member_id}"
        assert api.get(path).status_code == 404
        assert api.patch(path, {"name": "X"}, version=1).status_code == 404
        assert api.post(f"{path}/deactivate").status_code == 404
        assert api.post(f"{path}/invite").status_code == 404


class TestDeactivate:
    def test_everything_a_member_could_come_in_with_ends_at_once(self, api: Api, database: Database) -> None:
        coach, made = doors.as_member(api)
        key = api.as_role("coach")
        for member_id in (made["id"], key.member_id):
            assert api.ok(api.post(f"/v1/members/{member_id}/deactivate"))["status"] == "deactivated"
        assert not doors.works(coach)
        assert not doors.works(key)
        assert doors.ask(api.house, "login", email=made["email"], password=doors.PASSWORD).status_code == 401
        assert doors.ask(api.house, "refresh", refresh_token=made["refresh_token"]).status_code == 401
        assert actions(database, made["id"])[-1] == "member.deactivate"

    def test_the_open_invitation_ends_too(self, api: Api) -> None:
        made = doors.invite(api)
        api.ok(api.post(f"/v1/members/{made['id']}/deactivate"))
        answer = doors.ask(api.house, "invitations/accept", token=made["invitation_token"], password=doors.PASSWORD)
        assert answer.json()["code"] == "invalid-token"

    def test_again_changes_nothing(self, api: Api, database: Database) -> None:
        made = doors.invite(api)
        path = f"/v1/members/{made['id']}/deactivate"
        assert [api.ok(api.post(path))["version"] for _ in range(2)] == [2, 2]
        assert actions(database, made["id"]) == ["member.create", "member.deactivate"]

    def test_it_honours_if_match(self, api: Api) -> None:
        made = doors.invite(api)
        path = f"/v1/members/{made['id']}/deactivate"
        assert api.post(path, headers={"If-Match": '"7"'}).status_code == 412
        assert api.post(path, headers={"If-Match": '"1"'}).status_code == 200


class TestInviteAgain:
    def test_the_token_before_is_void(self, api: Api) -> None:
        made = doors.invite(api)
        again = api.ok(api.post(f"/v1/members/{made['id']}/invite"))
        assert (again["status"], again["version"]) == ("invited", 1)
        answer = doors.ask(api.house, "invitations/accept", token=made["invitation_token"], password=doors.PASSWORD)
        assert answer.json()["code"] == "invalid-token"
        doors.accept(api.house, again["invitation_token"])
        assert doors.login(api.house, made["email"])

    def test_whoever_comes_back_gets_a_new_password_and_no_old_key(self, api: Api, database: Database) -> None:
        _, made = doors.as_member(api)
        key = api.as_role("coach")
        for member_id in (made["id"], key.member_id):
            api.ok(api.post(f"/v1/members/{member_id}/deactivate"))
        back = api.ok(api.post(f"/v1/members/{made['id']}/invite"))
        assert back["status"] == "invited"
        assert doors.ask(api.house, "login", email=made["email"], password=doors.PASSWORD).status_code == 401
        doors.accept(api.house, back["invitation_token"], "another long password")
        assert doors.login(api.house, made["email"], "another long password")
        doors.accept(api.house, api.ok(api.post(f"/v1/members/{key.member_id}/invite"))["invitation_token"])
        assert not doors.works(key)
        assert actions(database, made["id"])[-2:] == ["member.invite", "login.accept"]

    def test_an_active_member_keeps_the_password_until_the_new_one_is_chosen(self, api: Api) -> None:
        coach, made = doors.as_member(api)
        again = api.ok(api.post(f"/v1/members/{made['id']}/invite"))
        assert again["status"] == "active"
        assert doors.login(api.house, made["email"])
        doors.accept(api.house, again["invitation_token"], "another long password")
        assert not doors.works(coach)
        assert doors.ask(api.house, "login", email=made["email"], password=doors.PASSWORD).status_code == 401
