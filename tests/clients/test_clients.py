"""Clients over HTTP."""

import uuid

import pytest

from tests.support import build
from tests.support.api import Api, Clock
from tests.support.database import Database
from tests.support.statements import held


class TestCreate:
    def test_a_client_is_coached_by_whoever_takes_them_on(self, api: Api) -> None:
        response = api.post(
            "/v1/clients", {"name": "Ana Example", "time_zone": "Europe/Berlin", "employment_status": "employed"}
        )
        made = api.ok(response, 201)
        assert made["coach_ids"] == [api.member_id]
        assert made["version"] == 1
        assert response.headers["etag"] == '"1"'
        assert response.headers["location"] == f"/v1/clients/{made['id']}"

    def test_the_callers_own_id_is_kept(self, api: Api) -> None:
        own = str(uuid.uuid4())
        assert build.client(api, id=own.upper())["id"] == own

    def test_an_id_in_use_is_refused_and_the_first_record_stays(self, api: Api) -> None:
        first = build.client(api, name="First Example")
        body = {"id": first["id"], "name": "Second", "time_zone": "UTC", "employment_status": "student"}
        assert api.ok(api.post("/v1/clients", body), 409)["code"] == "id-taken"
        assert api.ok(api.get(f"/v1/clients/{first['id']}"))["name"] == "First Example"

    def test_an_id_of_another_practice_is_like_an_unused_one(self, api: Api, stranger: Api) -> None:
        theirs = build.client(stranger)
        assert build.client(api, id=theirs["id"])["id"] == theirs["id"]

    def test_unknown_deactivated_and_foreign_coaches_are_named(
        self, api: Api, stranger: Api, database: Database
    ) -> None:
        gone = api.as_role("coach")
        database.execute("update member set status = 'deactivated' where id = $1", uuid.UUID(gone.member_id))
        body = {
            "name": "Ana",
            "time_zone": "UTC",
            "employment_status": "employed",
            "coach_ids": [api.member_id, stranger.member_id, gone.member_id],
        }
        problem = api.ok(api.post("/v1/clients", body), 422)
        assert problem["code"] == "unknown-reference"
        assert [fault["pointer"] for fault in problem["errors"]] == ["/coach_ids/1", "/coach_ids/2"]

    @pytest.mark.parametrize("field", ["practice_id", "version", "login_status", "created_at"])
    def test_a_field_that_the_server_sets_is_unknown_on_input(self, api: Api, field: str) -> None:
        body = {"name": "Ana", "time_zone": "UTC", "employment_status": "employed", field: 1}
        problem = api.ok(api.post("/v1/clients", body), 422)
        assert problem["errors"][0]["code"] == "unknown-field"
        assert problem["errors"][0]["pointer"] == f"/{field}"

    def test_an_assistant_may_not_take_clients_on(self, api: Api) -> None:
        body = {"name": "Ana", "time_zone": "UTC", "employment_status": "employed"}
        assert api.ok(api.as_role("assistant").post("/v1/clients", body), 403)["code"] == "forbidden-role"


class TestRead:
    def test_a_version_already_held_is_not_sent_again(self, api: Api) -> None:
        made = build.client(api)
        response = api.get(f"/v1/clients/{made['id']}", headers={"If-None-Match": '"1"'})
        assert response.status_code == 304

    def test_missing_malformed_and_foreign_ids_are_the_same_404(self, api: Api, stranger: Api) -> None:
        ids = [build.client(stranger)["id"], str(uuid.uuid4()), "1", f"{{{uuid.uuid4()}}}"]
        problems = [api.ok(api.get(f"/v1/clients/{i}"), 404) for i in ids]
        assert len({tuple(sorted((k, str(v)) for k, v in p.items() if k != "instance")) for p in problems}) == 1


