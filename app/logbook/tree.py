import json
import re
from collections.abc import Iterator
from itertools import islice
from math import isfinite
from typing import NoReturn

from app.logbook.errors import NotALog, TooManyRows
from app.logbook.sheet import MAX_COLUMNS, MAX_ROWS, LogEntry, Record, Sheet
from app.logbook.text import is_missing, key, words

_DEEPEST = 6
_LONGEST_LOG = 200
_STATUS_KEYS = """
    status tostatus newstatus to stage stagename statusname state name type eventtype kind event action title label
    list listname round
"""
_WHEN_KEYS = """
    timestamp date at time on when datetime changedat createdat occurredat updatedat enteredat movedat startdate
    scheduledat scheduleddate eventdate statusdate startat start ts
"""
_LOG_STATUS, _LOG_WHEN = _STATUS_KEYS.split(), _WHEN_KEYS.split()
_NO_LOG = re.compile(r"contact|task|todo|reminder|document|attachment|file|resume|skill|tag|note|comment|requirement")
_NOTES = re.compile(r"note|comment|remark")
_TEXTS = ("text", "content", "body", "note", "notes", "comment", "value", "name", "title", "label", "message")
_SCALAR_KEYS = ("$date", "$numberLong", "_seconds", "seconds", "$oid")


def looks_like_json(content: str) -> bool:
    """Whether the text begins as a JSON list or object does."""
    return content.lstrip()[:1] in ("[", "{")


def read_json(content: str) -> Sheet:
    """JSON text in; its objects as a sheet out, nested fields as `outer inner` headers, status logs apart.

    Takes a list of objects, also inside one object, keyed by id, or one object a line. Raises NotALog or TooManyRows.
    """
    items = _objects(_load(content))
    if len(items) > MAX_ROWS:
        raise TooManyRows(f"More than {MAX_ROWS} rows: split the file.")
    columns: dict[str, int] = {}
    records: list[Record] = []
    for number, item in enumerate(items, start=1):
        cells: dict[int, str] = {}
        for header, value in _flat(item, "", 0):
            if header in columns or len(columns) < MAX_COLUMNS:
                cells.setdefault(columns.setdefault(header, len(columns)), value)
        log = tuple(islice(_status_log(item), _LONGEST_LOG))
        if cells or log:
            records.append(Record(number, cells, log))
    return Sheet(tuple(columns), tuple(records))


def _load(content: str) -> object:
    try:
        return _READ.decode(content)
    except (ValueError, RecursionError) as error:
        try:
            return [_READ.decode(line) for line in content.splitlines() if line.strip()]
        except (ValueError, RecursionError):
            raise NotALog("This begins as JSON does, and is not JSON.") from error


def _no_number(name: str) -> NoReturn:
    raise ValueError(name)


def _number(text: str) -> float | str:
    """Read a number; one that is too large for that stays as it is written."""
    number = float(text)
    return number if isfinite(number) else text


def _fields(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise NotALog("An object of this JSON names a field twice.")
    return found


_READ = json.JSONDecoder(object_pairs_hook=_fields, parse_float=_number, parse_constant=_no_number)


def _objects(document: object) -> list[dict[str, object]]:
    found = _list_of_objects(document)
    if found is None and isinstance(document, dict):
        lists = [inner for inner in map(_list_of_objects, document.values()) if inner]
        values = list(document.values())
        found = max(lists, key=len) if lists else _list_of_objects(values if len(values) > 1 else None)
    if not found:
        raise NotALog("This JSON is not a list of objects.")
    return found


def _list_of_objects(value: object) -> list[dict[str, object]] | None:
    if isinstance(value, list) and value and all(isinstance(item, dict) for item in value):
        return value
    return None


def _flat(value: object, path: str, depth: int) -> Iterator[tuple[str, str]]:
    """Every scalar below, with the path to it as a header; lists of plain values or of texts become one text."""
    if isinstance(value, dict) and (scalar := _wrapped(value)) is not None:
        value = scalar
    if isinstance(value, dict):
        if depth < _DEEPEST:
            for name, inner in value.items():
                yield from _flat(inner, f"{path}.{name}" if path else str(name), depth + 1)
    elif isinstance(value, list):
        told = _NOTES.search(words(path)) is not None
        text = "\n".join(filter(None, (_text_of(item, dated=told) for item in value)))
        if text:
            yield path, text
    elif value is not None and not is_missing(text := _scalar(value)):
        yield path, text


def _wrapped(value: dict[str, object]) -> object | None:
    """Unwrap what a database export keeps in an object of its own, such as `{"$date": …}`."""
    for name in _SCALAR_KEYS:
        inner = value.get(name)
        if isinstance(inner, dict):
            return _wrapped(inner)
        if inner is not None and not isinstance(inner, list):
            return inner
    return None


def _text_of(item: object, *, dated: bool) -> str | None:
    """Read the words of a list's entry. Outside notes an entry with a date is a line of a log, and not read here."""
    if isinstance(item, dict):
        found = next((item[name] for name in _TEXTS if isinstance(item.get(name), str) and item[name]), None)
        return str(found) if found and (dated or _first(item, _LOG_WHEN) is None) else None
    return None if item is None or isinstance(item, list) else _scalar(item)


def _scalar(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _status_log(item: dict[str, object]) -> Iterator[LogEntry]:
    for name, value in item.items():
        entries = _list_of_objects(value)
        if entries is None or _NO_LOG.search(words(name)):
            continue
        # A list called "interviews" says of each entry what it is; its entries say which.
        prefix = "interview " if "interview" in words(name) else ""
        for entry in entries:
            status, when = _first(entry, _LOG_STATUS), _first(entry, _LOG_WHEN)
            if when and (status or prefix):
                yield LogEntry(prefix + (status or ""), when)


def _first(entry: dict[str, object], names: list[str]) -> str | None:
    plain = {key(str(name)): value for name, value in entry.items()}
    for name in names:
        value = plain.get(name)
        if isinstance(value, dict):
            value = _wrapped(value) or value.get("name") or value.get("title")
        if value is not None and not isinstance(value, dict | list) and not is_missing(text := _scalar(value)):
            return text
    return None
