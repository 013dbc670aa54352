"""How well the outlook foretells real silences, beside simpler ways of telling (docs/outlook.md)."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

from app.ghosting.outlook import PRIORS, chance, experience, learnt
from app.ghosting.vocabulary import Wait

#: After how many days of silence each way is asked.
LANDMARKS = (7, 14, 21, 30, 45)
#: How long a log must go on after a landmark, for its silence to count as one.
LOOK_ON = 30
_RULE_DAYS = 30


@dataclass(frozen=True, slots=True)
class Case:
    """A wait of a log: for how many days it was watched, whether an answer ended it, and how long the log goes on."""

    wait: Wait
    days: int
    answered: bool
    until: int

    @property
    def watched(self) -> int:
        """Return for how many days an answer could have come: what a practice learns from."""
        return self.until if self.answered else self.days


@dataclass(frozen=True, slots=True)
class Line:
    """One landmark: how many waits were silent then, how many of them were answered later, and how each way did."""

    landmark: int
    n: int
    came: float
    brier: Mapping[str, float]
    expected: Mapping[str, float]


Way = Callable[[Wait, int], float]
_Told = list[tuple[Mapping[str, float], bool]]


def lines(logs: Sequence[Sequence[Case]]) -> Iterator[Line]:
    """Judge each way at each landmark, and over all of them (landmark 0).

    What a way has to learn it learns from the other logs; of a single log, from its other waits.
    """
    asked: dict[int, _Told] = {landmark: [] for landmark in LANDMARKS}
    for case, ways in _held_out(logs):
        for landmark in LANDMARKS:
            if case.days > landmark and case.until >= landmark + LOOK_ON:
                said = {name: way(case.wait, landmark) for name, way in ways.items()}
                asked[landmark].append((said, case.answered))
    asked[0] = [one for told in asked.values() for one in told]
    for landmark, told in asked.items():
        if told:
            yield _line(landmark, told)


def _line(landmark: int, told: _Told) -> Line:
    names = told[0][0]
    return Line(
        landmark,
        len(told),
        fmean(answered for _, answered in told),
        {name: fmean((said[name] - answered) ** 2 for said, answered in told) for name in names},
        {name: fmean(said[name] for said, _ in told) for name in names},
    )


def _held_out(logs: Sequence[Sequence[Case]]) -> Iterator[tuple[Case, Mapping[str, Way]]]:
    for number, log in enumerate(logs):
        if len(logs) > 1:
            ways = _ways([case for other, cases in enumerate(logs) if other != number for case in cases])
            yield from ((case, ways) for case in log)
        else:
            yield from ((case, _ways([*log[:place], *log[place + 1 :]])) for place, case in enumerate(log))


def _ways(others: Sequence[Case]) -> Mapping[str, Way]:
    """Return every way of telling the probability that a reply still comes, as learnt from other waits."""
    rate = fmean(case.answered for case in others) if others else 0.0
    curves = {later: _Curve([case for case in others if _is_later(case.wait) is later]) for later in (False, True)}
    shares = {wait: _share(wait, [case for case in others if case.wait is wait]) for wait in Wait}
    return {
        "constant": lambda _wait, _days: rate,
        "30 days": lambda _wait, days: rate if days < _RULE_DAYS else 0.0,
        "Kaplan-Meier": lambda wait, days: curves[_is_later(wait)].still(days),
        "outlook": lambda wait, days: chance(PRIORS[wait].pi, wait, days),
        "outlook, learnt": lambda wait, days: chance(shares[wait], wait, days),
    }


def _is_later(wait: Wait) -> bool:
    """Tell the waits after a first contact from those before: each has enough of its kind for a curve."""
    return wait not in {Wait.APPLICATION, Wait.OUTREACH}


def _share(wait: Wait, cases: Iterable[Case]) -> float:
    seen = list(cases)
    replies = sum(case.answered for case in seen)
    return learnt(PRIORS[wait].pi, experience(wait, ((case.watched, 1) for case in seen), replies=replies))


class _Curve:
    """Kaplan and Meier's estimate of how many are still silent after so many days."""

    def __init__(self, cases: Sequence[Case]) -> None:
        self._steps: list[tuple[int, float]] = []
        silent = 1.0
        for day in sorted({case.days for case in cases if case.answered}):
            at_risk = sum(case.days >= day for case in cases)
            silent *= 1 - sum(case.answered and case.days == day for case in cases) / at_risk
            self._steps.append((day, silent))

    def still(self, days: int) -> float:
        """Return the probability that a reply still comes to who has waited so long."""
        now = next((silent for day, silent in reversed(self._steps) if day <= days), 1.0)
        last = self._steps[-1][1] if self._steps else now
        return (now - last) / now if now else 0.0
