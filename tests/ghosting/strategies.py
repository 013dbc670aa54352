"""Random timelines, policies and calendars, made to collide: few days, shared instants, awkward clocks."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from app.ghosting.calendar import Calendar
from app.ghosting.policy import DEFAULT_POLICY, Policy, WaitRule
from app.ghosting.timeline import Interaction, Timeline
from app.ghosting.vocabulary import MEETING_KINDS, STAGE_KINDS, Kind, Stage, Wait

THOROUGH = settings(
    max_examples=1000,
    deadline=None,
    print_blob=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large],
)

ZONES = (
    *("UTC", "Europe/Berlin", "America/Los_Angeles"),
    *("America/Santiago", "Asia/Beirut", "Africa/Cairo", "America/Havana"),  # clocks change at midnight
    *("Asia/Kolkata", "Asia/Kathmandu", "Australia/Lord_Howe", "Pacific/Chatham"),
    *("Pacific/Kiritimati", "Pacific/Pago_Pago", "Pacific/Apia"),
)
# Starts shortly before clocks change: Santiago and Havana, Beirut and Cairo, the day that Samoa left out.
STARTS = (
    datetime(2026, 3, 2, 10, tzinfo=UTC),
    datetime(2026, 3, 20, 22, tzinfo=UTC),
    datetime(2025, 8, 28, 4, tzinfo=UTC),
    datetime(2024, 10, 20, 23, 59, 59, 999_999, tzinfo=UTC),
    datetime(2011, 12, 20, 9, 59, 59, tzinfo=UTC),
)
KINDS = tuple(Kind)
LIVELY = tuple(kind for kind in Kind if kind not in {Kind.ACKNOWLEDGEMENT, Kind.NOTE})

# Every strategy is built once, here: building strategies inside composites costs more than all the rest of a test.
_moments = st.one_of(
    st.integers(0, 60).map(lambda days: timedelta(days=days)),
    st.integers(0, 90 * 24).map(lambda hours: timedelta(hours=hours)),
    st.integers(0, 90 * 86_400).map(lambda seconds: timedelta(seconds=seconds)),
)
_starts = st.sampled_from(STARTS)
_pools = st.tuples(*[_moments] * 4)
_calendars = st.builds(
    Calendar,
    st.sampled_from([ZoneInfo(name) for name in ZONES]),
    st.builds(
        lambda start, days: frozenset(start.date() + timedelta(day) for day in days),
        _starts,
        st.lists(st.integers(0, 120), max_size=12),
    ),
)


class Draft(NamedTuple):
    """An interaction before it is placed: moments after a start, or the number of a moment that others share."""

    number: int
    kind: Kind
    moment: timedelta | int
    hours: int | None
    arranged: timedelta | int | None
    reply_by: int | None
    stage: Stage | None

    def place(self, start: datetime, pool: tuple[timedelta, ...]) -> Interaction:
        def after(moment: timedelta | int) -> datetime:
            return start + (pool[moment] if isinstance(moment, int) else moment)

        ends_at = arranged_at = None
        occurred_at = after(self.moment)
        if self.kind in MEETING_KINDS:
            ends_at = None if self.hours is None else occurred_at + timedelta(hours=self.hours)
            arranged_at = None if self.arranged is None else min(after(self.arranged), occurred_at)
        reply_by = None if self.reply_by is None else start.date() + timedelta(self.reply_by)
        stage = self.stage if self.kind in STAGE_KINDS else None
        return Interaction(UUID(int=self.number), self.kind, occurred_at, ends_at, arranged_at, reply_by, stage)


@lru_cache
def _drafts(kinds: tuple[Kind, ...]) -> st.SearchStrategy[Draft]:
    shared = st.integers(0, 3) | _moments
    return st.builds(
        Draft,
        st.integers(0, 2**32),
        st.sampled_from(kinds),
        shared,
        st.none() | st.integers(0, 60),
        st.none() | shared,
        st.none() | st.integers(-5, 95),
        st.none() | st.sampled_from(Stage),
    )


@lru_cache
def interactions(kinds: tuple[Kind, ...] = KINDS) -> st.SearchStrategy[Callable[[datetime], Interaction]]:
    """One more interaction, to be placed after a start."""
    return st.builds(lambda draft, pool: lambda start: draft.place(start, pool), _drafts(kinds), _pools)


@lru_cache
def timelines(kinds: tuple[Kind, ...] = KINDS) -> st.SearchStrategy[Timeline]:
    def build(drafts: list[Draft], start: datetime, pool: tuple[timedelta, ...], contact: int) -> Timeline:
        return Timeline(tuple(draft.place(start, pool) for draft in drafts), bool(contact))

    many = st.lists(_drafts(kinds), max_size=14, unique_by=lambda draft: draft.number)
    return st.builds(build, many, _starts, _pools, st.integers(0, 1))


def _rule(least_from: int, row: tuple[int, int, int, int]) -> WaitRule:
    from_days = least_from + row[0]
    until_days = from_days + row[1]
    return WaitRule(7, from_days, until_days, until_days + 1 + row[2], follow_up_needs_contact=bool(row[3]))


_rows = st.tuples(st.integers(0, 12), st.integers(0, 10), st.integers(0, 30), st.integers(0, 1))


@lru_cache
def policies(least_from: int = 0) -> st.SearchStrategy[Policy]:
    """The default, or numbers of all sizes in four rows that the nine waits share in some order."""

    def build(rows: tuple[tuple[int, int, int, int], ...], turn: int, numbers: tuple[int, ...]) -> Policy:
        grace, held_window, undated, rest, due, extra, skip = numbers
        return Policy(
            waits={wait: _rule(least_from, rows[(place * turn + place // 4) % 4]) for place, wait in enumerate(Wait)},
            promise_grace_business_days=grace,
            held_window_business_days=held_window,
            undated_hold_days=undated,
            follow_up_rest_days=rest,
            thank_you_due_days=due,
            thank_you_until_days=due + extra,
            skip_weekends=bool(skip),
        )

    numbers = st.tuples(
        *(st.integers(0, 4), st.integers(0, 4), st.integers(1, 20), st.integers(1, 12)),
        *(st.integers(0, 3), st.integers(0, 3), st.integers(0, 1)),
    )
    return st.just(DEFAULT_POLICY) | st.builds(build, st.tuples(*[_rows] * 4), st.integers(1, 3), numbers)


def calendars() -> st.SearchStrategy[Calendar]:
    return _calendars


_anywhere = st.integers(-86_400, 200 * 86_400).map(lambda seconds: timedelta(seconds=seconds, milliseconds=7))


def instants() -> st.SearchStrategy[timedelta]:
    """A moment before, within or after a random timeline, counted from its start."""
    return _anywhere


def acts(timeline: Timeline) -> set[datetime]:
    """The instants at which something may happen: all acts, arrangements too."""
    found = {item.occurred_at for item in timeline.interactions}
    return found | {item.arranged_at for item in timeline.interactions if item.arranged_at}


def start_of(timeline: Timeline) -> datetime:
    return min(acts(timeline), default=STARTS[0])
