"""Hashing: the right function, off the event loop, and no more of it than the machine bears."""

import asyncio
import threading
from collections.abc import Iterator

import pytest
from argon2 import extract_parameters

from app.access.passwords import Passwords
from app.kit.errors import Overloaded


@pytest.fixture
def passwords() -> Iterator[Passwords]:
    made = Passwords()
    yield made
    made.close()


def test_it_is_argon2id_of_19_mib_two_rounds_and_one_lane(passwords: Passwords) -> None:
    stored = asyncio.run(passwords.hash("some password"))
    found = extract_parameters(stored)
    assert stored.startswith("$argon2id$")
    assert (found.memory_cost, found.time_cost, found.parallelism) == (19 * 1024, 2, 1)
    assert not passwords.is_outdated(stored)


def test_nobodys_password_costs_the_same_and_is_nobodys(passwords: Passwords) -> None:
    assert not passwords.is_outdated(passwords._nobodys)
    assert asyncio.run(passwords.verify("", stored=None)) is False
    assert Passwords()._nobodys != passwords._nobodys


def test_a_damaged_hash_opens_nothing(passwords: Passwords) -> None:
    assert asyncio.run(passwords.verify("x", stored="$argon2id$damaged")) is False


def test_when_too_many_wait_the_next_is_turned_away_and_the_loop_stays_free(passwords: Passwords) -> None:
    gate, ticks = threading.Event(), 0

    async def flood() -> list[object]:
        nonlocal ticks
        tries = [asyncio.ensure_future(passwords._run(gate.wait)) for _ in range(40)]
        for _ in range(20):
            await asyncio.sleep(0)
            ticks += 1
        gate.set()
        return await asyncio.gather(*tries, return_exceptions=True)

    results = asyncio.run(flood())
    assert ticks == 20
    assert [isinstance(r, Overloaded) for r in results] == [False] * 32 + [True] * 8
    assert asyncio.run(passwords.verify("x", stored=None)) is False, "there is room again"
