"""The counts behind the limits. The database counts and tells in one go: no two workers can spend the same place.

A call is a transaction of its own, as the bare login of the service: everybody who counts into the same window waits
for it, so it must not stay open until an event loop comes round to commit it (migration 0009).
"""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from app.db.scope import Row

#: How long a window lasts; the functions of the database have it too.
WINDOW = timedelta(minutes=1)

_CALLER = text(
    "select own_spent, own_started_at, shared_spent, shared_started_at "
    "from rate_count_caller(:own, :own_limit, :shared, :moment)"
)
_VISITOR = text("select own_spent, own_started_at from rate_count_visitor(:own, :moment)")
_ACCOUNT = text(
    "select account_spent, account_started_at, counted from rate_count_account(:pair, :share, :account, :moment)"
)


async def count_caller(connection: AsyncConnection, *, own: bytes, limit: int, shared: bytes, now: datetime) -> Row:
    """Count a request into its caller's window and, within `limit`, into the shared one."""
    return await _call(connection, _CALLER, own=own, own_limit=limit, shared=shared, moment=now)


async def count_visitor(connection: AsyncConnection, *, own: bytes, now: datetime) -> Row:
    """Count an attempt into its address's window, and forget some windows that closed long ago."""
    return await _call(connection, _VISITOR, own=own, moment=now)


async def count_account(connection: AsyncConnection, *, pair: bytes, share: int, account: bytes, now: datetime) -> Row:
    """Count an attempt into an account's window, but no more than `share` from one address."""
    return await _call(connection, _ACCOUNT, pair=pair, share=share, account=account, moment=now)


async def _call(connection: AsyncConnection, statement: Any, **given: Any) -> Row:
    row: Row = (await connection.execute(statement, given)).mappings().one()
    return row
