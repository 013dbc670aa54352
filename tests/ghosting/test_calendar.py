from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.ghosting.calendar import BEGINNING, END, Calendar, add_days
from tests.ghosting.strategies import THOROUGH, ZONES

TICK = timedelta(microseconds=1)


def calendar(zone: str, *holidays: date) -> Calendar:
    return Calendar(ZoneInfo(zone), frozenset(holidays))


@pytest.mark.parametrize(
    ("zone", "day", "instant"),
    [
        ("UTC", "2026-03-02", "2026-03-02T00:00:00"),
        ("Asia/Kathmandu", "2026-03-02", "2026-03-01T18:15:00"),
        ("America/Santiago", "2025-09-07", "2025-09-07T04:00:00"),  # midnight does not exist: the day begins at 1 a.m.
        ("America/Santiago", "2026-04-05", "2026-04-05T04:00:00"),  # an hour before, 11 p.m. came twice
        ("America/Havana", "2026-11-01", "2026-11-01T04:00:00"),  # midnight comes twice: the first one counts
        ("Pacific/Apia", "2011-12-30", "2011-12-30T10:00:00"),  # the day that Samoa left out ...
        ("Pacific/Apia", "2011-12-31", "2011-12-30T10:00:00"),  # ... begins when the next one does
        ("America/Toronto", "1919-03-31", "1919-03-31T04:30:00"),  # 11:30 p.m. was followed by half past midnight
        ("Europe/Paris", "1900-01-01", "1899-12-31T23:50:39"),  # local mean time had seconds
    ],
)
def test_first_instant_of_a_date(zone: str, day: str, instant: str) -> None:
    assert calendar(zone).first_instant(date.fromisoformat(day)) == datetime.fromisoformat(instant).replace(tzinfo=UTC)


def test_dates_at_the_end_of_the_calendar_never_begin() -> None:
    assert calendar("Pacific/Pago_Pago").first_instant(date.max) == END
    assert add_days(date.max, 1) == date.max
    assert calendar("Pacific/Kiritimati").first_instant(date.min) == BEGINNING
    assert calendar("UTC").first_instant(date(9999, 12, 30)) == datetime(9999, 12, 30, tzinfo=UTC)


@THOROUGH
@given(st.sampled_from([*ZONES, "America/Toronto", "Europe/Paris"]), st.dates(date(1900, 1, 1), date(2200, 12, 31)))
def test_no_earlier_instant_has_the_date(zone: str, day: date) -> None:
    local = calendar(zone)
    first = local.first_instant(day)
    assert local.local_date(first - TICK) < day <= local.local_date(first)


def test_business_days() -> None:
    local = calendar("UTC", date(2026, 3, 9))
    friday, tuesday = date(2026, 3, 6), date(2026, 3, 10)
    assert local.roll(friday, skip_weekends=True) == friday
    assert local.roll(date(2026, 3, 7), skip_weekends=True) == tuesday
    assert local.roll(date(2026, 3, 9), skip_weekends=False) == date(2026, 3, 9)
    assert local.add_business_days(friday, 0, skip_weekends=True) == friday
    assert local.add_business_days(friday, 1, skip_weekends=True) == tuesday
    assert local.add_business_days(friday, 3, skip_weekends=False) == date(2026, 3, 9)
    assert local.add_business_days(date(2026, 3, 7), 0, skip_weekends=True) == date(2026, 3, 7)
    assert local.add_business_days(date.max, 2, skip_weekends=True) == date.max
