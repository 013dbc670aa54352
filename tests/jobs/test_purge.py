"""Erasing what was deleted a month ago."""

import json
import uuid
from datetime import timedelta
from typing import Any

import pytest

from app.db.scope import Role, Scope, ScopedSession
from app.jobs import purge
from tests.support import build
from tests.support.api import Api, Clock
from tests.support.database import Database

TABLES = {
    "opportunity": "id = $1",
    "interaction": "opportunity_id = $1",
    "interaction_revision": "interaction_id in (select id from interaction where opportunity_id = $1)",
    "ghosting_step": "opportunity_id = $1",
    "opportunity_contact": "opportunity_id = $1",
    "next_action": "opportunity_id = $1",
    "action_decision": "opportunity_id = $1",
    "win": "opportunity_id = $1",
    "derived_win": "opportunity_id = $1",
    "activity_opportunity": "opportunity_id = $1",
}


def full(api: Api) -> str:
    """An opportunity with everything that can hang on one."""
    contact = build.contact(api)["id"]
    opportunity = build.opportunity(api, contact_ids=[contact])
    made = opportunity["id"]
    for _, path, body in build.guided(opportunity["client_id"], made):
        api.ok(api.post(path, body), 201)
    act = build.interaction(api, made, "application", "2026-03-01T12:00:00Z", summary="Before", contact_id=contact)
    api.ok(api.patch(f"/v1/interactions/{act['id']}", {"summary": "After"}, version=1))
    build.interaction(api, made, "note", "2026-03-02T12:00:00Z", visibility="coaches")
    build.interaction(api, made, "employer_message", "2026-03-02T12:00:00Z")
    (advised,) = (a for a in api.walk("/v1/next-actions", opportunity_id=made) if a["origin"] == "computed")
    api.ok(api.post(f"/v1/next-actions/{advised['id']}/dismiss", {}))
    return str(made)


def held(database: Database, opportunity_id: str) -> dict[str, int]:
    """How many rows each table has of an opportunity."""
    ident = uuid.UUID(opportunity_id)
    return {t: database.value(f"select count(*) from {t} where {where}", ident) for t, where in TABLES.items()}


def queued(database: Database, opportunity_id: str) -> list[timedelta]:
    """After how long the purges of an opportunity are due."""
    rows = database.fetch("select payload, execute_after - created as after from pgqueuer where entrypoint = 'purge'")
    return [row["after"] for row in rows if json.loads(row["payload"])["opportunity_id"] == opportunity_id]


def run(api: Api, opportunity_id: str) -> int:
    async def work(session: ScopedSession) -> int:
        return await purge.run(session, now=api.house.clock.now, opportunity_id=uuid.UUID(opportunity_id))

    count: int = api.house.within(Scope(Role.TENANT, practice_id=uuid.UUID(api.practice_id)), work)
    return count


@pytest.fixture
def deleted(api: Api) -> str:
    made = full(api)
    api.ok(api.delete(f"/v1/opportunities/{made}"), 204)
    return made


class TestDelete:
    def test_deleting_asks_for_the_purge_in_a_month(self, deleted: str, database: Database) -> None:
        assert queued(database, deleted) == [timedelta(days=30)]

    def test_a_refused_delete_asks_for_none(self, api: Api, stranger: Api, database: Database) -> None:
        made = build.opportunity(api)["id"]
        assert stranger.delete(f"/v1/opportunities/{made}").status_code == 404
        assert api.delete(f"/v1/opportunities/{made}", headers={"If-Match": '"7"'}).status_code == 412
        assert queued(database, made) == []


class TestPurge:
    def test_after_a_month_everything_of_it_is_gone_and_nothing_else(
        self, api: Api, stranger: Api, clock: Clock, database: Database, deleted: str
    ) -> None:
        kept, theirs = full(api), full(stranger)
        before = [held(database, i) for i in (kept, theirs)]
        assert all(held(database, deleted).values())
        clock.forward(days=30)
        assert run(api, deleted) == 1
        assert not any(held(database, deleted).values())
        assert [held(database, i) for i in (kept, theirs)] == before

    def test_again_it_does_nothing(self, api: Api, clock: Clock, deleted: str) -> None:
        clock.forward(days=31)
        assert [run(api, deleted), run(api, deleted)] == [1, 0]

    def test_a_moment_too_early_it_waits_for_the_rest(
        self, api: Api, clock: Clock, database: Database, deleted: str
    ) -> None:
        clock.forward(days=30, seconds=-5)
        assert run(api, deleted) == 0
        assert all(held(database, deleted).values())
        assert sorted(queued(database, deleted)) == [timedelta(seconds=5), timedelta(days=30)]

    def test_what_was_restored_stays(self, api: Api, clock: Clock, database: Database, deleted: str) -> None:
        clock.forward(days=1)
        api.ok(api.post(f"/v1/opportunities/{deleted}/restore"))
        clock.forward(days=29)
        assert run(api, deleted) == 0
        assert all(held(database, deleted).values())
        assert queued(database, deleted) == [timedelta(days=30)]

    def test_deleted_anew_it_has_a_month_anew(self, api: Api, clock: Clock, database: Database, deleted: str) -> None:
        clock.forward(days=29)
        api.ok(api.post(f"/v1/opportunities/{deleted}/restore"))
        api.ok(api.delete(f"/v1/opportunities/{deleted}"), 204)
        clock.forward(days=1)
        assert run(api, deleted) == 0
        assert all(held(database, deleted).values())
        clock.forward(days=29)
        assert run(api, deleted) == 1

    def test_a_stranger_has_nothing_to_erase_there(
        self, api: Api, stranger: Api, clock: Clock, database: Database, deleted: str
    ) -> None:
        clock.forward(days=31)
        assert run(stranger, deleted) == 0
        assert all(held(database, deleted).values())

    def test_the_rows_of_imports_forget_it(self, api: Api, clock: Clock, database: Database, deleted: str) -> None:
        practice_id, ident, other = uuid.UUID(api.practice_id), uuid.uuid4(), uuid.uuid4()
        client_id = uuid.UUID(api.ok(api.get("/v1/clients"))["items"][0]["id"])
        database.execute(
            "insert into import_file (practice_id, id, client_id, format, state, counts, warnings, created_at,"
            " updated_at) values ($1, $2, $3, 'generic', 'committed', '{}', '{}', now(), now())",
            *(practice_id, ident, client_id),
        )
        for number, opportunity_id in enumerate((uuid.UUID(deleted), other)):
            database.execute(
                "insert into import_row (practice_id, import_id, number, action, opportunity_id, values, problems,"
                " draft, made) values ($1, $2, $3, 'create', $4, '{}', '[]', '{}', '{}')",
                *(practice_id, ident, number, opportunity_id),
            )
        clock.forward(days=31)
        assert run(api, deleted) == 1
        rows = database.fetch("select opportunity_id from import_row where import_id = $1 order by number", ident)
        assert [row["opportunity_id"] for row in rows] == [None, other]

    def test_the_audit_says_that_the_system_erased_it(
        self, api: Api, clock: Clock, database: Database, deleted: str
    ) -> None:
        clock.forward(days=31)
        run(api, deleted)
        rows: list[dict[str, Any]] = database.fetch(
            "select action, actor_type, actor_id, occurred_at from audit_event where resource_id = $1"
            " order by occurred_at desc",
            uuid.UUID(deleted),
        )
        assert rows[0] == {
            "action": "opportunity.erase",
            "actor_type": "system",
            "actor_id": None,
            "occurred_at": clock.now,
        }
        assert sum(row["action"] == "opportunity.erase" for row in rows) == 1
