"""Each entry is chained to the one before, and whoever tampers with one is found."""

import asyncio
import uuid
from collections.abc import Callable
from typing import Any

import asyncpg
import pytest

from app.audit.service.verification import Head, Verdict, parse_head, verify
from app.db import ledger
from app.db.ledger import Doer
from app.db.scope import Role, Scope, ScopedSession
from app.db.vocabulary import ActorType
from tests.support import build
from tests.support.api import Api, House
from tests.support.database import Database, Server, with_connection


def verdict(api: Api, noted: Head | None = None) -> Verdict:
    scope = Scope(Role.TENANT, practice_id=uuid.UUID(api.practice_id), read_only=True)
    found: Verdict = api.house.within(scope, lambda session: verify(session, noted=noted))
    return found


def entry(number: int, database: Database, api: Api) -> uuid.UUID:
    """Return the id of the entry behind a link."""
    found = "select event_id from audit_link where practice_id = $1 and seq = $2"
    return uuid.UUID(str(database.value(found, uuid.UUID(api.practice_id), number)))


def tamper(database: Database, *statements: str) -> None:
    """Do as a superuser who switches the triggers off, for one connection only."""
    database.execute("; ".join(("set session_replication_role = replica", *statements)))


@pytest.fixture
def chained(api: Api, stranger: Api) -> Api:
    """A practice with a chain of six, while another has one of its own."""
    build.client(stranger)
    for _ in range(5):
        build.client(api)
    assert verdict(api) == Verdict(uuid.UUID(api.practice_id), verdict(api).head)
    assert verdict(api).head.seq == 6
    return api


class TestGrowth:
    def test_every_entry_is_a_link(self, chained: Api, database: Database) -> None:
        practice = uuid.UUID(chained.practice_id)
        linked = "select event_id from audit_link where practice_id = $1 order by seq"
        written = "select id from audit_event where practice_id = $1 order by id"
        assert [r["event_id"] for r in database.fetch(linked, practice)] == [
            r["id"] for r in database.fetch(written, practice)
        ]

    def test_what_is_rolled_back_leaves_no_gap(self, chained: Api) -> None:
        refused = {"name": "N", "time_zone": "UTC", "employment_status": "student", "coach_ids": [str(uuid.uuid4())]}
        assert chained.post("/v1/clients", refused).status_code == 422
        build.client(chained)
        assert verdict(chained).head.seq == 7
        assert verdict(chained).broken is None

    def test_many_writers_at_once_make_one_chain(self, chained: Api) -> None:
        scope = Scope(Role.TENANT, practice_id=uuid.UUID(chained.practice_id))

        async def write(number: int) -> None:
            async with chained.house.app.state.house.sessions() as session:
                await _record(session.within(scope), chained.house, action=f"test.{number}")
                await session.commit()

        async def all_at_once() -> None:
            await asyncio.gather(*(write(number) for number in range(40)))

        assert chained.house.client.portal is not None
        chained.house.client.portal.call(all_at_once)
        found = verdict(chained)
        assert (found.head.seq, found.broken) == (46, None)

    def test_whoever_cannot_be_chained_in_time_has_changed_nothing(
        self, chained: Api, server: Server, database_name: str
    ) -> None:
        async def hold(connection: Any) -> Any:
            async with connection.transaction():
                locked = "select seq from audit_head where practice_id = $1 for update"
                await connection.fetchval(locked, uuid.UUID(chained.practice_id))
                return await asyncio.to_thread(chained.post, "/v1/companies", {"name": "Too late"})

        refused = with_connection(server.url(database_name), hold)
        assert (refused.status_code, refused.json()["code"]) == (503, "unavailable")
        assert "retry-after" in refused.headers
        assert chained.ok(chained.get("/v1/companies"))["items"] == []
        build.client(chained)
        assert (verdict(chained).head.seq, verdict(chained).broken) == (7, None)

    def test_database_and_verifier_read_every_entry_in_the_same_way(self, chained: Api) -> None:
        texts = ["", "-", "5:hello,", "Ångström", "\U0001f997", "a,b", '"', "\\", "{x}", "\t"]
        scope = Scope(Role.TENANT, practice_id=uuid.UUID(chained.practice_id))
        for text in texts:
            for fields in ([], [text], [text, "z"], texts):
                work = _recorder(chained.house, action=text, resource_type=text, changed_fields=fields)
                chained.house.within(scope, work)
        assert verdict(chained).broken is None


