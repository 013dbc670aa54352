"""Connections that are shared: nobody gets one that is in the middle of something, and nobody waits for ever."""

import asyncio
import gc
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
import pytest
from sqlalchemy import text

from app.db import faults, pool
from app.db.engine import Sessions
from app.db.pool import Pool, PoolTimeout
from app.db.scope import Actor, Role, Scope, UndoneError
from app.db.statements import KEPT_PLAN
from app.kit.errors import Overloaded
from tests.support import api as support
from tests.support import build
from tests.support.api import Api
from tests.support.database import Database, Server

Work = Callable[[Pool], Awaitable[Any]]
WHOSE = text(
    "select current_setting('app.practice_id', true) as practice, current_user as role, pg_backend_pid() as pid"
)


@pytest.fixture
def using(server: Server, database_name: str) -> Callable[..., Any]:
    """Run `work` with a pool of its own."""

    def run(work: Work, *, size: int = 1) -> Any:
        async def inside() -> Any:
            made = Pool(server.url(database_name, "crickets_app"), size=size)
            try:
                return await work(made)
            finally:
                await made.close()

        return asyncio.run(inside())

    return run


def tenant(*, read_only: bool = False) -> Scope:
    return Scope(Role.TENANT, Actor.OWNER, uuid.uuid4(), uuid.uuid4(), read_only=read_only)


@asynccontextmanager
async def reading(made: Pool, scope: Scope) -> AsyncIterator[Any]:
    async with Sessions(made)() as session:
        yield (await session.within(scope).execute(WHOSE)).one()


