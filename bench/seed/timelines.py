"""Searches that might have been: two thousand timelines of about eight interactions, told in days from the anchor.

Drawn with a fixed seed, so that every database is filled with the same ones.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

from app.ghosting.vocabulary import Kind

K = Kind

#: What may come next, how likely, and after how many days at most; the first matches the last act.
_NEXT: dict[Kind, tuple[tuple[Kind, int, float], ...]] = {
    K.APPLICATION: ((K.ACKNOWLEDGEMENT, 4, 2), (K.INTERVIEW, 3, 20), (K.FOLLOW_UP, 3, 14), (K.REQUEST, 1, 10)),
    K.OUTREACH: ((K.EMPLOYER_MESSAGE, 3, 6), (K.FOLLOW_UP, 3, 9), (K.BOUNCE, 1, 0.5), (K.APPLICATION, 1, 5)),
    K.INTRODUCTION: ((K.MEETING, 3, 12), (K.EMPLOYER_MESSAGE, 3, 8), (K.FOLLOW_UP, 2, 9)),
    K.ACKNOWLEDGEMENT: ((K.INTERVIEW, 4, 20), (K.FOLLOW_UP, 3, 12), (K.NOTE, 2, 9), (K.HOLD, 1, 14)),
    K.EMPLOYER_MESSAGE: ((K.REPLY, 4, 2), (K.INTERVIEW, 3, 12), (K.NOTE, 1, 5), (K.CANDIDATE_MESSAGE, 2, 4)),
    K.HOLD: ((K.FOLLOW_UP, 2, 16), (K.EMPLOYER_MESSAGE, 2, 16), (K.NOTE, 1, 8)),
    K.INTERVIEW: ((K.THANK_YOU, 6, 1.6), (K.EMPLOYER_MESSAGE, 2, 9), (K.FOLLOW_UP, 2, 11), (K.NO_SHOW, 1, 0.2)),
    K.MEETING: ((K.THANK_YOU, 5, 1.6), (K.INTERVIEW, 3, 14), (K.REQUEST, 2, 8)),
    K.NO_SHOW: ((K.EMPLOYER_MESSAGE, 3, 5), (K.CANDIDATE_MESSAGE, 3, 3)),
    K.REQUEST: ((K.SUBMISSION, 4, 5), (K.REPLY, 3, 4)),
    K.REPLY: ((K.INTERVIEW, 4, 14), (K.FOLLOW_UP, 2, 9), (K.EMPLOYER_MESSAGE, 2, 8), (K.NOTE, 1, 6)),
    K.SUBMISSION: ((K.INTERVIEW, 4, 15), (K.FOLLOW_UP, 2, 10), (K.ACKNOWLEDGEMENT, 2, 3)),
    K.CANDIDATE_MESSAGE: ((K.EMPLOYER_MESSAGE, 4, 8), (K.FOLLOW_UP, 2, 9), (K.NOTE, 1, 6)),
    K.THANK_YOU: ((K.INTERVIEW, 4, 14), (K.FOLLOW_UP, 4, 9), (K.EMPLOYER_MESSAGE, 2, 9), (K.HOLD, 1, 8)),
    K.FOLLOW_UP: ((K.EMPLOYER_MESSAGE, 4, 9), (K.INTERVIEW, 3, 14), (K.NOTE, 2, 20), (K.HOLD, 1, 9)),
    K.NOTE: ((K.FOLLOW_UP, 2, 12), (K.INTERVIEW, 3, 16), (K.EMPLOYER_MESSAGE, 3, 9)),
    K.BOUNCE: ((K.OUTREACH, 3, 3), (K.APPLICATION, 2, 6)),
}
_LAST = ((K.REJECTION, 12), (K.POSITION_CLOSED, 2), (K.WITHDRAWAL, 3), (K.OFFER, 2), (K.VERBAL_OFFER, 1))
_OPENERS = ((K.APPLICATION, 8), (K.OUTREACH, 2), (K.INTRODUCTION, 1))
#: How long ago the last act was, in days, and how many timelines that is true of.
_AGES = ((0.1, 6, 22), (6, 31, 30), (31, 200, 48))
_LENGTHS = (1, 3, 5, 6, 7, 8, 8, 9, 9, 10, 11, 13, 16)
_EMPTY, _CLOSED, _MEETING_AHEAD, _HIDDEN = 0.03, 0.45, 0.06, 0.05


@dataclass(frozen=True, slots=True)
class Told:
    """One interaction as it would be recorded."""

    kind: Kind
    occurred_at: datetime
    ends_at: datetime | None
    arranged_at: datetime | None
    reply_by: date | None
    recorded_at: datetime
    visibility: str


@dataclass(frozen=True, slots=True)
class Story:
    """The timeline of an opportunity, when that was made, and whether somebody there is known by name."""

    created_at: datetime
    has_contact: bool
    told: tuple[Told, ...]


def stories(count: int, *, anchor: datetime) -> Iterator[Story]:
    """Give `count` different timelines as they stand at `anchor`."""
    for number in range(count):
        yield _story(Random(f"crickets {number}"), anchor)


def _pick(rng: Random, weighted: tuple[tuple[Kind, int], ...]) -> Kind:
    return rng.choices([kind for kind, _ in weighted], [weight for _, weight in weighted])[0]


def _story(rng: Random, anchor: datetime) -> Story:
    has_contact = rng.random() < 0.5  # noqa: PLR2004  # half of them
    if rng.random() < _EMPTY:
        return Story(anchor - timedelta(days=rng.uniform(1, 60)), has_contact, ())
    kinds = [_pick(rng, _OPENERS)]
    days = [0.0]
    for _ in range(rng.choice(_LENGTHS) - 1):
        choices = _NEXT[kinds[-1]]
        kind, _weight, longest = rng.choices(choices, [weight for _, weight, _ in choices])[0]
        kinds.append(kind)
        days.append(days[-1] + rng.uniform(0.05, longest))
    ahead = rng.random() < _MEETING_AHEAD
    if not ahead and rng.random() < _CLOSED:
        kinds.append(_pick(rng, _LAST))
        days.append(days[-1] + rng.uniform(0.5, 12))
    low, high, _ = rng.choices(_AGES, [share for _, _, share in _AGES])[0]
    start = anchor - timedelta(days=days[-1] + rng.uniform(low, high))
    told = [_told(rng, kind, start + timedelta(days=day)) for kind, day in zip(kinds, days, strict=True)]
    if ahead:
        meets = anchor + timedelta(days=rng.uniform(0.2, 12))
        told.append(_meeting(meets, told[-1].recorded_at + timedelta(hours=1)))
    return Story(told[0].recorded_at - timedelta(minutes=5), has_contact, tuple(told))


def _told(rng: Random, kind: Kind, at: datetime) -> Told:
    at = at.replace(microsecond=0)
    meets = kind in {K.INTERVIEW, K.MEETING}
    names_a_day = kind in {K.INTERVIEW, K.HOLD, K.REQUEST, K.OFFER} and rng.random() < 0.3  # noqa: PLR2004  # some do
    return Told(
        kind=kind,
        occurred_at=at,
        ends_at=at + timedelta(hours=1) if meets else None,
        arranged_at=at - timedelta(days=1) if meets and rng.random() < 0.5 else None,  # noqa: PLR2004  # half
        reply_by=(at + timedelta(days=rng.randint(2, 12))).date() if names_a_day else None,
        recorded_at=at + timedelta(minutes=rng.randint(61, 90)),
        visibility="coaches" if kind is K.NOTE or rng.random() < _HIDDEN else "shared",
    )


def _meeting(at: datetime, arranged: datetime) -> Told:
    at = at.replace(microsecond=0)
    return Told(K.INTERVIEW, at, at + timedelta(hours=1), arranged, None, arranged, "shared")
