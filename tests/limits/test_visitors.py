"""Attempts to sign in: how many from one address, how many on one account, and who is not hurt by them."""

import threading
from datetime import timedelta

import pytest

from app.access.limits import site
from app.db.ids import new_id
from app.kit.keys import email_key
from tests.limits.conftest import AUTH, Visitor
from tests.support import doors
from tests.support.api import NOON, Api, House
from tests.support.database import Database


@pytest.fixture
def email(api: Api, house: House) -> str:
    """The address of somebody who can sign in with doors.PASSWORD; made behind an application without limits."""
    owner = Api(house, api.key, api.practice_id, api.member_id, api.role)
    made = doors.invite(owner)
    doors.accept(house, made["invitation_token"])
    return str(made["email"])


def address() -> str:
    """An address that no other test comes from."""
    number = new_id().int
    return f"2001:db8:{number >> 16 & 0xFFFF:x}:{number & 0xFFFF:x}::1"


class TestOneAddress:
    def test_it_has_ten_attempts_a_minute(self, tight: House, api: Api) -> None:
        here = Visitor(tight, address())
        assert [here.login(doors.address()) for _ in range(AUTH + 1)] == [401] * AUTH + [429]
        tight.clock.now = NOON + timedelta(seconds=59.9)
        assert here.login(doors.address()) == 429
        tight.clock.now = NOON + timedelta(seconds=60)
        assert here.login(doors.address()) == 401

    def test_a_refusal_says_when_to_come_back_and_nothing_of_any_account(self, tight: House, api: Api) -> None:
        here = Visitor(tight, address())
        for _ in range(AUTH):
            here.login(doors.address())
        tight.clock.forward(seconds=10)
        refused = here.post("login", json={"email": doors.address(), "password": "x"})
        assert (refused.status_code, refused.json()["code"]) == (429, "rate-limited")
        assert refused.headers["retry-after"] == "50"
        assert refused.headers["ratelimit-policy"] == f'"auth";q={AUTH};w=60'
        assert refused.headers["ratelimit"] == '"auth";r=0;t=50'

    def test_it_is_refused_before_its_request_is_looked_at(self, tight: House, api: Api) -> None:
        here = Visitor(tight, address())
        unread = {"content": b"{", "headers": {"Content-Type": "text/plain"}}
        assert [here.post("login", **unread).status_code for _ in range(AUTH + 1)] == [415] * AUTH + [429]

    @pytest.mark.parametrize(
        "path", ["login", "refresh", "logout", "password/forgot", "password/reset", "invitations/accept"]
    )
    def test_every_way_in_is_limited(self, tight: House, api: Api, path: str) -> None:
        here = Visitor(tight, address())
        assert [here.post(path, json={}).status_code for _ in range(AUTH + 1)] == [422] * AUTH + [429]

    def test_forwarded_headers_make_no_other_address(self, tight: House, api: Api) -> None:
        here = Visitor(tight, address())
        asked = [
            here.post(
                "login", json={}, headers={"X-Forwarded-For": f"198.51.100.{n}", "Forwarded": f"for=198.51.100.{n}"}
            )
            for n in range(AUTH + 1)
        ]
        assert asked[-1].status_code == 429

    def test_it_blocks_no_other_address(self, tight: House, api: Api) -> None:
        here, there = Visitor(tight, address()), Visitor(tight, address())
        for _ in range(AUTH + 1):
            here.post("login", json={})
        assert there.post("login", json={}).status_code == 422

    def test_at_the_same_time_exactly_ten_pass(self, tight: House, api: Api) -> None:
        here = Visitor(tight, address())
        found: list[int] = []
        ask = lambda: found.extend(here.post("login", json={}).status_code for _ in range(5))  # noqa: E731
        threads = [threading.Thread(target=ask) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(found) == [422] * AUTH + [429] * AUTH


class TestOneAccount:
    def test_a_flood_from_one_address_leaves_the_right_password_from_another(
        self, tight: House, api: Api, email: str
    ) -> None:
        flood, owner = Visitor(tight, address()), Visitor(tight, address())
        assert [flood.login(email) for _ in range(40)] == [401] * AUTH + [429] * (40 - AUTH)
        assert flood.login(email, doors.PASSWORD) == 429
        assert owner.login(email, doors.PASSWORD) == 200

    @pytest.mark.parametrize("whose", ["known", "nobody's"])
    def test_from_many_addresses_it_has_ten_attempts_a_minute(
        self, tight: House, api: Api, email: str, whose: str
    ) -> None:
        account = email if whose == "known" else doors.address()
        tried = [Visitor(tight, address()).login(account) for _ in range(AUTH + 2)]
        assert tried == [401] * AUTH + [429, 429]
        tight.clock.forward(minutes=1)
        assert Visitor(tight, address()).login(account) == 401

    def test_two_addresses_can_fill_it_and_then_are_refused_themselves(self, tight: House, api: Api) -> None:
        account = doors.address()
        first, second = Visitor(tight, address()), Visitor(tight, address())
        assert [first.login(account) for _ in range(7)] == [401] * 7  # five of them count
        assert [second.login(account) for _ in range(7)] == [401] * 5 + [429] * 2
        assert first.login(account) == 429

    def test_it_is_the_same_account_in_any_case(self, tight: House, api: Api) -> None:
        account = doors.address()
        spelled = [account, account.upper(), account.title()]
        tried = [Visitor(tight, address()).login(spelled[n % 3]) for n in range(AUTH + 1)]
        assert tried[-1] == 429

    def test_asking_for_a_new_password_is_another_matter(self, tight: House, api: Api) -> None:
        account = doors.address()
        for _ in range(AUTH):
            Visitor(tight, address()).login(account)
        asked = [
            Visitor(tight, address()).post("password/forgot", json={"email": account}).status_code
            for _ in range(AUTH + 1)
        ]
        assert asked == [204] * AUTH + [429]


class TestWhatIsStored:
    def test_neither_an_address_nor_an_account_can_be_read(self, tight: House, api: Api, database: Database) -> None:
        account, here = doors.address("canary"), Visitor(tight, "198.51.100.77")
        here.login(account)
        rows = database.fetch("select bucket from rate_window")
        held = b"".join(row["bucket"] for row in rows)
        assert email_key(account).encode() not in held
        assert site(here.address) not in held
        assert {len(row["bucket"]) for row in rows} == {16}

    def test_a_flood_costs_the_database_nothing(self, tight: House, api: Api, database: Database) -> None:
        here = Visitor(tight, address())
        before = database.value("select coalesce(sum(spent), 0) from rate_window")
        for _ in range(3 * AUTH):
            here.post("login", json={})
        assert database.value("select sum(spent) from rate_window") - before == AUTH + 1

    def test_what_has_closed_long_ago_is_forgotten_in_passing(self, tight: House, api: Api, database: Database) -> None:
        tight.clock.now = NOON - timedelta(days=400)
        for _ in range(3):
            Visitor(tight, address()).login(doors.address())
        old = "select count(*) from rate_window where started_at < $1"
        then = NOON - timedelta(days=300)
        assert database.value(old, then) >= 9
        tight.clock.now = NOON
        for _ in range(3):
            Visitor(tight, address()).post("login", json={})
        assert database.value(old, then) == 0


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("192.0.2.1", "::ffff:192.0.2.1"),
        ("2001:db8::1", "2001:db8::ffff:2"),
        ("fe80::1%eth0", "fe80::2%eth0"),
    ],
)
def test_what_counts_as_one_address(one: str, other: str) -> None:
    assert site(one) == site(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("192.0.2.1", "192.0.2.2"),
        ("2001:db8::1", "2001:db8:0:1::1"),
        ("/run/socket", ""),
        ("", "192.0.2.1"),
    ],
)
def test_what_counts_as_two(one: str, other: str) -> None:
    assert site(one) != site(other)
