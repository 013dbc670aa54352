"""A forgotten password, and the mails that carry tokens."""

import re
import time
import uuid
from typing import Any

import pytest

from app.accounts.service import entry
from tests.support import doors
from tests.support.api import Api
from tests.support.database import Database
from tests.support.postbox import Postbox


def token_in(letter: Any) -> str:
    found = re.search(r"#token=([\w-]+)", letter.get_content())
    assert found, letter.get_content()
    return found[1]


def forgot(api: Api, email: str) -> None:
    answer = doors.ask(api.house, "password/forgot", email=email)
    assert (answer.status_code, answer.content) == (204, b"")


def reset(api: Api, token: str, password: str = doors.OTHER) -> Any:
    return doors.ask(api.house, "password/reset", token=token, password=password)


class TestForgot:
    def test_a_letter_goes_to_whom_the_account_belongs_and_nobody_else(self, mailing: Api, postbox: Postbox) -> None:
        _, made = doors.as_member(mailing)
        before = len(postbox.letters)
        for email in (made["email"], doors.address(), doors.invite(mailing)["email"]):
            forgot(mailing, email)
        new = [m for m in postbox.letters[before:] if "password" in m["Subject"]]
        assert [m["To"] for m in new] == [made["email"]]
        assert new[0]["From"] == "Crickets <crickets@example.com>"
        assert "Mailing Coaching" in new[0].get_content()
        assert token_in(new[0]).startswith("crp_")

    def test_known_and_unknown_take_the_same_time(self, mailing: Api) -> None:
        _, made = doors.as_member(mailing)
        for email in (made["email"], doors.address()):
            began = time.perf_counter()
            forgot(mailing, email)
            assert time.perf_counter() - began >= entry.FORGOT_STEP

    def test_without_mail_nothing_is_made(self, api: Api, database: Database) -> None:
        _, made = doors.as_member(api)
        forgot(api, made["email"])
        found = "select count(*) from password_reset where practice_id = $1"
        assert database.value(found, uuid.UUID(api.practice_id)) == 0

    def test_of_two_letters_the_second_counts(self, mailing: Api, postbox: Postbox) -> None:
        _, made = doors.as_member(mailing)
        for _ in range(2):
            forgot(mailing, made["email"])
        first, second = (token_in(m) for m in postbox.to(made["email"])[-2:])
        assert reset(mailing, first).status_code == 401
        assert reset(mailing, second).status_code == 204


class TestReset:
    @pytest.fixture
    def member(self, mailing: Api, postbox: Postbox) -> tuple[Api, dict[str, Any], str]:
        """A member who has signed in, their tokens, and the token of a reset."""
        member, made = doors.as_member(mailing)
        forgot(mailing, made["email"])
        return member, made, token_in(postbox.to(made["email"])[-1])

    def test_the_password_is_new_and_every_sign_in_has_ended(
        self, mailing: Api, member: tuple[Api, dict[str, Any], str], database: Database
    ) -> None:
        caller, made, token = member
        assert reset(mailing, token).status_code == 204
        assert not doors.works(caller)
        assert doors.ask(mailing.house, "refresh", refresh_token=made["refresh_token"]).status_code == 401
        assert doors.ask(mailing.house, "login", email=made["email"], password=doors.PASSWORD).status_code == 401
        assert doors.login(mailing.house, made["email"], doors.OTHER)
        entries = database.fetch(
            "select actor_id from audit_event where resource_id = $1 and action = 'login.password_reset'",
            uuid.UUID(made["id"]),
        )
        assert [e["actor_id"] for e in entries] == [uuid.UUID(made["id"])]

    def test_it_works_once(self, mailing: Api, member: tuple[Api, dict[str, Any], str]) -> None:
        token = member[2]
        assert [reset(mailing, token).status_code for _ in range(2)] == [204, 401]

    def test_it_ends_after_an_hour(self, mailing: Api, member: tuple[Api, dict[str, Any], str]) -> None:
        mailing.house.clock.forward(hours=1)
        answer = reset(mailing, member[2])
        assert (answer.status_code, answer.json()["code"]) == (401, "expired-token")

    def test_it_ends_with_the_account_and_with_the_address(
        self, mailing: Api, member: tuple[Api, dict[str, Any], str], postbox: Postbox
    ) -> None:
        made, token = member[1:]
        mailing.ok(mailing.patch(f"/v1/members/{made['id']}", {"email": doors.address()}, version=2))
        assert reset(mailing, token).json()["code"] == "invalid-token"
        email = mailing.ok(mailing.get(f"/v1/members/{made['id']}"))["email"]
        forgot(mailing, email)
        mailing.ok(mailing.post(f"/v1/members/{made['id']}/deactivate"))
        assert reset(mailing, token_in(postbox.to(email)[-1])).json()["code"] == "invalid-token"

    def test_a_short_password_leaves_the_token_good(
        self, mailing: Api, member: tuple[Api, dict[str, Any], str]
    ) -> None:
        assert reset(mailing, member[2], "short").status_code == 422
        assert reset(mailing, member[2]).status_code == 204

    def test_a_client_resets_theirs(self, mailing: Api, postbox: Postbox, database: Database) -> None:
        client, made = doors.as_client(mailing)
        forgot(mailing, made["email"])
        assert reset(mailing, token_in(postbox.to(made["email"])[-1])).status_code == 204
        assert not doors.works(client)
        found = "select actor_type from audit_event where resource_id = $1 and action = 'login.password_reset'"
        assert database.value(found, uuid.UUID(made["client_id"])) == "client"


class TestInvitationsByMail:
    def test_members_and_clients_are_sent_the_token_of_the_answer(self, mailing: Api, postbox: Postbox) -> None:
        member, client = doors.invite(mailing), doors.invite_client(mailing)
        again = mailing.ok(mailing.post(f"/v1/members/{member['id']}/invite"))
        sent = [token_in(m) for m in postbox.to(member["email"])]
        assert sent == [member["invitation_token"], again["invitation_token"]]
        assert [token_in(m) for m in postbox.to(client["email"])] == [client["invitation_token"]]

    def test_a_refused_invitation_sends_nothing(self, mailing: Api, postbox: Postbox) -> None:
        made = doors.invite(mailing)
        body = {"name": "Two", "email": made["email"], "role": "coach"}
        assert mailing.post("/v1/members", body).status_code == 409
        assert len(postbox.to(made["email"])) == 1
