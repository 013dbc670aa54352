"""`crickets work`: takes jobs from the queue, and gives each its transactions."""

import asyncio
import json
import logging
import signal
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg
from pgqueuer.adapters.drivers.asyncpg import AsyncpgDriver
from pgqueuer.core.qm import QueueManager
from pgqueuer.domain.errors import RetryRequested
from pgqueuer.domain.models import Job
from pgqueuer.domain.types import QueueExecutionMode
from pgqueuer.queries import Queries

from app.db import queue
from app.db.engine import Sessions, create_pool, dsn
from app.db.scope import Role, Scope
from app.jobs import purge, rebuild
from app.kit import clock, memory
from app.settings import Settings

#: A job does one transaction's worth of its work and returns how much that was, 0 when nothing is left.
JOBS: Mapping[str, Callable[..., Awaitable[int]]] = {"purge": purge.run, "rebuild": rebuild.run}
TRIES = 5
AT_ONCE = 4  # each holds a connection of the pool
_CONNECT_LIMIT = 5
_FIRST_PAUSE = timedelta(seconds=2)  # doubled from try to try
_LISTENING, _DRAINING = timedelta(seconds=30), timedelta(seconds=1)  # how long to wait for news of a job

log = logging.getLogger(__name__)


class JobFailed(Exception):
    """A job broke off; says of the cause its kind only, for database errors quote what is in the rows."""


async def run(settings: Settings) -> None:
    """Work until SIGTERM or SIGINT; then finish the transactions at hand and put back what is not done."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    memory.settle()
    await work(settings, stop=stop)


async def work(settings: Settings, *, stop: asyncio.Event, drain: bool = False) -> None:
    """Take jobs until `stop` is set or, with `drain`, until none is left, not even one that is due later."""
    pool = create_pool(settings.model_copy(update={"db_pool_size": AT_ONCE}))
    connection = await _connect(settings)
    try:
        manager = QueueManager(Queries(AsyncpgDriver(connection)))
        manager.shutdown = stop
        worker = Worker(Sessions(pool), stop)
        for name in JOBS:
            # The default would delete a job that has failed for good; held ones are listed for the operator.
            manager.entrypoint(name, on_failure="hold")(worker.perform)
        await manager.run(
            dequeue_timeout=_DRAINING if drain else _LISTENING,
            mode=QueueExecutionMode.drain if drain else QueueExecutionMode.continuous,
            batch_size=AT_ONCE // 2,
            max_concurrent_tasks=AT_ONCE,
            shutdown_on_listener_failure=True,
        )
    finally:
        await connection.close()
        await pool.close()


@dataclass(frozen=True, slots=True)
class Worker:
    """Performs jobs, each step of them in a transaction of its own."""

    sessions: Sessions
    stop: asyncio.Event
    now: Callable[[], datetime] = clock.read

    async def perform(self, job: Job) -> None:
        """Do all of a job; after a failure ask for another try, after the last raise JobFailed."""
        try:
            await self._finish(job.entrypoint, json.loads(job.payload or b"{}"))
        except Exception as error:  # noqa: BLE001  # whatever it was, the job must not be lost
            failure = type(error).__name__
            log.warning("job %s (%s) failed at try %s: %s", job.id, job.entrypoint, job.attempts + 1, failure)
            if job.attempts + 1 >= TRIES:
                raise JobFailed(failure) from None
            raise RetryRequested(_FIRST_PAUSE * 2**job.attempts, failure) from None

    async def _finish(self, name: str, payload: Mapping[str, str]) -> None:
        ids = {key: UUID(value) for key, value in payload.items()}
        scope = Scope(Role.TENANT, practice_id=ids.pop("practice_id"))
        while await self._step(name, scope, ids):
            if self.stop.is_set():
                await self._put_back(name, scope, ids)
                return

    async def _step(self, name: str, scope: Scope, ids: Mapping[str, UUID]) -> int:
        async with self.sessions() as session:
            done = await JOBS[name](session.within(scope), now=self.now(), **ids)
            await session.commit()
            return done

    async def _put_back(self, name: str, scope: Scope, ids: Mapping[str, UUID]) -> None:
        """Ask for the rest anew: what is done stays done, and a job that was interrupted has not failed."""
        async with self.sessions() as session:
            await queue.enqueue(session.within(scope), name, after=timedelta(0), **ids)
            await session.commit()


async def _connect(settings: Settings) -> Any:
    """Return a connection straight to the server, as the one role that may take jobs; it listens, so no pooler."""
    if settings.database_url is None:
        raise ValueError("CRICKETS_DATABASE_URL is not set")
    connection = await asyncpg.connect(
        dsn(settings.database_url.get_secret_value()),
        timeout=_CONNECT_LIMIT,
        server_settings={"application_name": "crickets-work", "timezone": "UTC"},
    )
    await connection.execute(f"SET ROLE {Role.WORKER.value}")
    return connection
