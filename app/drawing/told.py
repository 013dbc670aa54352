"""What a timeline shows, in words."""

from collections.abc import Sequence

from app.drawing.story import Entry, Story
from app.drawing.text import day, days, plural
from app.drawing.words import KINDS, STATUSES
from app.ghosting.vocabulary import Status

_MOST_ENTRIES, _MOST_TURNS = 150, 30


def line(story: Story, entry: Entry) -> str:
    """Return one entry in words."""
    return f"{day(story.local(entry.at))}: {KINDS[entry.kind]}{' (to come)' if entry.ahead else ''}"


def lines(story: Story, kept: Sequence[Entry], earlier: int) -> list[str]:
    """Say in words what the picture shows."""
    told = [f"{story.title} at {story.company}. {STATUSES[story.status]} as of {day(story.today)}."]
    opens, closes, ghosted = story.window.opens_on, story.window.closes_on, story.window.ghosted_on
    if opens is not None and closes is not None:
        told.append(f"Follow-up window: {days(opens, closes)}.")
    if ghosted is not None and ghosted > story.today:
        told.append(f"Counts as ghosted from {day(ghosted)}.")
    pieces = [s for s in story.stretches if s.status is not Status.NOT_STARTED]
    if pieces:
        runs = ", ".join(f"{STATUSES[s.status]} from {day(story.local(s.starts_at))}" for s in pieces[-_MOST_TURNS:])
        told.append(f"Statuses: {runs}.")
    if len(pieces) > _MOST_TURNS:
        told.append(f"{plural(len(pieces) - _MOST_TURNS, 'earlier status', 'earlier statuses')}, not listed.")
    listed = sorted(kept, key=lambda e: (e.at, e.kind))
    more = earlier + max(0, len(listed) - _MOST_ENTRIES)
    told.append(f"{plural(len(listed) + earlier, 'entry', 'entries')}{':' if listed else '.'}")
    if more:
        told.append(f"{plural(more, 'more', 'more')}, not listed.")
    return [*told, *(line(story, entry) for entry in listed[-_MOST_ENTRIES:])]
