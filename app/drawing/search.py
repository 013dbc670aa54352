"""The picture of a search: from where openings came, how far they got, and what became of them.

The trunk runs along the top and thins out; what ends branches off downwards, the earliest endings lowest, so that no
two streams cross.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.drawing.svg import MARGIN, Canvas, number
from app.drawing.text import day, plural, shorten, width
from app.drawing.words import STAGES
from app.ghosting.vocabulary import Stage

_LEFT, _TOP = 132.0, 118.0
_TALLEST = 190.0
_EACH = 16.0  # of one opening, at most
_NODE, _PITCH, _GAP = 11.0, 19.0, 26.0


#: A source that is called like a stage.
_SOURCES = {"applied": "Direct"}


class End(StrEnum):
    """What became of an opening, in the order in which endings are drawn."""

    LIVE = "live"
    NOT_STARTED = "not_started"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    POSITION_CLOSED = "position_closed"
    REJECTED = "rejected"
    GHOSTED = "ghosted"


_ENDS = {
    End.LIVE: ("live", "Live"),
    End.NOT_STARTED: ("not_started", "Not started"),
    End.ACCEPTED: ("accepted", "Accepted"),
    End.DECLINED: ("own", "Declined"),
    End.WITHDRAWN: ("own", "Withdrawn"),
    End.POSITION_CLOSED: ("gone", "Position closed"),
    End.REJECTED: ("rejected", "Rejected"),
    End.GHOSTED: ("ghosted", "Ghosted"),
}


@dataclass(frozen=True, slots=True)
class Course:
    """How many openings of one source got as far as a stage and came to one end."""

    source: str
    reached: Stage
    end: End
    openings: int


@dataclass(frozen=True, slots=True)
class Search:
    """A client's search as of a date."""

    key: str
    client: str
    as_of: date
    is_today: bool
    courses: Sequence[Course]


@dataclass(frozen=True, slots=True)
class _Item:
    css: str
    words: str
    openings: int


@dataclass(frozen=True, slots=True)
class _Shape:
    """The numbers behind the picture."""

    sources: list[_Item]
    stages: list[tuple[Stage, int]]
    ends: list[list[_Item]]


def draw(search: Search) -> bytes:
    """Return the picture as an SVG document."""
    shape = _shape(search.courses)
    total = sum(item.openings for item in shape.sources)
    canvas = Canvas(key=search.key, title=f"The search of {search.client}")
    columns = len(shape.stages)
    step = min(170.0, 760 / max(columns, 4))
    wide = max(_LEFT + (columns + 1) * step + _PITCH + width("Position closed 1,000", 12), 640)
    canvas.text("ink h1", MARGIN, 38, shorten(f"The search of {search.client}", 19, wide - 2 * MARGIN, bold=True))
    when = f"Today, {day(search.as_of)}" if search.is_today else f"As of {day(search.as_of)}"
    canvas.text("muted h2", MARGIN, 60, f"{plural(total, 'opening')}  ·  {when}")
    if not total:
        canvas.text("muted h2", MARGIN, 100, "No openings yet.")
        return canvas.finish(width=wide, height=130, told=[f"{when}: no openings yet."])
    bottom = _Drawing(canvas, shape, step=step, scale=min(_EACH, _TALLEST / total)).draw()
    return canvas.finish(width=wide, height=bottom + MARGIN, told=_told(search, shape, when))


def _shape(courses: Sequence[Course]) -> _Shape:
    sources: Counter[str] = Counter()
    reached: Counter[Stage] = Counter()
    ended: Counter[tuple[Stage, End]] = Counter()
    for course in courses:
        sources[course.source] += course.openings
        ended[course.reached, course.end] += course.openings
        for stage in Stage:
            reached[stage] += course.openings if course.reached.rank >= stage.rank else 0
    stages = [(stage, reached[stage]) for stage in Stage if reached[stage]]
    ends = [[_Item(*_ENDS[end], ended[stage, end]) for end in End if ended[stage, end]] for stage, _ in stages]
    named = sorted(sources.items(), key=lambda pair: (-pair[1], pair[0]))
    return _Shape(
        [_Item("stage", _SOURCES.get(name, name.replace("_", " ").capitalize()), n) for name, n in named], stages, ends
    )


