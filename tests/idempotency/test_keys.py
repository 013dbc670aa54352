"""What a key is good for: whose it is, for which request, for how long, and what is never kept."""

import uuid

import pytest
from pydantic import SecretStr

from tests.access.callers import with_key
from tests.idempotency.keyed import NOTE, PERSON, code, is_replay, post
from tests.support import api as support
from tests.support import build
from tests.support.api import Api, Clock, House
from tests.support.database import Database, Server
from tests.support.statements import sent


def names(api: Api) -> list[str]:
    return [client["name"] for client in api.walk("/v1/clients")]


class TestWhoseItIs:
    def test_another_credential_of_the_same_member_finds_it(self, api: Api, database: Database) -> None:
        made = api.ok(post(api, "/v1/clients", PERSON), 201)
        for other in (api.signed_in(), with_key(api, database, ["clients:write"])):
            again = post(other, "/v1/clients", PERSON)
            assert is_replay(again)
            assert again.json() == made

    def test_nobody_else_does(self, api: Api, stranger: Api) -> None:
        client = api.as_client(build.client(api)["id"])
        opportunity = build.opportunity(api, api.walk("/v1/clients")[0]["id"])["id"]
        path = f"/v1/opportunities/{opportunity}/interactions"
        callers = [api, api.as_role("owner"), api.as_role("coach"), client]
        answers = [post(caller, path, NOTE) for caller in callers]
        assert [answer.status_code for answer in answers] == [201] * len(callers)
        assert len({answer.json()["id"] for answer in answers}) == len(callers)
        assert len(api.walk(path)) == len(callers)
        for caller in (api, stranger):
            assert not is_replay(post(caller, "/v1/clients", PERSON))

    def test_another_path_is_another_request(self, api: Api) -> None:
        first, second = build.opportunity(api)["id"], build.opportunity(api)["id"]
        for one in (first, second):
            path = f"/v1/opportunities/{one}/interactions"
            assert not is_replay(post(api, path, NOTE))
            assert is_replay(post(api, path, NOTE))
            assert len(api.walk(path)) == 1

    def test_one_record_is_one_path_however_its_id_is_spelled(self, api: Api) -> None:
        made = build.opportunity(api)["id"]
        for spelled in (made, made.upper(), made.capitalize(), made[:-1] + f"%{ord(made[-1]):X}"):
            post(api, f"/v1/opportunities/{spelled}/interactions", NOTE)
        assert len(api.walk(f"/v1/opportunities/{made}/interactions")) == 1

    def test_only_a_post_has_one(self, api: Api) -> None:
        made = build.client(api)
        path, headers = f"/v1/clients/{made['id']}", {"Idempotency-Key": "k"}
        assert not is_replay(api.patch(path, {"name": "B"}, version=1, headers=headers))
        assert api.patch(path, {"name": "C"}, version=1, headers=headers).status_code == 412
        assert not is_replay(api.get(path, headers=headers))


class TestWhatIsSent:
    @pytest.mark.parametrize("tail", [b" ", b"\n", b""])
    def test_every_byte_counts(self, api: Api, tail: bytes) -> None:
        body, json_type = b'{"name":"Firm"}', {"Content-Type": "application/json", "Idempotency-Key": "k"}
        first = api.request("POST", "/v1/companies", content=body, headers=json_type)
        assert first.status_code == 201
        again = api.request("POST", "/v1/companies", content=body + tail, headers=json_type)
        if tail:
            assert code(again) == (422, "idempotency-key-reused")
        else:
            assert again.content == first.content

    def test_a_body_that_is_not_valid_is_told_so_first(self, api: Api) -> None:
        api.ok(post(api, "/v1/clients", PERSON), 201)
        assert code(post(api, "/v1/clients", {**PERSON, "name": ""})) == (422, "validation-failed")
        assert code(post(api, "/v1/clients?x=1", PERSON)) == (422, "validation-failed")

    def test_a_precondition_that_held_then_is_not_asked_again(self, api: Api) -> None:
        made = build.opportunity(api)["id"]
        api.ok(api.delete(f"/v1/opportunities/{made}"), 204)
        path, tag = f"/v1/opportunities/{made}/restore", {"If-Match": '"2"'}
        first = post(api, path, headers=tag)
        assert first.status_code == 200, first.text
        again = post(api, path, headers=tag)
        assert (again.content, again.headers["etag"]) == (first.content, first.headers["etag"])
        assert post(api, path, key="other", headers=tag).status_code == 412

    @pytest.mark.parametrize("key", ["", " ", "a b", "é", "x" * 256])
    def test_a_malformed_key_is_refused(self, api: Api, key: str) -> None:
        answer = api.post("/v1/clients", PERSON, headers={"Idempotency-Key": key.encode()})
        assert code(answer) == (400, "malformed-header")
        assert names(api) == []

    def test_the_longest_key_is_not(self, api: Api) -> None:
        assert post(api, "/v1/clients", PERSON, key="!~" * 127 + "x").status_code == 201


