from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from app.logbook import DateOrder, Log, LogFormat, decode, read

DATA = Path(__file__).parent / "data"


def load(name: str) -> Log:
    return read(decode((DATA / name).read_bytes()), log_format=None, date_order=None, mapping=None)


def kinds(log: Log) -> Counter[str]:
    return Counter(event.kind for row in log.rows for event in row.events)


def codes(log: Log) -> Counter[str]:
    return Counter(problem.code for row in log.rows for problem in row.problems)


@pytest.mark.parametrize(
    ("name", "rows", "order"),
    [
        ("jbhunt_jsdata.csv", 88, DateOrder.MDY),
        ("joecullin_events.json", 138, None),
        ("timhanneman_merged.csv", 177, DateOrder.MDY),
    ],
)
def test_every_row_goes_in(name, rows, order):
    log = load(name)
    assert (log.format, len(log.rows), log.date_order) == (LogFormat.GENERIC, rows, order)
    assert [row.number for row in log.rows] == list(range(1, rows + 1))
    for row in log.rows:
        assert row.company
        assert row.title
        assert row.source_status
        assert row.skip is None
        assert not [problem for problem in row.problems if problem.severity == "error"]
    assert load(name) == log


def test_jbhunt():
    log = load("jbhunt_jsdata.csv")
    assert kinds(log) == {"application": 55, "rejection": 17, "decline": 1, "acceptance": 1}
    assert codes(log) == {"ghosted-is-computed": 35, "no-date": 4}
    assert not any(event.guessed for row in log.rows for event in row.events)
    declined = log.rows[27]
    assert [(event.kind, event.when) for event in declined.events] == [
        ("application", date(2025, 3, 12)),
        ("decline", date(2025, 5, 1)),
    ]
    assert (declined.source, declined.source_status) == ("referral", "Declined offer")
    undated = next(row for row in log.rows if row.title == "Cloud Engineer")  # rejected, nobody wrote down when
    assert [event.kind for event in undated.events] == ["application"]
    assert [problem.code for problem in undated.problems] == ["no-date", "no-date"]
    assert undated.notes == "application_status: Rejected\ninterviewed: yes"
    assert {row.source_status for row in log.rows if not row.events} == {
        "Didn't apply",
        "Didn't apply before application closed",
        "Need to apply",
    }
    assert (log.rows[0].salary_min, log.rows[0].salary_max, log.rows[0].currency) == (6_500_000, 19_000_000, "USD")
    half_marked = next(row for row in log.rows if row.location == "Rathway, NJ")  # one amount has no dollar sign
    assert (half_marked.salary_min, half_marked.currency) == (14_300_000, "USD")


def test_joecullin():
    log = load("joecullin_events.json")
    assert kinds(log) == {"application": 133, "rejection": 61, "interview": 46, "request": 5, "withdrawal": 3}
    assert codes(log) == {"ghosted-is-computed": 57}
    stages = Counter(event.stage for row in log.rows for event in row.events)
    assert (stages["screening"], stages["interviewing"]) == (27, 19)
    first = log.rows[0]  # a recruiter wrote, the client withdrew: no application was sent
    assert [(event.kind, event.when) for event in first.events] == [
        ("request", datetime(2025, 6, 20, 17, 9, 24, 922000, UTC)),
        ("withdrawal", datetime(2025, 6, 23, 17, 9, 39, 201000, UTC)),
    ]
    assert first.source == "recruiter"
    ignored = next(row for row in log.rows if row.source_status == "applicationIgnored")
    assert [event.kind for event in ignored.events] == ["application"]
    assert "applicationIgnored" in (ignored.notes or "")


def test_timhanneman():
    log = load("timhanneman_merged.csv")
    assert kinds(log) == {
        "application": 177,
        "rejection": 49,
        "employer_message": 14,
        "interview": 9,
        "position_closed": 1,
    }
    assert codes(log) == {
        "ghosted-is-computed": 114,
        "no-currency": 45,
        "no-date": 5,  # two "Inter + Rejec" and one "Offer" without their day, two ticked "Job Offer"
        "guessed-interaction": 4,
    }
    both = next(row for row in log.rows if row.source_status == "Inter + Rejec")
    assert [(event.kind, event.when) for event in both.events] == [
        ("application", date(2022, 7, 14)),
        ("employer_message", date(2022, 7, 15)),
        ("interview", date(2022, 7, 21)),
    ]
    removed = next(row for row in log.rows if row.source_status == "Position Removed")
    assert [event.kind for event in removed.events] == ["application", "position_closed"]
    invited = log.rows[8]  # "Interview" with the day of the answer, not of the meeting
    assert [(event.kind, event.stage, event.guessed) for event in invited.events] == [
        ("application", None, False),
        ("employer_message", "interviewing", True),
    ]
