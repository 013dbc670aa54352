"""Two phones and an office, at random: whatever the network does, each phone ends with what its holder can read.

By default a few examples; `python -m pytest -m soak -n 2 tests/sync/test_devices.py` plays 2,000.
"""

from collections import Counter
from collections.abc import Iterator
from typing import Any, ClassVar

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test
from typing_extensions import override

from tests.support.api import Api, House
from tests.support.database import Database
from tests.sync.deeds import DEEDS, GUIDANCE, OFTEN, View
from tests.sync.device import PATHS, Key, settle
from tests.sync.phones import Phone
from tests.sync.world import Line, Request, World

WHO = st.sampled_from(["coach", "client"])
PICK = st.integers(0, 11)
FATES = st.sampled_from(["answered", "answered", "unanswered", "dropped", "delayed", "twice", "echoed"])
DEED = st.sampled_from([*DEEDS, *OFTEN])
EXAMPLES, STEPS, PARTS = 2_000, 30, 20
#: What else happens in a practice, the frequent more than once.
GOVERNING = [
    *("assign", "access", "appoint", "slow", "slow") * 3,
    *("policy", "rename", "import", "erase"),
]
RENAME = "update contact set title = $2, version = version + 1 where id = $1"


class Play(RuleBasedStateMachine):
    """A coach's phone, a client's phone and the office; the fixtures are class variables of a subclass."""

    house: ClassVar[House]
    database: ClassVar[Database]
    line: ClassVar[Line]
    slow: ClassVar[Line]
    played: ClassVar[Counter[str]]

    def __init__(self) -> None:
        super().__init__()
        self.world = World(self.house, self.line)
        self.phones = {
            "coach": Phone(self.world, self.world.coach, self.database),
            "client": Phone(self.world, self.world.login, self.database),
        }
        for phone in self.phones.values():
            phone.sync(200, 1, "answered")
        self.is_slow_writing = False
        self.played["examples"] += 1

    @rule(who=WHO, deed=DEED, pick=PICK, coin=st.booleans())
    def jot(self, who: str, deed: str, pick: int, coin: bool) -> None:  # noqa: FBT001
        self.phones[who].jot(deed, pick, coin=coin)

    @rule(who=WHO, deed=DEED, pick=PICK, coin=st.booleans(), fate=FATES)
    def write(self, who: str, deed: str, pick: int, coin: bool, fate: str) -> None:  # noqa: FBT001
        self.phones[who].jot(deed, pick, coin=coin)
        self.phones[who].send(-1, fate)

    @rule(who=WHO, pick=PICK, fate=FATES)
    def send(self, who: str, pick: int, fate: str) -> None:
        self.phones[who].send(pick, fate)

    @rule(who=WHO, pick=PICK)
    def arrive(self, who: str, pick: int) -> None:
        self.phones[who].arrive(pick)

    @rule(
        who=WHO,
        limit=st.sampled_from([1, 3, 8, 50, 200]),
        pages=st.integers(1, 3),
        fate=st.sampled_from(["answered", "answered", "unanswered", "unnoted"]),
    )
    def sync(self, who: str, limit: int, pages: int, fate: str) -> None:
        self.phones[who].sync(limit, pages, fate)

    @rule(who=WHO, pick=PICK, copy_too=st.booleans())
    def rewind(self, who: str, pick: int, copy_too: bool) -> None:  # noqa: FBT001
        self.phones[who].rewind(pick, copy_too=copy_too)

    @rule(deed=DEED, pick=PICK, coin=st.booleans())
    def office(self, deed: str, pick: int, coin: bool) -> None:  # noqa: FBT001
        facts = self.world.facts
        records: dict[str, list[tuple[str, int]]] = {}
        for type_, ident, version, _, _ in facts["records"]:
            if ident != self.world.slow_contact:
                records.setdefault(type_, []).append((ident, version))
        made = DEEDS[deed](View(self.world.words, records, facts["hidden"], pick, coin))
        if made is not None:
            self.world.send(self.world.owner, made)

    @rule(pick=PICK)
    def assign(self, pick: int) -> None:
        self._assign(pick)

    @rule(what=st.sampled_from(GOVERNING), pick=PICK)
    def govern(self, what: str, pick: int) -> None:
        getattr(self, f"_{what}")(pick)

    @override
    def teardown(self) -> None:
        self._let_go()
        for phone in self.phones.values():
            phone.drain()
        self.world.demand_exactly_once()
        settle(self.database)
        for phone in self.phones.values():
            phone.finish()
            self._compare(phone)
        self.played.update(self.world.done)

    def _compare(self, phone: Phone) -> None:
        """Hold a copy against what its holder can read, and both against what is seen from behind."""
        readable = {} if phone.is_locked_out else read_all(phone.api)
        assert phone.device.records == readable
        visible = {} if phone.is_locked_out else self.world.visible(phone.api)
        assert {key: data["version"] for key, data in phone.device.records.items()} == visible

    def _patch(self, path: str, body: dict[str, Any]) -> None:
        found = self.world.owner.get(path)
        if found.status_code == 200:
            self.world.send(self.world.owner, Request("PATCH", path, body, base=found.json()["version"]))

    def _assign(self, pick: int) -> None:
        client = self.world.clients[pick % 2]
        coaches = [] if client in self.world.facts["assigned"] else [self.world.coach.member_id]
        self._patch(f"/v1/clients/{client}", {"coach_ids": coaches})

    def _access(self, pick: int) -> None:
        self._patch("/v1/practice", {"coach_access": ("assigned", "practice", "assigned")[pick % 3]})

    def _appoint(self, pick: int) -> None:
        role = ("coach", "assistant", "coach", "admin")[pick % 4]
        self._patch(f"/v1/members/{self.world.coach.member_id}", {"role": role})

    def _erase(self, pick: int) -> None:
        self._let_go()
        found = sorted(ident for type_, ident, *_ in self.world.facts["records"] if type_ == "client")
        if found and pick % 2:
            self.world.send(self.world.owner, Request("DELETE", f"/v1/clients/{found[pick % len(found)]}"))

    def _policy(self, pick: int) -> None:
        policy = self.world.owner.get("/v1/policy").json()
        body = {name: policy[name] for name in policy if name not in {"version", "created_at", "created_by"}}
        changed = body | {"follow_up_rest_days": pick + 1}
        self.world.send(self.world.owner, Request("PUT", "/v1/policy", changed, base=policy["version"]))

    def _rename(self, pick: int) -> None:
        found = self.world.owner.get("/v1/companies").json()["items"]
        if found:
            path = f"/v1/companies/{found[pick % len(found)]['id']}"
            self._patch(path, {"name": f"Renamed {next(self.world.words)}"})

    def _import(self, pick: int) -> None:
        client = self.world.clients[pick % 2]
        content = f"company,title,date applied\nFirm {pick},Imported,2026-03-01\n"
        log = Request("POST", "/v1/imports", {"client_id": client, "content": content}, key=next(self.world.keys))
        answer = self.world.send(self.world.owner, log)
        if answer.status_code == 201:
            path = f"/v1/imports/{answer.json()['id']}/commit"
            self.world.send(self.world.owner, Request("POST", path, key=next(self.world.keys)))

    def _slow(self, _: int) -> None:
        """Begin a transaction that stays open while others come and go; or end it."""
        if self.is_slow_writing:
            self._let_go()
        elif self.world.slow_contact in self.world.types:
            self.slow.do("begin")
            self.slow.do(RENAME, self.world.slow_contact, next(self.world.words))
            self.is_slow_writing = True

    def _let_go(self) -> None:
        if self.is_slow_writing:
            self.slow.do("commit")
            self.is_slow_writing = False
            self.world.look()


