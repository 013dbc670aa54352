"""Rounds: one target after the other, again and again, so that what the machine does meanwhile hits all of them."""

import re
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from statistics import median
from typing import Any

from bench import drive
from bench.drive import Driven
from bench.scenarios import Scenario, World, request
from bench.served import Served

CONNECTIONS = 8
#: How many warm a target up: Postgres plans a statement anew for the first five times on each connection.
_FIRST = 7 * CONNECTIONS
_LEAST, _MOST = 8, 3_000
#: What takes longer than a round is asked once in each of these, and not as often as the rest.
_SLOW_ROUNDS = 2
_AS_OF = re.compile(rb'"as_of":"([^"]+)"')
_CHECKED = 6
_PACED_SECONDS, _PACED_LINES = 4.0, 32


@dataclass(frozen=True, slots=True)
class Target:
    """A server to be driven, and the database that it stands on."""

    kind: str
    world: World
    served: Served


@dataclass(slots=True)
class Measured:
    """The rounds of one target in one scenario."""

    scenario: str
    size: str
    target: str
    requests: int = 0
    rates: list[float] = field(default_factory=list)
    p50: list[float] = field(default_factory=list)
    p99: list[float] = field(default_factory=list)
    application: list[float] = field(default_factory=list)
    postgres: list[float] = field(default_factory=list)
    paced: list[float] = field(default_factory=list)

    @property
    def cpu(self) -> float:
        """CPU seconds per request, application and Postgres together: the median of the rounds."""
        return median(a + p for a, p in zip(self.application, self.postgres, strict=True))

    @property
    def noise(self) -> float:
        """The median absolute deviation of that, as a share of it."""
        sums = [a + p for a, p in zip(self.application, self.postgres, strict=True)]
        return median(abs(one - self.cpu) for one in sums) / self.cpu if self.cpu else 0.0

    def add(self, driven: Driven, before: tuple[float, float], after: tuple[float, float]) -> None:
        """Take in a round."""
        count = len(driven.latencies)
        self.requests += count
        self.rates.append(driven.rate)
        self.p50.append(driven.percentile(0.5))
        self.p99.append(driven.percentile(0.99))
        self.application.append((after[0] - before[0]) / count)
        self.postgres.append((after[1] - before[1]) / count)

    def plain(self) -> dict[str, Any]:
        """Return it for the JSON file, with the medians."""
        return {
            **asdict(self),
            "rate": median(self.rates),
            "p50_ms": median(self.p50) * 1000,
            "p99_ms": median(self.p99) * 1000,
            "cpu_ms": self.cpu * 1000,
            "noise": self.noise,
        }


class DifferentBytes(Exception):
    """A baseline answers something else than the service."""


def check(scenario: Scenario, service: Target, bare: Target) -> None:
    """Ask both the same question as of the same instant. Raise DifferentBytes unless the answers are equal."""
    asked = scenario.requests(service.world, 200)[:: 200 // _CHECKED]
    for question in asked:
        answer = drive.one(service.served.port, question)
        found = _AS_OF.search(answer)
        told = b"" if found is None else b"X-Now: " + found[1] + b"\r\n\r\n"
        same = drive.one(bare.served.port, question[: -len(b"\r\n")] + told if told else question)
        if answer != same and found is not None:
            path = question.split(b" ")[1].decode()
            raise DifferentBytes(f"{scenario.name} {path}:\n{answer[:3000].decode()}\n{same[:3000].decode()}")


def run(scenario: Scenario, targets: Sequence[Target], *, rounds: int, seconds: float) -> list[Measured]:
    """Measure a scenario on all targets, interleaved."""
    counts = [_count(scenario, target, seconds) for target in targets]
    found = [Measured(scenario.name, target.world.place.size, target.kind) for target in targets]
    for number in range(rounds):
        for target, count, measured in zip(targets, counts, found, strict=True):
            if count == 1 and number >= _SLOW_ROUNDS:
                continue
            asked = _requests(scenario, target, count, number)
            before = target.served.cpu()
            driven = drive.closed(target.served.port, asked, connections=CONNECTIONS)
            measured.add(driven, before, target.served.cpu())
        print(".", end="", file=sys.stderr, flush=True)
    return found


def pace(scenario: Scenario, target: Target, measured: Measured) -> None:
    """Ask at half of the peak, whatever the answers take, and note p50 and p99."""
    rate = median(measured.rates) / 2
    asked = _requests(scenario, target, max(50, int(rate * _PACED_SECONDS)), 0)
    driven = drive.paced(target.served.port, asked, rate=rate, connections=_PACED_LINES)
    measured.paced = [driven.percentile(0.5), driven.percentile(0.99)]


def _count(scenario: Scenario, target: Target, seconds: float) -> int:
    """Warm the target up, and return how many requests cost about this much CPU: other programs do not change it."""
    if _cost(scenario, target, 1, 0) > seconds:
        return 1
    return max(_LEAST, min(_MOST, int(seconds / _cost(scenario, target, _FIRST, 1))))


def _cost(scenario: Scenario, target: Target, count: int, number: int) -> float:
    before = sum(target.served.cpu())
    drive.closed(target.served.port, _requests(scenario, target, count, number), connections=CONNECTIONS)
    return max(1e-4, sum(target.served.cpu()) - before) / count


def _requests(scenario: Scenario, target: Target, count: int, number: int) -> list[bytes]:
    if scenario.replayed and target.kind != "service":
        paths = (f"/replay/{scenario.name}/{number * count + n}" for n in range(count))
        return [request("POST", path, target.world.coach) for path in paths]
    return scenario.requests(target.world, count)
