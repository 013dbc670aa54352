"""Putting jobs into the queue, and who may."""

import json
import uuid
from datetime import timedelta
from typing import Any

import asyncpg
import pytest
from pgqueuer.queries import Queries
from sqlalchemy import text

from app.db import queue
from app.db.ids import new_id
from app.db.scope import Role, Scope, ScopedSession
from tests.support import database as databases
from tests.support.api import House
from tests.support.database import Database

TABLES = ("pgqueuer", "pgqueuer_log", "pgqueuer_schedules", "pgqueuer_statistics")


def jobs(database: Database, practice_id: uuid.UUID) -> list[dict[str, Any]]:
    """The queued jobs of a practice."""
    rows = database.fetch("select *, execute_after - created as after from pgqueuer order by id")
    return [row for row in rows if json.loads(row["payload"])["practice_id"] == str(practice_id)]


class TestEnqueue:
    def test_a_job_holds_its_ids_and_the_practice(self, house: House, database: Database) -> None:
        practice_id, opportunity_id = new_id(), new_id()

        async def work(session: ScopedSession) -> None:
            await queue.enqueue(session, "purge", opportunity_id=opportunity_id, after=timedelta(days=30))

        house.within(Scope(Role.TENANT, practice_id=practice_id), work)
        (job,) = jobs(database, practice_id)
        ids = {"opportunity_id": str(opportunity_id), "practice_id": str(practice_id)}
        assert (job["entrypoint"], json.loads(job["payload"])) == ("purge", ids)
        assert job["after"] == timedelta(days=30)

    def test_a_rollback_takes_the_job_back(self, house: House, database: Database) -> None:
        practice_id = new_id()

        async def work(session: ScopedSession) -> None:
            await queue.enqueue(session, "rebuild")
            raise RuntimeError

        with pytest.raises(RuntimeError):
            house.within(Scope(Role.TENANT, practice_id=practice_id), work)
        assert jobs(database, practice_id) == []

    def test_nobody_can_set_a_worker_on_another_practice(self, house: House, database: Database) -> None:
        mine, theirs = new_id(), new_id()

        async def work(session: ScopedSession) -> None:
            await queue.enqueue(session, "rebuild", practice_id=theirs)

        house.within(Scope(Role.TENANT, practice_id=mine), work)
        assert len(jobs(database, mine)) == 1
        assert jobs(database, theirs) == []

    def test_without_a_practice_there_is_no_job(self, house: House) -> None:
        async def work(session: ScopedSession) -> None:
            await queue.enqueue(session, "rebuild")

        with pytest.raises(asyncpg.PostgresError, match="belongs to a practice"):
            house.within(Scope(Role.TENANT), work)

    def test_its_rows_are_those_that_pgqueuer_makes(self, house: House, database: Database) -> None:
        practice_id = new_id()

        async def work(session: ScopedSession) -> None:
            await queue.enqueue(session, "purge", opportunity_id=practice_id, after=timedelta(days=30))

        house.within(Scope(Role.TENANT, practice_id=practice_id), work)
        (ours,) = jobs(database, practice_id)

        async def theirs(connection: asyncpg.Connection) -> int:
            queries = Queries.from_asyncpg_connection(connection)
            (made,) = await queries.enqueue("purge", ours["payload"], execute_after=timedelta(days=30))
            return made

        their_id = databases.with_connection(database.url, theirs)
        mine, other = (row(database, "pgqueuer", "id", number) for number in (ours["id"], their_id))
        assert mine == other
        mine, other = (row(database, "pgqueuer_log", "job_id", number) for number in (ours["id"], their_id))
        assert mine == other


class TestRights:
    @pytest.mark.parametrize("table", TABLES)
    @pytest.mark.parametrize("verb", ["SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER"])
    def test_tenants_and_the_login_itself_have_no_right_on_the_tables(
        self, database: Database, table: str, verb: str
    ) -> None:
        for role in ("app_tenant", "app_auth", "crickets_app"):
            assert database.value("select has_table_privilege($1, $2, $3)", role, table, verb) is False

    def test_only_tenants_may_call_the_function(self, database: Database) -> None:
        question = "select has_function_privilege($1, 'enqueue_job(text, jsonb, interval)', 'EXECUTE')"
        found = {
            role: database.value(question, role) for role in ("app_tenant", "app_auth", "app_worker", "crickets_app")
        }
        assert found == {"app_tenant": True, "app_auth": False, "app_worker": False, "crickets_app": False}

    def test_the_function_is_the_owners_and_its_search_path_is_fixed(self, database: Database) -> None:
        (found,) = database.fetch(
            "select prosecdef, proconfig, pg_get_userbyid(proowner)::text as owner from pg_proc"
            " where proname = 'enqueue_job'"
        )
        assert found == {
            "prosecdef": True,
            "proconfig": ["search_path=pg_catalog, pg_temp"],
            "owner": "crickets_owner",
        }

    @pytest.mark.parametrize("table", ["opportunity", "client", "policy"])
    def test_the_worker_reads_no_record(self, house: House, table: str) -> None:
        async def work(session: ScopedSession) -> None:
            await session.execute(text(f"select 1 from {table}"))

        with pytest.raises(asyncpg.PostgresError, match="permission denied"):
            house.within(Scope(Role.WORKER), work)


def row(database: Database, table: str, key: str, number: int) -> dict[str, Any]:
    """A row without what differs from one to the next, instants as seconds after its creation."""
    (found,) = database.fetch(f"select * from {table} where {key} = $1", number)
    created = found.pop("created")
    differing = {"id", "job_id"}
    return {
        name: (value - created if name in {"updated", "heartbeat", "execute_after"} else value)
        for name, value in found.items()
        if name not in differing
    }
