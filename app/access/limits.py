"""How often callers may call, and visitors may try to become callers (API.md C17)."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv4Address, ip_address
from math import ceil

from sqlalchemy.ext.asyncio import AsyncConnection

from app.access import windows
from app.access.principal import Principal
from app.access.windows import WINDOW

_DIGEST_BYTES = 16
_IPV6_SITE = 8  # bytes


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


async def spend(
    connection: AsyncConnection, *, principal: Principal, limits: Limits, writes: bool, now: datetime
) -> Quota:
    """Count a request of a caller; return the quota of the credential, or the practice's where that one is exceeded.

    What a credential has no place for is not counted for the practice: a script gone wild leaves the others theirs.
    """
    name, limit = ("write", limits.write) if writes else ("read", limits.read)
    credential = principal.api_key_id or principal.login_id or principal.id
    row = await windows.count_caller(
        connection,
        own=_bucket(name, credential.bytes),
        limit=limit,
        shared=_bucket("practice", principal.practice_id.bytes),
        now=now,
    )
    own = _quota(name, limit, row["own_spent"], row["own_started_at"], now)
    if own.is_exceeded:
        return own
    practice = _quota("practice", limits.practice, row["shared_spent"], row["shared_started_at"], now)
    return practice if practice.is_exceeded else own


async def visit(connection: AsyncConnection, *, operation: str, address: str, limits: Limits, now: datetime) -> Quota:
    """Count an attempt at an operation by somebody unknown; return the quota of their address."""
    own = _bucket(f"address {operation}", site(address))
    row = await windows.count_visitor(connection, own=own, now=now)
    return _quota("auth", limits.auth, row["own_spent"], row["own_started_at"], now)


async def attempt(
    connection: AsyncConnection, *, operation: str, address: str, account: str, limits: Limits, now: datetime
) -> Quota:
    """Count an attempt on an account, which need not exist; return the quota of the account.

    From one address no more than half of it is counted: whoever floods an account from there does not lock out the
    person whom it belongs to, who comes from elsewhere.
    """
    key, share = hashlib.sha256(account.encode("utf-8", "surrogatepass")).digest(), ceil(limits.auth / 2)
    row = await windows.count_account(
        connection,
        pair=_bucket(f"pair {operation}", key + site(address)),
        share=share,
        account=_bucket(f"account {operation}", key),
        now=now,
    )
    # What is not counted needs a free place all the same.
    spent = row["account_spent"] + (not row["counted"])
    return _quota("auth", limits.auth, spent, row["account_started_at"], now)


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


def _quota(name: str, limit: int, spent: int, started_at: datetime, now: datetime) -> Quota:
    left: timedelta = started_at + WINDOW - now
    return Quota(name, limit, spent, max(1, ceil(left.total_seconds())))