class TestHowLong:
    def test_seven_days(self, api: Api, clock: Clock) -> None:
        api.ok(post(api, "/v1/clients", PERSON), 201)
        clock.forward(days=7, seconds=-1)
        assert is_replay(post(api, "/v1/clients", PERSON))
        clock.forward(seconds=1)
        assert not is_replay(post(api, "/v1/clients", {**PERSON, "name": "Later"}))
        assert is_replay(post(api, "/v1/clients", {**PERSON, "name": "Later"}))
        assert sorted(names(api)) == ["Client Example", "Later"]

    def test_a_replay_shows_what_was_not_what_is(self, api: Api) -> None:
        made = api.ok(post(api, "/v1/clients", PERSON), 201)
        api.ok(api.patch(f"/v1/clients/{made['id']}", {"name": "Renamed"}, version=1))
        again = post(api, "/v1/clients", PERSON)
        assert (again.json(), again.headers["etag"]) == (made, '"1"')

    def test_writers_clear_up_what_is_out_of_date(self, api: Api, clock: Clock, database: Database) -> None:
        count = "select count(*) from kept_answer where practice_id = $1"
        for number in range(12):
            post(api, "/v1/companies", {"name": f"Firm {number}"}, key=str(number))
        assert database.value(count, api.practice_id) == 12
        clock.forward(days=7)
        for later, left in (("20", 3), ("21", 2)):
            post(api, "/v1/companies", {"name": f"Firm {later}"}, key=later)
            assert database.value(count, api.practice_id) == left


class TestWhatIsNotKept:
    def test_a_refusal(self, api: Api) -> None:
        made = build.client(api)["id"]
        taken = {**PERSON, "id": made}
        assert code(post(api, "/v1/clients", taken)) == (409, "id-taken")
        free = {**PERSON, "id": str(uuid.uuid4())}
        assert not is_replay(post(api, "/v1/clients", free))

    def test_an_answer_without_a_key(self, api: Api, database: Database) -> None:
        api.ok(api.post("/v1/clients", PERSON), 201)
        assert not database.value("select count(*) from kept_answer where practice_id = $1", api.practice_id)


class TestWhoMayNotAnyMore:
    def test_whoever_lost_the_role_is_refused_first(self, api: Api) -> None:
        admin = api.as_role("admin")
        company = {"name": "Firm"}
        api.ok(post(admin, "/v1/companies", company), 201)
        api.ok(api.patch(f"/v1/members/{admin.member_id}", {"role": "assistant"}, version=1))
        assert code(post(admin, "/v1/companies", company)) == (403, "forbidden-role")

    def test_whoever_lost_the_client_is_told_nothing(self, api: Api) -> None:
        coach, person = api.as_role("coach"), build.client(api)
        api.ok(api.patch(f"/v1/clients/{person['id']}", {"coach_ids": [coach.member_id]}, version=1))
        api.ok(api.patch("/v1/practice", {"coach_access": "assigned"}, version=1))
        on = build.opportunity(coach, person["id"])["id"]
        path = f"/v1/opportunities/{on}/interactions"
        draft = {"client_id": person["id"], "title": "T", "kind": "gig", "source": "other", "company_name": "C"}
        link = {"picture": "client_search", "id": person["id"]}
        flat = (("/v1/opportunities", draft), ("/v1/picture-links", link))
        for one, body in ((path, NOTE), (f"{path}/batch", {"items": [NOTE]})):
            api.ok(post(coach, one, body), 201)
            assert is_replay(post(coach, one, body))
        for one, body in flat:
            assert post(coach, one, body).is_success
            assert is_replay(post(coach, one, body))
        api.ok(api.patch(f"/v1/clients/{person['id']}", {"coach_ids": [api.member_id]}, version=2))
        for one, body in ((path, NOTE), (f"{path}/batch", {"items": [NOTE]})):
            assert code(post(coach, one, body)) == (404, "not-found")
        for one, body in flat:
            assert code(post(coach, one, body)) == (409, "wrong-state")
        assert len(api.walk(path)) == 2

    def test_a_note_for_coaches_is_hidden_from_whoever_is_none_any_more(self, api: Api) -> None:
        coach = api.as_role("coach")
        path = f"/v1/opportunities/{build.opportunity(api)['id']}/interactions"
        secret = {**NOTE, "visibility": "coaches"}
        batch = {"items": [secret]}
        for one, body in ((path, secret), (f"{path}/batch", batch)):
            api.ok(post(coach, one, body), 201)
        api.ok(post(coach, path, NOTE, key="shared"), 201)
        api.ok(api.patch(f"/v1/members/{coach.member_id}", {"role": "assistant"}, version=1))
        for one, body in ((path, secret), (f"{path}/batch", batch)):
            assert code(post(coach, one, body)) == (404, "not-found")
        assert is_replay(post(coach, path, NOTE, key="shared"))

    def test_a_coach_who_made_a_client_for_a_colleague_is_answered(self, api: Api) -> None:
        coach, body = api.as_role("coach"), {**PERSON, "coach_ids": [api.member_id]}
        api.ok(api.patch("/v1/practice", {"coach_access": "assigned"}, version=1))
        made = api.ok(post(coach, "/v1/clients", body), 201)
        assert coach.get(f"/v1/clients/{made['id']}").status_code == 404
        assert is_replay(post(coach, "/v1/clients", body))

    def test_what_was_deleted_since_does_not_come_back_and_is_answered(self, api: Api) -> None:
        made = api.ok(post(api, "/v1/companies", {"name": "Firm"}), 201)
        api.ok(api.delete(f"/v1/companies/{made['id']}"), 204)
        assert post(api, "/v1/companies", {"name": "Firm"}).json() == made
        assert api.walk("/v1/companies") == []