async def _record(session: ScopedSession, house: House, **more: Any) -> None:
    entry = {"resource_type": "client", "resource_id": None, **more}
    await ledger.record(session, by=Doer(ActorType.SYSTEM, None), now=house.clock.now, **entry)


def _recorder(house: House, **more: Any) -> Callable[[ScopedSession], Any]:
    return lambda session: _record(session, house, **more)


class TestTampering:
    @pytest.mark.parametrize(
        "change",
        [
            "occurred_at = occurred_at - interval '1 microsecond'",
            "actor_type = 'system'",
            "actor_id = null",
            "api_key_id = null",
            "action = 'client.view'",
            "resource_type = 'company'",
            "resource_id = practice_id",
            "changed_fields = '{}'",
            "request_id = null",
        ],
    )
    def test_a_changed_entry_is_found(self, chained: Api, stranger: Api, database: Database, change: str) -> None:
        changed = entry(4, database, chained)
        tamper(database, f"update audit_event set {change} where id = '{changed}'")
        assert verdict(chained).broken == f"link 4: entry {changed} is not what it was, or not where it was"
        assert verdict(stranger).broken is None

    def test_a_removed_entry_is_found(self, chained: Api, database: Database) -> None:
        removed = entry(3, database, chained)
        tamper(database, f"delete from audit_event where id = '{removed}'")
        assert verdict(chained).broken == f"link 3: entry {removed} is missing"

    def test_an_entry_removed_with_its_link_is_found(self, chained: Api, database: Database) -> None:
        removed = entry(3, database, chained)
        tamper(
            database,
            f"delete from audit_event where id = '{removed}'",
            f"delete from audit_link where event_id = '{removed}'",
        )
        assert verdict(chained).broken == "link 3 is missing"

    def test_and_so_is_a_gap_that_was_closed(self, chained: Api, database: Database) -> None:
        removed, next_one = entry(3, database, chained), entry(4, database, chained)
        of = f"practice_id = '{chained.practice_id}'"
        tamper(
            database,
            f"delete from audit_event where id = '{removed}'",
            f"delete from audit_link where event_id = '{removed}'",
            *(f"update audit_link set seq = {n - 1} where {of} and seq = {n}" for n in (4, 5, 6)),
            f"update audit_head set seq = 5 where {of}",
        )
        assert verdict(chained).broken == f"link 3: entry {next_one} is not what it was, or not where it was"

    def test_swapped_entries_are_found(self, chained: Api, database: Database) -> None:
        three, four = entry(3, database, chained), entry(4, database, chained)
        of = f"practice_id = '{chained.practice_id}'"
        tamper(
            database,
            f"update audit_link set event_id = '{four}' where {of} and seq = 3",
            f"update audit_link set event_id = '{three}' where {of} and seq = 4",
        )
        assert verdict(chained).broken == f"link 3: entry {four} is not what it was, or not where it was"

    def test_a_cut_tail_is_found(self, chained: Api, database: Database) -> None:
        cut = [entry(n, database, chained) for n in (5, 6)]
        ids = ", ".join(f"'{one}'" for one in cut)
        tamper(
            database,
            f"delete from audit_event where id in ({ids})",
            f"delete from audit_link where event_id in ({ids})",
        )
        assert verdict(chained).broken == "link 5 is missing: the chain ends before its head, number 6"

    def test_a_cut_tail_whose_head_was_set_back_is_found_by_a_head_that_was_noted(
        self, chained: Api, database: Database
    ) -> None:
        noted = verdict(chained).head
        cut = entry(6, database, chained)
        of = f"practice_id = '{chained.practice_id}'"
        tamper(
            database,
            f"delete from audit_event where id = '{cut}'",
            f"delete from audit_link where event_id = '{cut}'",
            f"update audit_head set seq = 5, hash = (select hash from audit_link where {of} and seq = 5) where {of}",
        )
        assert verdict(chained).broken is None
        assert verdict(chained, noted).broken == "link 6 is missing: number 6 was noted before"
        build.client(chained)
        assert verdict(chained, noted).broken == (
            "link 6 is not the one that was noted: the chain up to it was rewritten"
        )

    def test_a_head_of_something_else_is_found(self, chained: Api, database: Database) -> None:
        tamper(database, f"update audit_head set hash = sha256('x') where practice_id = '{chained.practice_id}'")
        assert verdict(chained).broken == "link 6 is not the one that the head remembers"

    def test_a_missing_head_is_found(self, chained: Api, database: Database) -> None:
        tamper(database, f"delete from audit_head where practice_id = '{chained.practice_id}'")
        assert verdict(chained).broken == "the chain has no head"

    def test_an_entry_that_was_slipped_in_is_found(self, chained: Api, database: Database) -> None:
        forged = uuid.uuid4()
        tamper(
            database,
            "insert into audit_event (practice_id, id, occurred_at, actor_type, action, resource_type, changed_fields) "
            f"values ('{chained.practice_id}', '{forged}', now(), 'system', 'client.export', 'client', '{{}}')",
        )
        assert verdict(chained).broken == f"entry {forged} stands outside the chain"

    def test_the_entry_of_another_practice_does_not_fit(self, chained: Api, stranger: Api, database: Database) -> None:
        theirs = entry(2, database, stranger)
        tamper(database, f"update audit_event set practice_id = '{chained.practice_id}' where id = '{theirs}'")
        assert verdict(chained).broken == f"entry {theirs} stands outside the chain"
        assert verdict(stranger).broken == f"link 2: entry {theirs} is missing"


