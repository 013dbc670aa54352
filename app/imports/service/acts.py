"""The interactions that a row tells of, as instants in the zone of its client."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from app.ghosting.vocabulary import MEETING_KINDS, STAGE_KINDS, Kind, Stage
from app.imports.service.tidy import add_notes
from app.kit.fields import FIRST_YEAR, LAST_YEAR
from app.logbook import Problem, Row, When

_NOON = time(12)
_OUT_OF_REACH = Problem(
    "bad-date",
    None,
    f"Outside of the years {FIRST_YEAR} to {LAST_YEAR} in UTC: kept in the notes.",
)


@dataclass(frozen=True, slots=True)
class Act:
    """One interaction to be made, unless the timeline has it."""

    kind: Kind
    at: datetime
    day: date
    stage: Stage | None = None
    guessed: bool = False
    summary: str | None = None
    arranged_at: datetime | None = None


def within_reach(row: Row, *, zone: ZoneInfo) -> Row:
    """Return a row without the dates whose instants the API does not take, which only the client's zone tells."""
    out = [event for event in row.events if not _is_stored(event.when, zone)]
    silent_on = row.silent_on if row.silent_on and _is_stored(row.silent_on, zone) else None
    if not out and silent_on == row.silent_on:
        return row
    told = [f"{event.kind}: {event.when}" for event in out]
    notes = add_notes(row.notes, *told)
    kept = [event for event in row.events if event not in out]
    problems = (*row.problems, _OUT_OF_REACH)
    return replace(row, events=tuple(kept), silent_on=silent_on, notes=notes, problems=problems)


def acts_of(row: Row, *, zone: ZoneInfo, now: datetime) -> tuple[Act, ...]:
    """Return the interactions of a row, its notes last.

    A note stands at the last day the row tells of, so that it never looks like news; where no day is told, it is
    dated by the import, since an interaction without an instant cannot be.
    """
    acts = tuple(_told(row, zone, now))
    if row.notes is None:
        return acts
    days = [act.at for act in acts] + ([instant_of(row.silent_on, zone)] if row.silent_on else [])
    past = [at for at in days if at <= now]
    at = max(past, default=now)
    return (*acts, Act(Kind.NOTE, at, at.astimezone(zone).date(), summary=row.notes))


def digest(text: str) -> str:
    """Return the mark by which two notes are the same, as Postgres computes it too."""
    return hashlib.sha256(text.encode()).hexdigest()


def _told(row: Row, zone: ZoneInfo, now: datetime) -> Iterator[Act]:
    for event in row.events:
        kind, at = Kind(event.kind), instant_of(event.when, zone)
        stage = Stage(event.stage) if event.stage and kind in STAGE_KINDS else None
        ahead = now if at > now and kind in MEETING_KINDS else None
        yield Act(kind, at, at.astimezone(zone).date(), stage, event.guessed, event.note, ahead)


def _is_stored(when: When, zone: ZoneInfo) -> bool:
    return FIRST_YEAR <= instant_of(when, zone).year <= LAST_YEAR


def instant_of(when: When, zone: ZoneInfo) -> datetime:
    """Return the instant of a date (its local noon), a wall time (of the zone), or an instant.

    A wall time that a change of clocks skips is read by the clock before the change.
    """
    if not isinstance(when, datetime):
        when = datetime.combine(when, _NOON)
    if when.tzinfo is None:
        when = when.replace(tzinfo=zone)
    return when.astimezone(UTC)
