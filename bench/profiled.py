"""Where the CPU of a hot read goes: `python -m bench.profiled`, on the database of 10,000 opportunities.

The service runs in this process, as `crickets serve` runs it, and is driven from a second one. A timer that counts the
CPU of the process interrupts it as often as the kernel can; each time the innermost frame of Python that is of a part
says which was at work. What has no frame (the event loop, sockets, parsing HTTP) counts for the loop that waits there.
"""

import os
import signal
import socket
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Mapping
from types import FrameType, MappingProxyType

import uvicorn

from bench import drive, places, scenarios, served
from bench.measure import CONNECTIONS
from bench.scenarios import SCENARIOS
from bench.seed import ensure

_EVERY = 0.001
_REQUESTS = {"assessment": 12_000, "list": 3_000, "queue": 120}
#: What a file belongs to, by the first of these that its path holds.
_PARTS: Mapping[str, str] = MappingProxyType(
    {
        "/uvicorn/": "event loop, sockets, HTTP",
        "/asyncio/": "event loop, sockets, HTTP",
        "/app/http/protocol.py": "event loop, sockets, HTTP",
        "/asyncpg/": "driver: sending, receiving, decoding, the pool",
        "/app/db/": "statements, transactions",
        "/sqlalchemy/": "statements, transactions",
        "/app/access/": "who is calling, limits",
        "/app/http/": "routing, guards, headers",
        "/starlette/": "routing, guards, headers",
        "/fastapi/": "routing, guards, headers",
        "/pydantic/": "reading the query",
        "/app/kit/": "writing: trees to bytes",
        "/app/": "answering: rows to trees",
    }
)


def main() -> None:
    """Print, for each scenario, the shares of the parts; with arguments drive one that runs in another process."""
    with places.cluster() as server:
        place = places.place(server, "10k")
        world = scenarios.world(place, ensure.practices(place)[0])
        if len(sys.argv) > 1:
            name, port, count = sys.argv[1:]
            drive.closed(int(port), SCENARIOS[name].requests(world, int(count)), connections=CONNECTIONS)
            return
        os.environ.update(served.environment(world.place, [world.practice]))
        with socket.socket() as listening:
            listening.bind(("127.0.0.1", 0))
            listening.listen(64)
            _serve(listening)


def _serve(listening: socket.socket) -> None:
    config = uvicorn.Config("app.main:create_app", factory=True, http="app.http.protocol:Protocol", log_level="error")
    service = uvicorn.Server(config)
    found: dict[str, Counter[str]] = {name: Counter() for name in _REQUESTS}
    now: list[str] = []

    def sample(_signal: int, frame: FrameType | None) -> None:
        if now and frame is not None:
            found[now[0]][_part(frame)] += 1

    def ask() -> None:
        for name, count in _REQUESTS.items():
            _driven(name, listening, 200)
            now[:] = [name]
            _driven(name, listening, count)
            now.clear()
        service.should_exit = True

    signal.signal(signal.SIGPROF, sample)
    signal.setitimer(signal.ITIMER_PROF, _EVERY, _EVERY)
    asking = threading.Thread(target=ask)
    asking.start()
    service.run(sockets=[listening])
    signal.setitimer(signal.ITIMER_PROF, 0)
    asking.join()
    for name, parts in found.items():
        print(f"\n{SCENARIOS[name].title} ({sum(parts.values()):,} samples)")
        for part, count in parts.most_common():
            print(f"  {count / sum(parts.values()):5.0%}  {part}")


def _driven(name: str, listening: socket.socket, count: int) -> None:
    asked = [name, str(listening.getsockname()[1]), str(count)]
    subprocess.run([sys.executable, "-m", "bench.profiled", *asked], cwd=places.ROOT, check=True)


def _part(frame: FrameType | None) -> str:
    """Return the part of the innermost frame that is of any: what the standard library does it does for somebody."""
    while frame is not None:
        path = frame.f_code.co_filename
        for key, part in _PARTS.items():
            if key in path:
                return part
        frame = frame.f_back
    return "other"


if __name__ == "__main__":
    main()
