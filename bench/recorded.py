"""What the service sends for a request, read from the log of Postgres: statements and parameters, word for word."""

import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from app.db import roles
from app.kit import clock
from bench import places
from bench.places import Place
from bench.replayed import Recording, Sent, fresh

_ENTRY = re.compile(r"^\d{4}-\d\d-\d\d [\d:.]+ \w+ \[(\d+)\] (\w+):  ", re.MULTILINE)
_EXECUTE = re.compile(r"^execute [^:]*: ", re.DOTALL)
_PARAMETER = re.compile(r"\$\d+ = (?:(NULL)|'((?:[^']|'')*)')")


def logged(place: Place, *, on: bool) -> None:
    """Let Postgres write down, or not, what the service's connections to this database send from now on."""
    database = place.admin.rpartition("/")[2]
    verb = "set log_statement = 'all'" if on else "reset log_statement"
    places.with_connection(place.admin, lambda c: c.execute(f"alter role {roles.APP} in database {database} {verb}"))


def record(requests: Sequence[Any], ask: Callable[[Any], str]) -> list[Recording]:
    """Ask one request after the other, each of which is answered alone, and return what they sent."""
    log, since = places.log_file(), clock.read()
    ask(requests[0])  # connects, and looks up what the driver wants to know of types
    found, answers = [], []
    for request in requests[1:]:
        start = log.stat().st_size
        answers.append(ask(request))
        found.append(entries(log, start))
    return [
        Recording(sent, own, answer)
        for sent, own, answer in zip(found, fresh(found, since=since), answers, strict=True)
    ]


def entries(log: Path, start: int) -> list[Sent]:
    """Return what the log tells from this position on."""
    with log.open("rb") as file:
        file.seek(start)
        text = file.read().decode()
    heads = list(_ENTRY.finditer(text))
    sent: list[Sent] = []
    for head, following in zip(heads, [*heads[1:], None], strict=True):
        said = text[head.end() : following.start() if following else len(text)].rstrip("\n").replace("\n\t", "\n")
        if head[2] == "LOG" and said.startswith("statement: "):
            sent.append(Sent(said.removeprefix("statement: "), None))
        elif head[2] == "LOG" and _EXECUTE.match(said):
            sent.append(Sent(_EXECUTE.sub("", said, count=1), []))
        elif head[2] == "DETAIL" and sent and sent[-1].arguments is not None:
            sent[-1] = Sent(sent[-1].sql, [_value(found) for found in _PARAMETER.finditer(said)])
    return sent


def _value(found: re.Match[str]) -> str | None:
    return None if found[1] else found[2].replace("''", "'")
