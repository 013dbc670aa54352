"""Two requests with one key at the same time, on real connections: one effect, whoever wins."""

import asyncio
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx2 as httpx
import pytest

from tests.idempotency.keyed import NOTE, PERSON, ask, code, is_replay, post
from tests.support import build, doors
from tests.support.api import Api
from tests.support.database import Database, with_connection

AT_ONCE = 4
_WAITERS = "select pid from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()"


def held_up(database: Database, row: str, *acts: Callable[[], httpx.Response]) -> list[httpx.Response]:
    """Lock a row that the first act will want, do all of them but one while it waits, and return every answer."""

    async def work(connection: Any) -> list[httpx.Response]:
        loop = asyncio.get_running_loop()
        with ThreadPoolExecutor(1) as pool:
            async with connection.transaction():
                await connection.execute(row)
                first = loop.run_in_executor(pool, acts[0])
                async with asyncio.timeout(2):
                    while not await connection.fetchval(_WAITERS):
                        pass
                others = [await loop.run_in_executor(None, act) for act in acts[1:]]
            return [await first, *others]

    found: list[httpx.Response] = with_connection(database.url, work)
    return found


def test_while_the_first_is_running_the_second_is_told_to_wait(api: Api, database: Database) -> None:
    on = build.opportunity(api)["id"]
    path = f"/v1/opportunities/{on}/interactions"
    lock = f"select from opportunity where id = '{on}' for update"
    colleague = api.as_role("coach")
    first, second, same_path, other_body = held_up(
        database,
        lock,
        lambda: post(api, path, NOTE),
        lambda: post(api, path, NOTE),
        lambda: post(colleague, "/v1/clients", PERSON),
        lambda: post(api, path, {**NOTE, "kind": "reply"}),
    )
    assert first.status_code == 201
    for refused in (second, other_body):
        assert code(refused) == (409, "request-in-progress")
        assert refused.headers["retry-after"] == "1"
    assert same_path.status_code == 201  # the same key, and somebody else's
    assert is_replay(post(api, path, NOTE))
    assert len(api.walk(path)) == 1


def test_a_request_that_gave_up_frees_its_key(api: Api, database: Database) -> None:
    on = build.opportunity(api)["id"]
    path = f"/v1/opportunities/{on}/interactions"
    lock = f"select from opportunity where id = '{on}' for update"

    def give_up() -> httpx.Response:
        for worker in database.fetch(f"select pg_cancel_backend(pid) from ({_WAITERS}) w"):
            assert worker["pg_cancel_backend"]
        return post(api, "/v1/clients", PERSON)

    first, _ = held_up(database, lock, lambda: post(api, path, NOTE), give_up)
    assert code(first) == (503, "unavailable")
    again = post(api, path, NOTE)
    assert again.status_code == 201
    assert not is_replay(again)
    assert len(api.walk(path)) == 1


@pytest.mark.parametrize("what", ["client", "commit"])
def test_of_many_at_once_exactly_one_does_it(api: Api, what: str) -> None:
    path, body = "/v1/clients", dict(PERSON)
    if what == "commit":
        log = {"client_id": build.client(api)["id"], "content": "company,title,date applied\nA,B,2026-03-01\n"}
        path, body = f"/v1/imports/{api.ok(api.post('/v1/imports', log), 201)['id']}/commit", {}
    for number in range(3):
        key = f"k{number}" if what == "client" else "k"
        with ThreadPoolExecutor(AT_ONCE) as pool:
            answers = list(pool.map(lambda _, k=key: post(api, path, body or None, key=k), range(AT_ONCE)))
        done = [answer for answer in answers if answer.is_success]
        seen = Counter(is_replay(answer) for answer in done)
        assert seen[False] == (1 if what == "client" or not number else 0)
        assert len({answer.content for answer in done}) == 1
        for answer in answers:
            assert answer.is_success or code(answer) == (409, "request-in-progress")
    if what == "client":
        assert len(api.walk("/v1/clients")) == 3


def test_of_many_who_accept_one_invitation_at_once_none_is_told_that_it_is_used(api: Api, database: Database) -> None:
    made = doors.invite(api)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        body = {"token": made["invitation_token"], "password": doors.PASSWORD}
        answers = list(pool.map(lambda _: ask(api.house, "invitations/accept", **body), range(AT_ONCE)))
    for answer in answers:
        assert answer.status_code == 204 or code(answer) == (409, "request-in-progress")
    assert sum(answer.status_code == 204 and not is_replay(answer) for answer in answers) == 1
    assert is_replay(ask(api.house, "invitations/accept", **body))
    accepted = "select count(*) from audit_event where action = 'login.accept' and resource_id = $1"
    assert database.value(accepted, made["id"]) == 1
