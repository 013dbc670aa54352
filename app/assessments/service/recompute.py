"""Computing steps anew, in the transaction that changed what they derive from."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from app.assessments import repository
from app.assessments.repository import Facts
from app.assessments.service.convert import calendar_of, policy_of, row_of, timeline_of, waits_of, win_rows
from app.db.scope import ScopedSession
from app.experience import service as experience
from app.ghosting.history import history
from app.ghosting.policy import Policy

#: How many opportunities one set of statements recomputes: bounds the memory of an import or a new policy.
_CHUNK = 500
#: Up to this many opportunities a new policy is in force before its answer leaves (API.md, policy).
BACKGROUND_FROM = 2_000


async def reassess(
    session: ScopedSession, *, opportunity_ids: Iterable[UUID], new: bool = False, locked: bool = False
) -> None:
    """Recompute the steps of opportunities.

    `new` says that they were made in this transaction, so that nobody else could have locked them; `locked` that the
    caller holds their locks already.
    """
    ids = sorted(set(opportunity_ids))
    async with session.as_system():
        if new:
            await repository.hold_rules(session, opportunity_ids=ids)
        for start in range(0, len(ids), _CHUNK):
            await _recompute(session, ids[start : start + _CHUNK], locked=locked)


async def forget(session: ScopedSession, *, opportunity_ids: Iterable[UUID]) -> None:
    """Drop the steps of opportunities that are about to be removed."""
    ids = list(opportunity_ids)
    await repository.replace_steps(session, opportunity_ids=ids, steps=(), wins=())
    async with session.as_system():
        await experience.replace(session, opportunity_ids=ids)


async def _recompute(session: ScopedSession, ids: Sequence[UUID], *, locked: bool) -> None:
    if not locked:
        await repository.lock(session, opportunity_ids=ids)
    in_force, found = await repository.facts(session, opportunity_ids=ids)
    if in_force is None:
        return
    policy = policy_of(in_force.document)
    rows = [row for facts in found for row in _rows(facts, policy, in_force.number)]
    won = [row for facts in found for row in win_rows(facts, policy)]
    known = [facts.opportunity_id for facts in found]
    await repository.replace_steps(session, opportunity_ids=known, steps=rows, wins=won)
    await experience.replace(session, opportunity_ids=known, waits=[(o.opportunity_id, waits_of(o)) for o in found])


async def reassess_client(session: ScopedSession, *, client_id: UUID) -> None:
    """Recompute every opportunity of a client whose time zone or region changed."""
    async with session.as_system():
        await reassess(session, opportunity_ids=await repository.ids_of_client(session, client_id=client_id))


async def reassess_outdated(session: ScopedSession, *, at_most: int) -> int:
    """Recompute up to `at_most` opportunities that stand under a former policy; return how many there were."""
    in_force = await repository.current_policy(session)
    ids = await repository.outdated_ids(session, rules_version=in_force.number, at_most=at_most)
    await reassess(session, opportunity_ids=ids)
    return len(ids)


async def replace_policy(session: ScopedSession) -> bool:
    """Call before storing a new policy: wait for computations with the present one.

    Return whether the practice is small enough to be recomputed in the same transaction.
    """
    await repository.change_rules(session)
    return await practice_size(session) <= BACKGROUND_FROM


async def practice_size(session: ScopedSession) -> int:
    """Return how many opportunities the practice has, hidden ones included."""
    return await repository.count(session)


def _rows(facts: Facts, policy: Policy, number: int) -> Iterable[Mapping[str, Any]]:
    steps = history(timeline_of(facts), policy, calendar_of(facts.time_zone, facts.region))
    for seq, step in enumerate(steps):
        yield row_of(step, opportunity_id=facts.opportunity_id, seq=seq, rules_version=number)