def read_all(api: Api) -> dict[Key, Any]:
    """Return everything that a caller can get, without the feed."""
    found = {("practice", api.practice_id): api.ok(api.get("/v1/practice"))}
    plurals = {"client": "clients", "company": "companies", "contact": "contacts", "opportunity": "opportunities"}
    members = api.get("/v1/members")
    found |= {("member", item["id"]): item for item in members.json().get("items", ())}
    for type_, plural in plurals.items():
        found |= {(type_, item["id"]): item for item in api.walk(f"/v1/{plural}", limit=200)}
    for ident in [ident for type_, ident in found if type_ == "opportunity"]:
        timeline = api.walk(f"/v1/opportunities/{ident}/interactions", limit=200, include_voided=True)
        found |= {("interaction", item["id"]): item for item in timeline}
    # What is computed is no part of the feed.
    for type_ in GUIDANCE:
        listed = api.walk(PATHS[type_].removesuffix("/{}"), limit=200)
        found |= {(type_, item["id"]): item for item in listed if item.get("origin") not in {"computed", "derived"}}
    return found


@pytest.fixture
def play(house: House, clock: Any, database: Database) -> Iterator[type[Play]]:
    """The machine, on the application of this worker."""
    line, slow = Line(database), Line(database)
    bound = {"house": house, "database": database, "line": line, "slow": slow, "played": Counter[str]()}
    yield type("Bound", (Play,), bound)
    line.close()
    slow.close()


def _settings(examples: int, **more: Any) -> settings:
    lax = list(HealthCheck)
    return settings(
        max_examples=examples,
        stateful_step_count=STEPS,
        deadline=None,
        database=None,
        # Making a failure shorter takes hundreds of examples: whoever looks into one adds Phase.shrink.
        phases=[Phase.generate],
        suppress_health_check=lax,
        **more,
    )


def test_two_phones_end_with_what_their_holders_can_read(play: type[Play]) -> None:
    run_state_machine_as_test(play, settings=_settings(15, derandomize=True))


@pytest.mark.soak
@pytest.mark.parametrize("part", range(PARTS))
def test_two_thousand_times(play: type[Play], part: int, capsys: pytest.CaptureFixture[str]) -> None:
    run_state_machine_as_test(play, settings=_settings(EXAMPLES // PARTS))
    with capsys.disabled():
        print(f"\npart {part}: {dict(play.played)}")  # noqa: T201
    assert play.played["examples"] >= EXAMPLES // PARTS
