"""The counts behind the limits: each statement counts and tells in one go, so no two workers can spend the same place.

A window opens with the first request and lasts a minute from there. The clocks of several hosts differ a little: one
that is behind counts into the window that is open. Rows are always taken in the same order (the caller's own first), so
callers wait for each other at most, and a caller over its own limit takes nothing from what it shares with others.
"""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    Integer,
    LargeBinary,
    Select,
    and_,
    bindparam,
    case,
    cast,
    delete,
    select,
    true,
)
from sqlalchemy.dialects.postgresql import insert

from app.db.base import instant
from app.db.scope import Row, ScopedSession
from app.db.tables import rate_window

WINDOW = timedelta(minutes=1)
#: Rows this old are forgotten, at most so many with each attempt to sign in, which adds three.
_STALE = 10 * WINDOW
_FORGOTTEN_AT_ONCE = 10

_NOW: Any = bindparam("now", type_=instant)
# A window from the future is one of a clock that was set back since.
_IS_OPEN: ColumnElement[bool] = and_(
    rate_window.c.started_at > bindparam("since", type_=instant),
    rate_window.c.started_at < bindparam("until", type_=instant),
)
_COUNTED = (rate_window.c.spent, rate_window.c.started_at)


def _count(bucket: str, *, after: CTE | None = None, may: Any = None, adds: Any = 1) -> CTE:
    """Return the CTE that adds to a bucket and returns what it holds then; `after` another only where `may` holds."""
    values = select(bindparam(bucket, type_=LargeBinary), _NOW, cast(adds, Integer))
    if after is not None:
        values = values.select_from(after).where(may)
    new = insert(rate_window).from_select(["bucket", "started_at", "spent"], values)
    counted = new.on_conflict_do_update(
        index_elements=["bucket"],
        set_={
            "spent": new.excluded.spent + case((_IS_OPEN, rate_window.c.spent), else_=0),
            "started_at": case((_IS_OPEN, rate_window.c.started_at), else_=new.excluded.started_at),
        },
    )
    return counted.returning(*_COUNTED).cte(f"{bucket}_window")


def _told(*windows: CTE) -> Select[Any]:
    """Return the query of what the first window holds, then the others, nulls where one was not asked."""
    joined: Any = windows[0]
    for window in windows[1:]:
        joined = joined.outerjoin(window, true())
    columns = [
        c.label(f"{c.name}_{n}") for n, window in enumerate(windows) for c in (window.c.spent, window.c.started_at)
    ]
    return select(*columns).select_from(joined)


def _caller() -> Select[Any]:
    own = _count("own")
    shared = _count("shared", after=own, may=own.c.spent <= bindparam("own_limit", type_=Integer))
    return _told(own, shared)


def _visitor() -> Select[Any]:
    oldest = (
        select(rate_window.c.bucket)
        .where(
            rate_window.c.started_at < bindparam("stale", type_=instant),
            rate_window.c.bucket != bindparam("own", type_=LargeBinary),
        )
        .order_by(rate_window.c.started_at)
        .limit(_FORGOTTEN_AT_ONCE)
        .with_for_update(skip_locked=True)
    )
    forgotten = delete(rate_window).where(rate_window.c.bucket.in_(oldest)).cte("forgotten")
    return _told(_count("own")).add_cte(forgotten)


def _account() -> Select[Any]:
    pair = _count("pair")
    share = pair.c.spent <= bindparam("share", type_=Integer)
    return _told(_count("account", after=pair, may=true(), adds=share), pair)


_CALLER, _VISITOR, _ACCOUNT = _caller(), _visitor(), _account()


async def count_caller(session: ScopedSession, *, own: bytes, limit: int, shared: bytes, now: datetime) -> Row:
    """Count a request into its caller's window and, within `limit`, into the shared one."""
    return await _run(session, _CALLER, now, own=own, own_limit=limit, shared=shared)


async def count_visitor(session: ScopedSession, *, own: bytes, now: datetime) -> Row:
    """Count an attempt into its address's window, and forget some windows that closed long ago."""
    return await _run(session, _VISITOR, now, own=own, stale=now - _STALE)


async def count_account(session: ScopedSession, *, account: bytes, pair: bytes, share: int, now: datetime) -> Row:
    """Count an attempt into an account's window, but no more than `share` from one address."""
    return await _run(session, _ACCOUNT, now, account=account, pair=pair, share=share)


async def _run(session: ScopedSession, statement: Select[Any], now: datetime, **given: Any) -> Row:
    times = {"now": now, "since": now - WINDOW, "until": now + WINDOW}
    row: Row = (await session.execute(statement, {**times, **given})).mappings().one()
    return row
