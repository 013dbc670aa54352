"""The picture of one opportunity: what happened, on whose side, the status in colour, today, and the window."""

from collections.abc import Sequence

from app.drawing import legend, told
from app.drawing.axis import Scale
from app.drawing.places import Rows
from app.drawing.story import Mark, Story, Stretch, marks
from app.drawing.svg import MARGIN, Canvas
from app.drawing.text import day, days, plural, shorten, width
from app.drawing.words import KINDS, STATUSES
from app.ghosting.vocabulary import Actor, Status

WIDTH = 960.0
_LEFT, _RIGHT = 104.0, WIDTH - 36
_TOP = 84.0  # of all that hangs on the line
_ROW, _ROWS = 31.0, 3
_BAND = 28.0
_LANE = 17.0  # from the band to the marks of either side


class _Layout:
    """Where the rows, the band and the captions are, once it is known how many rows are needed."""

    def __init__(self, above: int, below: int) -> None:
        self.upper = _TOP + 28 + above * _ROW + 12
        self.band = self.upper + _LANE
        self.lower = self.band + _BAND + _LANE
        self.captions = self.lower + 18 + below * _ROW
        self.axis = self.captions + 40
        self.legend = self.axis + 50


def draw(story: Story) -> bytes:
    """Return the picture as an SVG document."""
    kept, earlier = story.recent()
    scale = story.scale(kept, left=_LEFT, right=_RIGHT)
    found = marks(kept, scale)
    upper = Rows(_LEFT, _RIGHT, _ROWS, [mark.x for mark in found if mark.actor in {Actor.CANDIDATE, Actor.NOBODY}])
    lower = Rows(_LEFT, _RIGHT, _ROWS, [mark.x for mark in found if mark.actor in {Actor.EMPLOYER, Actor.BOTH}])
    crossing = [scale.at(story.as_of), *_edges(story, scale)]
    for rows in (upper, lower):
        rows.block(scale.at(story.as_of))
    if (ghosted := story.window.ghosted_on) is not None and ghosted > story.today:
        lower.block(scale.on(ghosted))
    places = _places(story, found, upper, lower)
    here = _Layout(upper.used, lower.used)
    canvas = Canvas(key=story.key, title=f"{story.title} at {story.company}: what happened")
    _head(canvas, story)
    _window(canvas, story, scale, here)
    _axis(canvas, scale, here)
    shown = _band(canvas, story, scale, here, [*crossing, *(mark.x for mark in found if mark.actor is Actor.BOTH)])
    _today(canvas, story, scale, here)
    for mark, place in zip(found, places, strict=True):
        _mark(canvas, story, mark, place, here)
    if not kept and not shown:
        canvas.text("muted h2 m", WIDTH / 2 + 40, here.band + _BAND / 2 + 4, "Nothing has happened yet.")
    if earlier:
        canvas.text("muted s", MARGIN, here.axis + 20, f"+{earlier:,} more")
    bottom = legend.draw(canvas, shown, found, here.legend, right=WIDTH - MARGIN + 14)
    return canvas.finish(width=WIDTH, height=bottom + 22, told=told.lines(story, kept, earlier))


def _head(canvas: Canvas, story: Story) -> None:
    canvas.text("ink h1", MARGIN, 38, shorten(story.title, 19.5, WIDTH - 2 * MARGIN))
    tail = f"  ·  {STATUSES[story.status]}, {day(story.today)}"
    canvas.text("muted h2", MARGIN, 60, shorten(story.company, 13, WIDTH - 2 * MARGIN - width(tail, 13)) + tail)


def _edges(story: Story, scale: Scale) -> list[float]:
    """Return where the follow-up window begins and ends, nothing where there is none to show."""
    opens, closes = story.window.opens_on, story.window.closes_on
    if opens is None or closes is None or closes < scale.start or opens > scale.end:
        return []
    left = scale.on(opens)
    return [left, max(scale.on(closes) + scale.day_width, left + 3)]


