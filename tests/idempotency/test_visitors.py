"""Retries of those who have no credential yet, and what a key must not do for a thief or a guesser."""

from app.access import tokens
from tests.accounts.test_reset import forgot, token_in
from tests.accounts.test_secrets import dump
from tests.idempotency.keyed import ask, code, is_replay, post
from tests.support import doors
from tests.support.api import Api, Clock, House
from tests.support.database import Database
from tests.support.postbox import Postbox

SESSIONS = "select count(*) from login_session where practice_id = $1"


def signed_up(api: Api) -> dict[str, str]:
    """Invite a member who has chosen a password, and return the e-mail address and password to sign in with."""
    made = doors.invite(api)
    doors.accept(api.house, made["invitation_token"])
    return {"email": made["email"], "password": doors.PASSWORD}


class TestSigningIn:
    def test_a_retry_begins_no_second_sign_in(self, api: Api, database: Database) -> None:
        who = signed_up(api)
        first = ask(api.house, "login", **who)
        again = ask(api.house, "login", **who)
        assert (again.content, is_replay(again)) == (first.content, True)
        assert database.value(SESSIONS, api.practice_id) == 1
        assert not is_replay(ask(api.house, "login", "other", **who))
        assert database.value(SESSIONS, api.practice_id) == 2

    def test_a_guess_is_a_guess_whatever_key_it_comes_with(self, api: Api) -> None:
        who = signed_up(api)
        api.ok(ask(api.house, "login", **who))
        # Not 422, which would tell that somebody signed in with this key.
        wrong = ask(api.house, "login", **{**who, "password": "wrong password"})
        unknown = ask(api.house, "login", email=doors.address(), password="wrong password")
        assert code(wrong) == code(unknown) == (401, "login-failed")
        assert set(wrong.headers) == set(unknown.headers)

    def test_a_refusal_is_not_kept(self, api: Api) -> None:
        made = doors.invite(api)
        who = {"email": made["email"], "password": doors.PASSWORD}
        assert code(ask(api.house, "login", **who)) == (401, "login-failed")
        doors.accept(api.house, made["invitation_token"])
        assert not is_replay(ask(api.house, "login", **who))

    def test_after_seven_days_it_is_a_new_one(self, api: Api, clock: Clock, database: Database) -> None:
        who = signed_up(api)
        first = ask(api.house, "login", **who)
        clock.forward(days=7)
        out_of_date = "select count(*) from visitor_answer where kept_until <= $1"
        before = database.value(out_of_date, clock.now)
        second = ask(api.house, "login", **who)
        assert second.json() != first.json()
        # Its own is replaced, and ten others go in passing.
        assert database.value(out_of_date, clock.now) == max(0, before - 11)


class TestGoingOn:
    def test_a_lost_answer_is_given_again_as_long_as_it_lies_unused(self, api: Api, clock: Clock) -> None:
        _, made = doors.as_member(api)
        old = {"refresh_token": made["refresh_token"]}
        first = ask(api.house, "refresh", **old)
        clock.forward(minutes=20)
        again = ask(api.house, "refresh", **old)
        assert (again.content, is_replay(again)) == (first.content, True)
        assert doors.ask(api.house, "refresh", refresh_token=first.json()["refresh_token"]).status_code == 200

    def test_once_it_was_used_the_old_token_is_a_stolen_one(self, api: Api, clock: Clock) -> None:
        member, made = doors.as_member(api)
        old = {"refresh_token": made["refresh_token"]}
        first = ask(api.house, "refresh", **old).json()
        later = doors.ask(api.house, "refresh", refresh_token=first["refresh_token"]).json()
        clock.forward(minutes=1)
        for _ in range(2):
            assert code(ask(api.house, "refresh", **old)) == (401, "invalid-token")
        assert doors.ask(api.house, "refresh", refresh_token=later["refresh_token"]).status_code == 401
        assert not doors.works(member)

    def test_without_the_key_nothing_has_changed(self, api: Api, clock: Clock) -> None:
        _, made = doors.as_member(api)
        old = {"refresh_token": made["refresh_token"]}
        first = ask(api.house, "refresh", **old).json()
        clock.forward(minutes=1)
        assert doors.ask(api.house, "refresh", **old).status_code == 401
        assert doors.ask(api.house, "refresh", refresh_token=first["refresh_token"]).status_code == 401

    def test_signing_out_twice_is_signing_out(self, api: Api) -> None:
        member, made = doors.as_member(api)
        for token in (made["refresh_token"], "crr_unknown"):
            answers = [ask(api.house, "logout", refresh_token=token) for _ in range(2)]
            assert [(answer.status_code, is_replay(answer)) for answer in answers] == [(204, False), (204, True)]
        assert not doors.works(member)


