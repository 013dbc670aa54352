from typing import NamedTuple

from app.logbook.aliases import ALIASES, EVENT_COLUMNS, FILLER, STAGE_WORDS
from app.logbook.status_rules import GHOST, NOT_EVENTS, Meaning
from app.logbook.statuses import read_status
from app.logbook.text import key, words

OUR_COLUMNS: tuple[str, ...] = (*(name for name in ALIASES if name not in EVENT_COLUMNS), *EVENT_COLUMNS)
"""What `mapping` may name."""

_ALIAS_RANK = {
    key(alias): (ours, rank) for ours, names in reversed(ALIASES.items()) for rank, alias in enumerate(names.split())
}
_FILLER = frozenset(FILLER.split())
_STAGE_WORDS = frozenset(STAGE_WORDS.split())
_SETTLED = frozenset({"sent", "done", "completed", "followed"})


class Binding(NamedTuple):
    """What a header means: our column, how good a name for it (0 best), and the interaction of its dates."""

    ours: str
    rank: int
    meaning: Meaning | None = None


def recognise(header: str) -> Binding | None:
    """Tell what a header means, or None."""
    found = _ALIAS_RANK.get(key(header))
    if found and not (found[0] == "plan" and _SETTLED & set(words(header).split())):
        return Binding(found[0], found[1], EVENT_COLUMNS.get(found[0]))
    return _stage_column(words(header))


def _stage_column(plain: str) -> Binding | None:
    """Read the header of a stage, such as `2nd Interview Date` or `Ghosted?`: every word must be of that trade."""
    told = plain.split()
    core = " ".join(word for word in told if word not in _FILLER)
    if not core or not set(core.split()) <= _STAGE_WORDS:
        return None
    meanings = read_status(core)
    if len(meanings) != 1 or (meanings[0].kind in NOT_EVENTS and meanings[0].kind != GHOST):
        return None
    return Binding("stage", len(ALIASES), meanings[0])
