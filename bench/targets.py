"""What the service is to reach, and what it reached."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from statistics import median
from typing import Any

from bench.measure import Measured
from bench.places import SIZES
from bench.scenarios import SCENARIOS

#: How much worse than its bound a ratio must be for `--quick` to fail: a busy machine is no regression.
_FAR = 1.6
_LISTS = ("list", "filtered", "queue")


@dataclass(frozen=True, slots=True)
class Target:
    """A ratio and its bound; `at_least` where more is better."""

    name: str
    ratio: float
    limit: float
    at_least: bool = False

    @property
    def bound(self) -> str:
        return f"{'>=' if self.at_least else '<='} {self.limit:g}"

    @property
    def is_met(self) -> bool:
        return self.ratio >= self.limit if self.at_least else self.ratio <= self.limit

    @property
    def is_far_off(self) -> bool:
        return self.ratio * _FAR < self.limit if self.at_least else self.ratio > self.limit * _FAR

    def plain(self) -> dict[str, Any]:
        """Return it for the JSON file."""
        return {**asdict(self), "is_met": self.is_met}


def judge(found: Sequence[Measured], more: Mapping[str, Any]) -> list[Target]:
    """Return every target that something was measured for."""
    by = {(one.scenario, one.size, one.target): one for one in found}
    listed = [*_beside_bare(by), *_beside_textbook(by), *_growth(by), *_tails(found)]
    return listed + [Target(**told) for told in more.get("targets", ())]


def _beside_bare(by: Mapping[tuple[str, str, str], Measured]) -> Iterator[Target]:
    for (name, size, kind), one in by.items():
        bare = by.get((name, size, "bare"))
        if kind != "service" or bare is None or not bare.cpu:
            continue
        if name == "policy":
            yield Target(f"policy {size}: CPU to writing the rows only", one.cpu / bare.cpu, 3.0)
        elif name in SCENARIOS and SCENARIOS[name].hot:
            yield Target(f"{name} {size}: CPU to (a)", one.cpu / bare.cpu, 1.35)
        elif name == "record":
            yield Target(f"{name} {size}: CPU to the same SQL", one.cpu / bare.cpu, 2.0)


def _beside_textbook(by: Mapping[tuple[str, str, str], Measured]) -> Iterator[Target]:
    for (name, size, kind), book in by.items():
        one = by.get((name, size, "service"))
        if kind != "textbook" or one is None or name not in _LISTS or not one.cpu:
            continue
        yield Target(f"{name} {size}: CPU of (b) to the service's", book.cpu / one.cpu, 4.0, at_least=True)
        if name == "filtered":
            ratio = median(book.p50) / median(one.p50)
            yield Target(f"{name} {size}: time of computing on read", ratio, 20.0, at_least=True)


def _growth(by: Mapping[tuple[str, str, str], Measured]) -> Iterator[Target]:
    order = list(SIZES)
    for name in dict.fromkeys(name for name, _, _ in by):
        sizes = sorted((size for n, size, kind in by if n == name and kind == "service"), key=order.index)
        if len(sizes) < 2:  # noqa: PLR2004  # growth needs two
            continue
        small, large = by[name, sizes[0], "service"], by[name, sizes[-1], "service"]
        yield Target(f"{name}: p50 {sizes[0]} to {sizes[-1]}", median(large.p50) / median(small.p50), 1.2)
        if small.cpu:
            yield Target(f"{name}: CPU {sizes[0]} to {sizes[-1]}", large.cpu / small.cpu, 1.2)


def _tails(found: Sequence[Measured]) -> Iterator[Target]:
    for one in found:
        if one.paced:
            yield Target(f"{one.scenario} {one.size}: p99 to p50 at half of the peak", one.paced[1] / one.paced[0], 3.0)
