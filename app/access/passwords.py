"""Passwords: argon2id, off the event loop, never more at once than the machine bears."""

import asyncio
import base64
import contextlib
import os
import secrets
import threading
import unicodedata
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final, TypeVar

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError

from app.kit.errors import Overloaded

T = TypeVar("T")

# OWASP's floor for argon2id. A stored hash names its own parameters: raise these, and passwords follow at each sign-in.
MEMORY_KIB: Final = 19 * 1024
ROUNDS: Final = 2
LANES: Final = 1

_WORKERS: Final = 2
_WAITING: Final = 30  # about a second's work; whoever comes later is told to come back
_NICER: Final = 10


class Passwords:
    """Makes and checks the hashes of passwords in a few threads of low priority."""

    def __init__(self) -> None:
        self._hasher = PasswordHasher(
            time_cost=ROUNDS, memory_cost=MEMORY_KIB, parallelism=LANES, hash_len=32, salt_len=16, type=Type.ID
        )
        self._pool = ThreadPoolExecutor(_WORKERS, thread_name_prefix="passwords", initializer=_give_way)
        self._under_way = 0
        # Nobody's password: the hash is random, and checking against it takes as long as against any other.
        parts = (base64.b64encode(secrets.token_bytes(size)).rstrip(b"=").decode() for size in (16, 32))
        self._nobodys = f"$argon2id$v=19$m={MEMORY_KIB},t={ROUNDS},p={LANES}${'$'.join(parts)}"

    async def hash(self, password: str) -> str:
        """Return what is stored of a password. Raise Overloaded when too many are waiting."""
        return await self._run(lambda: self._hasher.hash(_bytes(password)))

    async def verify(self, password: str, *, stored: str | None) -> bool:
        """Tell whether `password` is the one behind `stored`; without one the answer is no, after the same work."""
        return await self._run(lambda: self._matches(password, stored or self._nobodys))

    def is_outdated(self, stored: str) -> bool:
        """Tell whether a hash was made with other parameters than today's."""
        return self._hasher.check_needs_rehash(stored)

    def close(self) -> None:
        """End the threads, once what they do is done."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _matches(self, password: str, stored: str) -> bool:
        try:
            return self._hasher.verify(stored, _bytes(password))
        except (VerificationError, InvalidHashError):
            return False

    async def _run(self, work: Callable[[], T]) -> T:
        if self._under_way >= _WORKERS + _WAITING:
            raise Overloaded(headers={"Retry-After": "1"})
        self._under_way += 1
        future = asyncio.get_running_loop().run_in_executor(self._pool, work)
        future.add_done_callback(self._done)
        return await future

    def _done(self, _: object) -> None:
        self._under_way -= 1


def _bytes(password: str) -> bytes:
    """Return the bytes of a password, the same for every way in which a keyboard may compose its characters."""
    return unicodedata.normalize("NFKC", password).encode()


def _give_way() -> None:
    """Let the event loop go first: on Linux a thread has a priority of its own."""
    with contextlib.suppress(AttributeError, OSError):
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _NICER)
