"""Where labels go: into rows above or below a line, none over another, none across the stem of another.

The marks of a side are gone through from right to left, so that where they are close their labels become flags, each a
row further out than the next one. Of the ways to label those so far the best are kept: what counts is how many have a
label, then that none without one lies under another's, then how near the labels are.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from math import inf

_GAP, _FLAG = 8.0, 6.0
_STEM, _LINE = 3.0, 4.0
#: How far away each row is; the last ones only for what would have no label otherwise.
_FAR = (0.0, 1.0, 2.2, 4.0, 6.5)
_ASIDE, _BESIDE = 0.3, 0.5
_BARE, _UNDER, _ROOM = 10.0, 4.0, 0.1
_KEPT = 24

ROWS = len(_FAR)


@dataclass(frozen=True, slots=True)
class Label:
    """What stands at `x` and is called by words so wide; without them it counts `weight` times."""

    x: float
    wide: float
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Place:
    """The row of a label, the nearest is 0, and its left edge."""

    row: int
    left: float


@dataclass(frozen=True, slots=True)
class _Way:
    """One way to label the marks so far: from where on each row is taken, and the last mark without a label."""

    cost: float
    starts: tuple[float, ...]
    bare: float
    place: Place | None
    before: "_Way | None"


@dataclass(frozen=True, slots=True)
class Side:
    """The room on one side of the line, and the upright lines that no label may lie across."""

    left: float
    right: float
    lines: Sequence[float] = ()

    def place(self, labels: Sequence[Label]) -> list[Place | None]:
        """Return where the labels go, those of marks from left to right; None for those without room."""
        ways = [_Way(0, (inf,) * ROWS, inf, None, None)]
        for number in reversed(range(len(labels))):
            edges, before = list(self._edges(labels[number])), labels[:number]
            # Beyond that it is all the same to what comes next.
            matters = max((label.x + label.wide for label in before), default=-inf) + 2 * _GAP
            found: dict[tuple[float, ...], _Way] = {}
            for way in ways:
                for after in _after(way, labels[number], edges):
                    key = (*(min(start, matters) for start in after.starts), min(after.bare, matters))
                    if key not in found or after.cost < found[key].cost:
                        found[key] = after
            upto = before[-1].x if before else -inf
            ways = sorted(found.values(), key=partial(_outlook, upto=upto))[:_KEPT]
        way, places = min(ways, key=lambda way: way.cost), []
        while way.before is not None:
            places.append(way.place)
            way = way.before
        return places

    def _edges(self, label: Label) -> Iterator[tuple[float, float]]:
        """Give the left edges that a label can have and what each costs: over its mark, or like a flag on its pole."""
        x, wide = label.x, label.wide
        middle = min(max(x - wide / 2, self.left), max(self.left, self.right - wide))
        edges = [(middle, 0.0), (x - _FLAG, _ASIDE), (x - wide + _FLAG, _ASIDE)]
        edges += [(x + _FLAG, _BESIDE), (x - wide - _FLAG, _BESIDE)]
        for edge, cost in edges:
            fits = self.left <= edge and edge + wide <= self.right and edge - _FLAG <= x <= edge + wide + _FLAG
            if fits and not any(edge - _LINE < line < edge + wide + _LINE for line in self.lines):
                yield edge, cost


def _outlook(way: _Way, upto: float) -> float:
    """Return what a way has cost, and a little for the room that it takes from what comes next, up to there."""
    return way.cost + _ROOM * sum(max(0.0, upto - start) for start in way.starts)


def _after(way: _Way, label: Label, edges: Sequence[tuple[float, float]]) -> Iterator[_Way]:
    """Give the ways that go on from one: without the label, and with it wherever there is room."""
    x, starts = label.x, way.starts
    cost = way.cost + _BARE * label.weight + (_UNDER if x > min(starts) else 0)
    yield _Way(cost, starts, x, None, way)
    open_to = next((row for row, start in enumerate(starts) if x + _STEM > start), ROWS - 1)
    for edge, aside in edges:
        start, end = min(edge, x) - _GAP / 2, max(edge + label.wide, x) + _GAP / 2  # a flag has its pole
        under = _UNDER if end > way.bare else 0
        for row in range(open_to + 1):
            if end > starts[row]:
                continue
            crossed = [min(start, x - _STEM) for start in starts[:row]]
            taken = (*crossed, start, *starts[row + 1 :])
            yield _Way(way.cost + _FAR[row] + aside + under, taken, way.bare, Place(row, edge), way)
