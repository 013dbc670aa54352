import csv
import io
import re
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import NamedTuple

from app.logbook.columns import recognise
from app.logbook.errors import NotALog, TooManyRows
from app.logbook.formats import FORMATS
from app.logbook.text import is_missing, key, unguard

MAX_ROWS = 5_000
MAX_COLUMNS = 200
_DELIMITERS = ",;\t|"
_HEADER_WITHIN = 25  # titles, legends and LinkedIn's notes stand above some headers
_SAMPLE = 64 * 1024
_FORMAT_KEYS = frozenset(name for form in FORMATS for name in form.columns)
_EXCEL_HINT = re.compile(r"\Asep=.\r?\n", re.IGNORECASE)


class LogEntry(NamedTuple):
    """One dated line of a status log inside a row."""

    status: str
    when: str


class Record(NamedTuple):
    """One data row: its number, its cells by column (missing ones left out), its status log."""

    number: int
    cells: dict[int, str]
    log: tuple[LogEntry, ...] = ()


class Sheet(NamedTuple):
    headers: tuple[str, ...]
    records: tuple[Record, ...]


def read_csv(content: str, wanted: Iterable[str]) -> Sheet:
    """CSV text in; its header and data rows out. `wanted`: headers the caller names, which mark the header row too.

    Raises NotALog or TooManyRows.
    """
    content = _EXCEL_HINT.sub("", content, count=1)
    known = frozenset(key(header) for header in wanted)
    try:
        delimiter, at = _sniff(content, known)
        lines = islice(_lines(content, delimiter), at, None)
        headers = tuple(header.strip() for header in next(lines)[:MAX_COLUMNS])
        return Sheet(headers, tuple(_records(lines, headers)))
    except csv.Error as error:
        raise NotALog(f"This is not CSV that can be read: {error}.") from error


def _lines(content: str, delimiter: str) -> Iterator[list[str]]:
    return csv.reader(io.StringIO(content, newline=""), delimiter=delimiter, skipinitialspace=True)


def _sniff(content: str, known: frozenset[str]) -> tuple[str, int]:
    """Find the delimiter and the line under which most headers are known; the first of equals."""
    best = (0, "", 0)
    sample = content[:_SAMPLE]
    for delimiter in _DELIMITERS:
        for at, line in enumerate(islice(_safely(sample, delimiter), _HEADER_WITHIN)):
            score = sum(_knows(header, known) for header in line[:MAX_COLUMNS])
            if score > best[0] and _is_header(line, known):
                best = (score, delimiter, at)
    if not best[0]:
        raise NotALog("No line has headers that name a company or a job: name them with `mapping`.")
    return best[1], best[2]


def _safely(sample: str, delimiter: str) -> Iterator[list[str]]:
    """Do as `_lines`, ending where this delimiter makes no sense of the text."""
    try:
        yield from _lines(sample, delimiter)
    except csv.Error:
        return


def _knows(header: str, known: frozenset[str]) -> bool:
    name = key(header[:_LONGEST_HEADER])
    return name in known or name in _FORMAT_KEYS or recognise(header[:_LONGEST_HEADER]) is not None


_LONGEST_HEADER = 100


def _is_header(line: list[str], known: frozenset[str]) -> bool:
    """Tell a header: it names the company, the job or a person, beside one more column, or it is asked for."""
    names = {key(header[:_LONGEST_HEADER]) for header in line[:MAX_COLUMNS]}
    if names & known:
        return True
    ours = {binding.ours for header in line[:MAX_COLUMNS] if (binding := recognise(header[:_LONGEST_HEADER]))}
    return "firstname" in names or bool(ours & {"company", "title"} and len(names - {""}) > 1)


def _records(lines: Iterator[list[str]], headers: tuple[str, ...]) -> Iterator[Record]:
    count = 0
    for number, line in enumerate(lines, start=1):
        cells = {at: unguard(cell) for at, cell in enumerate(line[: len(headers)])}
        cells = {at: cell for at, cell in cells.items() if headers[at] and not is_missing(cell)}
        if not cells:
            continue
        count += 1
        if count > MAX_ROWS:
            raise TooManyRows(f"More than {MAX_ROWS} rows: split the file.")
        yield Record(number, cells)
