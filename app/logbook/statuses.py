import re
from functools import lru_cache

from app.logbook.status_rules import PARTS, RULES, Meaning
from app.logbook.text import words

_SAME = ("employer_message", "candidate_message", "position_closed", "submission", "bounce", "meeting", "hold")
_EXACT = {words(kind): Meaning(kind) for kind in _SAME}
_JOINTS = re.compile(r"\s*(?:[+/&|;>\n\u2192]|->|\bthen\b)\s*")
_LONGEST = 120


def _pattern(rule: str) -> re.Pattern[str]:
    joined = "|".join(part.strip() for part in rule.strip().splitlines())
    return re.compile(re.sub("<([a-z]+)>", lambda name: PARTS[name[1]], joined))


_TABLE = tuple((_pattern(rule), meaning) for meaning, rule in RULES)


@lru_cache(maxsize=4096)
def read_status(text: str) -> tuple[Meaning, ...]:
    """Read the raw words of a status: what they stand for, in their order; () where we do not know."""
    parts = [part for part in _JOINTS.split(text[:_LONGEST]) if words(part)]
    meanings = [_lookup(part) for part in parts]
    known = [meaning for meaning in meanings if meaning is not None]
    if len(known) > 1 and len(known) == len(parts):
        return tuple(dict.fromkeys(known))
    whole = _lookup(text[:_LONGEST])
    return (whole,) if whole else ()


def _lookup(text: str) -> Meaning | None:
    plain = words(text)
    return _EXACT.get(plain) or next((meaning for pattern, meaning in _TABLE if pattern.search(plain)), None)
