"""What is not a matter of one scenario: how fast things start, how memory behaves, what a second worker brings."""

import os
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from statistics import median
from typing import Any

from bench import drive, places, served
from bench import engine as alone
from bench.measure import CONNECTIONS
from bench.scenarios import SCENARIOS, World

_REQUESTS, _CHUNK = 200_000, 10_000
#: Of a chunk: the queue reads a whole caseload each time, so there are a few of those.
_MIX = {"assessment": 8_000, "list": 1_000, "filtered": 900, "queue": 50, "counts": 50}
_MIB = 1024
_MOST_MEMORY, _MOST_GROWTH = 150.0, 1.05
_START_LIMIT = 120.0
_TIMES = 5
Told = dict[str, Any]


def engine() -> list[Told]:
    """Measure the engine alone."""
    found = alone.measure()
    name = f"engine: {found['history_us']:.0f} us a timeline, 60 conversions {found['conversions_60_us']:.0f} us; ratio"
    return [{"name": name, "ratio": found["ratio"], "limit": 1.0}]


def startup() -> list[Told]:
    """Measure `./dev run` with everything there, and the import of the application, in CPU seconds of its own."""
    with tempfile.TemporaryDirectory(prefix="crickets-bench-") as folder:
        own = {**os.environ, "CRICKETS_DATA_DIR": folder, "CRICKETS_PORT": "8973"}
        own.pop("CRICKETS_DATABASE_URL", None)
        _first_answer(own)
        warm = [_first_answer(own) for _ in range(3)]
    imports = [_imported() for _ in range(_TIMES)]
    return [
        {"name": "./dev run, warm, to the first answer (s)", "ratio": median(warm), "limit": 2.0},
        {"name": "import of the application (CPU s)", "ratio": median(imports), "limit": 1.0},
    ]


def _first_answer(own: Mapping[str, str]) -> float:
    began = time.monotonic()
    process = subprocess.Popen(
        [sys.executable, places.ROOT / "dev", "run"],
        env=dict(own),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        while not _answers(f"http://127.0.0.1:{own['CRICKETS_PORT']}/readyz"):
            if time.monotonic() - began > _START_LIMIT or process.poll() is not None:
                raise TimeoutError("./dev run gave no answer")
            time.sleep(0.02)
        return time.monotonic() - began
    finally:
        os.killpg(process.pid, signal.SIGINT)
        process.wait(60)


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:  # noqa: S310  # our own server
            return bool(answer.status == 200)  # noqa: PLR2004  # it is ready
    except (OSError, urllib.error.URLError):
        return False


def _imported() -> float:
    code = "import time, app.main; print(time.process_time())"
    said = subprocess.run([sys.executable, "-c", code], cwd=places.ROOT, capture_output=True, text=True, check=True)
    return float(said.stdout)


def memory(world: World) -> list[Told]:
    """Ask 200,000 questions of all kinds that only read, and watch the memory of the worker."""
    sizes = []
    with _service(world, workers=1) as service:
        for chunk in range(_REQUESTS // _CHUNK):
            asked = [one for name, count in _MIX.items() for one in SCENARIOS[name].requests(world, count)]
            drive.closed(service.port, asked, connections=CONNECTIONS)
            sizes.append(service.memory() / _MIB)
            print(f"  {(chunk + 1) * _CHUNK:,} requests: {sizes[-1]:.1f} MiB", file=sys.stderr, flush=True)
    settled = sizes[len(sizes) // 4]
    return [
        {"name": "memory of a worker after 200,000 requests (MiB)", "ratio": sizes[-1], "limit": _MOST_MEMORY},
        {"name": "memory, the last three quarters", "ratio": sizes[-1] / settled, "limit": _MOST_GROWTH},
    ]


def workers(world: World) -> list[Told]:
    """Compare how many assessments a second two workers give and one, in turns."""
    scenario = SCENARIOS["assessment"]
    rates: dict[int, list[float]] = {1: [], 2: []}
    for _ in range(3):
        for count, found in rates.items():
            with _service(world, workers=count) as service:
                # The port is open before the second worker is there; each batch comes on new connections.
                for _ in range(20):
                    drive.closed(service.port, scenario.requests(world, 300), connections=2 * CONNECTIONS)
                found.append(
                    drive.closed(service.port, scenario.requests(world, 4_000), connections=2 * CONNECTIONS).rate
                )
    ratio = median(rates[2]) / median(rates[1])
    return [{"name": "two workers to one, requests/s", "ratio": ratio, "limit": 1.5, "at_least": True}]


@contextmanager
def _service(world: World, *, workers: int) -> Iterator[served.Served]:
    with served.service(world.place, served.environment(world.place, [world.practice]), workers=workers) as found:
        yield found
