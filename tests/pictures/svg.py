"""A picture as a test reads it."""

import re
from dataclasses import dataclass
from itertools import combinations, pairwise
from typing import Any
from xml.etree.ElementTree import fromstring

from app.drawing.text import width

_NS = "{http://www.w3.org/2000/svg}"
_SIZES = {"h1": 19.0, "h2": 13.0, "s": 11.0, "n": 10.0}
_BOLD = {"h1", "b", "n"}


@dataclass(frozen=True)
class Words:
    """One line of text and the box that it takes."""

    text: str
    left: float
    right: float
    top: float
    bottom: float
    on_ground: bool

    def is_crossed(self, line: Any) -> bool:
        x, top, bottom = (float(line.get(name)) for name in ("x1", "y1", "y2"))
        return self.left < x < self.right and top < self.bottom and self.top < bottom

    def meets(self, other: "Words") -> bool:
        across = self.left < other.right and other.left < self.right
        return across and self.top < other.bottom and other.top < self.bottom


class Picture:
    """A parsed picture."""

    def __init__(self, svg: bytes) -> None:
        self.raw = svg
        self.root: Any = fromstring(svg)  # noqa: S314  # our own pictures

    @property
    def title(self) -> str:
        return str(self.root.findtext(f"{_NS}title"))

    @property
    def desc(self) -> str:
        return str(self.root.findtext(f"{_NS}desc"))

    @property
    def style(self) -> str:
        return str(self.root.findtext(f"{_NS}style"))

    @property
    def size(self) -> tuple[float, float]:
        return float(self.root.get("width")), float(self.root.get("height"))

    def all(self, tag: str, css: str = "") -> list[Any]:
        return [e for e in self.root.iter(f"{_NS}{tag}") if css in (e.get("class") or "").split() or not css]

    @property
    def hints(self) -> list[str]:
        return [e.text for e in self.root.findall(f"*/{_NS}title")]

    @property
    def words(self) -> list[Words]:
        return [_box(element) for element in self.all("text")]

    @property
    def texts(self) -> list[str]:
        return [words.text for words in self.words]

    def overlaps(self) -> list[tuple[str, str]]:
        """Return the texts that lie over one another or under a line, or stick out of the picture."""
        wide, high = self.size
        found = [(a.text, b.text) for a, b in combinations(self.words, 2) if a.meets(b)]
        lines = [e for css in ("dash", "now", "stem") for e in self.all("line", css)]
        found += [(w.text, e.get("class")) for w in self.words for e in lines if w.on_ground and w.is_crossed(e)]
        found += [(w.text, "its circle") for w in self.words if not w.on_ground and not self._holds(w)]
        return found + [(w.text, "edge") for w in self.words if w.left < 0 or w.right > wide or w.bottom > high]

    def labels(self) -> list[tuple[float, Words]]:
        """Return where the stems stand, each with the words that hang on it: above or below, or beside their pole."""
        children = list(self.root)
        return [
            (float(stem.get("x1")), _box(words)) for stem, words in pairwise(children) if stem.get("class") == "stem"
        ]

    def marks(self) -> list[float]:
        """Return where the marks are, those of the legend left out."""
        bottom = max(float(e.get("y1")) for e in self.all("line", "line"))
        places = [
            (float(e.get("cx")), float(e.get("cy"))) for e in self.all("circle") if e.find(f"{_NS}title") is not None
        ]
        corners = [e.get("points").split()[0].split(",") for e in self.all("polygon")]
        places += [(float(x), float(y)) for x, y in corners]
        return sorted(x for x, y in places if y < bottom)

    def _holds(self, words: Words) -> bool:
        """Whether the number in a mark, or what a pill says, is all on its ground."""
        boxes = [
            tuple(float(e.get(name)) for name in ("x", "y", "width", "height")) for e in self.all("rect", "k-both")
        ]
        if any(x <= words.left and words.right <= x + w and y <= words.top for x, y, w, _ in boxes):
            return True
        middle = (words.left + words.right) / 2
        near = [e for e in self.all("circle") if abs(float(e.get("cx")) - middle) < 0.2]
        return any((words.right - words.left) / 2 < float(e.get("r")) for e in near)


def _box(element: Any) -> Words:
    css, text = element.get("class").split(), element.text
    size = next((_SIZES[name] for name in css if name in _SIZES), 12.0)
    wide, x, y = width(text, size, bold=bool(_BOLD & {*css})), float(element.get("x")), float(element.get("y"))
    left = x - wide / 2 if "m" in css else x - wide if "e" in css else x
    return Words(text, left, left + wide, y - size * 0.8, y + size * 0.2, on_ground=not {"n", "over"} & {*css})


def colours(style: str) -> dict[str, dict[str, dict[str, str]]]:
    """Return the colours of each class by theme."""
    light, _, rest = style.partition("@media (prefers-color-scheme:dark){")
    dark = rest.partition("}}")[0] + "}"
    return {name: _rules(text) for name, text in (("light", light), ("dark", dark))}


def _rules(text: str) -> dict[str, dict[str, str]]:
    found = {}
    for name, body in re.findall(r"\.([\w-]+)\{([^}]*)\}", text):
        found[name] = dict(re.findall(r"(fill|stroke):(#[0-9a-f]{6})", body))
    return found


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours as WCAG 2 counts it."""
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
