"""Answers kept for retries: claimed first, kept in the transaction of the effect, and forgotten (API.md C16).

All of it is one statement each: a request with a key costs a look before and a write after.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    DateTime,
    LargeBinary,
    Table,
    Uuid,
    any_,
    bindparam,
    delete,
    func,
    select,
    text,
    true,
)
from sqlalchemy.dialects.postgresql import Insert, insert

from app.db.scope import Role, Row, ScopedSession
from app.db.tables import kept_answer, visitor_answer

#: How many that are out of date each writer removes besides.
_IN_PASSING = 10

_PRACTICE: Any = bindparam("practice_id", type_=Uuid)
_DIGEST: Any = bindparam("digest", type_=LargeBinary)
_LOCK: Any = bindparam("lock", type_=BigInteger)
_NOW: Any = bindparam("now", type_=DateTime(timezone=True))
_IDS: Any = bindparam("ids", type_=ARRAY(Uuid))

_FREE = func.claim_answer(_PRACTICE, _DIGEST, _LOCK, _NOW).table_valued("is_free", "is_there", "about", "sealed")
_CLAIM = select(_FREE.c.is_free, _FREE.c.is_there, _FREE.c.about, _FREE.c.sealed)
_VISITORS_FREE = func.claim_visitor_answer(_DIGEST, _LOCK, _NOW).table_valued("is_free", "sealed")
_CLAIM_OF_VISITOR = select(_VISITORS_FREE.c.is_free, _VISITORS_FREE.c.sealed)
_OF_VISITOR = select(visitor_answer.c.sealed).where(
    visitor_answer.c.key_digest == _DIGEST, visitor_answer.c.kept_until > _NOW
)
_MINE = (kept_answer.c.practice_id == _PRACTICE,)
# Whom nobody can be any more will not ask again.
_DROP = delete(kept_answer).where(*_MINE, kept_answer.c.caller_id == any_(_IDS))
# That it was done is still known, so that a retry does not bring back what was erased.
_EMPTY = text(
    "update kept_answer set sealed = null, about = '{}' where practice_id = :practice_id and about && :ids"
).bindparams(_PRACTICE, _IDS)


def _keep(table: Table, *mine: ColumnElement[bool]) -> Insert:
    """Return the statement that keeps an answer, in place of one that is out of date, and removes some others."""
    old = (
        select(table.c.key_digest)
        .where(*mine, table.c.kept_until <= _NOW, table.c.key_digest != _DIGEST)
        .order_by(table.c.kept_until)
        .limit(_IN_PASSING)
        .with_for_update(skip_locked=True)
    )
    gone = delete(table).where(*mine, table.c.key_digest.in_(old)).cte("gone")
    values = {c.name: bindparam("digest" if c.name == "key_digest" else c.name, type_=c.type) for c in table.c}
    made = insert(table).values(values)
    rest = {c.name: made.excluded[c.name] for c in table.c if not c.primary_key}
    return made.on_conflict_do_update(index_elements=list(table.primary_key), set_=rest).add_cte(gone)


_KEEP = _keep(kept_answer, *_MINE)
_KEEP_OF_VISITOR = _keep(visitor_answer, true())


@dataclass(frozen=True, slots=True)
class Kept:
    """What is kept under a key; `sealed` is None once it has been erased."""

    about: tuple[UUID, ...]
    sealed: bytes | None


class Taken(Exception):
    """Somebody else has claimed the key, and their transaction is still open."""


async def claim(session: ScopedSession, *, digest: bytes, lock: int, now: datetime) -> Kept | None:
    """Hold a key until the transaction ends; return what is kept under it. Raise Taken."""
    row = (await session.run(_CLAIM, digest=digest, lock=lock, now=now)).mappings().one()
    _demand_free(row)
    return Kept(tuple(row["about"]), row["sealed"]) if row["is_there"] else None


async def keep(
    session: ScopedSession,
    *,
    digest: bytes,
    caller_id: UUID,
    about: Collection[UUID],
    sealed: bytes,
    now: datetime,
    until: datetime,
) -> None:
    """Keep the answer to the request that holds this key."""
    values = {"caller_id": caller_id, "about": list(about), "sealed": sealed, "kept_until": until}
    await session.run(_KEEP, digest=digest, now=now, **values)


async def forget(session: ScopedSession, *, ids: Collection[UUID]) -> None:
    """Erase every answer that speaks of one of these records, or was given to one of these people."""
    await session.run(_DROP, ids=list(ids))
    await session.run(_EMPTY, ids=list(ids))


async def find_of_visitor(session: ScopedSession, *, digest: bytes, now: datetime) -> bytes | None:
    """Return what is kept under a visitor's key; `session` runs as app_auth, and claims nothing."""
    found: bytes | None = (await session.execute(_OF_VISITOR, {"digest": digest, "now": now})).scalar_one_or_none()
    return found


async def claim_of_visitor(session: ScopedSession, *, digest: bytes, lock: int, now: datetime) -> bytes | None:
    """Hold a visitor's key until the transaction ends; return what is kept under it. Raise Taken."""
    given = {"digest": digest, "lock": lock, "now": now}
    async with session.through(Role.AUTH):
        row = (await session.execute(_CLAIM_OF_VISITOR, given)).mappings().one()
    _demand_free(row)
    found: bytes | None = row["sealed"]
    return found


async def keep_of_visitor(
    session: ScopedSession, *, digest: bytes, sealed: bytes, now: datetime, until: datetime
) -> None:
    """Keep the answer to the visitor who holds this key."""
    async with session.through(Role.AUTH):
        given = {"digest": digest, "sealed": sealed, "now": now, "kept_until": until}
        await session.execute(_KEEP_OF_VISITOR, given)


def _demand_free(row: Row) -> None:
    if not row["is_free"]:
        raise Taken
