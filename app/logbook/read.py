from collections.abc import Iterable, Iterator, Mapping

from app.logbook.binding import Layout, bind
from app.logbook.dates import decide_order
from app.logbook.diary import as_diary
from app.logbook.errors import NotALog
from app.logbook.formats import format_named, recognise_format
from app.logbook.model import DateOrder, Log, LogFormat, Row
from app.logbook.rows import part_shared_links, read_connection, read_opportunity, usual_currency
from app.logbook.sheet import Record, Sheet, read_csv
from app.logbook.text import key, line
from app.logbook.tree import looks_like_json, read_json

_DATED = ("responded_at", "status_at", "updated_at", "connected_on")
_TOLD = 20


def read(
    content: str,
    *,
    log_format: LogFormat | None = None,
    date_order: DateOrder | None = None,
    mapping: Mapping[str, str] | None = None,
) -> Log:
    """Read the text of a log into rows, each with the interactions to make of it. Same text, same rows.

    `log_format` None: recognised by the headers. `date_order` None: decided from the file's own dates. `mapping`: our
    column (of OUR_COLUMNS) to their header. Raises a LogError for a file that cannot be read as a whole; what is wrong
    with one row is told in its `problems`.
    """
    wishes = dict(mapping or {})
    text = content.removeprefix("\ufeff")
    sheet = read_json(text) if looks_like_json(text) else read_csv(text, wishes.values())
    if not sheet.records:
        raise NotALog("There are headers and no rows.")
    form = format_named(log_format) if log_format else recognise_format(map(key, sheet.headers))
    layout = as_diary(bind(sheet.headers, form, wishes), sheet.records)
    order = date_order or form.date_order or decide_order(*_witnesses(sheet, layout))
    if form.name is LogFormat.LINKEDIN_CONNECTIONS:
        return Log(form.name, order, tuple(read_connection(record, layout, order) for record in sheet.records))
    currency = usual_currency(sheet.records, layout)
    rows = tuple(read_opportunity(record, layout, order, currency) for record in sheet.records)
    return Log(form.name, order, part_shared_links(rows), tuple(_warnings(layout, rows)))


def _witnesses(sheet: Sheet, layout: Layout) -> tuple[Iterable[str], Iterable[str]]:
    """Give the cells whose dates are used, and all cells: a posting date may tell what the others leave open."""
    used = {at for at, _ in layout.events} | {at for ours in _DATED for at in layout.columns.get(ours, ())}
    return _cells(sheet.records, used), _cells(sheet.records, None)


def _cells(records: Iterable[Record], wanted: set[int] | None) -> Iterator[str]:
    for record in records:
        yield from (entry.when for entry in record.log)
        yield from (cell for at, cell in record.cells.items() if wanted is None or at in wanted)


def _warnings(layout: Layout, rows: tuple[Row, ...]) -> Iterator[str]:
    unused = [told for at in layout.unused if (told := line(layout.headers[at]))]
    if unused:
        more = "" if len(unused) <= _TOLD else f" and {len(unused) - _TOLD} more"
        yield "Columns not used: " + ", ".join(name[:60] for name in unused[:_TOLD]) + more + "."
    if not any(row.events for row in rows):
        yield "No row has a date that an interaction could be made of."
