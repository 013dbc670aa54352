"""What the colours and signs of a timeline mean."""

from collections.abc import Sequence

from app.drawing.story import Mark
from app.drawing.svg import MARGIN, Canvas
from app.drawing.text import width
from app.drawing.words import STATUSES
from app.ghosting.vocabulary import Actor, Status

_SIGNS = (
    (Actor.CANDIDATE, "By the client"),
    (Actor.EMPLOYER, "By the employer"),
    (Actor.BOTH, "They met"),
    (Actor.NOBODY, "A note"),
)


def draw(canvas: Canvas, shown: Sequence[Status], found: Sequence[Mark], y: float, *, right: float) -> float:
    """Name the colours and the signs that occur, in as many rows as it takes; return where it ends."""
    y = _row(canvas, [(f"t-{status}", STATUSES[status]) for status in shown], y, right) if shown else y - 22
    actors = {mark.actor for mark in found}
    signs = [(f"k-{actor}", words) for actor, words in _SIGNS if actor in actors]
    signs += [("o-both open", "To come")] if any(mark.ahead for mark in found) else []
    return _row(canvas, signs, y + 22, right) if signs else y


def _row(canvas: Canvas, items: Sequence[tuple[str, str]], y: float, right: float) -> float:
    x = MARGIN
    for css, words in items:
        wide = 20 + width(words, 11) + 14
        if x + wide > right:
            x, y = MARGIN, y + 22
        if css.startswith("t-"):
            canvas.shape("rect", css, x=x, y=y - 9, width=14, height=11, rx=2)
        elif css.startswith("k-both"):
            canvas.shape("polygon", css, points=diamond(x + 7, y - 4, 7))
        else:
            canvas.shape("circle", css, cx=x + 7, cy=y - 4, r=5.5)
        canvas.text("muted s", x + 20, y, words)
        x += wide
    return y


def diamond(x: float, y: float, r: float) -> str:
    """Return the corners of the sign of a meeting."""
    return f"{x:.1f},{y - r:.1f} {x + r:.1f},{y:.1f} {x:.1f},{y + r:.1f} {x - r:.1f},{y:.1f}"