class _Drawing:
    def __init__(self, canvas: Canvas, shape: _Shape, *, step: float, scale: float) -> None:
        self.canvas, self.shape, self.step, self.scale = canvas, shape, step, scale

    def draw(self) -> float:
        """Draw streams, then nodes, then words; return where the picture ends."""
        zones, bottom = self._zones()
        nodes: list[tuple[str, float, float, int, str]] = []
        y, start = _TOP, _TOP
        for item in self.shape.sources:
            high = item.openings * self.scale
            self._flow("stage", _LEFT, y + max(0, (_high(high) - high) / 2), self._x(0), start, high)
            nodes.append((item.css, _LEFT, y, item.openings, item.words))
            self.canvas.text("muted s e", _LEFT - 8, y + _high(high) / 2 + 4, f"{item.words} {item.openings:,}")
            y, start = y + max(_high(high) + 6, _PITCH), start + high
        bottom = max(bottom, y)
        for column, (stage, n) in enumerate(self.shape.stages):
            self._stage(column, zones[column], nodes)
            nodes.append(("stage", self._x(column), _TOP, n, STAGES[stage]))
        for css, x, top, n, words in nodes:
            high = _high(n * self.scale)
            self.canvas.shape("rect", f"t-{css}", hint=f"{words}: {n:,}", x=x, y=top, width=_NODE, height=high, rx=2)
        for column, (stage, n) in enumerate(self.shape.stages):
            x = self._x(column) + _NODE / 2
            self.canvas.text("ink b m", x, _TOP - 26, STAGES[stage])
            self.canvas.text("muted s m", x, _TOP - 11, f"{n:,}")
        return bottom

    def _x(self, column: int) -> float:
        return _LEFT + (column + 1) * self.step

    def _zones(self) -> tuple[list[float], float]:
        """Return where the endings of each column begin, the last column's at the top, and where all of it ends."""
        tops, below = [], _TOP
        for column in reversed(range(len(self.shape.stages))):
            follows = column + 1 < len(self.shape.stages)
            if follows:
                below = max(below, _TOP + _high(self.shape.stages[column + 1][1] * self.scale) + _GAP)
            tops.append(below)
            for item in self.shape.ends[column]:
                below += max(_high(item.openings * self.scale) + 6, _PITCH)
            below += 8 if self.shape.ends[column] else 0
        return tops[::-1], below

    def _stage(self, column: int, top: float, nodes: list[tuple[str, float, float, int, str]]) -> None:
        """Draw what leaves a stage: on to the next one first, then each ending below."""
        left, right = self._x(column) + _NODE, self._x(column + 1)
        y = _TOP
        if column + 1 < len(self.shape.stages):
            high = self.shape.stages[column + 1][1] * self.scale
            self._flow("stage", left, y, right, _TOP, high)
            y += high
        for item in self.shape.ends[column]:
            high = item.openings * self.scale
            self._flow(item.css, left, y, right, top, high)
            nodes.append((item.css, right, top, item.openings, item.words))
            words = f"{item.words} {item.openings:,}"
            self.canvas.text("ink s", right + _NODE + 7, top + _high(high) / 2 + 4, words)
            y, top = y + high, top + max(_high(high) + 6, _PITCH)

    def _flow(self, css: str, x1: float, y1: float, x2: float, y2: float, high: float) -> None:
        x1 = x1 + _NODE if x1 == _LEFT else x1
        middle, high = (x1 + x2) / 2, max(high, 1.2)
        a, b, m = number(x1), number(x2), number(middle)
        upper = f"M{a} {number(y1)}C{m} {number(y1)} {m} {number(y2)} {b} {number(y2)}"
        lower = f"V{number(y2 + high)}C{m} {number(y2 + high)} {m} {number(y1 + high)} {a} {number(y1 + high)}Z"
        self.canvas.shape("path", f"t-{css} flow", d=upper + lower)


def _high(height: float) -> float:
    """Return how tall a node is: what is one of a thousand is still to be seen."""
    return max(height, 3.0)


def _told(search: Search, shape: _Shape, when: str) -> list[str]:
    """Say in words what the picture shows."""
    total = sum(item.openings for item in shape.sources)
    sources = ", ".join(f"{item.words} {item.openings:,}" for item in shape.sources)
    told = [f"{when}: {plural(total, 'opening')} in the search of {search.client}.", f"From: {sources}."]
    told += [f"Came as far as {STAGES[stage]}: {n:,}." for stage, n in shape.stages[1:]]
    return [*told, *_ended(shape)]


def _ended(shape: _Shape) -> Iterator[str]:
    for (stage, _), items in zip(shape.stages, shape.ends, strict=True):
        if items:
            yield f"No further than {STAGES[stage]}: {', '.join(f'{i.words} {i.openings:,}' for i in items)}."