class TestChange:
    def test_a_change_counts_in_the_version(self, api: Api, clock: Clock) -> None:
        made = build.client(api, region="DE-BY")
        clock.forward(hours=1)
        changed = api.ok(api.patch(f"/v1/clients/{made['id']}", {"name": "New Name", "region": None}, version=1), 200)
        assert (changed["name"], changed["region"], changed["version"]) == ("New Name", None, 2)
        assert changed["updated_at"] > made["updated_at"]

    def test_it_does_not_wait_for_who_adds_something_of_theirs(self, api: Api, database: Database) -> None:
        # Who does may hold an opportunity, which a new calendar then waits for.
        made = build.client(api)
        with held(database, "select from client where id = $1 for key share", made["id"]):
            assert api.patch(f"/v1/clients/{made['id']}", {"name": "Bea"}, version=1).status_code == 200

    def test_what_changes_nothing_leaves_no_trace(self, api: Api, database: Database) -> None:
        made = build.client(api)
        assert api.ok(api.patch(f"/v1/clients/{made['id']}", {"name": made["name"]}, version=1))["version"] == 1
        actions = database.fetch("select action from audit_event where resource_id = $1", uuid.UUID(made["id"]))
        assert [row["action"] for row in actions] == ["client.create"]

    def test_without_if_match_it_is_428_and_with_an_old_one_412(self, api: Api) -> None:
        path = f"/v1/clients/{build.client(api)['id']}"
        assert api.patch(path, {"name": "A"}).status_code == 428
        api.ok(api.patch(path, {"name": "B"}, version=1))
        stale = api.patch(path, {"name": "C"}, version=1)
        assert stale.status_code == 412
        assert stale.headers["etag"] == '"2"'

    def test_an_empty_patch_and_null_on_a_required_field_are_refused(self, api: Api) -> None:
        path = f"/v1/clients/{build.client(api)['id']}"
        assert api.ok(api.patch(path, {}, version=1), 422)["errors"][0]["code"] == "empty"
        assert api.ok(api.patch(path, {"name": None}, version=1), 422)["errors"][0]["code"] == "not-nullable"

    def test_coaches_are_replaced_whole(self, api: Api) -> None:
        made = build.client(api)
        others = [api.as_role("coach").member_id, api.as_role("coach").member_id]
        changed = api.ok(api.patch(f"/v1/clients/{made['id']}", {"coach_ids": others}, version=1))
        assert changed["coach_ids"] == others


class TestList:
    def test_archived_clients_are_listed_only_on_request(self, api: Api, stranger: Api) -> None:
        current, archived = build.client(api), build.client(api, archived=True)
        build.client(stranger)
        assert [c["id"] for c in api.walk("/v1/clients")] == [current["id"]]
        assert [c["id"] for c in api.walk("/v1/clients", archived="true")] == [archived["id"]]

    def test_q_finds_part_of_a_name_whatever_its_case_and_accents(self, api: Api, stranger: Api) -> None:
        found = build.client(api, name="Renée Müller_100%")
        build.client(api, name="Rene Miller")
        build.client(stranger, name="Renée Müller_100%")
        for q in ("MULLER", "née m", "_100%", "müller"):
            assert [c["id"] for c in api.walk("/v1/clients", q=q)] == [found["id"]], q

    def test_coach_id_keeps_the_clients_of_one_coach(self, api: Api) -> None:
        coach = api.as_role("coach").member_id
        theirs = build.client(api, coach_ids=[coach])
        build.client(api)
        assert [c["id"] for c in api.walk("/v1/clients", coach_id=coach)] == [theirs["id"]]

    @pytest.mark.parametrize("field", ["name", "created_at", "updated_at"])
    def test_a_walk_delivers_each_client_once_in_order(self, api: Api, clock: Clock, field: str) -> None:
        for name in ("Bea", "ana", "Ána", "Cyd", "Bea"):
            build.client(api, name=name)
            clock.forward(minutes=1)
        up = api.walk("/v1/clients", sort=field, limit=2)
        down = api.walk("/v1/clients", sort=f"-{field}", limit=2)
        assert len({c["id"] for c in up}) == len({c["id"] for c in down}) == 5
        if field == "name":
            assert [c["name"].casefold()[0] for c in up] == ["a", "á", "b", "b", "c"]
        else:
            assert [c["id"] for c in down] == [c["id"] for c in up][::-1]

    def test_a_cursor_of_other_filters_sorts_or_practices_is_refused(self, api: Api, stranger: Api) -> None:
        for _ in range(3):
            build.client(api)
        cursor = api.ok(api.get("/v1/clients", params={"limit": 1}))["next_cursor"]
        for caller, params in ((api, {"sort": "-name"}), (api, {"archived": "true"}), (stranger, {})):
            problem = caller.ok(caller.get("/v1/clients", params={"cursor": cursor, **params}), 400)
            assert problem["code"] == "invalid-cursor"
        assert len(api.ok(api.get("/v1/clients", params={"cursor": cursor, "limit": 200}))["items"]) == 2