class TestTokensForOnce:
    def test_an_invitation_that_was_accepted_is_answered_so_again(self, api: Api) -> None:
        made = doors.invite(api)
        body = {"token": made["invitation_token"], "password": doors.PASSWORD}
        answers = [ask(api.house, "invitations/accept", **body) for _ in range(2)]
        assert [(answer.status_code, is_replay(answer)) for answer in answers] == [(204, False), (204, True)]
        other = ask(api.house, "invitations/accept", **{**body, "password": doors.OTHER})
        assert code(other) == (422, "idempotency-key-reused")
        assert code(ask(api.house, "invitations/accept", "other", **body)) == (401, "invalid-token")
        doors.login(api.house, made["email"])

    def test_one_letter_for_one_key(self, mailing: Api, postbox: Postbox) -> None:
        who = signed_up(mailing)
        for _ in range(2):
            assert ask(mailing.house, "password/forgot", email=who["email"]).status_code == 204
        letters = [letter for letter in postbox.to(who["email"]) if "crp_" in token_in(letter)]
        assert len(letters) == 1
        body = {"token": token_in(letters[0]), "password": doors.OTHER}
        answers = [ask(mailing.house, "password/reset", **body) for _ in range(2)]
        assert [(answer.status_code, is_replay(answer)) for answer in answers] == [(204, False), (204, True)]

    def test_known_and_unknown_addresses_get_the_same_bytes(self, mailing: Api, database: Database) -> None:
        known, unknown = signed_up(mailing)["email"], doors.address()
        held = "select count(*) from visitor_answer"
        before = database.value(held)
        pairs = [[ask(mailing.house, "password/forgot", email=email) for _ in range(2)] for email in (known, unknown)]
        for first, second in zip(*pairs, strict=True):
            assert (first.status_code, first.content, list(first.headers)) == (
                second.status_code,
                second.content,
                list(second.headers),
            )
        assert database.value(held) - before == 2


def test_a_dump_opens_nothing_and_tells_nothing(
    mailing: Api, postbox: Postbox, database: Database, house: House
) -> None:
    key, who = "a-key-of-ours-8d1f", signed_up(mailing)
    signed_in = ask(mailing.house, "login", key, **who).json()
    pair = ask(mailing.house, "refresh", key, refresh_token=signed_in["refresh_token"]).json()
    forgot(mailing, who["email"])
    login = mailing.signed_in()
    scopes = {"name": "Canary key", "scopes": ["clients:read"]}
    spare = login.ok(post(login, "/v1/api-keys", scopes, key=key), 201)
    invited = mailing.ok(
        post(mailing, "/v1/members", {"name": "N", "email": doors.address(), "role": "coach"}, key=key), 201
    )
    issued = [spare["key"], invited["invitation_token"], token_in(postbox.to(who["email"])[-1])]
    issued += [answer[name] for answer in (signed_in, pair) for name in ("access_token", "refresh_token")]
    held = dump(database)
    for token in issued:
        assert tokens.digest(token).hex() in held
        assert not [form for form in (token[4:], token[4:].encode().hex()) if form in held]
    for secret in (key, doors.PASSWORD):
        assert not [form for form in (secret, secret.encode().hex()) if form in held]
