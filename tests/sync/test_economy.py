"""What a page costs: a few statements whatever is on it, and indexes however long the feed is."""

import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from app.db.scope import Actor, Role, Scope, ScopedSession
from app.sync.repository import feed
from tests.support import build
from tests.support.api import Api, House, new_practice
from tests.support.database import Database, Server, with_connection
from tests.support.statements import sent
from tests.sync.device import Device, settle

Follow = Callable[[Api], Device]
#: A long feed, of which the client has one row in a hundred; the last rows are another member's.
FILL = """
    insert into change (practice_id, type, resource_id, client_id, member_id, audience, shared)
    select $1, 'interaction', md5(n::text)::uuid,
        case when n % 100 = 0 then $2::uuid else md5((n % 100)::text)::uuid end,
        case when n > 99000 then $3::uuid end, case when n > 99000 then 'member' else 'all' end, n % 7 > 0
    from generate_series(1, 100000) n"""


def counted(house: House, work: Callable[[], Any]) -> int:
    """Return how many statements `work` sends, besides those that every request sends to know its caller."""
    with sent(house) as statements:
        work()
    return len(statements)


def test_a_page_takes_one_statement_for_each_type_on_it(api: Api, follow: Follow) -> None:
    device = follow(api)
    device.limit = 200
    for name in ("First", "Second", "Third"):
        made = build.everything(api, f"{name} Example")
        items = [{"kind": "note", "occurred_at": f"2026-03-{day:02}T12:00:00Z"} for day in range(1, 16)]
        api.ok(api.post(f"/v1/opportunities/{made['opportunities']}/interactions/batch", {"items": items}), 201)
    settle(device.database)
    # Where it stands, the rows, and the records of the five types that they are about.
    assert counted(api.house, device.page) == 2 + 5
    assert len(device.records) > 60
    assert counted(api.house, device.page) == 2
    # For a snapshot, of each of seven types the ids and the records.
    assert counted(api.house, Device(api, device.database, limit=200).page) == 2 + 2 * 7


@pytest.fixture(scope="module")
def long_feed(house: House, database: Database) -> Iterator[tuple[uuid.UUID, uuid.UUID]]:
    """A practice with a feed of 100,000 rows; return it and one of its clients."""
    api = new_practice(house)
    practice, client = uuid.UUID(api.practice_id), uuid.UUID(build.client(api)["id"])
    database.execute(FILL, practice, client, uuid.uuid4())
    yield practice, client
    database.execute("delete from change where practice_id = $1", practice)


def plan_of_a_page(api: Api, server: Server, name: str, scope: Scope) -> str:
    """Return how Postgres reads a page from the start of the feed, asked as the service asks it."""

    async def page(session: ScopedSession) -> None:
        state = await feed.state(session)
        await feed.rows(session, xid=0, seq=0, floor=state.ceiling, take=51)

    async def explain(connection: Any) -> list[Any]:
        async with connection.transaction():
            await connection.execute(scope.prelude())
            (state, _), (statement, parameters) = heard
            await connection.fetch(state)
            found: list[Any] = await connection.fetch(f"EXPLAIN {statement}", *parameters)
            return found

    with sent(api.house) as heard:
        api.house.within(scope, page)
    rows = with_connection(server.url(name, "crickets_app"), explain)
    return "\n".join(row["QUERY PLAN"] for row in rows)


@pytest.mark.parametrize("role", [Actor.OWNER, Actor.ASSISTANT, Actor.CLIENT])
def test_a_long_feed_is_read_by_its_indexes(
    api: Api, long_feed: tuple[uuid.UUID, uuid.UUID], server: Server, database_name: str, role: Actor
) -> None:
    practice, client = long_feed
    member, client_id = (None, client) if role is Actor.CLIENT else (uuid.UUID(api.member_id), None)
    plan = plan_of_a_page(api, server, database_name, Scope(Role.TENANT, role, practice, member, client_id))
    assert "Seq Scan on change " not in plan, plan
    assert "Sort  (" not in plan, plan
    expected = "ix_change_client" if role is Actor.CLIENT else "pk_change"
    assert f"using {expected} on change" in plan, plan


def test_a_single_row_stays_cheap_after_an_import_on_the_same_connection(api: Api, database: Database) -> None:
    opportunities = [uuid.UUID(build.opportunity(api)["id"]) for _ in range(20)]
    insert = (
        "insert into interaction (practice_id, id, opportunity_id, kind, occurred_at, visibility, recorded_at, "
        "recorded_by_type, recorded_by_id, created_at, updated_at) select $1, gen_random_uuid(), o, 'note', "
        "'2026-03-01Z', 'shared', now(), 'member', $1, now(), now() from unnest($2::uuid[]) o, generate_series(1, $3)"
    )
    looked_at = (
        "select coalesce(sum(seq_tup_read + idx_tup_fetch), 0) from pg_stat_xact_user_tables "
        "where relname = 'opportunity'"
    )

    async def work(connection: Any) -> int:
        transaction = connection.transaction()
        await transaction.start()
        await connection.execute(insert, uuid.UUID(api.practice_id), opportunities, 100)
        before = await connection.fetchval(looked_at)
        await connection.execute(insert, uuid.UUID(api.practice_id), opportunities[:1], 1)
        after = await connection.fetchval(looked_at)
        await transaction.rollback()
        return int(after - before)

    # The parent itself, for the foreign key and for the feed.
    assert with_connection(database.url, work) <= 2
