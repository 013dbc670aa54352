"""Signing in: one answer for every failure, and a token that is its member."""

import uuid

import pytest
from argon2 import PasswordHasher

from tests.support import doors
from tests.support.api import Api, Clock
from tests.support.database import Database


def refused(api: Api, email: str, password: str = doors.PASSWORD, **more: str) -> tuple[int, str, str]:
    """Return what a failing sign-in is told, without the id of the request."""
    answer = doors.ask(api.house, "login", email=email, password=password, **more)
    headers = {k: v for k, v in answer.headers.items() if k not in {"request-id", "ratelimit"}}
    return answer.status_code, answer.text.replace(answer.headers["request-id"], "…"), repr(headers)


class TestSuccess:
    def test_the_access_token_is_the_member_with_every_scope_of_the_role(self, api: Api) -> None:
        for role in ("owner", "admin", "coach", "assistant"):
            member, made = doors.as_member(api, role)
            me = member.ok(member.get("/v1/me"))
            assert (me["type"], me["id"], me["role"]) == ("member", made["id"], role)
            key = api.as_role(role)
            assert me["scopes"] == key.ok(key.get("/v1/me"))["scopes"]

    def test_the_tokens_are_of_their_kinds(self, api: Api) -> None:
        _, made = doors.as_member(api)
        assert made["access_token"].startswith("cra_")
        assert made["refresh_token"].startswith("crr_")
        assert (made["token_type"], made["expires_in"]) == ("Bearer", 3600)

    def test_the_address_is_compared_without_case_and_the_password_is_not(self, api: Api) -> None:
        _, made = doors.as_member(api)
        assert doors.login(api.house, made["email"].upper())
        assert refused(api, made["email"], doors.PASSWORD.upper())[0] == 401

    def test_a_password_is_the_same_however_its_characters_are_composed(self, api: Api) -> None:
        made = doors.invite(api)
        doors.accept(api.house, made["invitation_token"], "Ångström ﬁnger e\u0301té")
        assert doors.login(api.house, made["email"], "A\u030angstro\u0308m finger été")

    def test_an_hour_later_the_access_token_has_expired(self, api: Api, clock: Clock) -> None:
        member, _ = doors.as_member(api)
        clock.forward(minutes=59, seconds=59)
        assert doors.works(member)
        clock.forward(seconds=1)
        assert member.ok(member.get("/v1/me"), 401)["code"] == "expired-token"

    def test_a_hash_of_former_parameters_is_replaced(self, api: Api, database: Database) -> None:
        _, made = doors.as_member(api)
        weak = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1).hash(doors.PASSWORD)
        stored = "select password_hash from login where member_id = $1"
        member_id = uuid.UUID(made["id"])
        database.execute("update login set password_hash = $2 where member_id = $1", member_id, weak)
        doors.login(api.house, made["email"])
        assert database.value(stored, member_id).startswith("$argon2id$v=19$m=19456,t=2,p=1$")
        assert doors.login(api.house, made["email"])

    def test_sign_ins_are_no_changes(self, api: Api, database: Database) -> None:
        _, made = doors.as_member(api)
        count = "select count(*) from audit_event where practice_id = $1"
        before = database.value(count, uuid.UUID(api.practice_id))
        doors.login(api.house, made["email"])
        doors.ask(api.house, "refresh", refresh_token=made["refresh_token"])
        doors.ask(api.house, "logout", refresh_token=made["refresh_token"])
        assert database.value(count, uuid.UUID(api.practice_id)) == before


class TestFailure:
    def test_every_reason_looks_the_same(self, api: Api, stranger: Api) -> None:
        _, known = doors.as_member(api)
        _, gone = doors.as_member(api)
        api.ok(api.post(f"/v1/members/{gone['id']}/deactivate"))
        _, client = doors.as_client(api)
        api.ok(api.delete(f"/v1/clients/{client['client_id']}/login"), 204)
        tries = [
            refused(api, doors.address()),
            refused(api, known["email"], "not the password"),
            refused(api, known["email"], ""),
            refused(api, gone["email"]),
            refused(api, doors.invite(api)["email"]),
            refused(api, client["email"]),
            refused(api, known["email"], practice_id=stranger.practice_id),
            refused(api, known["email"], practice_id=str(uuid.uuid4())),
        ]
        assert len(set(tries)) == 1
        assert tries[0][0] == 401
        assert '"login-failed"' in tries[0][1]

    @pytest.mark.parametrize(
        ("body", "pointer"),
        [
            ({"email": "nobody", "password": "x"}, "/email"),
            ({"email": "a@example.com"}, "/password"),
            ({"email": "a@example.com", "password": 5}, "/password"),
            ({"email": "a@example.com", "password": "x" * 1025}, "/password"),
            ({"email": "a@example.com", "password": "x", "otp": "1"}, "/otp"),
            ({"email": "a@example.com", "password": "x", "practice_id": "7"}, "/practice_id"),
        ],
    )
    def test_what_is_no_sign_in_is_422(self, api: Api, body: dict[str, object], pointer: str) -> None:
        answer = doors.ask(api.house, "login", **body)
        assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, pointer)
        assert "otp" not in answer.text or pointer == "/otp"


class TestSeveralPractices:
    def test_without_a_practice_the_one_last_used_is_meant(self, api: Api, stranger: Api, clock: Clock) -> None:
        email = doors.address()
        for owner, password in ((api, "password of the first"), (stranger, "password of the second")):
            clock.forward(minutes=1)
            doors.accept(owner.house, doors.invite(owner, email=email)["invitation_token"], password)
        assert doors.login(api.house, email, "password of the second")
        assert refused(api, email, "password of the first")[0] == 401
        clock.forward(minutes=1)
        assert doors.login(api.house, email, "password of the first", practice_id=api.practice_id)
        assert doors.login(api.house, email, "password of the first")
        assert refused(api, email, "password of the second")[0] == 401
        tokens = doors.login(api.house, email, "password of the second", practice_id=stranger.practice_id)
        there = Api(api.house, tokens["access_token"], stranger.practice_id, "", "coach")
        assert there.ok(there.get("/v1/practice"))["id"] == stranger.practice_id

    def test_where_the_account_was_closed_does_not_count(self, api: Api, stranger: Api, clock: Clock) -> None:
        email = doors.address()
        doors.accept(api.house, doors.invite(api, email=email)["invitation_token"])
        clock.forward(minutes=1)
        closed = doors.invite(stranger, email=email)
        doors.accept(api.house, closed["invitation_token"], "another long password")
        doors.login(api.house, email, "another long password")
        stranger.ok(stranger.post(f"/v1/members/{closed['id']}/deactivate"))
        assert doors.login(api.house, email)
