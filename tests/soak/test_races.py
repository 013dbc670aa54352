"""Everybody writes while who may see whom is switched, and while opportunities come and go: no defect is ever answered.

python -m pytest -m soak tests/soak/test_races.py

tests/access/test_overtaken.py makes these meetings one by one; here they are left to chance, on the shipped server.
"""

import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import httpx2 as httpx
import pytest

from app.kit.clock import read
from tests.support.api import Api, Clock, House, new_practice
from tests.support.database import Server
from tests.support.serving import serving

pytestmark = pytest.mark.soak

SECONDS, WRITERS = 20.0, 3
GENEROUS = dict.fromkeys((f"CRICKETS_LIMIT_{name}" for name in ("READ", "WRITE", "AUTH", "PRACTICE")), "1000000")
WHEN = "2026-03-09T10:00:00Z"
ROLE = {"company_name": "Bolt", "title": "Smith", "kind": "permanent", "source": "applied"}
LOG = "company,title,date applied\nAcme,Baker,2026-03-01\n"


@pytest.fixture(scope="module")
def line(server: Server, database_name: str) -> Iterator[httpx.Client]:
    """Connections to a server process that limits nobody."""
    with (
        serving(server.url(database_name, "crickets_app"), **GENEROUS) as url,
        httpx.Client(base_url=url, timeout=30) as client,
    ):
        yield client


@dataclass
class Caller:
    """One credential; what it is answered goes into a common tally."""

    line: httpx.Client
    api: Api
    seen: Counter[tuple[str, int]] = field(default_factory=Counter)

    def ask(self, name: str, method: str, path: str, body: Any = None) -> Any:
        headers = {"Authorization": f"Bearer {self.api.key}"}
        if method == "PATCH":
            headers["If-Match"] = self.line.get(path, headers=headers).headers.get("etag", '"1"')
        answer = self.line.request(method, path, json=body, headers=headers)
        self.seen[name, answer.status_code] += 1
        return answer.json() if answer.content else {}


def run(*acts: Callable[[random.Random], None]) -> None:
    """Repeat each act in a thread of its own until the time is over."""
    end = time.monotonic() + SECONDS
    failed = threading.Event()

    def repeat(number: int, act: Callable[[random.Random], None]) -> None:
        chance = random.Random(number)  # noqa: S311 nothing secret
        try:
            while time.monotonic() < end and not failed.is_set():
                act(chance)
        except BaseException:
            failed.set()
            raise

    with ThreadPoolExecutor(len(acts)) as pool:
        for done in [pool.submit(repeat, number, act) for number, act in enumerate(acts)]:
            done.result()


def defects(seen: Counter[tuple[str, int]]) -> dict[tuple[str, int], int]:
    return {key: times for key, times in seen.items() if key[1] >= 500 and key[1] != 503}


def writes(coach: Caller, owner: Caller, client: str, chance: random.Random) -> None:
    """Let the owner make an opportunity with everything, and the coach write on it, in any order."""
    role = owner.ask("-", "POST", "/v1/opportunities", {**ROLE, "client_id": client})["id"]
    path = f"/v1/opportunities/{role}"
    act = owner.ask("-", "POST", f"{path}/interactions", {"kind": "application", "occurred_at": WHEN})["id"]
    on = {"client_id": client, "title": "T", "opportunity_id": role}
    todo = owner.ask("-", "POST", "/v1/next-actions", on)["id"]
    win = {**on, "occurred_on": "2026-03-01"}
    course = {"client_id": client, "title": "T", "kind": "course", "opportunity_ids": [role]}
    reply = {"kind": "reply", "occurred_at": WHEN}
    zone = chance.choice(["UTC", "Europe/Berlin"])
    tries: list[tuple[str, str, str, Any]] = [
        ("delete", "DELETE", path, None),
        ("restore", "POST", f"{path}/restore", None),
        ("record", "POST", f"{path}/interactions", reply),
        ("batch", "POST", f"{path}/interactions/batch", {"items": [reply, {"kind": "offer", "occurred_at": WHEN}]}),
        ("correct", "PATCH", f"/v1/interactions/{act}", {"occurred_at": "2026-03-08T10:00:00Z"}),
        ("void", "DELETE", f"/v1/interactions/{act}", None),
        ("change", "PATCH", path, {"title": "Cook"}),
        ("done", "POST", f"/v1/next-actions/{todo}/done", {"interaction": reply}),
        ("win", "POST", "/v1/wins", win),
        ("activity", "POST", "/v1/development-activities", course),
        ("open", "POST", "/v1/opportunities", {**ROLE, "client_id": client}),
        ("client", "PATCH", f"/v1/clients/{client}", {"time_zone": zone}),
        ("import", "POST", "/v1/imports", {"client_id": client, "content": LOG}),
    ]
    chance.shuffle(tries)
    for name, method, target, body in tries:
        made = coach.ask(name, method, target, body)
        if name == "import" and "id" in made:
            for step in ("commit", "undo"):
                coach.ask(step, "POST", f"/v1/imports/{made['id']}/{step}")


