import json
from datetime import datetime
from time import perf_counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.logbook import DateOrder, Log, LogError, LogFormat, decode, read
from app.logbook.timeline import KINDS, STAGES

HEADERS = st.sampled_from(
    [
        "Company",
        "Title",
        "Status",
        "Date",
        "Date Applied",
        "Interview",
        "Response?",
        "Salary",
        "URL",
        "Notes",
        "Contact",
        "x",
        "",
    ]
)
CELLS = st.one_of(
    st.text(max_size=30),
    st.sampled_from(
        ["3/4/24", "13/4/24", "2024-03-05T10:00Z", "Rejected", "Ghosted", "yes", "no", "$5k", "'=x", "1709632800000"]
    ),
    st.integers().map(str),
)
SCALARS = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), CELLS)
KEYS = st.one_of(
    HEADERS, st.sampled_from(["statusLog", "date", "status", "notes", "company", "title"]), st.text(max_size=5)
)
TREES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(KEYS, inner, max_size=5)),
    max_leaves=20,
)
ORDERS = st.one_of(st.none(), st.sampled_from(DateOrder))
FORMATS = st.one_of(st.none(), st.sampled_from(LogFormat))


def check(text: str, order: DateOrder | None = None, form: LogFormat | None = None) -> None:
    try:
        log = read(text, log_format=form, date_order=order)
    except LogError:
        return
    assert log == read(text, log_format=form, date_order=order)
    well_formed(log)


def well_formed(log: Log) -> None:
    for row in log.rows:
        for text, limit in ((row.company, 200), (row.title, 200), (row.location, 200), (row.notes, 10_000)):
            assert text is None or (0 < len(text) <= limit and "\x00" not in text)
        assert (row.salary_min is None and row.salary_max is None) or row.currency
        for event in row.events:
            assert event.kind in KINDS
            assert event.stage is None or event.stage in STAGES
            assert 1899 <= event.when.year <= 2201
            assert not isinstance(event.when, datetime) or event.when.isoformat()
        repr(row).encode()


@given(st.text(), ORDERS, FORMATS)
@settings(max_examples=150, deadline=None)
def test_any_text(text, order, form):
    check(text, order, form)


@given(st.binary())
@settings(max_examples=100, deadline=None)
def test_any_bytes(content):
    check(decode(content))


@given(st.lists(HEADERS, min_size=1, max_size=6), st.lists(st.lists(CELLS, max_size=7), max_size=6), ORDERS, FORMATS)
@settings(max_examples=250, deadline=None)
def test_any_table(headers, rows, order, form):
    lines = [headers, *rows]
    text = "\n".join(",".join('"' + cell.replace('"', '""') + '"' for cell in line) for line in lines)
    check("Company,Title,Status," + text, order, form)


@given(st.lists(st.dictionaries(KEYS, TREES, max_size=6), max_size=4), ORDERS, FORMATS)
@settings(max_examples=80, deadline=None)
def test_any_json(document, order, form):
    check(json.dumps(document), order, form)
    check(json.dumps({"items": document}), order, form)


MIB = 2**20


@pytest.mark.parametrize(
    "text",
    [
        "a" * 10 * MIB,
        "," * 10 * MIB,
        '"' * 10 * MIB,
        "company,title\n" + "x" * 10 * MIB,
        "company,title," + "x," * 5 * MIB,
        "[" * 10 * MIB,
        '{"a":' * 2 * MIB,
        "company,title,applied\na,b," + "1/" * 60_000,
        "company,title,contact,contact email\n" + ("a,b,x," + "a" * 100 + "@" + "a." * 900 + "\n") * 500,
        '[{"company":"a","title":"b","statusLog":[' + '{"status":"applied","date":"2024-01-01"},' * 50_000 + "{}]}]",
    ],
    ids=["letters", "commas", "quotes", "one cell", "wide", "lists", "objects", "slashes", "addresses", "long log"],
)
def test_hostile_sizes_are_quick(text):
    start = perf_counter()
    check(text)
    assert perf_counter() - start < 4