def _window(canvas: Canvas, story: Story, scale: Scale, here: _Layout) -> None:
    """Shade the follow-up window, and mark from when silence is ghosting, with what they are in words."""
    opens, closes, ghosted = story.window.opens_on, story.window.closes_on, story.window.ghosted_on
    end = 0.0
    if (edges := _edges(story, scale)) and opens is not None and closes is not None:
        left, right = edges
        top, height = _TOP + 24, here.captions - _TOP - 20
        canvas.shape("rect", "t-follow_up_due shade", x=left, y=top, width=right - left, height=height)
        for x in edges:
            canvas.shape("line", "dash", x1=x, x2=x, y1=here.upper - 9, y2=here.lower + 9)
        words = f"Follow-up window {days(opens, closes)}"
        end = _caption(canvas, _beside(scale.at(story.as_of), (left + right) / 2, words), here.captions + 16, words)
    if ghosted is not None and ghosted > story.today:
        x = scale.on(ghosted)
        words = f"Ghosted from {day(ghosted)}"
        clear = x - width(words, 11) / 2 > end and _RIGHT - width(words, 11) > end
        canvas.shape(
            "line", "dash", x1=x, x2=x, y1=here.band - 6, y2=here.captions + (18 if x > end and not clear else 4)
        )
        _caption(canvas, _beside(scale.at(story.as_of), x, words), here.captions + (16 if clear else 31), words)


def _beside(line: float, x: float, words: str) -> float:
    """Return where to centre words that belong to `x`, so that they do not lie across a line."""
    half = width(words, 11) / 2 + 7
    x = min(max(x, _LEFT + half), _RIGHT - half)
    if abs(x - line) >= half:
        return x
    right, left = line + half, line - half
    return right if (x >= line or left - half < _LEFT) and right + half <= _RIGHT + 12 else left


def _caption(canvas: Canvas, x: float, y: float, words: str) -> float:
    wide = width(words, 11)
    left = min(max(x - wide / 2, _LEFT), _RIGHT - wide)
    canvas.text("muted s", left, y, words)
    return left + wide + 10


def _axis(canvas: Canvas, scale: Scale, here: _Layout) -> None:
    canvas.shape("line", "line", x1=_LEFT, x2=_RIGHT, y1=here.axis, y2=here.axis)
    for x, words in scale.ticks():
        canvas.shape("line", "line", x1=x, x2=x, y1=here.axis, y2=here.axis + 5)
        canvas.text("muted s m", x, here.axis + 19, words)
    middle = here.band + _BAND / 2 + 4
    for y, words in ((here.upper + 4, "Client"), (middle, "Status"), (here.lower + 4, "Employer")):
        canvas.text("muted s", MARGIN, y, words)


def _band(canvas: Canvas, story: Story, scale: Scale, here: _Layout, crossing: Sequence[float]) -> list[Status]:
    """Draw the status over time, what is foreseen paler; return which statuses are to be seen."""
    shown = set()
    for stretch, ahead in _pieces(story):
        left = scale.at(stretch.starts_at)
        right = scale.right if stretch.ends_at is None else scale.at(stretch.ends_at)
        if right - left < 0.5:  # noqa: PLR2004  # less than anybody sees
            continue
        shown.add(stretch.status)
        css = f"t-{stretch.status} ahead" if ahead else f"t-{stretch.status}"
        words = STATUSES[stretch.status]
        hint = f"{words} from {day(story.local(stretch.starts_at))}"
        canvas.shape("rect", css, hint=hint, x=left, y=here.band, width=right - left, height=_BAND, rx=3)
        middle = _gap(left, right, [x for x in crossing if left - 12 < x < right + 12], words)
        if middle is not None:
            canvas.text("ink s m", middle, here.band + _BAND / 2 + 4, words)
    return [status for status in Status if status in shown]


def _gap(left: float, right: float, crossing: Sequence[float], words: str) -> float | None:
    """Return the middle of the widest free part of a stretch, None where the words do not fit."""
    edges = [left - 4, *(e for x in sorted(crossing) for e in (x - 8, x + 8)), right + 4]
    wide, middle = max((b - a, (a + b) / 2) for a, b in zip(edges[::2], edges[1::2], strict=True))
    return middle if width(words, 11) + 16 <= wide else None