class TestErased:
    def test_nobody_is_brought_back_by_a_retry(self, api: Api, database: Database) -> None:
        made = api.ok(post(api, "/v1/clients", PERSON), 201)
        on = build.opportunity(api, made["id"])["id"]
        path = f"/v1/opportunities/{on}/interactions"
        api.ok(post(api, path, NOTE), 201)
        link = {"picture": "client_search", "id": made["id"]}
        api.ok(post(api, "/v1/picture-links", link))
        kept = api.ok(post(api, "/v1/clients", {**PERSON, "name": "Other"}, key="other"), 201)
        api.ok(api.delete(f"/v1/clients/{made['id']}"), 204)
        for one, body in (("/v1/clients", PERSON), ("/v1/picture-links", link)):
            assert code(post(api, one, body)) == (409, "wrong-state")
        assert names(api) == ["Other"]
        assert post(api, "/v1/clients", {**PERSON, "name": "Other"}, key="other").json() == kept
        rows = database.fetch("select about, sealed from kept_answer where practice_id = $1", api.practice_id)
        assert sorted(len(row["about"]) for row in rows) == [0, 0, 0, 1]
        assert sorted(row["sealed"] is None for row in rows) == [False, True, True, True]

    def test_what_they_were_answered_goes_with_them(self, api: Api, database: Database) -> None:
        person = build.client(api)["id"]
        hers = api.as_client(person)
        draft = {"timeline": [], "time_zone": "UTC"}
        hers.ok(post(hers, "/v1/simulations", draft))
        count = "select count(*) from kept_answer where caller_id = $1"
        assert database.value(count, person) == 1
        api.ok(api.delete(f"/v1/clients/{person}"), 204)
        assert database.value(count, person) == 0


def test_an_answer_of_a_service_with_another_secret_is_not_done_again(
    api: Api, server: Server, database_name: str
) -> None:
    api.ok(post(api, "/v1/clients", PERSON), 201)
    with support.running(server.url(database_name, "crickets_app"), secret_key=SecretStr("rotated")) as house:
        house.clock.now = api.house.clock.now
        moved = Api(house, api.key, api.practice_id, api.member_id, api.role)
        assert code(post(moved, "/v1/clients", PERSON)) == (409, "wrong-state")
        assert not is_replay(post(moved, "/v1/clients", PERSON, key="new"))
    assert len(names(api)) == 2


def test_two_workers_give_the_same_answer(api: Api, server: Server, database_name: str) -> None:
    made = api.ok(post(api, "/v1/clients", PERSON), 201)
    with support.running(server.url(database_name, "crickets_app")) as house:
        house.clock.now = api.house.clock.now
        other = Api(house, api.key, api.practice_id, api.member_id, api.role)
        assert post(other, "/v1/clients", PERSON).json() == made


def test_it_costs_one_look_and_one_write(house: House, api: Api) -> None:
    counts = []
    for key in ({}, {"Idempotency-Key": "k"}):
        with sent(house) as statements:
            assert api.post("/v1/clients", PERSON, headers=key).status_code == 201
        counts.append(len(statements))
    assert counts[1] - counts[0] == 2
