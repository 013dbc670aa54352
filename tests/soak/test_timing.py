"""Do answers at the door tell by their time whether an address is known? Asked of a real server; minutes, not seconds.

python -m pytest -m soak tests/soak/test_timing.py
"""

import math
import random
import time
from collections.abc import Callable, Iterator

import httpx2 as httpx
import pytest

from app.db.ids import new_id
from tests.support import doors
from tests.support.api import Api
from tests.support.database import Server
from tests.support.postbox import open_postbox
from tests.support.serving import serving

TRIES = 300
#: Two samples of the same are told apart by chance in one of a hundred runs.
SURE = 0.01

pytestmark = pytest.mark.soak


def mann_whitney(a: list[float], b: list[float]) -> float:
    """Return the two-sided p of the normal approximation: how likely such ranks are when nothing differs."""
    ranks: dict[float, float] = {}
    ordered = sorted(a + b)
    for first in range(len(ordered)):
        if ordered[first] not in ranks:
            count = ordered.count(ordered[first])
            ranks[ordered[first]] = first + (count + 1) / 2
    u = sum(ranks[x] for x in a) - len(a) * (len(a) + 1) / 2
    spread = math.sqrt(len(a) * len(b) * (len(a) + len(b) + 1) / 12)
    return math.erfc(abs(u - len(a) * len(b) / 2) / spread / math.sqrt(2))


def test_the_measure_can_tell() -> None:
    rng = random.Random(1)  # noqa: S311  # samples, no secrets
    same = [[rng.gauss(100, 10) for _ in range(TRIES)] for _ in range(2)]
    assert mann_whitney(*same) > SURE
    assert mann_whitney(same[0], [x + 4 for x in same[1]]) < SURE


@pytest.fixture(scope="module")
def at_the_door(server: Server, database_name: str) -> Iterator[httpx.Client]:
    """A client of a server process with mail, whose limits are out of the way."""
    with open_postbox() as box:
        more = {
            "CRICKETS_SMTP_URL": box.url,
            "CRICKETS_MAIL_FROM": "crickets@example.com",
            "CRICKETS_LIMIT_AUTH": "1000000",
        }
        url = server.url(database_name, "crickets_app")
        with serving(url, **more) as base, httpx.Client(base_url=base) as client:
            yield client


def times(ask: Callable[[str], None], known: str) -> tuple[list[float], list[float]]:
    """Return how long the known address and unknown ones took, asked in a random order."""
    found: tuple[list[float], list[float]] = ([], [])
    order = [n % 2 for n in range(2 * TRIES)]
    random.shuffle(order)
    for warm in (known, doors.address()):
        ask(warm)
    for kind in order:
        address = known if kind else doors.address()
        began = time.perf_counter()
        ask(address)
        found[kind].append(time.perf_counter() - began)
    return found


@pytest.mark.parametrize("what", ["login", "forgot", "login with a key", "forgot with a key"])
def test_known_and_unknown_addresses_take_the_same_time(
    api: Api, at_the_door: httpx.Client, what: str, capsys: pytest.CaptureFixture[str]
) -> None:
    _, made = doors.as_member(api)
    answers = set()

    def ask(address: str) -> None:
        is_login, key = what.startswith("login"), {"Idempotency-Key": str(new_id())} if "key" in what else {}
        path, body = ("/v1/auth/login", {"password": "wrong password"}) if is_login else (FORGOT, {})
        answer = at_the_door.post(path, json={"email": address, **body}, headers=key)
        answers.add((answer.status_code, answer.text.replace(answer.headers["request-id"], "…")))

    unknown, known = times(ask, made["email"])
    p = mann_whitney(known, unknown)
    medians = [sorted(sample)[TRIES // 2] * 1000 for sample in (known, unknown)]
    with capsys.disabled():
        print(f"\n{what}: p = {p:.3f}, median known {medians[0]:.2f} ms, unknown {medians[1]:.2f} ms")  # noqa: T201
    assert len(answers) == 1
    assert p > SURE


FORGOT = "/v1/auth/password/forgot"
