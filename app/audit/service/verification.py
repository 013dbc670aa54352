"""Is the audit log what it was? Every hash is computed anew from the rows, as migration 0008 says they were made.

A chain shows what was changed, removed, swapped or slipped in, and its head a tail that was cut. Whoever may rewrite
every row, the head included, can make another sound chain: against that helps only a head that was noted elsewhere.
"""

import hashlib
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from typing_extensions import override

from app.audit import repository
from app.db.engine import Sessions, create_pool
from app.db.scope import Role, Row, Scope, ScopedSession
from app.kit.errors import NotFound
from app.settings import Settings

_BATCH = 5_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_START = bytes(32)
_HEAD = re.compile(r"([0-9]{1,18}):([0-9a-f]{64})")


@dataclass(frozen=True, slots=True)
class Head:
    """How long a chain is, and the hash of its last link: all of it, in one line."""

    seq: int
    hash: bytes

    @override
    def __str__(self) -> str:
        return f"{self.seq}:{self.hash.hex()}"


def parse_head(text: str) -> Head | None:
    """Read a head as it is written; None for any other text."""
    found = _HEAD.fullmatch(text)
    return Head(int(found[1]), bytes.fromhex(found[2])) if found else None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is to be said of a practice's chain; `broken` names the first link that does not hold."""

    practice_id: UUID
    head: Head
    broken: str | None = None


async def verify_all(
    settings: Settings, *, practice_id: UUID | None = None, noted: Head | None = None
) -> list[Verdict]:
    """Walk the chain of one practice or of all, each as of one instant; `noted` is a head that was seen before.

    Raise NotFound when there is no such practice.
    """
    pool = create_pool(settings)
    try:
        sessions = Sessions(pool)
        async with sessions() as session:
            known = await repository.practices(session.within(Scope(Role.AUTH, read_only=True)))
        if practice_id is not None and practice_id not in known:
            raise NotFound("There is no practice with this id.")
        verdicts = []
        for one in known if practice_id is None else [practice_id]:
            async with sessions() as session:
                scope = Scope(Role.TENANT, practice_id=one, read_only=True)
                verdicts.append(await verify(session.within(scope), noted=noted))
        return verdicts
    finally:
        await pool.close()


async def verify(session: ScopedSession, *, noted: Head | None = None) -> Verdict:
    """Walk the chain of the session's practice."""
    practice_id = session.scope.practice_id
    if practice_id is None:
        raise ValueError("a chain belongs to a practice")
    walked, broken = await _walk(session, practice_id, noted)
    broken = broken or _at_the_end(walked, await repository.head(session), noted)
    if broken is None and (loose := await repository.loose_entry(session)) is not None:
        broken = f"entry {loose} stands outside the chain"
    return Verdict(practice_id, walked, broken)


async def _walk(session: ScopedSession, practice_id: UUID, noted: Head | None) -> tuple[Head, str | None]:
    walked = Head(0, _START)
    while rows := await repository.links(session, after=walked.seq, at_most=_BATCH):
        for row in rows:
            expected = Head(walked.seq + 1, _linked(walked, practice_id, row))
            broken = _at_a_link(row, expected, noted)
            if broken is not None:
                return walked, broken
            walked = expected
    return walked, None


def _at_a_link(row: Row, expected: Head, noted: Head | None) -> str | None:
    if row["seq"] != expected.seq:
        return f"link {expected.seq} is missing"
    if row["id"] is None:
        return f"link {row['seq']}: entry {row['event_id']} is missing"
    if row["hash"] != expected.hash:
        return f"link {row['seq']}: entry {row['event_id']} is not what it was, or not where it was"
    if noted is not None and noted.seq == expected.seq and noted.hash != expected.hash:
        return f"link {row['seq']} is not the one that was noted: the chain up to it was rewritten"
    return None


def _at_the_end(walked: Head, remembered: Row | None, noted: Head | None) -> str | None:
    if remembered is None:
        return "the chain has no head"
    if remembered["seq"] != walked.seq:
        return f"link {walked.seq + 1} is missing: the chain ends before its head, number {remembered['seq']}"
    if remembered["hash"] != walked.hash:
        return f"link {walked.seq} is not the one that the head remembers"
    if noted is not None and noted.seq > walked.seq:
        return f"link {walked.seq + 1} is missing: number {noted.seq} was noted before"
    return None


def _linked(former: Head, practice_id: UUID, row: Row) -> bytes:
    return hashlib.sha256(former.hash + (former.seq + 1).to_bytes(8, "big") + _body(practice_id, row)).digest()


def _body(practice_id: UUID, row: Row) -> bytes:
    """Return an entry in the one form that is hashed: its values, each with its length before it."""
    if row["id"] is None:
        return b""
    fields = b"".join(_netstring(field) for field in row["changed_fields"])
    return b"".join(
        [
            *map(_netstring, (practice_id, row["id"], (row["occurred_at"] - _EPOCH) // timedelta(microseconds=1))),
            *map(_netstring, (row[name] for name in ("actor_type", "actor_id", "api_key_id", "action"))),
            *map(_netstring, (row["resource_type"], row["resource_id"])),
            b"%d:%b," % (len(fields), fields),
            _netstring(row["request_id"]),
        ]
    )


def _netstring(value: object) -> bytes:
    if value is None:
        return b"-,"
    raw = str(value).encode()
    return b"%d:%b," % (len(raw), raw)