def _pieces(story: Story) -> list[tuple[Stretch, bool]]:
    """Cut the stretches at the instant of the picture: what lies before it, and what is foreseen."""
    pieces = []
    for s in story.stretches:
        if s.status is Status.NOT_STARTED:
            continue
        if s.starts_at <= story.as_of:
            over = s.ends_at is not None and s.ends_at <= story.as_of
            pieces.append((s if over else Stretch(s.status, s.starts_at, story.as_of), False))
        if s.ends_at is None or s.ends_at > story.as_of:
            pieces.append((Stretch(s.status, max(s.starts_at, story.as_of), s.ends_at), True))
    return pieces


def _today(canvas: Canvas, story: Story, scale: Scale, here: _Layout) -> None:
    x = scale.at(story.as_of)
    words = f"Today, {day(story.today)}" if story.is_today else f"As of {day(story.today)}"
    half = width(words, 11) / 2 + 8
    middle = min(max(x, _LEFT + half - 20), _RIGHT + 20 - half)
    canvas.shape("line", "now", x1=x, x2=x, y1=_TOP + 20, y2=here.axis)
    canvas.shape("rect", "k-both", x=middle - half, y=_TOP, width=2 * half, height=20, rx=10)
    canvas.shape("circle", "k-both", cx=x, cy=here.axis, r=3.5)
    canvas.text("over s m", middle, _TOP + 14, words)


def _places(story: Story, found: Sequence[Mark], upper: Rows, lower: Rows) -> list[tuple[bool, int, float] | None]:
    """Find a place for the label of each mark, meetings and the latest first; None for those without one."""
    placed: dict[int, tuple[bool, int, float] | None] = {}
    order = sorted(range(len(found)), key=lambda i: (found[i].actor is not Actor.BOTH, -found[i].x))
    for index in order:
        mark = found[index]
        wide = max(width(line, size) for line, size in zip(_label(story, mark), (13.2, 11), strict=True))
        sides = [False, True] if mark.actor is Actor.BOTH else [mark.actor is not Actor.EMPLOYER]
        placed[index] = None
        for is_up in sides:
            if (place := (upper if is_up else lower).place(mark.x, wide)) is not None:
                placed[index] = (is_up, *place)
                break
    return [placed[index] for index in range(len(found))]


def _label(story: Story, mark: Mark) -> tuple[str, str]:
    """Return what a mark is called, and when it was."""
    names = list(dict.fromkeys(KINDS[entry.kind] for entry in mark.entries))
    number = len(mark.entries)
    words = names[0] if len(names) == 1 else plural(number, "entry", "entries")
    if number > 1 and len(names) == 1:
        words = f"{names[0]} ×{number}"  # noqa: RUF001  # the sign of multiplication is meant
    when = days(*(story.local(entry.at) for entry in (mark.entries[0], mark.entries[-1])))
    return words, when.removesuffix(f" {story.today.year}")


def _mark(canvas: Canvas, story: Story, mark: Mark, place: tuple[bool, int, float] | None, here: _Layout) -> None:
    both = mark.actor is Actor.BOTH
    y = here.band + _BAND / 2 if both else here.lower if mark.actor is Actor.EMPLOYER else here.upper
    if place is not None:
        is_up, row, left = place
        top = here.upper - 12 - (row + 1) * _ROW if is_up else here.lower + 12 + row * _ROW
        canvas.shape("line", "line", x1=mark.x, x2=mark.x, y1=y, y2=top + (_ROW - 1 if is_up else 1))
        words, when = _label(story, mark)
        canvas.text("ink b", left, top + 13, words)
        canvas.text("muted s", left, top + 26, when)
    css = f"o-{mark.actor} open" if mark.ahead else f"k-{mark.actor}"
    hint = "; ".join(told.line(story, entry) for entry in mark.entries[:20])
    number = len(mark.entries)
    if both and number == 1:
        canvas.shape("polygon", css, hint=hint, points=legend.diamond(mark.x, y, 9))
        return
    canvas.shape("circle", css, hint=hint, cx=mark.x, cy=y, r=mark.radius)
    if number > 1:
        canvas.text("ink n m" if mark.ahead else "over n m", mark.x, y + 3.5, str(number) if number < 100 else "99+")  # noqa: PLR2004  # two digits fit
