"""How an employer, or a person there, has answered: shares with their uncertainty, never a label."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import quantiles
from typing import NamedTuple

from app.ghosting.waits import Ending, Waited

#: Over a month without an answer is a silence; counted from the date that was promised, where one was.
SILENT_DAYS = 31
#: How sure an interval is.
SURE = 0.9
_HALVINGS = 40


class Case(NamedTuple):
    """A wait of a client, as of that client's local date."""

    client: str
    waited: Waited
    today: date

    @property
    def is_answered(self) -> bool:
        return self.waited.ending is Ending.REPLY

    @property
    def days(self) -> int:
        """Return for how many days no answer came."""
        return max(0, (self.last - self.waited.started_on).days)

    @property
    def last(self) -> date:
        """Return the last date on which there was none."""
        return self.waited.ended_on or self.today

    @property
    def fell_silent(self) -> bool | None:
        """Whether over a month passed without an answer; None where that is not decided, and may never be."""
        base = self.waited.started_on
        if self.waited.promised_on and self.waited.promised_on > base:
            base = self.waited.promised_on
        if self.last >= base + timedelta(days=SILENT_DAYS):
            return True
        return False if self.is_answered else None

    @property
    def kept_promise(self) -> bool | None:
        """Whether an answer came by the date that was named; None without one, or where that is not decided here."""
        promised_on = self.waited.promised_on
        if promised_on is None or self.waited.handed_on:
            return None
        if self.last > promised_on:
            return False
        return True if self.is_answered else None


@dataclass(frozen=True, slots=True)
class Share:
    """So many of `n`, and what share they are likely to be: the mean and the bounds of the posterior.

    Before anything is seen every share is as likely as any other, Beta(1, 1).
    """

    count: int
    n: int
    share: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class ReplyDays:
    n: int
    lower_quartile: float
    median: float
    upper_quartile: float


def share(decided: Sequence[bool]) -> Share | None:
    """Return the share of the true ones; None of nothing."""
    if not decided:
        return None
    count, n = sum(decided), len(decided)
    tail = (1 - SURE) / 2
    return Share(count, n, (count + 1) / (n + 2), _quantile(tail, count, n), _quantile(1 - tail, count, n))


def of_all(cases: Sequence[Case], said: Callable[[Case], bool | None]) -> Share | None:
    """Return the share of those of which it is said, among all of which that is decided."""
    return share([answer for case in cases if (answer := said(case)) is not None])


def reply_days(cases: Sequence[Case]) -> ReplyDays | None:
    """Return how long the answers took that came; None without any."""
    days = sorted(case.days for case in cases if case.is_answered)
    if not days:
        return None
    lower, median, upper = quantiles(days, n=4, method="inclusive") if len(days) > 1 else days * 3
    return ReplyDays(len(days), lower, median, upper)


def _quantile(probability: float, count: int, n: int) -> float:
    """Return the quantile of Beta(count + 1, n - count + 1), by halving."""
    low, high = 0.0, 1.0
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        if _below(middle, count, n) < probability:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def _below(x: float, count: int, n: int) -> float:
    """Return how likely the share is to be below x: of n + 1 tries with this chance more than `count` succeed."""
    whole = math.lgamma(n + 2)
    return math.fsum(
        math.exp(whole - math.lgamma(k + 1) - math.lgamma(n + 2 - k) + k * math.log(x) + (n + 1 - k) * math.log1p(-x))
        for k in range(count + 1, n + 2)
    )
