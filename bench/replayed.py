"""Transactions of the service, played again without the service: the same statements with other new ids.

What is in a recording comes from the log of Postgres (bench/recorded.py). Ids that the recorded request made, and the
digests that no other request had, are new ones in each replay.
"""

import json
import re
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from app.db.ids import new_id

_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_DIGEST = re.compile(r"^\\x[0-9a-f]{64}$")
Converter = Callable[[str], Any]
_CONVERTERS: Mapping[str, Converter] = {
    "uuid": UUID,
    "timestamptz": lambda text: datetime.fromisoformat(text).astimezone(UTC),
    "date": date.fromisoformat,
    "bytea": lambda text: bytes.fromhex(text.removeprefix("\\x")),
    "bool": lambda text: text in {"t", "true"},
    **dict.fromkeys(("int2", "int4", "int8"), int),
    **dict.fromkeys(("float4", "float8"), float),
}


@dataclass(frozen=True, slots=True)
class Sent:
    """One statement of a recording; a text without `arguments` was sent as a simple query."""

    sql: str
    arguments: Sequence[str | None] | None


@dataclass(frozen=True, slots=True)
class Recording:
    """What one request sent to Postgres, and what it was answered."""

    sent: Sequence[Sent]
    fresh: Sequence[str]
    answer: str


class Replays:
    """All recordings by name; each is made ready when it is asked for first."""

    def __init__(self, known: Mapping[str, Sequence[Recording]]) -> None:
        self._known = known
        self._ready: dict[tuple[str, int], list[Any]] = {}
        self._types: dict[str, list[Converter]] = {}

    async def run(self, pool: Any, path: str) -> bytes:
        """Replay the recording that the path names, `/replay/NAME/NUMBER`, and return the recorded answer."""
        _, _, name, number = path.split("/")
        recordings = self._known[name]
        index = int(number) % len(recordings)
        connection = pool.take()
        try:
            if (name, index) not in self._ready:
                prepared = [await self._prepared(connection, s, recordings[index]) for s in recordings[index].sent]
                self._ready[name, index] = _together(prepared)
            ids = {old: _renewed(old) for old in recordings[index].fresh}
            for sql, given in self._ready[name, index]:
                if given is None:
                    await connection.execute(sql)
                elif len(given) == 1:
                    await connection.fetch(sql, *_filled(given[0], ids))
                else:
                    await connection.executemany(sql, [_filled(arguments, ids) for arguments in given])
        except BaseException:
            await connection.execute("ROLLBACK")
            raise
        finally:
            pool.give(connection)
        return recordings[index].answer.encode()

    async def _prepared(self, connection: Any, sent: Sent, recording: Recording) -> tuple[str, list[Any] | None]:
        if sent.arguments is None:
            return sent.sql, None
        if sent.sql not in self._types:
            found = (await connection.prepare(sent.sql)).get_parameters()
            self._types[sent.sql] = [_converter(kind.name, kind.kind) for kind in found]
        pairs = zip(sent.arguments, self._types[sent.sql], strict=True)
        return sent.sql, [_argument(text, convert, recording.fresh) for text, convert in pairs]


def _together(prepared: Sequence[tuple[str, list[Any] | None]]) -> list[tuple[str, list[list[Any]] | None]]:
    """Return the statements with all arguments of neighbours that say the same: the driver sends these in one go."""
    found: list[tuple[str, list[list[Any]] | None]] = []
    for sql, arguments in prepared:
        if arguments is None:
            found.append((sql, None))
        elif found and found[-1][0] == sql and found[-1][1] is not None:
            found[-1][1].append(arguments)
        else:
            found.append((sql, [arguments]))
    return found


def _filled(arguments: Sequence[Any], ids: Mapping[str, str]) -> list[Any]:
    return [argument(ids) if callable(argument) else argument for argument in arguments]


def _argument(text: str | None, convert: Converter, fresh: Sequence[str]) -> Any:
    if text is None:
        return None
    named = [old for old in fresh if old in text]
    if not named:
        return convert(text)

    def renewed(ids: Mapping[str, str]) -> Any:
        new = text
        for old in named:
            new = new.replace(old, ids[old])
        return convert(new)

    return renewed


def _renewed(old: str) -> str:
    return "\\x" + secrets.token_hex(32) if old.startswith("\\x") else str(new_id())


def _converter(name: str, kind: str) -> Converter:
    if kind == "array" or name.endswith("[]"):
        one = _CONVERTERS.get(name.removesuffix("[]"), str)
        return lambda text: [one(part.strip('"')) for part in text.strip("{}").split(",") if part]
    return _CONVERTERS.get(name, str)


def fresh(requests: Sequence[Sequence[Sent]], *, since: datetime) -> list[list[str]]:
    """Return, for each request, the ids that it made itself and the digests that it alone had."""
    first = int(since.timestamp() * 1000)
    texts = [[a for sent in request for a in sent.arguments or () if a is not None] for request in requests]
    digests = [{a for a in of_one if _DIGEST.match(a)} for of_one in texts]
    found = []
    for n, of_one in enumerate(texts):
        ids = {i for text in of_one for i in _ID.findall(text) if int(i[:8] + i[9:13], 16) >= first and i[14] == "7"}
        others = set[str]().union(*(d for m, d in enumerate(digests) if m != n))
        found.append(sorted(ids | (digests[n] - others)))
    return found


def save(path: Path, known: Mapping[str, Sequence[Recording]]) -> None:
    """Write recordings down."""
    told = {
        name: [{"sent": [[s.sql, s.arguments] for s in r.sent], "fresh": r.fresh, "answer": r.answer} for r in listed]
        for name, listed in known.items()
    }
    path.write_text(json.dumps(told))


def load(path: str | None) -> Replays:
    """Return the recordings of a file, none without one."""
    told = json.loads(Path(path).read_text()) if path else {}
    return Replays(
        {
            name: [Recording([Sent(*s) for s in r["sent"]], r["fresh"], r["answer"]) for r in listed]
            for name, listed in told.items()
        }
    )
