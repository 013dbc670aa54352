"""Waits in and sums out: the facts that a practice learns from, and what it has learnt of them."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    JSON,
    BigInteger,
    ColumnElement,
    Text,
    Uuid,
    any_,
    bindparam,
    case,
    cast,
    column,
    delete,
    func,
    select,
    union,
)
from sqlalchemy.dialects.postgresql import JSONB, insert

from app.db.bulk import as_json
from app.db.scope import ScopedSession
from app.db.tables import opportunity, silence, silence_change

_PRACTICE: Any = bindparam("practice_id", type_=Uuid)
_IDS: Any = bindparam("opportunity_ids", type_=ARRAY(Uuid))
_change = silence_change.c

_NAMES = tuple(c.name for c in silence.c if c.name not in {"practice_id", "client_id", "company_id"})
_ROWS = (
    func.jsonb_to_recordset(cast(bindparam("rows", type_=Text), JSONB))
    .table_valued(*(column(name, silence.c[name].type) for name in _NAMES))
    .render_derived(with_types=True)
)
_GONE = (
    delete(silence)
    .where(
        silence.c.practice_id == _PRACTICE,
        silence.c.opportunity_id == any_(_IDS),
    )
    .returning(silence.c.client_id)
    .cte("gone")
)
# Counted first, so that the former rows are gone when the new ones come.
_REMOVED = select(func.count().label("n")).select_from(_GONE).cte("removed")
# Whose and where comes from the opportunity. What is deleted has never been, as long as it is not restored.
_MADE = (
    insert(silence)
    .from_select(
        ["practice_id", "client_id", "company_id", *_NAMES],
        select(_PRACTICE, opportunity.c.client_id, opportunity.c.company_id, *(_ROWS.c[name] for name in _NAMES))
        .select_from(_ROWS.join(opportunity, opportunity.c.id == _ROWS.c.opportunity_id))
        .where(
            opportunity.c.practice_id == _PRACTICE,
            opportunity.c.id == any_(_IDS),
            opportunity.c.deleted_at.is_(None),
            select(_REMOVED.c.n).scalar_subquery() >= 0,
        ),
    )
    .returning(silence.c.client_id)
    .cte("made")
)
_TOUCHED = union(select(_GONE.c.client_id), select(_MADE.c.client_id)).cte("touched")
_WRITTEN = cast(cast(func.pg_current_xact_id(), Text), BigInteger)
# Of a client's changes only the latest matters to anybody; whatever somebody else is about to remove is left to them.
_SUPERSEDED = (
    select(_change.client_id, _change.written)
    .where(
        _change.practice_id == _PRACTICE,
        _change.client_id == any_(func.array(select(_TOUCHED.c.client_id).scalar_subquery(), type_=ARRAY(Uuid))),
        _change.written < cast(cast(func.pg_snapshot_xmin(func.pg_current_snapshot()), Text), BigInteger),
    )
    .with_for_update(skip_locked=True)
    .cte("superseded")
)
_PRUNED = delete(silence_change).where(
    _change.practice_id == _PRACTICE,
    _change.client_id == _SUPERSEDED.c.client_id,
    _change.written == _SUPERSEDED.c.written,
)
# All of it in one statement: each is a round trip while the opportunities are locked.
_REPLACE = (
    insert(silence_change)
    .from_select(["practice_id", "client_id", "written"], select(_PRACTICE, _TOUCHED.c.client_id, _WRITTEN))
    .on_conflict_do_nothing()
    .add_cte(_PRUNED.cte("pruned"))
)


_SINCE = func.practice_waits(bindparam("known_snapshot", type_=Text), type_=JSON)
_WAITS = select(_SINCE.label("learnt"))


def learnt() -> ColumnElement[Any]:
    """Return the column of what the practice has seen since `known_snapshot`: in one row; null where it is nothing."""
    return case((func.row_number().over() == 1, _SINCE)).label("learnt")


async def all_waits(session: ScopedSession) -> Mapping[str, Any]:
    """Return what the practice has ever seen, as of the session's snapshot."""
    found: Mapping[str, Any] = (await session.run(_WAITS, known_snapshot=None)).scalar_one()
    return found


async def replace_waits(
    session: ScopedSession, *, opportunity_ids: Sequence[UUID], waits: Sequence[Mapping[str, Any]]
) -> None:
    """Put `waits` in the place of all those of the opportunities, and leave a note of whose have changed."""
    await session.run(_REPLACE, opportunity_ids=list(opportunity_ids), rows=as_json(waits))
