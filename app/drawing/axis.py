"""A straight scale of time, and the dates worth writing under it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from app.drawing.text import after, day, month, width

_DAY_STEPS = (1, 2, 7, 14)
_MONTH_STEPS = (1, 2, 3, 6, 12, 24, 60, 120, 240)
_GAP = 14.0
_SIZE = 11.0
_DAYS_A_MONTH, _YEAR = 30.4, 12


@dataclass(frozen=True, slots=True)
class Scale:
    """From instants and local dates to places between `left` and `right`."""

    start: date
    end: date
    zone: tzinfo
    left: float
    right: float

    @property
    def day_width(self) -> float:
        """How wide a day is."""
        return (self.right - self.left) / max(1, (self.end - self.start).days)

    def at(self, instant: datetime) -> float:
        """Return where an instant is, at the edge if it lies beyond."""
        midnight = datetime.combine(self.start, time(), self.zone)
        days = (instant.astimezone(UTC) - midnight.astimezone(UTC)) / timedelta(days=1)
        return min(max(self.left + days * self.day_width, self.left), self.right)

    def on(self, local: date) -> float:
        """Return where a local date begins."""
        x = self.left + (local - self.start).days * self.day_width
        return min(max(x, self.left), self.right)

    def ticks(self) -> Iterator[tuple[float, str]]:
        """Give the dates to write, far enough apart, and where; the first of a year with the year."""
        room = width("22 Mar 2026", _SIZE) + _GAP
        step = next((n for n in _DAY_STEPS if n * self.day_width >= room), None)
        months = next((n for n in _MONTH_STEPS if n * self.day_width * _DAYS_A_MONTH >= room), _MONTH_STEPS[-1])
        dates = self._by_month(months) if step is None else self._by_day(step)
        taken, year = self.left - 2 * _GAP, 0
        for on in dates:
            words = day(on, year=on.year != year) if step else str(on.year) if months % _YEAR == 0 else month(on)
            x, half = self.on(on), width(words, _SIZE) / 2
            if x - half >= taken + _GAP and x + half <= self.right + _GAP:
                taken, year = x + half, on.year
                yield x, words

    def _by_day(self, step: int) -> Iterator[date]:
        on = after(self.start, by=(7 - self.start.weekday()) % 7 if step % 7 == 0 else 1)
        while on <= self.end and on < date.max:
            yield on
            on = after(on, by=step)

    def _by_month(self, step: int) -> Iterator[date]:
        # Counted from year 0, so that quarters begin in January.
        number = self.start.year * _YEAR + self.start.month - 1
        number += -number % step
        while (on := date(number // _YEAR, number % _YEAR + 1, 1)) <= self.end:
            if on >= self.start:
                yield on
            number += step
