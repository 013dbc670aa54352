"""100,000 changes by twelve writers at once, and transactions that end late: every follower has been told all of it.

python -m pytest -m soak tests/soak/test_feed.py

Two server processes on one database; a quarter of an hour on a busy machine.
"""

import random
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from app.kit.clock import read
from tests.soak.following import Follower, Holder, Key, Writer
from tests.support import build
from tests.support.api import Api, House, new_practice
from tests.support.database import Database, Server
from tests.support.serving import serving
from tests.sync.device import settle

CHANGES, WRITERS = 100_000, 12
#: For how long at the most each of those holds its transaction open, in seconds.
HELD = (0.2, 1.0, 4.0)
LIMIT = 900.0
#: What there is, and for whom: everybody, not for clients, or of one client only.
THERE = """
    select 'client' as type, id::text, version, id as client, true as shared from client where practice_id = $1
    union all select 'company', id::text, version, null, true from company where practice_id = $1
    union all select 'contact', id::text, version, null, true from contact where practice_id = $1
    union all select 'opportunity', id::text, version, client_id, true from opportunity where practice_id = $1
    union all select 'interaction', i.id::text, i.version, o.client_id, i.visibility = 'shared'
        from interaction i join opportunity o on (o.practice_id, o.id) = (i.practice_id, i.opportunity_id)
        where i.practice_id = $1"""

pytestmark = pytest.mark.soak


@pytest.fixture
def bases(server: Server, database_name: str) -> Iterator[list[str]]:
    """Two server processes on the database of the suite."""
    limits = {f"CRICKETS_LIMIT_{name}": "1000000" for name in ("READ", "WRITE", "PRACTICE")}
    url = server.url(database_name, "crickets_app")
    with serving(url, **limits) as first, serving(url, **limits) as second:
        yield [first, second]


def start(*works: Callable[[], None]) -> list[threading.Thread]:
    threads = [threading.Thread(target=work) for work in works]
    for thread in threads:
        thread.start()
    return threads


def end(threads: list[threading.Thread], deadline: float) -> None:
    for thread in threads:
        thread.join(max(0.0, deadline - time.monotonic()))
        assert not thread.is_alive(), "not done in time"


def missed(follower: Follower, there: dict[Key, int]) -> int:
    """Count the records whose last version a follower does not have, and those that it should not have."""
    known = {key: data["version"] for key, data in follower.copy.items() if key[0] not in {"practice", "member"}}
    return sum(known.get(key) != there.get(key) for key in known.keys() | there.keys())


def test_no_follower_misses_a_change(
    house: House, clock: Any, bases: list[str], server: Server, database: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    clock.now = read()  # the servers'
    seed = random.SystemRandom().randrange(2**32)
    owner = new_practice(house)
    people = [build.client(owner)["id"] for _ in range(WRITERS)]
    held = [build.contact(owner)["id"] for _ in HELD]
    owner.ok(owner.patch("/v1/practice", {"coach_access": "assigned"}, version=1))
    coach = owner.as_role("coach")
    for one in people[:6]:
        owner.ok(owner.patch(f"/v1/clients/{one}", {"coach_ids": [coach.member_id]}, version=1))
    client = owner.as_client(people[0])
    stop = threading.Event()
    shares = -(-CHANGES // WRITERS)
    writers = [Writer(bases[n % 2], owner.key, n, seed, shares, one) for n, one in enumerate(people)]
    holders = [Holder(database.url, one, longest, stop) for one, longest in zip(held, HELD, strict=True)]
    followers = [
        Follower("owner, 200 a page", bases[0], owner.key, 200).begin(),
        Follower("owner, 25 a page", bases[1], owner.key, 25).begin(),
        Follower("coach, 100 a page", bases[0], coach.key, 100).begin(),
        Follower("client, 50 a page", bases[1], client.key, 50).begin(),
        Follower("owner, all afterwards", bases[1], owner.key, 200).begin(),
    ]
    began = time.monotonic()
    quiet = threading.Event()
    holding = start(*(one.run for one in holders))
    following = start(*((lambda one=one: one.run(quiet)) for one in followers[:-1]))
    try:
        end(start(*(one.run for one in writers)), began + LIMIT)
        wrote = time.monotonic() - began
    finally:
        stop.set()
        quiet.set()
    end([*holding, *following], began + LIMIT)
    settle(database)
    end(start(*((lambda one=one: one.finish()) for one in followers)), began + LIMIT)
    seconds = time.monotonic() - began
    counts = [missed(one, expected(database, one, owner, people)) for one in followers]
    with capsys.disabled():
        tell(seed, writers, holders, followers, counts, wrote, seconds)
    assert [line for one in writers for line in one.wrong] == []
    assert sum(one.changes for one in writers) + sum(one.commits for one in holders) >= CHANGES
    assert all(one.commits for one in holders)
    assert counts == [0] * len(followers)
    assert len({str(sorted(one.copy.items())) for one in followers if one.name.startswith("owner")}) == 1
    fresh = Follower("afresh", bases[0], owner.key, 200).begin()
    assert followers[0].copy == fresh.copy


def expected(database: Database, follower: Follower, owner: Api, people: list[str]) -> dict[Key, int]:
    """Return what a follower should have, with the versions; said by the tables."""
    rows = database.fetch(THERE, owner.practice_id)
    own = {"owner": people, "coach": people[:6], "client": people[:1]}[follower.name.split(",")[0]]
    is_client = follower.name.startswith("client")
    whose = "select company_id::text as id from opportunity where client_id::text = $1"
    around = {row["id"] for row in database.fetch(whose, people[0])}

    def is_told(row: dict[str, Any]) -> bool:
        if row["client"] is None:
            return not is_client or row["id"] in around
        return str(row["client"]) in own and (row["shared"] or not is_client)

    return {(row["type"], row["id"]): row["version"] for row in rows if is_told(row)}


def tell(
    seed: int,
    writers: list[Writer],
    holders: list[Holder],
    followers: list[Follower],
    counts: list[int],
    wrote: float,
    seconds: float,
) -> None:
    changes, requests = sum(one.changes for one in writers), sum(one.requests for one in writers)
    late = {one.longest: (one.commits, one.rollbacks) for one in holders}
    print(f"\nseed {seed}: {changes} changes in {requests} requests, {wrote:.0f} s; {seconds:.0f} s in all")  # noqa: T201
    print(f"held open for up to so many seconds, committed and rolled back: {late}")  # noqa: T201
    for one, number in zip(followers, counts, strict=True):
        told = f"{one.pages} pages, {one.seconds:.0f} s, told {dict(one.told)}"
        print(f"{one.name}: missed {number}; {told}; {len(one.copy)} records")  # noqa: T201