class TestPlaces:
    def test_who_waits_too_long_is_told(self, using: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        async def work(made: Pool) -> None:
            held = await made.take()
            with monkeypatch.context() as impatient:
                impatient.setattr(pool, "PATIENCE", 0.01)
                with pytest.raises(PoolTimeout) as told:
                    await made.take()
            assert isinstance(faults.translate(told.value), Overloaded)
            await made.give(held)
            await made.give(await made.take())

        using(work)

    def test_who_gave_up_takes_no_place(self, using: Any) -> None:
        async def work(made: Pool) -> None:
            held = await made.take()
            gave_up, waits = (asyncio.ensure_future(made.take()) for _ in range(2))
            await asyncio.sleep(0)
            gave_up.cancel()
            await made.give(held)
            await made.give(await waits)
            await made.give(await made.take())

        using(work)

    def test_a_connection_that_was_lost_is_replaced(self, using: Any, database: Database) -> None:
        async def work(made: Pool) -> None:
            lost = await made.take()
            number, is_lost = lost.get_server_pid(), asyncio.Event()
            lost.add_termination_listener(lambda _: is_lost.set())
            await made.give(lost)
            await asyncio.to_thread(database.value, "select pg_terminate_backend($1)", number)
            await is_lost.wait()
            other = await made.take()
            assert other is not lost
            await made.give(other)

        using(work)

    def test_a_failure_to_connect_leaves_the_place_free(self) -> None:
        async def work() -> None:
            made = Pool("postgresql://nobody@127.0.0.1:1/none", size=1)
            for _ in range(2):
                with pytest.raises(OSError, match=r"refused|failed"):
                    await made.take()

        asyncio.run(work())


class TestTransactions:
    def test_one_that_was_broken_off_leaves_nothing_behind(self, using: Any) -> None:
        async def sleep(made: Pool, begun: asyncio.Event) -> None:
            async with Sessions(made)() as session:
                session.within(tenant())
                await session.execute(text("select 1"))
                begun.set()
                await session.execute(text("select pg_sleep(60)"))

        async def work(made: Pool) -> None:
            begun = asyncio.Event()
            task = asyncio.ensure_future(sleep(made, begun))
            await begun.wait()
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            connection = await made.take()
            assert not connection.is_in_transaction()
            assert await connection.fetchval("select current_user::text") == "crickets_app"
            await made.give(connection)

        using(work)

    def test_one_whose_connection_was_lost_ends_without_ado(self, using: Any, database: Database) -> None:
        ado: list[Any] = []

        async def sleep(made: Pool, number: asyncio.Future[int]) -> None:
            async with Sessions(made)() as session:
                session.within(tenant())
                number.set_result((await session.execute(text("select pg_backend_pid()"))).scalar_one())
                await session.execute(text("select pg_sleep(60)"))

        async def work(made: Pool) -> None:
            loop = asyncio.get_running_loop()
            loop.set_exception_handler(lambda _, told: ado.append(told))
            for end in ("cancel", "lose", "lose and cancel"):
                number: asyncio.Future[int] = loop.create_future()
                task = asyncio.ensure_future(sleep(made, number))
                pid = await number
                if "lose" in end:
                    await asyncio.to_thread(database.value, "select pg_terminate_backend($1)", pid)
                if "cancel" in end:
                    task.cancel()
                await asyncio.gather(task, return_exceptions=True)
                connection = await made.take()
                assert await connection.fetchval("select 1") == 1
                await made.give(connection)

        using(work)
        gc.collect()
        assert ado == []

    @pytest.mark.parametrize("then_read_only", [True, False])
    def test_the_next_one_knows_nothing_of_a_read_before(self, using: Any, *, then_read_only: bool) -> None:
        async def work(made: Pool) -> None:
            first, second = tenant(read_only=True), tenant(read_only=then_read_only)
            async with reading(made, first) as one:
                assert one.practice == str(first.practice_id)
            async with reading(made, second) as other:
                assert (other.practice, other.pid) == (str(second.practice_id), one.pid)

        using(work)

    def test_a_call_outside_of_practices_sees_nothing_of_the_read_before(self, using: Any) -> None:
        async def work(made: Pool) -> None:
            async with reading(made, tenant(read_only=True)) as read:
                pass
            [found] = await made.call(WHOSE, {})
            assert (found.practice or None, found.role, found.pid) == (None, "crickets_app", read.pid)

        using(work)

    def test_a_kept_plan_is_for_its_own_transaction(self, using: Any) -> None:
        asked = text("select current_setting('plan_cache_mode')")

        async def modes(made: Pool, *statements: Any) -> list[str]:
            async with Sessions(made)() as session:
                session.within(tenant(read_only=True))
                return [(await session.execute(one)).scalar_one() for one in statements]

        async def work(made: Pool) -> None:
            kept = asked.execution_options(**KEPT_PLAN)
            assert await modes(made, asked) == ["auto"]
            assert await modes(made, kept) == ["force_generic_plan"]
            assert await modes(made, asked, kept) == ["auto", "auto"]

        using(work)

    def test_what_has_failed_is_not_committed_in_silence(self, using: Any) -> None:
        async def work(made: Pool) -> None:
            async with Sessions(made)() as session:
                session.within(tenant())
                with pytest.raises(asyncpg.DivisionByZeroError):
                    await session.execute(text("select 1 / 0"))
                with pytest.raises(UndoneError):
                    await session.commit()

        using(work)

    def test_a_block_in_it_is_undone_alone(self, using: Any) -> None:
        async def work(made: Pool) -> None:
            async with Sessions(made)() as session:
                session.within(tenant())
                with pytest.raises(asyncpg.DivisionByZeroError):
                    async with session.begin_nested():
                        await session.execute(text("select 1 / 0"))
                assert (await session.execute(text("select 1"))).scalar_one() == 1
                await session.commit()

        using(work)


def test_behind_a_pooler_it_works_alike(server: Server, database_name: str) -> None:
    with support.running(server.url(database_name, "crickets_app"), db_pooler="transaction") as house:
        api: Api = support.new_practice(house)
        made = build.everything(api, "Pooled Example")
        assert api.ok(api.get(f"/v1/clients/{made['clients']}"))["id"] == made["clients"]
