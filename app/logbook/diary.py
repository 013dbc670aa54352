from collections import defaultdict
from collections.abc import Iterable

from app.logbook.binding import Layout
from app.logbook.sheet import Record
from app.logbook.statuses import read_status
from app.logbook.text import key

_BARE = frozenset({"date", "datum", "fecha", "data", "datetime", "timestamp"})
_FEW = 5  # one job in five has more than one line: a table of jobs repeats itself less


def as_diary(layout: Layout, records: Iterable[Record]) -> Layout:
    """Take a bare "Date" for the day of the status beside it, where the log has one line for each thing that happened.

    Such a diary shows by the same job standing in many lines with different statuses. Any other layout stays as it is.
    """
    dates = layout.columns.get("applied_at", ())
    if not dates or "status_at" in layout.columns or any(key(layout.headers[at]) not in _BARE for at in dates):
        return layout
    jobs: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for record in records:
        job = (_first(record, layout, "company"), _first(record, layout, "title"))
        jobs[job] |= {meaning.kind for meaning in read_status(_first(record, layout, "status"))}
    if sum(len(kinds) > 1 for kinds in jobs.values()) * _FEW < len(jobs):
        return layout
    columns = {ours: places for ours, places in layout.columns.items() if ours != "applied_at"} | {"status_at": dates}
    return layout._replace(columns=columns, events=tuple(event for event in layout.events if event[0] not in dates))


def _first(record: Record, layout: Layout, ours: str) -> str:
    return next((record.cells[at] for at in layout.columns.get(ours, ()) if at in record.cells), "")
