"""How many requests a credential and a practice have, to the request and to the second."""

import threading
import uuid
from collections import Counter
from collections.abc import Callable
from datetime import timedelta

import pytest

from tests.limits.conftest import PRACTICE, READ, WRITE
from tests.support import api as support
from tests.support import build
from tests.support.api import NOON, Api, House
from tests.support.database import Server

ME, CLIENTS = "/v1/me", "/v1/clients"
NEW = {"name": "Client Example", "time_zone": "UTC", "employment_status": "employed"}


def statuses(times: int, ask: Callable[[], int]) -> list[int]:
    return [ask() for _ in range(times)]


def reads(api: Api, times: int = 1) -> list[int]:
    return statuses(times, lambda: api.get(ME).status_code)


def writes(api: Api, times: int = 1) -> list[int]:
    return statuses(times, lambda: api.post(CLIENTS, NEW).status_code)


class TestOneCredential:
    def test_the_last_of_its_reads_passes_and_the_next_does_not(self, api: Api) -> None:
        assert reads(api, READ + 2) == [200] * READ + [429, 429]

    def test_the_last_of_its_writes_passes_and_the_next_does_not(self, api: Api) -> None:
        assert writes(api, WRITE + 2) == [201] * WRITE + [429, 429]

    def test_reads_and_writes_are_counted_apart(self, api: Api) -> None:
        assert reads(api, READ + 1)[-1] == 429
        assert writes(api, WRITE) == [201] * WRITE

    def test_a_window_lasts_a_minute_from_its_first_request(self, api: Api) -> None:
        api.house.clock.now = NOON + timedelta(seconds=47)
        assert reads(api, READ) == [200] * READ
        for moment, status in (("0:13", 429), ("0:59.999999", 429), ("1:00", 200)):
            minutes, seconds = moment.split(":")
            passed = timedelta(minutes=int(minutes), seconds=float(seconds))
            api.house.clock.now = NOON + timedelta(seconds=47) + passed
            assert reads(api) == [status], moment
        assert reads(api, READ) == [200] * (READ - 1) + [429]

    def test_refused_requests_do_not_make_the_window_longer(self, api: Api) -> None:
        for second in range(60):
            api.house.clock.now = NOON + timedelta(seconds=second)
            reads(api)
        api.house.clock.now = NOON + timedelta(seconds=60)
        assert reads(api, READ) == [200] * READ

    def test_each_credential_has_its_own(self, api: Api) -> None:
        assert reads(api, READ + 1)[-1] == 429
        colleague = api.as_role("coach")
        assert reads(colleague) == [200]

    def test_a_sign_in_counts_for_its_login_whatever_the_token(self, api: Api) -> None:
        first, second = api.signed_in(), api.signed_in()
        assert first.key != second.key
        assert reads(first, 4) + reads(second, 3) == [200] * READ + [429]
        assert reads(api) == [200], "the key of the same member is another credential"

    def test_what_fails_counts_too(self, api: Api) -> None:
        missing = [api.get(f"{CLIENTS}/{uuid.uuid4()}").status_code for _ in range(READ + 1)]
        assert missing == [404] * READ + [429]

    def test_a_clock_that_was_set_back_locks_nobody_out(self, api: Api) -> None:
        api.house.clock.now = NOON + timedelta(hours=1)
        assert reads(api, READ + 1)[-1] == 429
        api.house.clock.now = NOON
        assert reads(api) == [200]

    def test_a_clock_that_is_a_little_behind_counts_into_the_open_window(self, api: Api) -> None:
        assert reads(api, READ) == [200] * READ
        api.house.clock.now = NOON - timedelta(seconds=2)
        assert reads(api) == [429]


class TestOnePractice:
    def test_all_of_its_credentials_together_have_so_many(self, api: Api, tight: House) -> None:
        callers = [api, *(api.as_role("coach") for _ in range(3))]
        passed = [reads(caller, 4) for caller in callers]
        assert passed == [[200] * 4] * (PRACTICE // 4) + [[429] * 4]
        refused = callers[-1].get(ME)
        assert refused.headers["ratelimit-policy"] == f'"practice";q={PRACTICE};w=60'
        assert refused.headers["ratelimit"] == '"practice";r=0;t=60'
        assert reads(support.new_practice(tight, "Other Coaching")) == [200]

    def test_a_credential_that_is_over_takes_nothing_from_the_others(self, api: Api) -> None:
        assert reads(api, PRACTICE * 2)[-1] == 429
        assert reads(api.as_role("coach"), PRACTICE - READ) == [200] * (PRACTICE - READ)

    def test_reads_and_writes_count_alike(self, api: Api) -> None:
        coach, assistant = api.as_role("coach"), api.as_role("admin")
        asked = reads(api, READ) + writes(coach, WRITE) + reads(assistant, READ)
        assert Counter(asked) == {200: PRACTICE - WRITE, 201: WRITE, 429: 2 * READ + WRITE - PRACTICE}


class TestSeveralWorkers:
    def test_they_share_the_counts(self, api: Api, server: Server, database_name: str, limits: dict[str, int]) -> None:
        with support.running(server.url(database_name, "crickets_app"), **limits) as second:
            same = Api(second, api.key, api.practice_id, api.member_id, api.role)
            turns = [caller.get(ME).status_code for _ in range(READ) for caller in (api, same)]
        assert turns == [200] * READ + [429] * READ

    def test_at_the_same_time_exactly_so_many_pass(
        self, api: Api, server: Server, database_name: str, limits: dict[str, int]
    ) -> None:
        url, more = server.url(database_name, "crickets_app"), {**limits, "limit_read": 50}
        found: list[int] = []
        with support.running(url, **more) as second, support.running(url, **more) as third:
            keys = [api.as_role("coach").key, api.as_role("coach").key]
            callers = [Api(house, key, api.practice_id, "", "coach") for key in keys for house in (second, third)]
            threads = [threading.Thread(target=lambda c=c: found.extend(reads(c, 6))) for c in callers * 2]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        assert Counter(found) == {200: PRACTICE, 429: len(threads) * 6 - PRACTICE}


@pytest.mark.parametrize("method", ["HEAD", "OPTIONS"])
def test_what_the_edge_answers_alone_is_free(api: Api, method: str) -> None:
    asked = [api.request(method, ME).status_code for _ in range(READ + 1)]
    assert asked == ([200] * READ + [429] if method == "HEAD" else [204] * (READ + 1))


def test_a_write_that_is_refused_changes_nothing(api: Api) -> None:
    made = build.client(api)
    writes(api, WRITE)
    assert api.patch(f"{CLIENTS}/{made['id']}", {"name": "Changed"}, version=1).status_code == 429
    assert api.ok(api.get(f"{CLIENTS}/{made['id']}"))["version"] == 1
