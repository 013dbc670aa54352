"""What the marks of a timeline are called: on which side of the band, in which row, and how it is written there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.drawing.places import Label, Place, Side
from app.drawing.story import Mark, Story
from app.drawing.svg import Canvas
from app.drawing.text import days, plural, width
from app.drawing.words import KINDS
from app.ghosting.vocabulary import Actor

TOP = 84.0  # of all that hangs on the line
BAND = 28.0
_ROW = 31.0
_LANE = 17.0  # from the band to the marks of either side
_NEAR = 90.0  # within which marks compete for the room of a side
_POLE = 3.0  # how far short of the end of a row a pole stays


@dataclass(frozen=True, slots=True)
class Spot:
    """Where the label of a mark is: above or below the band, and where there."""

    is_up: bool
    place: Place


class Layout:
    """How high the rows, the band and the captions are, once it is known where the labels go."""

    def __init__(self, spots: Mapping[int, Spot]) -> None:
        above, below = (
            max((spot.place.row + 1 for spot in spots.values() if spot.is_up is is_up), default=0)
            for is_up in (True, False)
        )
        self.upper = TOP + 28 + above * _ROW + 12
        self.band = self.upper + _LANE
        self.lower = self.band + BAND + _LANE
        self.captions = self.lower + 18 + below * _ROW
        self.axis = self.captions + 40
        self.legend = self.axis + 50

    def y(self, actor: Actor) -> float:
        """Return how high the marks of an actor are: meetings are on the band itself."""
        if actor is Actor.BOTH:
            return self.band + BAND / 2
        return self.lower if actor is Actor.EMPLOYER else self.upper


def spots(story: Story, found: Sequence[Mark], upper: Side, lower: Side) -> dict[int, Spot]:
    """Return where the labels go, by the number of the mark; those without room are missing."""
    sides: dict[bool, list[int]] = {True: [], False: []}
    for index, mark in enumerate(found):
        if mark.actor is not Actor.BOTH:
            sides[mark.actor is not Actor.EMPLOYER].append(index)
    for index, mark in enumerate(found):
        if mark.actor is Actor.BOTH:
            near = {up: _near(mark, [found[i] for i in indexes]) for up, indexes in sides.items()}
            free = [(number, up) for up, number in near.items() if number is not None]
            if free:
                sides[min(free)[1]].append(index)
    placed = {}
    for is_up, side in ((True, upper), (False, lower)):
        indexes = sorted(sides[is_up])
        places = side.place([_measured(story, found[index]) for index in indexes])
        placed.update({i: Spot(is_up, place) for i, place in zip(indexes, places, strict=True) if place})
    return placed


def _near(meeting: Mark, others: Sequence[Mark]) -> int | None:
    """Return how many others of a side are near a meeting; None where its stem would seem to be that of another."""
    if any(abs(o.x - meeting.x) < o.radius + 1 for o in others if o.actor is not Actor.BOTH):
        return None
    return sum(abs(other.x - meeting.x) < _NEAR for other in others)


def write(canvas: Canvas, story: Story, mark: Mark, spot: Spot, here: Layout) -> None:
    """Write what a mark is called, on a stem; where that ends beside the words, it is their pole."""
    place = spot.place
    top = here.upper - 12 - (place.row + 1) * _ROW if spot.is_up else here.lower + 12 + place.row * _ROW
    end = top + _ROW - 1 if spot.is_up else top + 1
    if not place.left < mark.x < place.left + _measured(story, mark).wide:
        end = top + _POLE if spot.is_up else top + _ROW - _POLE
    canvas.shape("line", "stem", x1=mark.x, x2=mark.x, y1=here.y(mark.actor), y2=end)
    words, when = _named(story, mark)
    canvas.text("ink b", place.left, top + 13, words)
    canvas.text("muted s", place.left, top + 26, when)


def _measured(story: Story, mark: Mark) -> Label:
    words, when = _named(story, mark)
    return Label(mark.x, max(width(words, 12, bold=True), width(when, 11)), 1.5 if mark.actor is Actor.BOTH else 1)


def _named(story: Story, mark: Mark) -> tuple[str, str]:
    """Return what a mark is called, and when it was."""
    names = list(dict.fromkeys(KINDS[entry.kind] for entry in mark.entries))
    number = len(mark.entries)
    words = names[0] if len(names) == 1 else plural(number, "entry", "entries")
    if number > 1 and len(names) == 1:
        words = f"{names[0]} ×{number}"  # noqa: RUF001  # the sign of multiplication is meant
    when = days(*(story.local(entry.at) for entry in (mark.entries[0], mark.entries[-1])))
    return words, when.removesuffix(f" {story.today.year}")
