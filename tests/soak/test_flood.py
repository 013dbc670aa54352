"""A thousand wrong passwords from one address: the limit holds, and nobody else is hurt. Asked of a real server.

python -m pytest -m soak tests/soak/test_flood.py
"""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx2 as httpx
import pytest

from app.kit.clock import read
from tests.support import doors
from tests.support.api import Api, Clock, House, new_practice
from tests.support.database import Server
from tests.support.serving import serving

TRIES, QUIET = 1_000, 600
AUTH = 10  # the limit as shipped
LOGIN = "/v1/auth/login"

pytestmark = pytest.mark.soak


@pytest.fixture(scope="module")
def base(server: Server, database_name: str) -> Iterator[str]:
    """A server process with the limits as shipped, but for whoever measures."""
    with serving(server.url(database_name, "crickets_app"), CRICKETS_LIMIT_READ="1000000") as url:
        yield url


def coming_from(base: str, address: str) -> httpx.Client:
    """Return a client with an address of its own; the whole of 127/8 is this machine."""
    return httpx.Client(base_url=base, transport=httpx.HTTPTransport(local_address=address), timeout=30)


def p99(samples: list[float]) -> float:
    return sorted(samples)[int(len(samples) * 0.99)] * 1000


class Reader:
    """Reads at a steady pace and notes how long each answer took."""

    def __init__(self, api: Api, client: httpx.Client) -> None:
        self.client = client
        self.headers = {"Authorization": f"Bearer {api.key}"}

    def read(self) -> float:
        began = time.perf_counter()
        assert self.client.get("/v1/queue", headers=self.headers).status_code == 200
        took = time.perf_counter() - began
        time.sleep(0.005)
        return took


def test_a_thousand_wrong_passwords(clock: Clock, house: House, base: str, capsys: pytest.CaptureFixture[str]) -> None:
    clock.now = read()  # the server's
    api = new_practice(house)
    _, made = doors.as_member(api)
    right = {"email": made["email"], "password": doors.PASSWORD}
    with coming_from(base, "127.0.0.8") as owner:
        reader = Reader(api, owner)
        for _ in range(100):
            reader.read()  # warm
        quiet = [reader.read() for _ in range(QUIET)]
        program = [sys.executable, str(Path(__file__).with_name("flood.py")), base, made["email"], str(TRIES)]
        with subprocess.Popen(program, stdout=subprocess.PIPE, text=True) as flooding:
            began = time.perf_counter()
            signed_in, busy = 0, []
            while flooding.poll() is None:
                busy.append(reader.read())
                if len(busy) % 50 == 0 and signed_in < 3:
                    assert owner.post(LOGIN, json=right).status_code == 200
                    signed_in += 1
            assert flooding.stdout is not None
            tried = {int(status): times for status, times in json.load(flooding.stdout).items()}
        seconds = time.perf_counter() - began
    with capsys.disabled():
        print(f"\n{tried} in {seconds:.1f} s; p99 quiet {p99(quiet):.1f} ms, meanwhile {p99(busy):.1f} ms")  # noqa: T201
    # Ten in each minute that was touched.
    assert tried[401] <= AUTH * (2 + int(seconds // 60))
    assert tried[401] + tried[429] == TRIES
    assert signed_in > 0
    assert p99(busy) <= 2 * p99(quiet)