class TestTheDatabaseRefuses:
    @pytest.mark.parametrize("table", ["audit_event", "audit_link", "audit_head"])
    @pytest.mark.parametrize("statement", ["delete from {}", "truncate {}", "update {} set practice_id = practice_id"])
    def test_even_its_superuser(self, chained: Api, database: Database, table: str, statement: str) -> None:
        with pytest.raises(asyncpg.InsufficientPrivilegeError, match="the audit log only grows"):
            database.execute(statement.format(table))

    def test_heads_grow_one_by_one(self, chained: Api, database: Database) -> None:
        with pytest.raises(asyncpg.InsufficientPrivilegeError, match="the audit log only grows"):
            database.execute(
                "update audit_head set seq = seq + 2 where practice_id = $1", uuid.UUID(chained.practice_id)
            )

    @pytest.mark.parametrize(
        "statement",
        [
            "update audit_event set action = 'x'",
            "delete from audit_event",
            "insert into audit_link select practice_id, 99, event_id, hash from audit_link",
            "update audit_head set seq = seq + 1",
            "insert into audit_head select practice_id, 1, '' from audit_event limit 1",
            "select audit_append(e) from audit_event e",
        ],
    )
    def test_the_service_may_write_entries_and_nothing_else(
        self, chained: Api, server: Server, database_name: str, statement: str
    ) -> None:
        async def act(connection: Any) -> None:
            async with connection.transaction():
                await connection.execute("set local role app_tenant")
                await connection.execute("set local app.actor = 'owner'")
                await connection.execute(f"set local app.practice_id = '{chained.practice_id}'")
                await connection.execute(statement)

        with pytest.raises(asyncpg.InsufficientPrivilegeError, match="permission denied"):
            with_connection(server.url(database_name, "crickets_app"), act)
        assert verdict(chained).broken is None


@pytest.mark.parametrize("text", ["", "7", "7:", "7:ab", f"-1:{'0' * 64}", f"7:{'G' * 64}", f"7:{'0' * 65}"])
def test_what_is_no_head(text: str) -> None:
    assert parse_head(text) is None


def test_a_head_is_read_as_it_is_written() -> None:
    head = Head(128, bytes(range(32)))
    assert parse_head(str(head)) == head