@pytest.mark.parametrize("switch", ["access", "assignment"])
def test_whom_a_coach_sees(
    clock: Clock, house: House, line: httpx.Client, switch: str, capsys: pytest.CaptureFixture[str]
) -> None:
    clock.now = read()  # the server's
    api = new_practice(house)
    coach, seen = api.as_role("coach"), Counter[tuple[str, int]]()
    owner = Caller(line, api)
    owner.ask("-", "PATCH", "/v1/practice", {"coach_access": "assigned"})
    person = {"name": "Ada", "time_zone": "UTC", "employment_status": "employed", "coach_ids": [coach.member_id]}
    client = owner.ask("-", "POST", "/v1/clients", person)["id"]

    def turn(chance: random.Random) -> None:
        if switch == "access":
            owner.ask("-", "PATCH", "/v1/practice", {"coach_access": chance.choice(["practice", "assigned"])})
        else:
            coaches = chance.choice([[], [coach.member_id]])
            owner.ask("-", "PATCH", f"/v1/clients/{client}", {"coach_ids": coaches})
        time.sleep(chance.random() / 50)

    def worker() -> Callable[[random.Random], None]:
        theirs, helper = Caller(line, coach, seen), Caller(line, api)
        return lambda chance: writes(theirs, helper, client, chance)

    run(turn, *(worker() for _ in range(WRITERS)))
    with capsys.disabled():
        print(f"\n{switch}: {seen.total()} writes, {Counter(status for _, status in seen.elements())}")  # noqa: T201
    assert defects(seen + owner.seen) == {}
    assert seen["record", 201] > 0


def test_previews_while_opportunities_come_and_go(
    clock: Clock, house: House, line: httpx.Client, capsys: pytest.CaptureFixture[str]
) -> None:
    clock.now = read()
    api, seen = new_practice(house), Counter[tuple[str, int]]()
    first = Caller(line, api)
    person = {"name": "Ada", "time_zone": "UTC", "employment_status": "employed"}
    client = first.ask("-", "POST", "/v1/clients", person)["id"]

    def toggler() -> Callable[[random.Random], None]:
        caller = Caller(line, api, seen)
        made = caller.ask("-", "POST", "/v1/opportunities", {**ROLE, "client_id": client})
        path = f"/v1/opportunities/{made['id']}"
        notes = {"items": [{"kind": "note", "occurred_at": WHEN}] * 5}
        caller.ask("-", "POST", f"{path}/interactions/batch", notes)

        def toggle(_: random.Random) -> None:
            caller.ask("delete", "DELETE", path)
            caller.ask("remove company", "DELETE", f"/v1/companies/{made['company_id']}")
            caller.ask("restore", "POST", f"{path}/restore")

        return toggle

    def previewer() -> Callable[[random.Random], None]:
        caller = Caller(line, api, seen)
        log = {"client_id": client, "content": LOG}
        return lambda _: caller.ask("preview", "POST", "/v1/imports", log) and None

    run(*(make() for make in (toggler, previewer) for _ in range(WRITERS)))
    with capsys.disabled():
        print(f"\n{dict(seen)}")  # noqa: T201
    assert {key for key in seen if key[1] >= 500} == set()  # nobody waits in a ring, either
    assert seen["preview", 201] > 0
