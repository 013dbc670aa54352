"""Accepting an invitation: once, in time, with a password."""

import uuid
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx2 as httpx
import pytest

from app.db.ids import new_id
from app.db.scope import Role, Scope, ScopedSession
from app.practices import service as practices
from tests.support import build, doors
from tests.support.api import Api, Clock, House
from tests.support.database import Database


def accept(api: Api, token: str, password: Any = doors.PASSWORD) -> httpx.Response:
    return doors.ask(api.house, "invitations/accept", token=token, password=password)


def test_it_makes_the_member_active_and_is_recorded_as_theirs(api: Api, database: Database) -> None:
    made = doors.invite(api)
    assert accept(api, made["invitation_token"]).status_code == 204
    member = api.ok(api.get(f"/v1/members/{made['id']}"))
    assert (member["status"], member["version"]) == ("active", 2)
    entry = database.fetch(
        "select actor_type, actor_id, resource_type, request_id from audit_event where resource_id = $1 "
        "and action = 'login.accept'",
        uuid.UUID(made["id"]),
    )
    assert len(entry) == 1
    assert (entry[0]["actor_type"], entry[0]["actor_id"]) == ("member", uuid.UUID(made["id"]))
    assert entry[0]["request_id"] is not None


def test_it_works_once(api: Api) -> None:
    made = doors.invite(api)
    assert accept(api, made["invitation_token"]).status_code == 204
    again = accept(api, made["invitation_token"], "another long password")
    assert (again.status_code, again.json()["code"]) == (401, "invalid-token")
    assert doors.login(api.house, made["email"])


def test_of_many_at_once_one_is_accepted(api: Api) -> None:
    made = doors.invite(api)
    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda n: accept(api, made["invitation_token"], f"password number {n}"), range(6)))
    assert sorted(a.status_code for a in answers) == [204, 401, 401, 401, 401, 401]
    good = next(n for n, a in enumerate(answers) if a.status_code == 204)
    assert doors.login(api.house, made["email"], f"password number {good}")


def test_it_ends_after_seven_days(api: Api, clock: Clock) -> None:
    first, second = doors.invite(api), doors.invite(api)
    clock.forward(days=6, hours=23)
    assert accept(api, first["invitation_token"]).status_code == 204
    clock.forward(hours=1)
    late = accept(api, second["invitation_token"])
    assert (late.status_code, late.json()["code"]) == (401, "expired-token")


@pytest.mark.parametrize("token", ["", "cri_unknown", "crp_unknown", "\u00e9"])
def test_an_unknown_token_is_refused(api: Api, token: str) -> None:
    answer = accept(api, token)
    assert (answer.status_code, answer.json()["code"]) == (401, "invalid-token")
    assert answer.headers["www-authenticate"].startswith("Bearer")


def test_the_founder_accepts_the_invitation_of_the_command_line(house: House, clock: Clock) -> None:
    practice_id, email = new_id(), doors.address("founder")

    async def found(session: ScopedSession) -> Any:
        return await practices.found(
            session, name="New", owner_name="Founder", owner_email=email, time_zone="UTC", now=clock.now
        )

    made = house.within(Scope(Role.TENANT, practice_id=practice_id), found)
    doors.accept(house, made.invitation_token)
    owner = Api(house, doors.login(house, email)["access_token"], str(practice_id), str(made.member_id), "owner")
    me = owner.ok(owner.get("/v1/me"))
    assert (me["id"], me["role"], me["practice"]["name"]) == (str(made.member_id), "owner", "New")
    assert build.client(owner)["coach_ids"] == [me["id"]]


class TestPassword:
    @pytest.mark.parametrize(
        "password",
        ["8letters", "        ", "\u3042" * 8, "x" * 256, "\U0001f511" * 8],
    )
    def test_eight_to_256_characters_of_any_kind_will_do(self, api: Api, password: str) -> None:
        made = doors.invite(api)
        assert accept(api, made["invitation_token"], password).status_code == 204
        assert doors.login(api.house, made["email"], password)

    @pytest.mark.parametrize(
        ("password", "code"),
        [
            ("7letter", "too-short"),
            ("", "too-short"),
            ("e\u0301" * 7, "too-short"),
            ("x" * 257, "too-long"),
            ("\ufb03" * 100, "too-long"),
            ("x" * 5000, "too-long"),
            ("pass\u0000word", "bad-character"),
            ("pass\nword", "bad-character"),
            (12345678, "wrong-type"),
            (None, "not-nullable"),
        ],
    )
    def test_others_are_refused_and_the_token_stays_good(self, api: Api, password: Any, code: str) -> None:
        made = doors.invite(api)
        answer = accept(api, made["invitation_token"], password)
        assert answer.status_code == 422
        assert [(e["pointer"], e["code"]) for e in answer.json()["errors"]] == [("/password", code)]
        assert not isinstance(password, str) or len(password) < 8 or password not in answer.text
        assert accept(api, made["invitation_token"]).status_code == 204
