from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from app.logbook import DateOrder, DateOrderNeeded, Row, When, read
from app.logbook.dates import scan

DAY = date(2024, 3, 5)


def one(cell: str, order: DateOrder | None = None) -> Row:
    return read(f'Company,Title,Date Applied\nAcme,Dev,"{cell}"\n', date_order=order).rows[0]


def local(*parts: int) -> datetime:
    return datetime(*parts)  # type: ignore[arg-type]  # noqa: DTZ001 - naive: local wall time


SHAPES: list[tuple[str, When]] = [
    ("2024-03-05", DAY),
    ("2024/3/5", DAY),
    ("2024.03.05", DAY),
    ("20240305", DAY),
    ("05 Mar 2024", DAY),
    ("5-Mar-24", DAY),
    ("05MAR2024", DAY),
    ("Mar 5, 2024", DAY),
    ("March 5th, 2024", DAY),
    ("Tuesday, 5 March 2024", DAY),
    ("Mar. 5 '24", DAY),
    ("5. März 2024", DAY),
    ("5 mars 2024", DAY),
    ("5 de marzo de 2024", DAY),
    ("05.03.2024", DAY),
    ("5.3.24", DAY),
    ("2024年3月5日", DAY),
    ("45356", DAY),
    ("2024-03-05T10:00:00Z", datetime(2024, 3, 5, 10, tzinfo=UTC)),
    ("2024-03-05T10:00:00.5+02:00", datetime(2024, 3, 5, 10, 0, 0, 500_000, timezone(timedelta(hours=2)))),
    ("1709632800000", datetime(2024, 3, 5, 10, tzinfo=UTC)),
    ("1709632800", datetime(2024, 3, 5, 10, tzinfo=UTC)),
    ("Tue Mar 05 2024 10:00:00 GMT-0500 (Eastern Standard Time)", datetime(2024, 3, 5, 15, tzinfo=UTC)),
    ("2024-03-05 14:03", local(2024, 3, 5, 14, 3)),
    ("March 5, 2024 3:00 PM", local(2024, 3, 5, 15)),
    ("3/5/24, 2:22 PM", local(2024, 3, 5, 14, 22)),
    ("3/5/24, 2:22\u202fPM", local(2024, 3, 5, 14, 22)),
    ("03/05/2024 14:03:22", local(2024, 3, 5, 14, 3, 22)),
]


@pytest.mark.parametrize(("cell", "when"), SHAPES)
def test_shapes(cell, when):
    row = one(cell, DateOrder.MDY)
    assert [event.when for event in row.events] == [when]
    assert type(row.events[0].when) is type(when)
    assert row.problems == ()


@pytest.mark.parametrize(
    "cell",
    [
        "31/02/2024",
        "13/13/2024",
        "2024-13-01",
        "9/19",
        "5-Mar",
        "Mar 5 10:30",
        "soon",
        "0000-01-01",
        "2024-03-05T25:00Z",
        "1/2/3",
    ],
)
def test_an_impossible_date_is_the_matter_of_its_row(cell):
    row = one(cell)
    assert row.events == ()
    assert [(problem.code, problem.severity) for problem in row.problems] == [("bad-date", "warning")]
    assert row.notes == f"Date Applied: {cell}"


@pytest.mark.parametrize(("other", "when"), [("25/12/2024", date(2024, 4, 3)), ("12/25/2024", date(2024, 3, 4))])
def test_the_file_tells_the_order(other, when):
    log = read(f"Company,Title,Date Applied,Rejected\nAcme,Dev,3/4/2024,\nBeta,Dev,,{other}\n")
    assert log.rows[0].events[0].when == when


def test_a_posting_date_may_tell_too():
    log = read("Company,Title,Date Applied,Date Posted\nAcme,Dev,3/4/2024,2/28/2024\n")
    assert log.date_order is DateOrder.MDY


@pytest.mark.parametrize("dates", [("3/4/2024",), ("3/4/24", "5/5/2024"), ("13/4/2024", "4/13/2024"), ("01-02-2024",)])
def test_no_guess_where_the_file_does_not_tell(dates):
    text = "Company,Title,Date Applied\n" + "".join(f"Acme,Dev,{cell}\n" for cell in dates)
    with pytest.raises(DateOrderNeeded) as caught:
        read(text)
    assert caught.value.code == "date-order-needed"


@pytest.mark.parametrize(
    ("order", "whens"),
    [
        (DateOrder.DMY, [date(2024, 4, 3), None]),
        (DateOrder.MDY, [date(2024, 3, 4), date(2024, 3, 25)]),
        (DateOrder.YMD, [None, date(2024, 3, 25)]),
    ],
)
def test_the_order_asked_for_holds(order, whens):
    log = read("Company,Title,Date Applied\nAcme,Dev,3/4/2024\nBeta,Dev,3/25/2024\n", date_order=order)
    assert [row.events[0].when if row.events else None for row in log.rows] == whens


def test_year_first_in_two_digits():
    assert one("24/03/05", DateOrder.YMD).events[0].when == DAY
    log = read("Company,Title,Date Applied\nAcme,Dev,24/03/05\nBeta,Dev,99/12/31\n", date_order=None)
    assert log.date_order is DateOrder.YMD


def test_what_needs_no_order_gets_none():
    for cell in ("2024-03-04", "3/3/2024", "03.04.2024"):
        assert read(f"Company,Title,Date Applied\nAcme,Dev,{cell}\n").date_order is None
    assert read("Company,Title,Shipped\nAcme,Dev,3/4/2024\n").date_order is None


def test_several_dates_and_words_in_a_cell():
    found = scan("3/5/24 & 3/12/24 went well", DateOrder.MDY)
    assert (found.whens, found.words) == ((DAY, date(2024, 3, 12)), True)
    row = read("Company,Title,Interview\nAcme,Dev,2024-03-05 with Bob\n").rows[0]
    assert (len(row.events), row.notes) == (1, "Interview: 2024-03-05 with Bob")
