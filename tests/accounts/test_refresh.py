"""Refresh tokens: each used once, forgiven for a lost answer, and the end of everything when one comes back."""

import uuid
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx2 as httpx
import pytest

from tests.support import doors
from tests.support.api import Api, Clock
from tests.support.database import Database


@pytest.fixture
def tokens(api: Api) -> dict[str, Any]:
    """The tokens of a member who has just signed in."""
    return doors.as_member(api)[1]


def refresh(api: Api, token: str) -> httpx.Response:
    return doors.ask(api.house, "refresh", refresh_token=token)


def code(answer: httpx.Response) -> str:
    assert answer.status_code == 401, answer.text
    return str(answer.json()["code"])


def opens(api: Api, tokens: dict[str, Any]) -> bool:
    return doors.works(Api(api.house, tokens["access_token"], api.practice_id, "", "coach"))


def test_each_refresh_gives_another_pair(api: Api, tokens: dict[str, Any], clock: Clock) -> None:
    seen = {tokens["access_token"], tokens["refresh_token"]}
    current = tokens
    for _ in range(3):
        clock.forward(minutes=50)
        current = refresh(api, current["refresh_token"]).json()
        assert current["expires_in"] == 3600
        assert opens(api, current)
        seen |= {current["access_token"], current["refresh_token"]}
    assert len(seen) == 8


def test_an_answer_that_was_lost_is_given_again(api: Api, tokens: dict[str, Any], clock: Clock) -> None:
    first = refresh(api, tokens["refresh_token"]).json()
    for _ in range(2):
        clock.forward(seconds=15)
        again = refresh(api, tokens["refresh_token"]).json()
        assert {**again, "expires_in": 3600} == first
    assert again["expires_in"] == 3570
    assert opens(api, first)
    assert refresh(api, first["refresh_token"]).status_code == 200


def test_after_the_grace_a_used_token_ends_the_whole_family(
    api: Api, tokens: dict[str, Any], clock: Clock, database: Database
) -> None:
    other = doors.login(api.house, tokens["email"])
    first = refresh(api, tokens["refresh_token"]).json()
    clock.forward(seconds=31)
    assert code(refresh(api, tokens["refresh_token"])) == "invalid-token"
    assert not opens(api, first)
    assert not opens(api, tokens)
    assert code(refresh(api, first["refresh_token"])) == "invalid-token"
    assert opens(api, other), "another sign-in of the same person goes on"
    left = "select count(*) from login_session s join login l on l.id = s.login_id where l.member_id = $1"
    assert database.value(left, uuid.UUID(tokens["id"])) == 1


def test_once_the_successor_was_used_there_is_no_grace(api: Api, tokens: dict[str, Any], clock: Clock) -> None:
    first = refresh(api, tokens["refresh_token"]).json()
    clock.forward(seconds=5)
    second = refresh(api, first["refresh_token"]).json()
    assert code(refresh(api, tokens["refresh_token"])) == "invalid-token"
    assert not opens(api, second)


def test_many_at_once_get_one_and_the_same_pair(api: Api, tokens: dict[str, Any]) -> None:
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: refresh(api, tokens["refresh_token"]), range(8)))
    assert {a.status_code for a in answers} == {200}
    assert len({a.json()["refresh_token"] for a in answers}) == 1
    assert refresh(api, answers[0].json()["refresh_token"]).status_code == 200


def test_a_refresh_token_ends_after_thirty_days_without_use(api: Api, tokens: dict[str, Any], clock: Clock) -> None:
    clock.forward(days=29)
    current = refresh(api, tokens["refresh_token"]).json()
    clock.forward(days=29)
    current = refresh(api, current["refresh_token"]).json()
    clock.forward(days=30)
    assert code(refresh(api, current["refresh_token"])) == "expired-token"


@pytest.mark.parametrize("token", ["", "crr_x", "cra_x", "\u00e9", "x" * 200])
def test_what_is_no_refresh_token_is_refused(api: Api, token: str) -> None:
    assert code(refresh(api, token)) == "invalid-token"


def test_the_tokens_are_not_exchanged_for_one_another(api: Api, tokens: dict[str, Any]) -> None:
    assert code(refresh(api, tokens["access_token"])) == "invalid-token"
    assert not doors.works(Api(api.house, tokens["refresh_token"], api.practice_id, "", "coach"))


class TestLogout:
    def test_every_token_of_the_sign_in_ends(self, api: Api, tokens: dict[str, Any]) -> None:
        other = doors.login(api.house, tokens["email"])
        current = refresh(api, tokens["refresh_token"]).json()
        assert doors.ask(api.house, "logout", refresh_token=current["refresh_token"]).status_code == 204
        for pair in (tokens, current):
            assert not opens(api, pair)
            assert code(refresh(api, pair["refresh_token"])) == "invalid-token"
        assert opens(api, other)

    def test_a_used_refresh_token_signs_out_as_well(self, api: Api, tokens: dict[str, Any], clock: Clock) -> None:
        current = refresh(api, tokens["refresh_token"]).json()
        clock.forward(days=40)
        assert doors.ask(api.house, "logout", refresh_token=tokens["refresh_token"]).status_code == 204
        assert code(refresh(api, current["refresh_token"])) == "invalid-token"

    @pytest.mark.parametrize("token", ["", "crr_unknown", "cri_unknown"])
    def test_an_unknown_token_is_answered_alike(self, api: Api, token: str) -> None:
        answer = doors.ask(api.house, "logout", refresh_token=token)
        assert (answer.status_code, answer.content) == (204, b"")


def test_what_nobody_can_use_any_more_is_not_kept(
    api: Api, tokens: dict[str, Any], clock: Clock, database: Database
) -> None:
    kept = "select count(*) from login_token t join login_session s on s.id = t.session_id join login l "
    kept += "on l.id = s.login_id where l.member_id = $1"
    for _ in range(5):
        clock.forward(hours=2)
        tokens = {**tokens, **refresh(api, tokens["refresh_token"]).json()}
    assert database.value(kept, uuid.UUID(tokens["id"])) == 7, "six refresh tokens for detection, one access token"
    clock.forward(days=31)
    doors.login(api.house, tokens["email"])
    assert database.value(kept, uuid.UUID(tokens["id"])) == 2
