"""Facts in, steps out: what the engine reads of an opportunity, and the calendar computed from it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    BindParameter,
    Text,
    Uuid,
    and_,
    any_,
    bindparam,
    case,
    cast,
    delete,
    exists,
    func,
    or_,
    select,
    true,
)

from app.access import visibility
from app.db import bulk
from app.db.base import instant
from app.db.scope import Row, ScopedSession
from app.db.tables import client, derived_win, ghosting_step, interaction, opportunity, opportunity_contact, policy
from app.experience.repository import learnt

PRACTICE: BindParameter[UUID] = bindparam("practice_id", type_=Uuid)
_IDS = bindparam("opportunity_ids", type_=ARRAY(Uuid))
_AT: BindParameter[datetime] = bindparam("at", type_=instant)
_step = ghosting_step.c

#: Everything a step holds but its keys and what follows from them, in the order of the table.
STEP_COLUMNS = tuple(c for c in _step if c.name not in {"practice_id", "opportunity_id", "seq", "action_id"})
#: The step that holds at the instant `at`: exact for every instant, without any sweep.
HOLDS = and_(_step.starts_at <= _AT, or_(_step.ends_at.is_(None), _step.ends_at > _AT))

_HAS_CONTACT = exists().where(
    opportunity_contact.c.practice_id == opportunity.c.practice_id,
    opportunity_contact.c.opportunity_id == opportunity.c.id,
)
_POLICY = (
    select(policy.c.number, policy.c.document)
    .where(policy.c.practice_id == PRACTICE)
    .order_by(policy.c.number.desc())
    .limit(1)
)
_IN_FORCE = _POLICY.subquery()
# Lock order: opportunities by id, then whatever hangs on them. The facts are a statement of their own: one that has
# waited for a row lock still sees everything else as it was before the wait.
_LOCK = (
    select(opportunity.c.id)
    .where(opportunity.c.practice_id == PRACTICE, opportunity.c.id == any_(_IDS))
    .order_by(opportunity.c.id)
    .with_for_update()
)
# A new opportunity is invisible to whoever changes the policy or its client's zone meanwhile, so these wait for each
# other.
_HOLD_POLICY = select(func.pg_advisory_xact_lock_shared(func.hashtextextended(cast(PRACTICE, Text), 0)))
_CHANGE_POLICY = select(func.pg_advisory_xact_lock(func.hashtextextended(cast(PRACTICE, Text), 0)))
_HOLD_CLIENTS = (
    select(client.c.id)
    .where(
        client.c.practice_id == PRACTICE,
        client.c.id.in_(
            select(opportunity.c.client_id).where(opportunity.c.practice_id == PRACTICE, opportunity.c.id == any_(_IDS))
        ),
    )
    .order_by(client.c.id)
    .with_for_update(read=True)
)
# The policy comes with the facts, once the locks are held: one that is replaced meanwhile recomputes these too, after
# us. Only the first row carries the document.
_FACTS = (
    select(
        opportunity.c.id,
        client.c.time_zone,
        client.c.region,
        _HAS_CONTACT.label("has_contact"),
        _IN_FORCE.c.number,
        case((func.row_number().over(order_by=opportunity.c.id) == 1, _IN_FORCE.c.document)).label("document"),
    )
    .join(client, and_(client.c.practice_id == opportunity.c.practice_id, client.c.id == opportunity.c.client_id))
    .join(_IN_FORCE, true())
    .where(opportunity.c.practice_id == PRACTICE, opportunity.c.id == any_(_IDS))
    .order_by(opportunity.c.id)
)
_ACT = ("opportunity_id", "id", "kind", "occurred_at", "ends_at", "arranged_at", "reply_by", "stage")
_TIMELINES = (
    select(*(interaction.c[name] for name in _ACT))
    .where(
        interaction.c.practice_id == PRACTICE,
        interaction.c.opportunity_id == any_(_IDS),
        interaction.c.voided_at.is_(None),
    )
    .order_by(interaction.c.opportunity_id)
)
# Both in one statement: each is a round trip while the opportunities are locked.
_CLEAR = (
    delete(ghosting_step)
    .where(_step.practice_id == PRACTICE, _step.opportunity_id == any_(_IDS))
    .add_cte(
        delete(derived_win)
        .where(derived_win.c.practice_id == PRACTICE, derived_win.c.opportunity_id == any_(_IDS))
        .cte("former_wins")
    )
)
_INSERT = bulk.insert_rows(ghosting_step, "opportunity_id", "seq", *(c.name for c in STEP_COLUMNS))
_WINS = bulk.insert_rows(
    *(derived_win, "opportunity_id", "kind", "interaction_id", "stage", "occurred_at", "occurred_on", "retracted_at")
)
_OF_CLIENT = select(opportunity.c.id).where(
    opportunity.c.practice_id == PRACTICE, opportunity.c.client_id == bindparam("client_id")
)
# Of one table only: a fresh import has no statistics yet, and without them an anti-join took longer than it may.
_OUTDATED = (
    select(_step.opportunity_id)
    .where(_step.practice_id == PRACTICE, _step.seq == 0, _step.rules_version != bindparam("rules_version"))
    .order_by(_step.opportunity_id)
    .limit(bindparam("at_most"))
)
_COUNT = select(func.count()).select_from(opportunity).where(opportunity.c.practice_id == PRACTICE)
_OF_ONE = (
    _step.practice_id == PRACTICE,
    _step.opportunity_id == bindparam("opportunity_id"),
    opportunity.c.deleted_at.is_(None),
)
_HOLDING = (
    select(*STEP_COLUMNS, client.c.time_zone, opportunity.c.client_id, opportunity.c.company_id, learnt())
    .join(opportunity, and_(opportunity.c.practice_id == _step.practice_id, opportunity.c.id == _step.opportunity_id))
    .join(client, and_(client.c.practice_id == opportunity.c.practice_id, client.c.id == opportunity.c.client_id))
    .where(*_OF_ONE, HOLDS)
)
_ALL_RUNS = (
    select(_step.status, _step.status_since, _step.status_until)
    .join(opportunity, and_(opportunity.c.practice_id == _step.practice_id, opportunity.c.id == _step.opportunity_id))
    .where(*_OF_ONE)
    .distinct()
    .order_by(_step.status_since)
)
_FIND = visibility.each(lambda sight: _HOLDING.where(*visibility.clients(sight, opportunity.c.client_id)))
_RUNS = visibility.each(lambda sight: _ALL_RUNS.where(*visibility.clients(sight, opportunity.c.client_id)))
_SEEN = select(interaction.c.id).where(
    interaction.c.practice_id == PRACTICE,
    interaction.c.opportunity_id == bindparam("opportunity_id"),
    visibility.interactions(interaction.c.visibility),
)


@dataclass(frozen=True, slots=True)
class InForce:
    """The policy that answers are computed with: its number and its document."""

    number: int
    document: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Facts:
    """What the engine needs of one opportunity besides the policy."""

    opportunity_id: UUID
    time_zone: str
    region: str | None
    has_contact: bool
    interactions: Sequence[Row]


async def hold_rules(session: ScopedSession, *, opportunity_ids: Sequence[UUID]) -> None:
    """Keep the policy and the clients of new opportunities from changing until this transaction ends."""
    await session.run(_HOLD_POLICY)
    await session.run(_HOLD_CLIENTS, opportunity_ids=list(opportunity_ids))


async def change_rules(session: ScopedSession) -> None:
    """Wait until no new opportunity is being computed with the present policy, and hold back the next ones."""
    await session.run(_CHANGE_POLICY)


async def lock(session: ScopedSession, *, opportunity_ids: Sequence[UUID]) -> None:
    """Lock opportunities until the transaction ends."""
    await session.run(_LOCK, opportunity_ids=list(opportunity_ids))


async def facts(session: ScopedSession, *, opportunity_ids: Sequence[UUID]) -> tuple[InForce | None, list[Facts]]:
    """Return the policy and the facts of locked opportunities, two statements for any number; None without any."""
    ids = list(opportunity_ids)
    found = (await session.run(_FACTS, opportunity_ids=ids)).all()
    timelines: dict[UUID, list[Row]] = {}
    for row in (await session.run(_TIMELINES, opportunity_ids=ids)).mappings():
        timelines.setdefault(row["opportunity_id"], []).append(row)
    in_force = InForce(found[0].number, found[0].document) if found else None
    return in_force, [Facts(o.id, o.time_zone, o.region, o.has_contact, timelines.get(o.id, [])) for o in found]


async def current_policy(session: ScopedSession) -> InForce:
    """Return the policy in force."""
    row = (await session.run(_POLICY)).one()
    return InForce(row.number, row.document)


async def replace_steps(
    session: ScopedSession,
    *,
    opportunity_ids: Sequence[UUID],
    steps: Sequence[Mapping[str, Any]],
    wins: Sequence[Mapping[str, Any]],
) -> None:
    """Put `steps` and `wins` in the place of all those of the opportunities."""
    await session.run(_CLEAR, opportunity_ids=list(opportunity_ids))
    await bulk.run(session, _INSERT, steps)
    await bulk.run(session, _WINS, wins)


async def ids_of_client(session: ScopedSession, *, client_id: UUID) -> Sequence[UUID]:
    """Return the ids of all opportunities of a client, hidden ones too: they may be restored."""
    return (await session.run(_OF_CLIENT, client_id=client_id)).scalars().all()


async def count(session: ScopedSession) -> int:
    """Return how many opportunities the practice has."""
    return int((await session.run(_COUNT)).scalar_one())


async def outdated_ids(session: ScopedSession, *, rules_version: int, at_most: int) -> Sequence[UUID]:
    """Return opportunities whose steps were computed with other rules than `rules_version`."""
    return (await session.run(_OUTDATED, rules_version=rules_version, at_most=at_most)).scalars().all()


async def find_step(session: ScopedSession, *, opportunity_id: UUID, at: datetime, **known: Any) -> Row | None:
    """Return the step that holds at the instant, with whose it is and what was learnt; None: nothing to see."""
    found = await visibility.run(session, _FIND, opportunity_id=opportunity_id, at=at, **known)
    return found.mappings().one_or_none()


async def runs(session: ScopedSession, *, opportunity_id: UUID) -> Sequence[Row]:
    """Return the runs of equal status in order, the initial one with a null `status_since`; none: nothing to see."""
    return (await visibility.run(session, _RUNS, opportunity_id=opportunity_id)).mappings().all()


async def seen_ids(session: ScopedSession, *, opportunity_id: UUID) -> frozenset[UUID]:
    """Return the ids of the interactions of an opportunity that the caller may know of."""
    found = await session.run(_SEEN, opportunity_id=opportunity_id, **visibility.parameters(session))
    return frozenset(found.scalars())
