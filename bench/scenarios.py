"""What is asked: each scenario with requests that differ from one another, and what it is measured beside."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random
from typing import Any
from uuid import UUID

from app.db.ids import new_id
from bench import drive, places
from bench.places import Place
from bench.seed.people import Practice

_MANY = 400
_STATUSES = ("follow_up_due", "waiting", "your_move", "scheduled", "on_hold", "ball_in_their_court", "ghosted")
_BATCH = 100
_PAGES = 60


@dataclass
class World:
    """The compared practice of one database, and what has been asked of it."""

    place: Place
    practice: Practice
    opportunities: Sequence[UUID]
    tokens: list[str] = field(default_factory=list)
    written: int = 0

    @property
    def owner(self) -> str:
        return self.practice.keys["owner"]

    @property
    def coach(self) -> str:
        return self.practice.keys["coach"]

    def next_opportunity(self) -> UUID:
        """Return another opportunity for each write: none is written to twice before all of them are."""
        self.written += 1
        return self.opportunities[self.written % len(self.opportunities)]


Requests = Callable[[World, int], list[bytes]]


@dataclass(frozen=True, slots=True)
class Scenario:
    """A question, or a change, and what it is held against.

    `replayed`: baseline (a) sends the recorded statements of the service, for there is no other way to know them.
    """

    name: str
    title: str
    requests: Requests
    textbook: bool = False
    bare: bool = True
    replayed: bool = False
    writes: bool = False
    hot: bool = False
    bound: bool = True


def world(place: Place, practice: Practice) -> World:
    """Return the compared practice with its opportunities in an order that has nothing to do with their ids."""
    query = "select id from opportunity where practice_id = $1 order by id"
    found = places.with_connection(place.admin, lambda c: c.fetch(query, practice.id))
    ids = [UUID(str(row["id"])) for row in found]
    Random(1).shuffle(ids)
    return World(place, practice, ids)


def request(method: str, path: str, key: str, body: Any = None, **headers: str) -> bytes:
    """Return the bytes of a request."""
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", f"Authorization: Bearer {key}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    sent = b"" if body is None else json.dumps(body).encode()
    if body is not None:
        lines += ["Content-Type: application/json", f"Content-Length: {len(sent)}"]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + sent


def around(made: Sequence[bytes], count: int) -> list[bytes]:
    """Return `count` requests, round and round."""
    return [made[n % len(made)] for n in range(count)]


def _assessment(world: World, count: int) -> list[bytes]:
    paths = [f"/v1/opportunities/{ident}/assessment" for ident in world.opportunities[:_MANY]]
    return around([request("GET", path, world.coach) for path in paths], count)


def _list(world: World, count: int) -> list[bytes]:
    return around([request("GET", "/v1/opportunities?limit=50", key) for key in (world.owner, world.coach)], count)


def _filtered(world: World, count: int) -> list[bytes]:
    paths = [f"/v1/opportunities?status={status}&limit=50" for status in _STATUSES]
    return around([request("GET", path, key) for path in paths for key in (world.owner, world.coach)], count)


def _queue(world: World, count: int) -> list[bytes]:
    by_owner = request("GET", f"/v1/queue?coach_id={world.practice.members['coach']}&limit=50", world.owner)
    return around([request("GET", "/v1/queue?limit=50", world.coach), by_owner], count)


def _counts(world: World, count: int) -> list[bytes]:
    path = "/v1/queue?scope=practice&limit=1"
    return around([request("GET", path, key) for key in (world.owner, world.coach)], count)


def _noted(number: int) -> dict[str, Any]:
    at = places.anchor() - timedelta(days=number % 90, minutes=number)
    kind = ("note", "employer_message", "follow_up", "interview", "reply")[number % 5]
    return {
        "kind": kind,
        "occurred_at": at.isoformat().replace("+00:00", "Z"),
        "summary": f"Said for the {number}. time.",
    }


def _record(world: World, count: int) -> list[bytes]:
    return [
        request(
            "POST",
            f"/v1/opportunities/{world.next_opportunity()}/interactions",
            world.coach,
            _noted(world.written),
            Idempotency_Key=f'"{new_id()}"',
        )
        for _ in range(count)
    ]


def _batch(world: World, count: int) -> list[bytes]:
    return [
        request(
            "POST",
            f"/v1/opportunities/{world.next_opportunity()}/interactions/batch",
            world.coach,
            {"items": [_noted(n) for n in range(_BATCH)]},
            Idempotency_Key=f'"{new_id()}"',
        )
        for _ in range(count)
    ]


def _changes(world: World, count: int) -> list[bytes]:
    paths = [f"/v1/changes?limit=50&token={token}" for token in world.tokens]
    return around([request("GET", path, world.coach) for path in paths], count)


def follow(world: World, port: int) -> None:
    """Walk along the change feed and keep the tokens: pages to be asked for later."""
    path = "/v1/changes?limit=50"
    for _ in range(_PAGES):
        told = json.loads(drive.one(port, request("GET", path, world.coach)))
        world.tokens.append(told["next_token"])
        path = f"/v1/changes?limit=50&token={told['next_token']}"


_ALL = (
    Scenario("assessment", "assessment of one opportunity", _assessment, textbook=True, hot=True),
    Scenario("list", "list of 50 with assessments", _list, textbook=True, hot=True),
    Scenario("filtered", "list of 50 by status", _filtered, textbook=True, hot=True),
    Scenario("queue", "queue of a coach with 200 clients", _queue, textbook=True, hot=True),
    Scenario("counts", "counts by status of the practice", _counts),
    Scenario("changes", "page of 50 changes", _changes, replayed=True),
    Scenario("record", "record an interaction", _record, replayed=True, writes=True),
    Scenario("batch", "record 100 interactions", _batch, replayed=True, writes=True),
)
#: What is no matter of requests (bench/bulk.py).
BULK = {"policy": "new policy for 10,000 opportunities", "import": "import of 10,000 rows"}
TITLES = {**{one.name: one.title for one in _ALL}, **BULK}
SCENARIOS: Mapping[str, Scenario] = {one.name: one for one in _ALL}
