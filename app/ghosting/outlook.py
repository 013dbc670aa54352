"""How likely a reply still is: a mixture-cure log-normal model and what a practice learns (GHOSTING.md, section 7)."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from types import MappingProxyType

from app.ghosting.vocabulary import Wait


@dataclass(frozen=True, slots=True)
class Prior:
    """The share `pi` of waits that are ever answered, the log-normal days `mu`, `sigma` that this takes.

    `n` is how many real waits stand behind it; 0 where the source does not say.
    """

    pi: float
    mu: float
    sigma: float
    n: int


_LATER = Prior(0.94, 1.90, 0.85, 72)
PRIORS: Mapping[Wait, Prior] = MappingProxyType(
    dict.fromkeys(Wait, _LATER)
    | {Wait.APPLICATION: Prior(0.476, 2.33, 1.43, 1_343), Wait.OUTREACH: Prior(0.186, 0.73, 1.22, 0)}
)
#: How many waits a level's prior weighs: as much as this many observed to the end.
WEIGHT = 20
LOWEST, HIGHEST = 0.02, 0.98
#: From how many waits on an employer is told apart from all others.
EMPLOYER_FROM = 3


class OutlookBasis(StrEnum):
    """Whose waits an outlook rests on."""

    PRIOR = "prior"
    PRACTICE = "practice"
    EMPLOYER = "employer"


@dataclass(frozen=True, slots=True)
class Experience:
    """Waits of one kind: how many, how many were answered, and how many answers would have come if all ever did."""

    n: int = 0
    replies: int = 0
    exposure: float = 0.0

    def without(self, wait: Wait, days: int) -> "Experience":
        """Return the same less one silence that is still open after `days`: it does not teach about itself."""
        if self.n == 0:
            return self
        return Experience(self.n - 1, self.replies, max(0.0, self.exposure - answered_by(wait, days)))

    def __add__(self, other: "Experience") -> "Experience":
        """Return both together."""
        return Experience(self.n + other.n, self.replies + other.replies, self.exposure + other.exposure)


NOTHING = Experience()


@dataclass(frozen=True, slots=True)
class Outlook:
    """Information about a silence, never a verdict: it is read beside a status and moves none."""

    probability: float
    n: int
    basis: OutlookBasis

    def text(self, wait: Wait, *, on_hold: bool = False) -> str:
        """Say it in words, of a silence of this kind; `on_hold` while a date of the employer's is waited for."""
        if on_hold:
            return ON_HOLD
        return next(words for least, words in WORDS_OF.get(wait, WORDS) if self.probability >= least)


#: From which probability on which words; the first that applies. They stand beside advice that calls a silence normal
#: or long, so they judge no length themselves.
WORDS: tuple[tuple[float, str], ...] = (
    (0.75, "An answer is likely still to come."),
    (0.50, "More likely than not to still answer."),
    (0.25, "Less likely than not to still answer."),
    (0.10, "An answer would be the exception."),
    (0.00, "An answer would come as a surprise."),
)
#: Whoever was written to out of the blue mostly keeps silent, from the first day on.
WORDS_OF: Mapping[Wait, tuple[tuple[float, str], ...]] = MappingProxyType(
    {
        Wait.OUTREACH: (
            *WORDS[:3],
            (0.00, "Most messages out of the blue stay unanswered, which is no verdict on whoever wrote."),
        )
    }
)
ON_HOLD = "Their time is not up yet, so this silence says nothing."


@lru_cache(maxsize=16_384)
def answered_by(wait: Wait, days: int) -> float:
    """Return F: of the waits that are ever answered, the share answered within `days`."""
    prior = PRIORS[wait]
    return 0.5 * math.erfc((prior.mu - math.log(days + 0.5)) / (prior.sigma * math.sqrt(2)))


@lru_cache(maxsize=16_384)
def silent_after(wait: Wait, days: int) -> float:
    """Return S, the rest: of the waits that are ever answered, the share not answered within `days`."""
    prior = PRIORS[wait]
    return 0.5 * math.erfc((math.log(days + 0.5) - prior.mu) / (prior.sigma * math.sqrt(2)))


def chance(pi: float, wait: Wait, days: int) -> float:
    """Return the probability that a reply still comes after `days` of silence, where `pi` of all are ever answered."""
    late = pi * silent_after(wait, days)
    return late / (1 - pi + late)


def learnt(pi: float, seen: Experience) -> float:
    """Return the share that is ever answered, from what is believed of it and what was seen."""
    return min(HIGHEST, max(LOWEST, (seen.replies + WEIGHT * pi) / (seen.exposure + WEIGHT)))


def experience(wait: Wait, ages: Iterable[tuple[int, int]], *, replies: int) -> Experience:
    """Sum up waits of one kind; `ages` are days of observation and how many waits had so many."""
    counted = list(ages)
    exposure = math.fsum(count * answered_by(wait, days) for days, count in counted)
    return Experience(sum(count for _, count in counted), replies, exposure)


def outlook(wait: Wait, days: int, practice: Experience = NOTHING, employer: Experience = NOTHING) -> Outlook:
    """Return the outlook of a silence of this kind after `days`; each level is the next one's prior."""
    pi, n, basis = PRIORS[wait].pi, PRIORS[wait].n, OutlookBasis.PRIOR
    if practice.n:
        pi, n, basis = learnt(pi, practice), practice.n, OutlookBasis.PRACTICE
    if employer.n >= EMPLOYER_FROM:
        pi, n, basis = learnt(pi, employer), employer.n, OutlookBasis.EMPLOYER
    return Outlook(chance(pi, wait, days), n, basis)
