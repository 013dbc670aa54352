"""What the application sends to Postgres, heard by the one seam that its pool has for that."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from app.db.pool import Observer, Pool
from app.db.statements import Plan
from tests.support.api import House

#: What every request asks before its own work: who is calling, and how often lately.
DOOR = ("rate_count_", "admit_caller")


def pool_of(house: House) -> Pool:
    """Return the pool of a running application."""
    found: Pool = house.app.state.house.sessions.pool
    return found


@contextmanager
def observed(house: House, observer: Observer) -> Iterator[None]:
    """Let `observer` hear of each statement for one block."""
    observers = pool_of(house).observers
    observers.append(observer)
    try:
        yield
    finally:
        observers.remove(observer)


@contextmanager
def sent(house: House) -> Iterator[list[tuple[str, Sequence[Any]]]]:
    """Collect what a block sends besides what knows its caller: SQL and values; BEGIN and COMMIT apart."""
    heard: list[tuple[str, Sequence[Any]]] = []

    async def note(_: Any, plan: Plan, values: Sequence[Any]) -> None:
        if not any(part in plan.sql for part in DOOR):
            heard.append((plan.sql, values))

    with observed(house, note):
        yield heard
