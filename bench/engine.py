"""What the engine costs beside what no engine can do without: `python bench/engine.py`.

One round takes the histories of a few timelines of ten interactions, then as many blocks of sixty conversions of an
instant into a time zone; rounds are interleaved, so whatever slows the machine down slows both. Processor time only.
"""

import sys
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from statistics import median
from time import process_time
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

sys.path.insert(0, str(Path(__file__).parents[1]))

from app.ghosting.calendar import Calendar
from app.ghosting.history import history
from app.ghosting.policy import DEFAULT_POLICY
from app.ghosting.timeline import Interaction, Timeline
from app.ghosting.vocabulary import Kind, Stage

_CONVERSIONS: Final = 60
_REPEAT: Final = 40  # per round and story: long enough for the clock, short enough to share a quiet moment
_START: Final = datetime(2026, 3, 2, 10, 20, 30, 400_000, tzinfo=UTC)  # a Monday
_ZONE: Final = ZoneInfo("Europe/Berlin")
_CALENDAR: Final = Calendar(_ZONE, frozenset({date(2026, 4, 3), date(2026, 4, 6), date(2026, 5, 1), date(2026, 5, 14)}))

#: Kind, days after the start, and what else: the days from invitation to meeting, a stage, a promised day.
_Act = tuple[Kind, float, int | None, Stage | None, int | None]


def _act(
    kind: Kind, days: float, invited: int | None = None, stage: Stage | None = None, by: int | None = None
) -> _Act:
    return kind, days, invited, stage, by


#: An application that goes far, one that stays without an answer for long, and a search by acquaintance with mishaps.
_STORIES: Final = (
    (
        _act(Kind.APPLICATION, 0),
        _act(Kind.ACKNOWLEDGEMENT, 0.01),
        _act(Kind.REQUEST, 4.2, stage=Stage.SCREENING),
        _act(Kind.REPLY, 5),
        _act(Kind.INTERVIEW, 12, invited=5),
        _act(Kind.THANK_YOU, 12.3),
        _act(Kind.FOLLOW_UP, 18),
        _act(Kind.EMPLOYER_MESSAGE, 19.1, by=26),
        _act(Kind.INTERVIEW, 33, invited=4, stage=Stage.FINAL_ROUND),
        _act(Kind.THANK_YOU, 33.4),
    ),
    (
        _act(Kind.APPLICATION, 0),
        _act(Kind.ACKNOWLEDGEMENT, 0.01),
        _act(Kind.NOTE, 3),
        _act(Kind.FOLLOW_UP, 8),
        _act(Kind.EMPLOYER_MESSAGE, 10, stage=Stage.SCREENING),
        _act(Kind.CANDIDATE_MESSAGE, 11),
        _act(Kind.FOLLOW_UP, 17),
        _act(Kind.OUTREACH, 52),
        _act(Kind.HOLD, 55),
        _act(Kind.REJECTION, 90),
    ),
    (
        _act(Kind.OUTREACH, 0),
        _act(Kind.BOUNCE, 0.01),
        _act(Kind.OUTREACH, 1),
        _act(Kind.EMPLOYER_MESSAGE, 6),
        _act(Kind.MEETING, 9, invited=2),
        _act(Kind.NO_SHOW, 9.1),
        _act(Kind.MEETING, 11, stage=Stage.INTERVIEWING),
        _act(Kind.VERBAL_OFFER, 16),
        _act(Kind.OFFER, 18, by=25),
        _act(Kind.ACCEPTANCE, 20),
    ),
)


def _timeline(acts: tuple[_Act, ...]) -> Timeline:
    return Timeline(tuple(_interaction(number, *act) for number, act in enumerate(acts)), has_contact=True)


def _interaction(
    number: int, kind: Kind, days: float, invited: int | None, stage: Stage | None, by: int | None
) -> Interaction:
    at = _START + timedelta(days)
    meets = kind in {Kind.INTERVIEW, Kind.MEETING}
    return Interaction(
        UUID(int=0x019A_0000_0000_7000_8000_0000_0000_0000 + number),
        kind,
        at,
        at + timedelta(hours=1) if meets else None,
        at - timedelta(invited) if invited else None,
        (_START + timedelta(by)).date() if by else None,
        stage,
    )


def timelines() -> tuple[Timeline, ...]:
    """Return the timelines that are measured: ten interactions each."""
    return tuple(_timeline(acts) for acts in _STORIES)


def measure(rounds: int = 200) -> dict[str, float]:
    """Return the microseconds of one history and of sixty conversions, medians over the rounds, and their ratio."""
    told = timelines()
    instants = [_START + timedelta(hours=17 * number) for number in range(_CONVERSIONS)]

    def histories() -> None:
        for timeline in told:
            history(timeline, DEFAULT_POLICY, _CALENDAR)

    def conversions() -> None:
        for instant in instants:
            instant.astimezone(_ZONE)

    ours, theirs = [], []
    for _ in range(rounds):
        ours.append(_timed(histories) / len(told))
        theirs.append(_timed(conversions))
    history_us, conversions_us = (median(found) / _REPEAT * 1e6 for found in (ours, theirs))
    return {"history_us": history_us, "conversions_60_us": conversions_us, "ratio": history_us / conversions_us}


def _timed(work: Callable[[], None]) -> float:
    before = process_time()
    for _ in range(_REPEAT):
        work()
    return process_time() - before


if __name__ == "__main__":
    for name, value in measure().items():
        print(f"{name:>18} {value:8.2f}")
