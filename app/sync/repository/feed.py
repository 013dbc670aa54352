"""What changed since a position, as far as the caller is to be told; and which database it is that says so."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Select,
    Text,
    Uuid,
    and_,
    bindparam,
    case,
    exists,
    func,
    or_,
    select,
    text,
    true,
    tuple_,
    union_all,
)

from app.access import visibility
from app.db.scope import Actor, Row, ScopedSession
from app.db.tables import change, change_member, change_reader
from app.db.tables.changes import Xid8

_PRACTICE: Any = bindparam("practice_id", type_=Uuid)
_ME: Any = bindparam("me", type_=Uuid)
_LIMITED = frozenset({Actor.COACH, Actor.ASSISTANT})

# A logical restore shows in the oids, another server in its identifier, a restore to a point in time in the timeline,
# and putting files back only in the generation, which the operator draws anew (`crickets reset-sync`).
# The setting is for this transaction: the planner knows no practice by its size (ADR 6), takes its feed for a few rows,
# and would collect and sort all of them for each page instead of reading on in the index.
_STATE = text(
    "select pg_snapshot_xmin(moment) as floor, pg_snapshot_xmax(moment) as ceiling, "
    "concat_ws('.', feed_origin(), left(pg_walfile_name(pg_current_wal_lsn()), 8), "
    "(select last_value from public.change_generation)) as origin, "
    "set_config('enable_bitmapscan', 'off', true) "
    "from pg_current_snapshot() as moment"
)

_WHERE = tuple_(change.c.xid, change.c.seq)
_AFTER: Any = tuple_(bindparam("xid", type_=Xid8), bindparam("seq", type_=BigInteger))
_READER, _MEMBER = change_reader.alias("reader"), change_member.alias("own")
_ORIGIN = select(func.feed_origin(type_=Text)).scalar_subquery()
# Whom the caller sees at all, now: a look at a set, before the look at when.
_SEEN = select(_READER.c.client_id).where(_READER.c.practice_id == _PRACTICE, _READER.c.member_id.in_([_ME, _PRACTICE]))
#: That the caller saw the client's records around then.
_SAW = or_(change.c.client_id.in_(_SEEN), _PRACTICE.in_(_SEEN)) & exists().where(
    _READER.c.practice_id == _PRACTICE,
    _READER.c.member_id.in_([_ME, _PRACTICE]),
    _READER.c.client_id.in_([change.c.client_id, _PRACTICE]),
    or_(_READER.c.origin != _ORIGIN, ~func.pg_visible_in_snapshot(change.c.xid, _READER.c.since)),
)
_COLUMNS = (change.c.xid, change.c.seq, change.c.type, change.c.resource_id)


def _knew(what: str, xid: ColumnElement[Any]) -> ColumnElement[bool]:
    """Return the condition that the caller knew of what there is, or of what is between coaches, around then."""
    return exists().where(
        _MEMBER.c.practice_id == _PRACTICE,
        _MEMBER.c.member_id == _ME,
        _MEMBER.c.knows == what,
        or_(_MEMBER.c.origin != _ORIGIN, ~func.pg_visible_in_snapshot(xid, _MEMBER.c.since)),
    )


_OF_MINE = (_READER.c.practice_id == _PRACTICE, _READER.c.member_id == _ME, _READER.c.client_id == _PRACTICE)
#: What coaches and assistants were told, for one who has become an owner or an admin since.
_PROMOTED = exists().where(
    *_OF_MINE, _READER.c.origin == _ORIGIN, func.pg_visible_in_snapshot(change.c.xid, _READER.c.since)
)
# A row that stands for an older one is as old as that.
_JOINED = or_(change.c.repeats.is_(None), _knew("practice", change.c.repeats))
_BETWEEN_COACHES = _knew("coaches", func.coalesce(change.c.repeats, change.c.xid))


def _between(*conditions: ColumnElement[bool]) -> Select[Any]:
    return (
        select(*_COLUMNS)
        .where(
            change.c.practice_id == _PRACTICE,
            _WHERE > _AFTER,
            change.c.xid < bindparam("floor", type_=Xid8),
            *conditions,
        )
        .order_by(change.c.xid, change.c.seq)
        .limit(bindparam("take"))
    )


def _for_members(*, limited: bool, coaches: bool) -> Select[Any]:
    told = case(
        (change.c.audience == "all", or_(change.c.client_id.is_(None), _SAW)),
        (change.c.audience == "member", change.c.member_id == _ME),
        (change.c.audience == "limited", _JOINED if limited else and_(_PROMOTED, _JOINED)),
    )
    shared = case((or_(change.c.shared, _BETWEEN_COACHES), true())).is_not(None) if coaches else change.c.shared
    # As in app/access/visibility.py: what most rows pass must not be taken for a filter that few do.
    return _between(case((told, true())).is_not(None), shared)


def _for_clients() -> Select[Any]:
    own = _between(
        change.c.client_id == bindparam("own_client", type_=Uuid),
        change.c.member_id.is_(None),
        change.c.audience.in_(["all", "client"]),
        change.c.shared,
    )
    both = union_all(own.subquery("own").select(), _between(change.c.type == "practice").subquery("house").select())
    found = both.subquery("found")
    return select(*found.c).order_by(found.c.xid, found.c.seq).limit(bindparam("take"))


_FOR_CLIENTS = _for_clients()
_FOR_MEMBERS: Mapping[Actor, Select[Any]] = {
    actor: _for_members(limited=actor in _LIMITED, coaches=actor in visibility.COACHES)
    for actor in Actor
    if actor not in {Actor.CLIENT, Actor.SYSTEM}
}


@dataclass(frozen=True, slots=True)
class State:
    """As of which moment is told: below `floor` every transaction is over, from `ceiling` on none has begun."""

    floor: int
    ceiling: int
    origin: str


async def state(session: ScopedSession) -> State:
    """Return the moment that this transaction sees, and what distinguishes this database from its copies."""
    row = (await session.execute(_STATE)).one()
    return State(row.floor, row.ceiling, row.origin)


async def rows(session: ScopedSession, *, xid: int, seq: int, floor: int, take: int) -> Sequence[Row]:
    """Return the next rows that the caller is told of, in their order."""
    actor = session.scope.actor
    statement = _FOR_CLIENTS if actor is Actor.CLIENT else _FOR_MEMBERS[actor]
    who = {"me": session.scope.member_id} | (
        {} if actor is not Actor.CLIENT else {"own_client": session.scope.client_id}
    )
    found = await session.run(statement, xid=xid, seq=seq, floor=floor, take=take, **who)
    return found.mappings().all()
