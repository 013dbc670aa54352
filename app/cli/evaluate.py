"""`crickets evaluate`: how well the outlook would have foretold the silences of logs that people keep; no database."""

import argparse
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time
from pathlib import Path
from uuid import UUID
from zoneinfo import ZoneInfo

from app import logbook
from app.cli.console import Failure, answer, say
from app.ghosting.calendar import Calendar
from app.ghosting.evaluation import LANDMARKS, LOOK_ON, Case, Line, lines
from app.ghosting.timeline import Interaction, Timeline
from app.ghosting.vocabulary import STAGE_KINDS, Kind, Stage
from app.ghosting.waits import Ending, waits
from app.logbook import DateOrder, LogError, LogFormat, Row
from app.settings import Settings

_CALENDAR = Calendar(ZoneInfo("UTC"), frozenset())


def run(arguments: argparse.Namespace, _: Settings) -> int:
    """Print the table, and on standard error what it rests on."""
    wanted = None if arguments.format == "auto" else LogFormat(arguments.format)
    order = DateOrder(arguments.date_order) if arguments.date_order else None
    logs = [_read(path, wanted, order) for path in arguments.files]
    found = list(lines(logs))
    if not found:
        raise Failure(f"no wait was silent for {LANDMARKS[0]} days with {LOOK_ON} more to look on")
    for text in _table(found):
        answer(text)
    if len(logs) == 1:
        say("One log only: whatever is learnt is learnt from all waits of it but the one that is judged.")
    return 0


def _read(path: Path, log_format: LogFormat | None, order: DateOrder | None) -> Sequence[Case]:
    try:
        log = logbook.read(logbook.decode(path.read_bytes()), log_format=log_format, date_order=order)
    except (LogError, OSError) as error:
        raise Failure(f"{path.name}: {error}") from error
    timelines = [_timeline(row) for row in log.rows]
    days = [act.occurred_at.date() for timeline in timelines for act in timeline.interactions]
    cases = [case for timeline in timelines for case in _cases(timeline, max(days, default=date.min))]
    say(f"{path.name}: {len(log.rows)} rows, {len(cases)} waits, {sum(case.answered for case in cases)} answered")
    return cases


def _timeline(row: Row) -> Timeline:
    """Return what an import would make of a row, in UTC: a date is its noon."""
    acts = []
    for number, event in enumerate(row.events):
        kind = Kind(event.kind)
        stage = Stage(event.stage) if event.stage and kind in STAGE_KINDS else None
        acts.append(Interaction(UUID(int=number), kind, _instant(event.when), stage=stage))
    return Timeline(tuple(acts), has_contact=True)


def _instant(when: date) -> datetime:
    if not isinstance(when, datetime):
        return datetime.combine(when, time(12), UTC)
    return when.replace(tzinfo=when.tzinfo or UTC).astimezone(UTC)


def _cases(timeline: Timeline, last: date) -> Iterator[Case]:
    for waited in waits(timeline, _CALENDAR):
        until = (last - waited.started_on).days
        days = until if waited.ended_on is None else (waited.ended_on - waited.started_on).days
        if waited.ending is not Ending.BOUNCE:
            yield Case(waited.wait, days, waited.ending is Ending.REPLY, until)


def _table(found: Sequence[Line]) -> Iterator[str]:
    names = list(found[0].brier)
    header = ["day", "waits", "answered", *names]
    yield "Brier score (lower is better)"
    yield _cells(header)
    for line in found:
        yield _cells([_day(line), str(line.n), f"{line.came:.3f}", *(f"{line.brier[name]:.3f}" for name in names)])
    yield ""
    yield "Calibration: the mean probability that was told, beside the share that was answered"
    yield _cells(header)
    for line in found:
        yield _cells([_day(line), str(line.n), f"{line.came:.3f}", *(f"{line.expected[name]:.3f}" for name in names)])


def _day(line: Line) -> str:
    return str(line.landmark) if line.landmark else "all"


def _cells(texts: Sequence[str]) -> str:
    return "  ".join(f"{text:>{width}}" for text, width in zip(texts, (4, 5, 8, 8, 7, 12, 7, 15), strict=True))
