from collections.abc import Container
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

BEGINNING = datetime(1, 1, 1, tzinfo=UTC)
END = datetime.max.replace(tzinfo=UTC)  # "never": dates past the end of Python's calendar saturate here
_EDGES = {date.min: BEGINNING, date.max: END}

_DAY = timedelta(days=1)
_TICK = timedelta(microseconds=1)
_SATURDAY = 5


@dataclass(frozen=True, slots=True, eq=False)
class Calendar:
    """A client's time zone and public holidays (local dates; only asked with `in`).

    Each is itself only, so that what follows from one can be remembered by it, whatever its holidays are kept in.
    """

    zone: ZoneInfo
    holidays: Container[date]

    def local_date(self, instant: datetime) -> date:
        """Give the local date at an aware instant (GHOSTING.md, section 3)."""
        return instant.astimezone(self.zone).date()

    def first_instant(self, day: date) -> datetime:
        """Give the first instant, in UTC, whose local date is `day` or later (GHOSTING.md, section 4)."""
        return _first_instant(self.zone, day)

    def is_business_day(self, day: date, *, skip_weekends: bool) -> bool:
        """Tell whether `day` counts as a business day; without `skip_weekends` every day does."""
        return not skip_weekends or (day.weekday() < _SATURDAY and day not in self.holidays)

    def roll(self, day: date, *, skip_weekends: bool) -> date:
        """Give the first business day on or after `day`: `roll` of GHOSTING.md, section 4."""
        while day < date.max and not self.is_business_day(day, skip_weekends=skip_weekends):
            day += _DAY
        return day

    def add_business_days(self, day: date, count: int, *, skip_weekends: bool) -> date:
        """Give the `count`-th business day after `day`, `day` itself for 0: the circled plus of section 4."""
        for _ in range(count):
            day = self.roll(add_days(day, 1), skip_weekends=skip_weekends)
        return day


def add_days(day: date, count: int) -> date:
    """Give the date `count` days later, or the last date there is: a promise may name the year 9999."""
    try:
        return day + timedelta(days=count)
    except OverflowError:
        return date.max


@lru_cache(maxsize=65_536)
def _first_instant(zone: ZoneInfo, day: date) -> datetime:
    if day in _EDGES:
        return _EDGES[day]
    midnight = datetime(day.year, day.month, day.day, tzinfo=zone)  # fold 0: a midnight that comes twice counts first
    offset, after = midnight.utcoffset(), midnight.replace(fold=1).utcoffset()
    instant = midnight.astimezone(UTC)
    if offset is None or after is None or after <= offset:
        return instant
    # Midnight falls into a gap, so the day begins where the clock jumps. That is `instant` when the jump is at midnight
    # itself, as usual and for a skipped date; jumps before midnight (Toronto 1919, 23:30) have to be searched for.
    return _jump(zone, day, instant - (after - offset), instant)


def _jump(zone: ZoneInfo, day: date, before: datetime, after: datetime) -> datetime:
    while after - before > _TICK:
        middle = before + (after - before) // 2
        if middle.astimezone(zone).date() < day:
            before = middle
        else:
            after = middle
    return after
