from datetime import date, datetime

from app.logbook.dates import Scan, scan
from app.logbook.draft import Draft
from app.logbook.model import DateOrder, Event, When
from app.logbook.status_rules import Meaning

STAGES = ("lead", "applied", "screening", "interviewing", "final_round", "offer")
ANSWERS = frozenset(
    {"rejection", "position_closed", "acknowledgement", "request", "hold", "employer_message", "bounce"}
)
_OTHER_KINDS = """
    application outreach introduction reply submission thank_you follow_up candidate_message withdrawal acceptance
    decline verbal_offer offer no_show interview meeting
"""
KINDS = ANSWERS | frozenset(_OTHER_KINDS.split())
_FROM_EMPLOYER = ANSWERS | {"interview", "meeting", "offer", "verbal_offer", "no_show"}


class Timeline:
    """Gathers the interactions of one row: from its status log, its dated columns, and last its status."""

    def __init__(self, draft: Draft, order: DateOrder | None) -> None:
        self.draft = draft
        self.order = order
        self.events: list[Event] = []
        self.statuses: list[tuple[str, str]] = []
        self.ticks: list[tuple[str, Meaning]] = []
        self.responses: list[When] = []
        self.ghosted = False
        self.vague: tuple[str, str] | None = None

    def add(self, meaning: Meaning, when: When, *, guessed: bool = False, note: str | None = None) -> None:
        """One more interaction, unless the very same is there."""
        event = Event(meaning.kind, when, meaning.stage, meaning.guessed or guessed, note)
        if not any((old.kind, old.when, old.stage) == (event.kind, when, meaning.stage) for old in self.events):
            self.events.append(event)

    def mark_ghosted(self, column: str | None, text: str) -> None:
        """Note a mark of silence. It is no act of anybody: the status is computed from the dates."""
        if self.ghosted:
            return
        self.ghosted = True
        self.draft.warn(
            "ghosted-is-computed", column, "Marked as without an answer: kept as a note, computed from the dates."
        )
        self.draft.keep(column, text)

    def dates(self, column: str | None, text: str) -> Scan:
        """Find the dates of a cell; warn of what looks like one and is none."""
        found = scan(text, self.order)
        if found.bad:
            self.draft.warn(
                "bad-date", column, "Not a date of the calendar in the order of this file: kept in the notes."
            )
            self.draft.keep(column, text)
        return found

    def has(self, meaning: Meaning) -> bool:
        """Whether the dated interactions already say what a status says."""
        if meaning.kind == "interview":
            reached = [STAGES.index(event.stage) for event in self.events if event.kind == "interview" and event.stage]
            return bool(reached) and max(reached) >= STAGES.index(meaning.stage or "applied")
        if meaning.kind == "employer_message":
            return bool(self.responses) or any(event.kind in _FROM_EMPLOYER for event in self.events)
        if meaning.kind == "application":
            return bool(self.events)
        return any(event.kind == meaning.kind for event in self.events)

    def latest(self) -> date | None:
        """Tell the day of the last interaction so far."""
        return max((day(event.when) for event in self.events), default=None)


def day(when: When) -> date:
    """Give the date of a date or of a time, as written."""
    return when.date() if isinstance(when, datetime) else when
