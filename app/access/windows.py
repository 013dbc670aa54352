"""The counts behind the limits. The database counts and tells in one go: no two workers can spend the same place.

A call is a transaction of its own, as the bare login of the service: everybody who counts into the same window waits
for it, so it must not stay open until an event loop comes round to commit it (migration 0009).
"""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import text

from app.db.pool import Pool
from app.db.scope import Row

#: How long a window lasts; the functions of the database have it too.
WINDOW = timedelta(minutes=1)

_ADMIT = text(
    "select practice_id, api_key_id, login_id, member_id, client_id, name, role, status, coach_access, scopes, "
    "expires_at, revoked_at, own_spent, own_started_at, shared_spent, shared_started_at "
    "from admit_caller(:secret, :is_key, :kind, :own_limit, :moment)"
)
_CALLER = text(
    "select own_spent, own_started_at, shared_spent, shared_started_at "
    "from rate_count_caller(:own, :own_limit, :shared, :moment)"
)
_VISITOR = text("select own_spent, own_started_at from rate_count_visitor(:own, :moment)")
_ACCOUNT = text(
    "select account_spent, account_started_at, counted from rate_count_account(:pair, :share, :account, :moment)"
)


async def admit_caller(pool: Pool, *, secret: bytes, is_key: bool, kind: str, limit: int | None, now: datetime) -> Row:
    """Return whose credential has this hash, all null for nobody's, and count the request if it is good.

    Its use is noted, once a minute. Without a `limit` nothing is counted.
    """
    return await _call(pool, _ADMIT, secret=secret, is_key=is_key, kind=kind, own_limit=limit, moment=now)


async def count_caller(pool: Pool, *, own: bytes, limit: int, shared: bytes, now: datetime) -> Row:
    """Count a request into its caller's window and, within `limit`, into the shared one."""
    return await _call(pool, _CALLER, own=own, own_limit=limit, shared=shared, moment=now)


async def count_visitor(pool: Pool, *, own: bytes, now: datetime) -> Row:
    """Count an attempt into its address's window, and forget some windows that closed long ago."""
    return await _call(pool, _VISITOR, own=own, moment=now)


async def count_account(pool: Pool, *, pair: bytes, share: int, account: bytes, now: datetime) -> Row:
    """Count an attempt into an account's window, but no more than `share` from one address."""
    return await _call(pool, _ACCOUNT, pair=pair, share=share, account=account, moment=now)


async def _call(pool: Pool, statement: Any, **given: Any) -> Row:
    [row] = await pool.call(statement, given)
    return row
