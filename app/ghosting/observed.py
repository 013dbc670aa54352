"""A wait as a practice has seen it (docs/outlook.md)."""

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from app.ghosting.calendar import Calendar
from app.ghosting.outlook import Experience, experience
from app.ghosting.vocabulary import Wait
from app.ghosting.waits import Ending, Waited


@lru_cache(maxsize=1024)
def local_date(zone: ZoneInfo, at: datetime) -> date:
    """Return the local date at an instant, asked for many waits at a time."""
    return at.astimezone(zone).date()


class Observed(NamedTuple):
    """A wait: whose, at which employer, and counted by which calendar."""

    client: str
    company: str
    calendar: Calendar
    waited: Waited

    def days(self, at: datetime) -> int | None:
        """Return for how many days an answer was observed to come or not; None where there is no wait by then.

        An answered wait counts on, as a silent one would have. Counted up to its answer only, the early answers among
        many waits would look like the answers of few.
        """
        waited = self.waited
        over = self._is_over(at)
        if waited.started_at > at or (over and waited.ending is Ending.BOUNCE):
            return None
        cut_on = waited.ended_on if over and waited.ending is not Ending.REPLY else None
        return max(0, ((cut_on or local_date(self.calendar.zone, at)) - waited.started_on).days)

    def is_answered(self, at: datetime) -> bool:
        """Whether the answer had come."""
        return self.waited.ending is Ending.REPLY and self._is_over(at)

    def last_change(self) -> datetime:
        """Return from when on nothing but time goes on."""
        return max(self.waited.started_at, self.waited.ended_at or self.waited.started_at)

    def _is_over(self, at: datetime) -> bool:
        return self.waited.ended_at is not None and self.waited.ended_at <= at


def summed(wait: Wait, observed: Iterable[Observed], at: datetime) -> Experience:
    """Sum up those waits of a kind that had begun by an instant."""
    ages: Counter[int] = Counter()
    replies = 0
    for one in observed:
        if one.waited.wait is wait and (days := one.days(at)) is not None:
            ages[days] += 1
            replies += one.is_answered(at)
    return experience(wait, ages.items(), replies=replies)
