"""Where the funnel leaks: at which passage of the search fewer get through than one may expect."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from app.coaching.vocabulary import Comparison, FunnelStep, FunnelVerdict, PointsTo
from app.ghosting.vocabulary import Outcome, Stage, Status

#: How far back openings count.
WINDOW_DAYS = 365
#: A share is a leak from here on down: at most this part of what it is held against.
LEAK_FROM = 0.5
#: Endings that say nothing of the candidate: the place is gone, or it was their own wish.
_MUTE = frozenset({Outcome.WITHDRAWN, Outcome.POSITION_CLOSED})


@dataclass(frozen=True, slots=True)
class Tried:
    """One opening: since when, how far it ever got, where it stands, whether it began with a word from somebody.

    `applied` tells whether an application was there before any conversation: some are asked without one. `screened`
    tells whether it ever stood at a first conversation: some go straight to an interview.
    """

    opened_on: date
    reached: Stage
    status: Status
    outcome: Outcome | None
    introduced: bool
    applied: bool
    screened: bool


@dataclass(frozen=True, slots=True)
class Passage:
    """A passage as data: from where to where, below which number nothing is said, and what a leak points to."""

    counts: Callable[[Tried], bool]
    passed: Callable[[Tried], bool]
    least: int
    benchmark: float
    source: str
    points_to: PointsTo
    leak: str
    fine: str


@dataclass(frozen=True, slots=True)
class Check:
    """What is said of one passage: `passed` of `n`, held against `compared_with`."""

    step: FunnelStep
    n: int
    passed: int
    least: int
    rate: float | None
    comparison: Comparison
    compared_with: float
    source: str
    verdict: FunnelVerdict
    points_to: PointsTo | None
    text: str


def _decided(frm: Stage, to: Stage) -> Callable[[Tried], bool]:
    """Return whether an opening came this far and its further way is known, through somebody else than the client."""

    def counts(tried: Tried) -> bool:
        if tried.reached.rank >= to.rank:
            return True
        over = tried.status is Status.GHOSTED or (tried.status is Status.CLOSED and tried.outcome not in _MUTE)
        return tried.reached.rank >= frm.rank and over

    return counts


def _applied(tried: Tried) -> bool:
    return tried.applied and _decided(Stage.APPLIED, Stage.SCREENING)(tried)


def _screened(tried: Tried) -> bool:
    return tried.screened and _decided(Stage.SCREENING, Stage.INTERVIEWING)(tried)


def _got_to(stage: Stage) -> Callable[[Tried], bool]:
    return lambda tried: tried.reached.rank >= stage.rank


_RULE_OF_THUMB = "a rule of thumb, not measured"
_OWN = "the earlier half of the same search"
#: Each benchmark says on the wire where it comes from.
PASSAGES: Mapping[FunnelStep, Passage] = MappingProxyType(
    {
        FunnelStep.APPLICATION_TO_SCREEN: Passage(
            counts=_applied,
            passed=_got_to(Stage.SCREENING),
            least=20,
            benchmark=0.11,
            source="40 of 369 applications in three real logs",
            points_to=PointsTo.RESUME_AND_PROFILE,
            leak="{passed} of {n} applications led to a first conversation: go over résumé and profile before sending "
            "more of the same.",
            fine="{passed} of {n} applications led to a first conversation: résumé and profile do their work.",
        ),
        FunnelStep.SCREEN_TO_INTERVIEW: Passage(
            counts=_screened,
            passed=_got_to(Stage.INTERVIEWING),
            least=4,
            benchmark=0.5,
            source=_RULE_OF_THUMB,
            points_to=PointsTo.INTERVIEW_SKILL,
            leak="{passed} of {n} first conversations led to an interview: rehearse the opening story and the "
            "questions that always come.",
            fine="{passed} of {n} first conversations led to an interview: first conversations go well.",
        ),
        FunnelStep.INTERVIEW_TO_OFFER: Passage(
            counts=_decided(Stage.INTERVIEWING, Stage.OFFER),
            passed=_got_to(Stage.OFFER),
            least=4,
            benchmark=0.25,
            source=_RULE_OF_THUMB,
            points_to=PointsTo.INTERVIEW_SKILL,
            leak="{passed} of {n} interviews led to an offer: rehearse interviews with somebody who will be frank.",
            fine="{passed} of {n} interviews led to an offer: interviews are not what holds this search up.",
        ),
        FunnelStep.INTRODUCTIONS: Passage(
            counts=lambda _: True,
            passed=lambda tried: tried.introduced,
            least=8,
            benchmark=0.25,
            source=_RULE_OF_THUMB,
            points_to=PointsTo.NETWORK,
            leak="{passed} of {n} openings came through somebody known: ask for introductions, they are read first.",
            fine="{passed} of {n} openings came through somebody known: the network carries its part.",
        ),
    }
)
_TOO_FEW = "{n} so far, which is too few to say anything; from {least} on it will be said."
_WORSE = " It was {earlier} per cent in the earlier half."


def reached(tried: Sequence[Tried]) -> dict[Stage, int]:
    """Count how many openings ever got to each stage; to `applied` by an application only."""
    got_to = {stage: sum(t.reached.rank >= stage.rank for t in tried) for stage in Stage}
    return {**got_to, Stage.APPLIED: sum(t.applied for t in tried)}


def checks(tried: Sequence[Tried]) -> list[Check]:
    """Hold every passage against what may be expected, in the order of the search."""
    ordered = sorted(tried, key=lambda t: t.opened_on)
    return [_check(step, passage, ordered) for step, passage in PASSAGES.items()]


def _check(step: FunnelStep, passage: Passage, tried: Sequence[Tried]) -> Check:
    """Hold it against the benchmark, and where that is met against one's own earlier half."""
    known = [passage.passed(t) for t in tried if passage.counts(t)]
    n, passed = len(known), sum(known)
    rate = passed / n if n >= passage.least else None
    half = n // 2
    earlier = sum(known[:half]) / half if half >= passage.least else None
    named = {"n": n, "passed": passed, "least": passage.least}
    comparison, against, verdict = Comparison.BENCHMARK, passage.benchmark, FunnelVerdict.FINE
    words = passage.fine
    if rate is None:
        verdict, words = FunnelVerdict.TOO_FEW, _TOO_FEW
    elif rate <= passage.benchmark * LEAK_FROM:
        verdict, words = FunnelVerdict.LEAK, passage.leak
    elif earlier and sum(known[half:]) / (n - half) <= earlier * LEAK_FROM:
        comparison, against, verdict = Comparison.OWN_EARLIER_HALF, earlier, FunnelVerdict.LEAK
        n, passed = n - half, sum(known[half:])
        rate, named = passed / n, {"n": n, "passed": passed, "earlier": round(earlier * 100)}
        words = passage.leak + _WORSE
    return Check(
        step=step,
        n=n,
        passed=passed,
        least=passage.least,
        rate=None if rate is None else round(rate, 4),
        comparison=comparison,
        compared_with=round(against, 4),
        source=passage.source if comparison is Comparison.BENCHMARK else _OWN,
        verdict=verdict,
        points_to=passage.points_to if verdict is FunnelVerdict.LEAK else None,
        text=words.format_map(named),
    )
