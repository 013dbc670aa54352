"""How often callers may call, and visitors may try to become callers (API.md C17)."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv4Address, ip_address
from math import ceil

from app.access import windows
from app.access.principal import Principal
from app.access.windows import WINDOW
from app.db.pool import Pool
from app.db.scope import Row

_DIGEST_BYTES = 16
_IPV6_SITE = 8  # bytes
_REMEMBERED = 10_000


@dataclass(frozen=True, slots=True)
class Limits:
    """How many requests a minute: reads and writes of a credential, attempts to sign in, everything of a practice."""

    read: int
    write: int
    auth: int
    practice: int


@dataclass(frozen=True, slots=True)
class Quota:
    """One limit, and how much of it is used; `resets_in` is in seconds."""

    name: str
    limit: int
    spent: int
    resets_in: int

    @property
    def remaining(self) -> int:
        """Return how many requests are left."""
        return max(0, self.limit - self.spent)

    @property
    def is_exceeded(self) -> bool:
        """Whether the request that was counted last is one too many."""
        return self.spent > self.limit


class Meter:
    """Counts requests against the limits, for one process; the counts are the database's, and so those of all.

    Who is over stays over until the window ends. A process remembers that: a flood costs the database nothing.
    """

    def __init__(self, pool: Pool, limits: Limits) -> None:
        self._pool = pool
        self._limits = limits
        self._closed: dict[bytes, datetime] = {}

    async def admit(self, *, secret: bytes, is_key: bool, writes: bool, now: datetime) -> tuple[Row, Quota | None]:
        """Return what is known of the credential with this hash, and its quota as `spend` does; None without any.

        One call does both, and only a request with a good credential is counted.
        """
        name, limit = self._limit(writes=writes)
        # By its hash: whose it is, and whether it still is, is asked each time.
        door = _bucket(f"{name} door", secret)
        until = self._closed_until(door, now)
        asked = None if until else limit
        row = await windows.admit_caller(self._pool, secret=secret, is_key=is_key, kind=name, limit=asked, now=now)
        if until is not None:
            return row, _exceeded(name, limit, until, now)
        return row, None if row["own_spent"] is None else self._spent(row, door, name, limit, now)

    async def spend(self, *, principal: Principal, writes: bool, now: datetime) -> Quota:
        """Count a request of a caller; return the quota of the credential, or the practice's where that is exceeded.

        What a credential has no place for is not counted for the practice: a script gone wild leaves the others theirs.
        """
        name, limit = self._limit(writes=writes)
        own = _bucket(name, (principal.api_key_id or principal.login_id or principal.id).bytes)
        if (until := self._closed_until(own, now)) is not None:
            return _exceeded(name, limit, until, now)
        shared = _bucket("practice", principal.practice_id.bytes)
        row = await windows.count_caller(self._pool, own=own, limit=limit, shared=shared, now=now)
        return self._spent(row, own, name, limit, now)

    async def visit(self, *, operation: str, address: str, now: datetime) -> Quota:
        """Count an attempt at an operation by somebody unknown; return the quota of their address."""
        own, limit = _bucket(f"address {operation}", site(address)), self._limits.auth
        if (until := self._closed_until(own, now)) is not None:
            return _exceeded("auth", limit, until, now)
        row = await windows.count_visitor(self._pool, own=own, now=now)
        return self._quota(own, "auth", limit, row["own_spent"], row["own_started_at"], now)

    async def attempt(self, *, operation: str, address: str, account: str, now: datetime) -> Quota:
        """Count an attempt on an account, which need not exist; return the quota of the account.

        From one address no more than half of it is counted: whoever floods an account from there does not lock out the
        person whom it belongs to, who comes from elsewhere.
        """
        key, limit = hashlib.sha256(account.encode("utf-8", "surrogatepass")).digest(), self._limits.auth
        own = _bucket(f"account {operation}", key)
        pair = _bucket(f"pair {operation}", key + site(address))
        if (until := self._closed_until(own, now)) is not None:
            return _exceeded("auth", limit, until, now)
        row = await windows.count_account(self._pool, pair=pair, share=ceil(limit / 2), account=own, now=now)
        # What is not counted needs a free place all the same.
        spent = row["account_spent"] + (not row["counted"])
        return self._quota(own, "auth", limit, spent, row["account_started_at"], now)

    def _limit(self, *, writes: bool) -> tuple[str, int]:
        return ("write", self._limits.write) if writes else ("read", self._limits.read)

    def _spent(self, row: Row, own: bytes, name: str, limit: int, now: datetime) -> Quota:
        quota = self._quota(own, name, limit, row["own_spent"], row["own_started_at"], now)
        if quota.is_exceeded or row["shared_spent"] <= self._limits.practice:
            return quota
        return _exceeded("practice", self._limits.practice, row["shared_started_at"] + WINDOW, now)

    def _closed_until(self, bucket: bytes, now: datetime) -> datetime | None:
        until = self._closed.get(bucket)
        return until if until is not None and until - WINDOW <= now < until else None

    def _quota(self, bucket: bytes, name: str, limit: int, spent: int, started_at: datetime, now: datetime) -> Quota:
        until = started_at + WINDOW
        if spent > limit:
            if len(self._closed) >= _REMEMBERED:
                self._closed.clear()  # the database still knows
            self._closed[bucket] = until
        return Quota(name, limit, spent, _seconds(until - now))


def site(address: str) -> bytes:
    """Return what counts as one address: of IPv6 the network of a site, since one site has 2^64 of them."""
    try:
        found = ip_address(address)
    except ValueError:
        return address.encode("utf-8", "surrogatepass")
    if isinstance(found, IPv4Address):
        return found.packed
    return found.ipv4_mapped.packed if found.ipv4_mapped else found.packed[:_IPV6_SITE]


def _bucket(kind: str, what: bytes) -> bytes:
    return hashlib.sha256(kind.encode() + b"\0" + what).digest()[:_DIGEST_BYTES]


def _exceeded(name: str, limit: int, until: datetime, now: datetime) -> Quota:
    return Quota(name, limit, limit + 1, _seconds(until - now))


def _seconds(left: timedelta) -> int:
    return max(1, ceil(left.total_seconds()))
