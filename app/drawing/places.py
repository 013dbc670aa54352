"""Where labels go: into rows above or below a line, none over another, none across the stem of another."""

from collections.abc import Sequence
from dataclasses import dataclass, field

_GAP, _FLAG = 8.0, 6.0
_STEM, _LINE = 3.0, 1.5


@dataclass(slots=True)
class Rows:
    """The rows of one side, the nearest first, with what is taken in each."""

    left: float
    right: float
    most: int
    stems: Sequence[float] = ()
    _taken: list[list[tuple[float, float]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._taken = [[] for _ in range(self.most)]

    @property
    def used(self) -> int:
        """How many rows hold a label."""
        return max((n for n, row in enumerate(self._taken, 1) if any(b - a > 2 * _STEM for a, b in row)), default=0)

    def block(self, x: float) -> None:
        """Keep a place free in all rows, for a line that crosses them."""
        for row in self._taken:
            row.append((x - _LINE, x + _LINE))

    def place(self, x: float, wide: float) -> tuple[int, float] | None:
        """Return the row and the left edge of a label for what stands at `x`; None where there is no room."""
        middle = min(max(x - wide / 2, self.left), max(self.left, self.right - wide))
        over = [middle, min(max(x - _FLAG, self.left), self.right - wide), max(x - wide + _FLAG, self.left)]
        # Rather not over the dot of another, whose own label must pass; at the worst like a flag on its pole.
        over.sort(key=lambda edge: sum(edge - _STEM < stem < edge + wide + _STEM for stem in self.stems))
        flags = [edge for edge in (x + _FLAG, x - wide - _FLAG) if self.left <= edge <= self.right - wide]
        for number, row in enumerate(self._taken):
            for edge in [*over, *flags]:
                span = (edge - _GAP / 2, edge + wide + _GAP / 2)
                if edge - _FLAG <= x <= edge + wide + _FLAG and not _meets(row, span):
                    row.append(span)
                    self._stem(x, number)
                    return number, edge
            if _meets(row, (x - 1, x + 1)):
                return None
        return None

    def _stem(self, x: float, below: int) -> None:
        for row in self._taken[:below]:
            row.append((x - _STEM, x + _STEM))


def _meets(row: list[tuple[float, float]], span: tuple[float, float]) -> bool:
    return any(a < span[1] and span[0] < b for a, b in row)
