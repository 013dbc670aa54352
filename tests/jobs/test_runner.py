"""The worker on a real queue."""

import asyncio
import os
import signal
import uuid
from datetime import datetime, timedelta
from typing import Any

import pytest
from pydantic import SecretStr

from app.assessments.service import recompute
from app.db import queue
from app.db.ids import new_id
from app.db.scope import Role, Scope, ScopedSession
from app.jobs import purge, rebuild, runner
from app.settings import Settings
from tests.support import build
from tests.support.api import Api, House, new_practice
from tests.support.database import Database

LIMIT = 60.0


def drain(url: str, stop: asyncio.Event | None = None) -> None:
    """Work until the queue is empty."""
    settings = Settings(environment="test", database_url=SecretStr(url))

    async def work() -> None:
        await asyncio.wait_for(runner.work(settings, stop=stop or asyncio.Event(), drain=True), LIMIT)

    asyncio.run(work())


def enqueue(house: House, job: str, practice_id: uuid.UUID, **ids: uuid.UUID) -> None:
    async def work(session: ScopedSession) -> None:
        await queue.enqueue(session, job, after=timedelta(0), **ids)

    house.within(Scope(Role.TENANT, practice_id=practice_id), work)


def outdated(database: Database, version: int) -> int:
    count: int = database.value("select count(*) from ghosting_step where seq = 0 and rules_version < $1", version)
    return count


def publish(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    """Publish a policy in a practice that counts as large."""
    monkeypatch.setattr(recompute, "BACKGROUND_FROM", 1)
    document = api.ok(api.get("/v1/policy"))
    body = {name: document[name] for name in document if name not in {"version", "created_at", "created_by"}}
    api.ok(api.put("/v1/policy", {**body, "undated_hold_days": 21}, version=1))


def test_a_new_policy_and_an_old_delete_are_worked_off(
    own_url: str, own_api: Api, own_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = build.client(own_api)["id"]
    made = [build.opportunity(own_api, client)["id"] for _ in range(5)]
    own_api.ok(own_api.delete(f"/v1/opportunities/{made[0]}"), 204)
    monkeypatch.setattr(rebuild, "CHUNK", 2)
    publish(own_api, monkeypatch)
    assert outdated(own_database, 2) == 5
    # The month passes for the queue and for the record alike.
    own_database.execute("update pgqueuer set execute_after = now() where entrypoint = 'purge'")
    own_database.execute("update opportunity set deleted_at = '2020-01-01Z' where id = $1", uuid.UUID(made[0]))
    drain(own_url)
    assert outdated(own_database, 2) == 0
    assert own_database.value("select count(*) from opportunity") == 4
    assert own_database.value("select count(*) from pgqueuer") == 0
    done = own_database.fetch("select entrypoint from pgqueuer_log where status = 'successful' order by 1")
    assert [row["entrypoint"] for row in done] == ["purge", "rebuild"]


def test_a_job_told_to_stop_puts_the_rest_back(
    own_url: str, own_api: Api, own_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = build.client(own_api)["id"]
    for _ in range(3):
        build.opportunity(own_api, client)
    publish(own_api, monkeypatch)
    monkeypatch.setattr(rebuild, "CHUNK", 1)
    stop = asyncio.Event()

    async def stopped(session: ScopedSession, *, now: datetime) -> int:
        stop.set()
        return await rebuild.run(session, now=now)

    with monkeypatch.context() as patched:
        patched.setattr(runner, "JOBS", {"rebuild": stopped})
        drain(own_url, stop)
    assert outdated(own_database, 2) == 2
    left = own_database.fetch("select entrypoint, status::text, attempts from pgqueuer")
    assert left == [{"entrypoint": "rebuild", "status": "queued", "attempts": 0}]
    drain(own_url)
    assert outdated(own_database, 2) == 0


def test_a_job_that_fails_is_tried_five_times_and_then_held_for_the_operator(
    own_url: str, own_house: House, own_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries: list[datetime] = []

    async def broken(_: ScopedSession, *, now: datetime, opportunity_id: uuid.UUID) -> int:
        tries.append(now)
        raise RuntimeError("Key (email)=(secret@example.com) already exists")

    monkeypatch.setattr(runner, "JOBS", {"purge": broken, "rebuild": rebuild.run})
    monkeypatch.setattr(runner, "_FIRST_PAUSE", timedelta(0))
    enqueue(own_house, "purge", new_id(), opportunity_id=new_id())
    enqueue(own_house, "rebuild", uuid.UUID(new_practice(own_house).practice_id))
    drain(own_url)
    assert len(tries) == runner.TRIES == 5
    held = own_database.fetch("select entrypoint, status::text from pgqueuer")
    assert held == [{"entrypoint": "purge", "status": "failed"}]
    said = " ".join(
        row["t"] for row in own_database.fetch("select coalesce(traceback::text, '') as t from pgqueuer_log")
    )
    assert "RuntimeError" in said
    assert "secret@example.com" not in said


def test_a_failed_step_leaves_nothing_behind(
    own_url: str, own_api: Api, own_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = build.opportunity(own_api)["id"]
    own_api.ok(own_api.delete(f"/v1/opportunities/{made}"), 204)
    own_database.execute("update pgqueuer set execute_after = now()")
    own_database.execute("update opportunity set deleted_at = '2020-01-01Z'")
    calls: list[int] = []

    async def broken_once(session: ScopedSession, **arguments: Any) -> int:
        done = await purge.run(session, **arguments)
        calls.append(done)
        if len(calls) == 1:
            raise RuntimeError
        return done

    monkeypatch.setattr(runner, "JOBS", {"purge": broken_once})
    monkeypatch.setattr(runner, "_FIRST_PAUSE", timedelta(0))
    drain(own_url)
    # Done and rolled back, done again, and then nothing more to do.
    assert calls == [1, 1, 0]
    assert own_database.value("select count(*) from opportunity") == 0


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_the_worker(own_url: str, number: signal.Signals) -> None:
    settings = Settings(environment="test", database_url=SecretStr(own_url))

    async def tell() -> None:
        os.kill(os.getpid(), number)

    async def both() -> None:
        await asyncio.wait_for(asyncio.gather(runner.run(settings), tell()), LIMIT)

    asyncio.run(both())
