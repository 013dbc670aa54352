"""What a page costs: a few statements whatever is on it, and indexes however long the feed is."""

import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from app.access.principal import Caller, Principal
from app.access.rights import scopes_of
from app.db.scope import Actor, Role, Scope, ScopedSession
from app.main import KINDS as FOLLOWED
from app.sync.repository import feed
from tests.support import build
from tests.support.api import Api, House, new_practice
from tests.support.database import Database, Server, with_connection
from tests.support.statements import sent
from tests.sync.device import Device, settle
from tests.tenancy.test_work import counting

KINDS = ("interaction", "next_action", "win", "development_activity")
#: A practice of some size, in which the first client has a twentieth.
PEOPLE, EACH = 20, 100
GROW = """
    with person as (
        insert into client (practice_id, id, name, name_key, time_zone, employment_status, goals, target_titles,
            archived, created_at, updated_at)
        select practice_id, gen_random_uuid(), name, name_key, time_zone, employment_status, goals, target_titles,
            archived, now(), now() from client, generate_series(2, $2) where practice_id = $1 returning id
    ), place as (
        insert into opportunity (practice_id, id, client_id, company_id, title, title_key, kind, source, created_at,
            updated_at)
        select $1, gen_random_uuid(), p.id, o.company_id, title, title_key, kind, source, now(), now()
        from (select id from person union all select id from client where practice_id = $1) p, opportunity o,
            generate_series(1, $3) where o.practice_id = $1 returning id
    )
    insert into interaction (practice_id, id, opportunity_id, kind, occurred_at, visibility, recorded_at,
        recorded_by_type, recorded_by_id, created_at, updated_at)
    select $1, gen_random_uuid(), id, 'note', '2026-03-01Z', 'shared', now(), 'member', $1, now(), now() from place"""
#: Some records of each kind of one client.
TOUCHED = """
    with seen as (select id from opportunity where practice_id = $1 and client_id = $2 order by id limit $3),
    a as (insert into next_action (practice_id, id, client_id, opportunity_id, title, assignee, state, created_at,
        updated_at) select $1, gen_random_uuid(), $2, id, 'T', 'client', 'open', now(), now() from seen returning id),
    b as (insert into win (practice_id, id, client_id, opportunity_id, title, occurred_on, created_at, updated_at)
        select $1, gen_random_uuid(), $2, id, 'T', '2026-03-01', now(), now() from seen returning id),
    c as (insert into development_activity (practice_id, id, client_id, kind, title, status, created_at, updated_at)
        select $1, gen_random_uuid(), $2, 'course', 'T', 'active', now(), now() from seen returning id)
    select array(select i.id from interaction i where practice_id = $1 and opportunity_id in (select id from seen))
        as interaction, array(select id from a) as next_action, array(select id from b) as win,
        array(select id from c) as development_activity"""
LEAVES = ("next_action", "win", "development_activity", "interaction", "ghosting_step", "opportunity")
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
    api.ok(api.get("/v1/opportunities"))  # what the practice has learnt is known to the process from now on
    # Where it stands, the rows, and the records of the eight types that they are about.
    assert counted(api.house, device.page) == 2 + 8
    assert len(device.records) > 60
    assert counted(api.house, device.page) == 2
    # For a snapshot, of each of ten types the ids and the records.
    assert counted(api.house, Device(api, device.database, limit=200).page) == 2 + 2 * 10


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
    first = uuid.UUID(build.opportunity(api)["id"])
    # As long as there are a few hundred, one index is as good as another to the planner, and some lead to all rows of
    # the practice: which it takes would depend on what other tests have left here.
    many = (
        "insert into opportunity (practice_id, id, client_id, company_id, title, title_key, kind, source, created_at, "
        "updated_at) select practice_id, gen_random_uuid(), client_id, company_id, title, title_key, kind, source, "
        "now(), now() from opportunity, generate_series(1, 3000) where id = $1 returning id"
    )
    insert = (
        "insert into interaction (practice_id, id, opportunity_id, kind, occurred_at, visibility, recorded_at, "
        "recorded_by_type, recorded_by_id, created_at, updated_at) select $1, gen_random_uuid(), o, 'note', "
        "'2026-03-01Z', 'shared', now(), 'member', $1, now(), now() from unnest($2::uuid[]) o"
    )
    looked_at = (
        "select coalesce(sum(seq_tup_read + idx_tup_fetch), 0) from pg_stat_xact_user_tables "
        "where relname = 'opportunity'"
    )

    async def work(connection: Any) -> int:
        transaction = connection.transaction()
        await transaction.start()
        opportunities = [row["id"] for row in await connection.fetch(many, first)]
        await connection.execute("analyze opportunity")
        await connection.execute(insert, uuid.UUID(api.practice_id), opportunities)
        before = await connection.fetchval(looked_at)
        await connection.execute(insert, uuid.UUID(api.practice_id), opportunities[:1])
        after = await connection.fetchval(looked_at)
        await transaction.rollback()
        return int(after - before)

    # The parent itself, for the foreign key and for the feed.
    assert with_connection(database.url, work) <= 2


@pytest.fixture
def large(api: Api, database: Database) -> Iterator[tuple[Api, str]]:
    """A practice with thousands of records, where coaches see their own clients; and one of its clients."""
    person = build.opportunity(api)["client_id"]
    practice = uuid.UUID(api.practice_id)
    database.execute(GROW, practice, PEOPLE, EACH)
    database.execute("analyze client, opportunity, interaction")
    api.ok(api.patch("/v1/practice", {"coach_access": "assigned"}, version=1))
    yield api, person
    # What was made behind the service has no status.
    database.execute("; ".join(f"delete from {table} where practice_id = '{practice}'" for table in LEAVES))


def test_records_are_read_in_proportion_to_the_page(large: tuple[Api, str], database: Database) -> None:
    api, person = large
    practice, changed = uuid.UUID(api.practice_id), 20
    coach = api.as_role("coach")
    api.ok(api.patch(f"/v1/clients/{person}", {"coach_ids": [coach.member_id]}, version=1))
    (row,) = database.fetch(TOUCHED, practice, uuid.UUID(person), changed)
    for caller in (api, coach, api.as_client(person)):
        for kind in KINDS:
            with counting(api.house) as costs:
                found = read(caller, person, kind, row[kind])
            assert found == set(row[kind]), kind
            # The places of one's own clients at the most, those of the whole practice in no case.
            assert max(rows for _, rows in costs) < PEOPLE * EACH / 2, (caller.role, costs)


def read(who: Api, client_id: str, kind: str, ids: list[uuid.UUID]) -> set[uuid.UUID]:
    """Return which of the records a caller reads, as for a page of the feed."""
    actor, practice = Actor(who.role), uuid.UUID(who.practice_id)
    ident = uuid.UUID(client_id if actor is Actor.CLIENT else who.member_id)
    member, client = (None, ident) if actor is Actor.CLIENT else (ident, None)
    scope = Scope(Role.TENANT, actor, practice, member, client, assigned_only=actor is Actor.COACH)
    caller = Caller(Principal(practice, actor, ident, "", scopes_of(actor)), who.house.clock.now)
    return set(who.house.within(scope, lambda session: FOLLOWED[kind].read(session, caller=caller, ids=ids)))
