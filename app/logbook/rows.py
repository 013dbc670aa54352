from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace

from app.logbook import fields, money
from app.logbook.binding import Layout
from app.logbook.dates import scan
from app.logbook.draft import Draft
from app.logbook.events import read_events
from app.logbook.fields import is_no
from app.logbook.model import DateOrder, Problem, Row, When
from app.logbook.sheet import Record
from app.logbook.text import key

_PAY = ("salary_min", "salary_max", "salary", "currency")
# Columns that say nothing of a job by themselves: a ticked box in an otherwise empty line is a template's leftover.
_WEAK = frozenset({"referral", "currency", "source", "kind", "location", "updated_at", "days_to_outcome", "saved_at"})


def read_opportunity(record: Record, layout: Layout, order: DateOrder | None, currency: str | None) -> Row:
    """Read one data row of applications, with its events and problems."""
    reason = _skip_reason(record, layout)
    if reason:
        return Row(record.number, skip=reason)
    draft = Draft(record, layout)
    company, title = fields.read_name(draft, "company"), fields.read_name(draft, "title")
    for header, text in draft.all("notes"):
        draft.keep(None if key(header) in {"note", "notes", "comments", "notizen"} else header, text)
    url = fields.read_url(draft)
    location, requisition = draft.one_line("location"), fields.read_requisition(draft)
    source, kind = fields.read_source_and_keep(draft), fields.read_work(draft, title or "")
    pay, contact = fields.read_pay(draft, currency), fields.read_contact(draft)
    told = read_events(draft, order)
    return Row(
        number=record.number,
        company=company,
        title=title,
        url=url,
        location=location,
        requisition_id=requisition,
        salary_min=pay.low,
        salary_max=pay.high,
        currency=pay.currency,
        kind=kind,
        source=source,
        source_status=told.status,
        notes=draft.notes(),
        saved_on=one_date(draft, "saved_at", order),
        events=told.events,
        contact=contact,
        problems=tuple(draft.problems),
        silent_on=told.silent_on,
    )


def read_connection(record: Record, layout: Layout, order: DateOrder | None) -> Row:
    """Read one data row of LinkedIn's connections, with its contact."""
    draft = Draft(record, layout)
    person = fields.read_person(draft)
    if person is None:
        return Row(record.number, skip="nameless")
    header, text = draft.first("connected_on")
    found = scan(text, order)
    if header and not found.whens:
        draft.warn("bad-date", header, "Not a date with day, month and year: left out.")
    person = replace(person, connected_on=found.whens[0] if found.whens else None)
    written = draft.first("contact_email")[0]
    if written and person.email is None:
        draft.warn("bad-email", written, "Not an e-mail address: left out.")
    return Row(record.number, contact=person, problems=tuple(draft.problems))


def usual_currency(records: Iterable[Record], layout: Layout) -> str | None:
    """Find the currency of the whole file, where it names exactly one."""
    named = {
        code
        for record in records
        for ours in _PAY
        for at in layout.columns.get(ours, ())
        if at in record.cells and (code := money.read_currency(record.cells[at]))
    }
    return named.pop() if len(named) == 1 else None


def part_shared_links(rows: tuple[Row, ...]) -> tuple[Row, ...]:
    """Take away links that stand beside different jobs: they lead to a board or a careers page, not to one job.

    An opportunity is matched by its link, so such a link would make one opportunity of many.
    """
    jobs: defaultdict[str, set[tuple[str, str]]] = defaultdict(set)
    for row in rows:
        if row.url:
            jobs[row.url].add((key(row.company or ""), key(row.title or "")))
    return tuple(_without_link(row) if row.url and len(jobs[row.url]) > 1 else row for row in rows)


def one_date(draft: Draft, ours: str, order: DateOrder | None) -> When | None:
    """Read the first date of a column, None where there is none."""
    return next(iter(scan(draft.first(ours)[1], order).whens), None)


def _without_link(row: Row) -> Row:
    notes = "\n".join(part for part in (row.notes, f"Link: {row.url}") if part)
    told = Problem("shared-url", "url", "The same link stands beside other jobs, so it is kept in the notes only.")
    return replace(row, url=None, notes=notes, problems=(*row.problems, told))


def _skip_reason(record: Record, layout: Layout) -> str | None:
    cells = record.cells
    if all(key(text) == key(layout.headers[at]) for at, text in cells.items()) and cells:
        return "header-again"
    telling = {at for ours, places in layout.columns.items() if ours not in _WEAK for at in places}
    if not record.log and not any(at in telling and not is_no(text) for at, text in cells.items()):
        return "blank"
    return None
