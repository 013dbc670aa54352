"""An SVG document, written by the XML writer of the standard library: whatever a name holds stays text."""

from xml.etree.ElementTree import Element, SubElement, tostring

from app.drawing.palette import STYLE
from app.drawing.text import clean

_SPACE = "http://www.w3.org/2000/svg"
MARGIN = 28.0


class Canvas:
    """A picture in the making; elements lie over one another in the order in which they are added."""

    def __init__(self, *, key: str, title: str) -> None:
        names = {"role": "img", "aria-labelledby": f"title-{key} desc-{key}", "lang": "en"}
        self._root = Element("svg", {"xmlns": _SPACE, **names})
        SubElement(self._root, "title", {"id": f"title-{key}"}).text = clean(title)
        self._desc = SubElement(self._root, "desc", {"id": f"desc-{key}"})
        SubElement(self._root, "style").text = STYLE
        self._ground = self.shape("rect", "ground", x=0, y=0, rx=10)

    def shape(self, tag: str, css: str, *, hint: str | None = None, **numbers: float | str) -> Element:
        """Add a shape; `hint` is shown by a pointer that rests on it."""
        attributes = {name: v if isinstance(v, str) else number(v) for name, v in numbers.items()}
        made = SubElement(self._root, tag, {"class": css, **attributes})
        if hint is not None:
            SubElement(made, "title").text = clean(hint)
        return made

    def text(self, css: str, x: float, y: float, words: str) -> None:
        """Add one line of text."""
        SubElement(self._root, "text", {"class": css, "x": number(x), "y": number(y)}).text = clean(words)

    def finish(self, *, width: float, height: float, told: list[str]) -> bytes:
        """Return the document; `told` is what it shows, line by line, for those who do not see it."""
        self._desc.text = "\n".join(clean(line) for line in told)
        size = {"width": number(width), "height": number(height)}
        self._ground.attrib.update(size)
        self._root.attrib.update({**size, "viewBox": f"0 0 {number(width)} {number(height)}"})
        written: bytes = tostring(self._root, encoding="utf-8", xml_declaration=True)
        return written


def number(value: float) -> str:
    """Return a length with one digit after the point, or none."""
    return f"{value:.1f}".removesuffix(".0")
