"""Random assignments against a model of one line: no read of anybody may answer otherwise.

By default a few hundred reads; `pytest -m soak tests/access/test_random_assignments.py` makes more than 10,000.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support import build
from tests.support.api import Api
from tests.support.database import Database

CLIENTS, MEMBERS = 4, ("owner", "admin", "coach", "coach", "coach", "assistant", "assistant")
READS_EACH = 25


@dataclass(frozen=True)
class Access:
    """Who coaches whom, by their numbers, and what the practice says about it."""

    mode: str
    coaches: tuple[frozenset[int], ...]

    def sees(self, who: int, client: int) -> bool:
        """The model: member `who`, or from `len(MEMBERS)` on the login of a client."""
        if who >= len(MEMBERS):
            return who - len(MEMBERS) == client
        everybody = MEMBERS[who] in {"owner", "admin"} or self.mode == "practice"
        return everybody or who in self.coaches[client]


@dataclass(frozen=True)
class Read:
    """A question: by whom, which, and about which client."""

    who: int
    what: int
    client: int


SETS = st.frozensets(st.integers(0, len(MEMBERS) - 1), max_size=4)
ACCESS = st.builds(Access, st.sampled_from(["assigned", "assigned", "practice"]), st.tuples(*[SETS] * CLIENTS))
WHO = st.integers(0, len(MEMBERS) + CLIENTS - 1)
READS = st.lists(
    st.builds(Read, WHO, st.integers(0, 99), st.integers(0, CLIENTS - 1)), min_size=READS_EACH, max_size=READS_EACH
)
#: Single records of a client; what is for coaches only, and imports, are not for everybody.
ITEMS = (
    "/v1/clients/{client}",
    "/v1/opportunities/{opportunity}",
    "/v1/opportunities/{opportunity}/assessment",
    "/v1/opportunities/{opportunity}/status-history",
    "/v1/opportunities/{opportunity}/interactions",
    "/v1/interactions/{shared}",
    "/v1/interactions/{secret}",
    "/v1/imports/{import}",
    "/v1/imports/{import}/rows",
)
LISTS: tuple[tuple[str, dict[str, Any], str], ...] = (
    ("/v1/clients", {}, "client"),
    ("/v1/clients", {"coach_id": 2}, "client"),
    ("/v1/opportunities", {}, "opportunity"),
    ("/v1/opportunities", {"coach_id": 3}, "opportunity"),
    ("/v1/opportunities", {"status": "your_move", "sort": "due_on"}, "opportunity"),
    ("/v1/opportunities", {"sort": "-silent_days"}, "opportunity"),
    ("/v1/imports", {}, "import"),
    ("/v1/queue", {"scope": "practice"}, "opportunity"),
    ("/v1/queue", {"coach_id": 4}, "opportunity"),
)


class World:
    """A practice whose assignments are changed again and again."""

    def __init__(self, owner: Api, database: Database) -> None:
        self.owner, self.database = owner, database
        self.members = [owner, *(owner.as_role(role) for role in MEMBERS[1:])]
        self.made = [self._search() for _ in range(CLIENTS)]
        logins = [owner.as_client(made["client"]) for made in self.made]
        self.callers = [*self.members, *logins]

    def _search(self) -> dict[str, str]:
        client = build.client(self.owner)["id"]
        opportunity = build.opportunity(self.owner, client)["id"]
        log = {"client_id": client, "content": "company,title\nAcme,Lead\n"}
        when = "2026-03-09T10:00:00Z"
        return {
            "client": client,
            "opportunity": opportunity,
            "shared": build.interaction(self.owner, opportunity, "note", when)["id"],
            "secret": build.interaction(self.owner, opportunity, "request", when, visibility="coaches")["id"],
            "import": self.owner.ok(self.owner.post("/v1/imports", log), 201)["id"],
        }

    def arrange(self, access: Access) -> None:
        """Make the practice what `access` says; behind the API, since the reads are what is tried."""
        practice = self.owner.practice_id
        rows = [(n, m) for n, coaches in enumerate(access.coaches) for m in coaches]
        self.database.execute("update practice set coach_access = $2 where id = $1", practice, access.mode)
        self.database.execute("delete from client_coach where practice_id = $1", practice)
        self.database.execute(
            "insert into client_coach (practice_id, client_id, member_id, position) "
            "select $1, c, m, 0 from unnest($2::uuid[], $3::uuid[]) as rows (c, m)",
            practice,
            [self.made[n]["client"] for n, _ in rows],
            [self.members[m].member_id for _, m in rows],
        )

    def check(self, access: Access, read: Read) -> None:
        """Ask, and compare with the model."""
        what = read.what % (len(ITEMS) + len(LISTS))
        if what < len(ITEMS):
            self._check_item(access, read, ITEMS[what])
        else:
            self._check_list(access, read, *LISTS[what - len(ITEMS)])

    def _check_item(self, access: Access, read: Read, path: str) -> None:
        caller, made = self.callers[read.who], self.made[read.client]
        answer = caller.get(path.format(**made))
        seen = access.sees(read.who, read.client)
        if "{import}" in path and caller.role not in {"owner", "admin", "coach"}:
            assert answer.status_code == 403, path
            return
        for_coaches = caller.role in {"owner", "admin", "coach"}
        assert answer.status_code == (200 if seen and (for_coaches or "{secret}" not in path) else 404), path
        self._check_words(access, read.who, answer.text, asked={made[name] for name in made if f"{{{name}}}" in path})

    def _check_list(self, access: Access, read: Read, path: str, query: dict[str, Any], kind: str) -> None:
        caller = self.callers[read.who]
        if caller.role == "client" and path == "/v1/queue":
            query = {}
        params = {**query, **({"coach_id": self.members[query["coach_id"]].member_id} if "coach_id" in query else {})}
        answer = caller.get(path, params=params)
        if kind == "import" and caller.role not in {"owner", "admin", "coach"}:
            assert answer.status_code == 403
            return
        items = caller.ok(answer)["items"]
        found = {item["opportunity"]["id"] if path == "/v1/queue" else item["id"] for item in items}
        expected = {
            made[kind]
            for n, made in enumerate(self.made)
            if access.sees(read.who, n) and ("coach_id" not in query or query["coach_id"] in access.coaches[n])
        }
        assert found == expected, (path, query)
        if path == "/v1/queue":
            assert sum(answer.json()["counts"].values()) == len(expected)
        self._check_words(access, read.who, answer.text, asked=set())

    def _check_words(self, access: Access, who: int, text: str, *, asked: set[str]) -> None:
        for n, made in enumerate(self.made):
            hidden = {name for name in made if not access.sees(who, n)}
            hidden |= set() if self.callers[who].role in {"owner", "admin", "coach"} else {"secret"}
            assert not [name for name in hidden if made[name] in text and made[name] not in asked]


@pytest.fixture
def world(api: Api, database: Database) -> Callable[[], World]:
    """Return what gives the one practice of all examples, made when the first of them asks."""
    made: list[World] = []

    def give() -> World:
        if not made:
            made.append(World(api, database))
        return made[0]

    return give


def _compare(world: World, access: Access, reads: list[Read]) -> None:
    world.arrange(access)
    for read in reads:
        world.check(access, read)


_LAX = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]


@settings(max_examples=15, deadline=None, derandomize=True, database=None, suppress_health_check=_LAX)
@given(access=ACCESS, reads=READS)
def test_a_few_assignments_show_what_the_model_says(world: Any, access: Access, reads: list[Read]) -> None:
    _compare(world(), access, reads)


@pytest.mark.soak
@settings(max_examples=450, deadline=None, database=None, suppress_health_check=_LAX)
@given(access=ACCESS, reads=READS)
def test_ten_thousand_reads_show_what_the_model_says(world: Any, access: Access, reads: list[Read]) -> None:
    _compare(world(), access, reads)
