"""The picture of one opportunity: what happened, on whose side, the status in colour, today, and the window."""

from collections.abc import Sequence

from app.drawing import labels, legend, told
from app.drawing.axis import Scale
from app.drawing.labels import BAND, TOP, Layout
from app.drawing.places import Side
from app.drawing.story import Mark, Story, Stretch, marks
from app.drawing.svg import MARGIN, Canvas
from app.drawing.text import day, days, shorten, width
from app.drawing.words import STATUSES
from app.ghosting.vocabulary import Actor, Status

WIDTH = 960.0
_LEFT, _RIGHT = 104.0, WIDTH - 36


def draw(story: Story) -> bytes:
    """Return the picture as an SVG document."""
    kept, earlier = story.recent()
    scale = story.scale(kept, left=_LEFT, right=_RIGHT)
    found = marks(kept, scale)
    today, ghosted = scale.at(story.as_of), _ghosted(story, scale)
    crossing = [today, *_edges(story, scale), *ghosted]
    spots = labels.spots(story, found, Side(_LEFT, _RIGHT, [today]), Side(_LEFT, _RIGHT, [today, *ghosted]))
    here = Layout(spots)
    canvas = Canvas(key=story.key, title=f"{story.title} at {story.company}: what happened")
    _head(canvas, story)
    _window(canvas, story, scale, here)
    _axis(canvas, scale, here)
    edges = [(x - 8, x + 8) for x in crossing]
    edges += [(m.x - m.radius - 3, m.x + m.radius + 3) for m in found if m.actor is Actor.BOTH]
    shown = _band(canvas, story, scale, here, sorted(edges))
    _today(canvas, story, scale, here)
    for index, spot in spots.items():
        labels.write(canvas, story, found[index], spot, here)
    for mark in found:
        _mark(canvas, story, mark, here)
    if not kept and not shown:
        canvas.text("muted h2 m", WIDTH / 2 + 40, here.band + BAND / 2 + 4, "Nothing has happened yet.")
    if earlier:
        canvas.text("muted s", MARGIN, here.axis + 20, f"+{earlier:,} more")
    bottom = legend.draw(canvas, shown, found, here.legend, right=WIDTH - MARGIN + 14)
    return canvas.finish(width=WIDTH, height=bottom + 22, told=told.lines(story, kept, earlier))


def _head(canvas: Canvas, story: Story) -> None:
    canvas.text("ink h1", MARGIN, 38, shorten(story.title, 19, WIDTH - 2 * MARGIN, bold=True))
    tail = f"  ·  {STATUSES[story.status]}, {day(story.today)}"
    canvas.text("muted h2", MARGIN, 60, shorten(story.company, 13, WIDTH - 2 * MARGIN - width(tail, 13)) + tail)


def _edges(story: Story, scale: Scale) -> list[float]:
    """Return where the follow-up window begins and ends, nothing where there is none to show."""
    opens, closes = story.window.opens_on, story.window.closes_on
    if opens is None or closes is None or closes < scale.start or opens > scale.end:
        return []
    left = scale.on(opens)
    return [left, max(scale.on(closes) + scale.day_width, left + 3)]


def _ghosted(story: Story, scale: Scale) -> list[float]:
    """Return where the silence begins to count as ghosting, nothing where that is not ahead."""
    on = story.window.ghosted_on
    return [scale.on(on)] if on is not None and on > story.today else []


def _window(canvas: Canvas, story: Story, scale: Scale, here: Layout) -> None:
    """Shade the follow-up window, and mark from when silence is ghosting, with what they are in words."""
    opens, closes, ghosted = story.window.opens_on, story.window.closes_on, story.window.ghosted_on
    end = 0.0
    if (edges := _edges(story, scale)) and opens is not None and closes is not None:
        left, right = edges
        top, height = TOP + 24, here.captions - TOP - 20
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


def _axis(canvas: Canvas, scale: Scale, here: Layout) -> None:
    canvas.shape("line", "line", x1=_LEFT, x2=_RIGHT, y1=here.axis, y2=here.axis)
    for x, words in scale.ticks():
        canvas.shape("line", "line", x1=x, x2=x, y1=here.axis, y2=here.axis + 5)
        canvas.text("muted s m", x, here.axis + 19, words)
    middle = here.band + BAND / 2 + 4
    for y, words in ((here.upper + 4, "Client"), (middle, "Status"), (here.lower + 4, "Employer")):
        canvas.text("muted s", MARGIN, y, words)


def _band(
    canvas: Canvas, story: Story, scale: Scale, here: Layout, crossing: Sequence[tuple[float, float]]
) -> list[Status]:
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
        canvas.shape("rect", css, hint=hint, x=left, y=here.band, width=right - left, height=BAND, rx=3)
        middle = _gap(left + 4, right - 4, crossing, words)
        if middle is not None:
            canvas.text("ink s m", middle, here.band + BAND / 2 + 4, words)
    return [status for status in Status if status in shown]


def _gap(left: float, right: float, crossing: Sequence[tuple[float, float]], words: str) -> float | None:
    """Return the middle of the widest free part of a stretch, None where the words do not fit."""
    free = []
    for a, b in crossing:
        if b > left and a < right:
            free.append((a - left, (left + a) / 2))
            left = max(left, b)
    wide, middle = max([*free, (right - left, (left + right) / 2)])
    return middle if width(words, 11) <= wide else None


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


def _today(canvas: Canvas, story: Story, scale: Scale, here: Layout) -> None:
    x = scale.at(story.as_of)
    words = f"Today, {day(story.today)}" if story.is_today else f"As of {day(story.today)}"
    half = width(words, 11) / 2 + 8
    middle = min(max(x, _LEFT + half - 20), _RIGHT + 20 - half)
    canvas.shape("line", "now", x1=x, x2=x, y1=TOP + 20, y2=here.axis)
    canvas.shape("rect", "k-both", x=middle - half, y=TOP, width=2 * half, height=20, rx=10)
    canvas.shape("circle", "k-both", cx=x, cy=here.axis, r=3.5)
    canvas.text("over s m", middle, TOP + 14, words)


def _mark(canvas: Canvas, story: Story, mark: Mark, here: Layout) -> None:
    y, number = here.y(mark.actor), len(mark.entries)
    css = f"o-{mark.actor} open" if mark.ahead else f"k-{mark.actor}"
    hint = "; ".join(told.line(story, entry) for entry in mark.entries[:20])
    if mark.actor is Actor.BOTH and number == 1:
        canvas.shape("polygon", css, hint=hint, points=legend.diamond(mark.x, y, 9))
        return
    canvas.shape("circle", css, hint=hint, cx=mark.x, cy=y, r=mark.radius)
    if number > 1:
        canvas.text("ink n m" if mark.ahead else "over n m", mark.x, y + 3.5, str(number))
