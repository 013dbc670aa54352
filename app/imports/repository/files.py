"""Imported files and their rows."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any
from uuid import UUID

from pydantic_core import to_json
from sqlalchemy import (
    ARRAY,
    Select,
    Text,
    Uuid,
    any_,
    bindparam,
    case,
    cast,
    column,
    func,
    insert,
    literal,
    null,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import JSONB

from app.access import visibility
from app.access.visibility import Sight
from app.db import bulk, keyset
from app.db.scope import Row, ScopedSession
from app.db.tables import import_file, import_row

_PRACTICE: Any = bindparam("practice_id", type_=Uuid)
_ID: Any = bindparam("id", type_=Uuid)
_IMPORT: Any = bindparam("import_id", type_=Uuid)

_COLUMNS = tuple(c for c in import_file.c if c.name != "practice_id")
_SELECT = visibility.each(
    lambda sight: select(*_COLUMNS).where(
        import_file.c.practice_id == _PRACTICE, *visibility.clients(sight, import_file.c.client_id)
    )
)
_FIND = visibility.each(lambda sight: _SELECT[sight].where(import_file.c.id == _ID))
_LOCK = visibility.each(lambda sight: _FIND[sight].with_for_update())
_INSERT = insert(import_file)
_INSERT_ROWS = bulk.insert_rows(
    import_row,
    *("import_id", "number", "action", "opportunity_id", "contact_id", "values", "source_status", "problems"),
    *("draft", "made"),
)

_row = import_row.c
_OF_IMPORT = (_row.practice_id == _PRACTICE, _row.import_id == _IMPORT)
_SHOWN = select(
    _row.import_id.label("id"),
    _row.number,
    _row.action,
    _row.opportunity_id,
    _row.contact_id,
    _row["values"],
    _row.source_status,
    _row.problems,
).where(*_OF_IMPORT)
_DRAFTS = select(_row.draft).where(*_OF_IMPORT).order_by(_row.number)
_MADE = select(_row.number, _row.opportunity_id, _row.contact_id, _row.made).where(*_OF_IMPORT).order_by(_row.number)
# In an UPDATE parameters with the names of columns are what is set, so those that find the rows have others.
_CHANGE = update(import_row).where(
    _row.practice_id == bindparam("in_practice", type_=Uuid), _row.import_id == bindparam("in_import", type_=Uuid)
)
_SETTLED = ("action", "opportunity_id", "contact_id", "values", "problems", "made")
_DONE = (
    func.jsonb_to_recordset(cast(bindparam("done", type_=Text), JSONB))
    .table_valued(*(column(name, _row[name].type) for name in ("number", *_SETTLED)))
    .render_derived("done", with_types=True)
)
_SETTLE = _CHANGE.where(_row.number == _DONE.c.number).values({name: _DONE.c[name] for name in _SETTLED})
_GONE: Any = bindparam("gone", type_=ARRAY(Uuid))
_FORGET = _CHANGE.values(
    opportunity_id=case((_row.opportunity_id == any_(_GONE), null()), else_=_row.opportunity_id),
    contact_id=case((_row.contact_id == any_(_GONE), null()), else_=_row.contact_id),
    made=literal({}, type_=JSONB),
)

_FORGET_OPPORTUNITY = (
    update(import_row)
    .where(_row.practice_id == bindparam("in_practice", type_=Uuid), _row.opportunity_id == bindparam("gone"))
    .values(opportunity_id=None)
)


@lru_cache(maxsize=8)
def _list(sight: Sight, *, started: bool) -> Select[Any]:
    key, ident = import_file.c.created_at, import_file.c.id
    return keyset.ordered(_SELECT[sight], key=key, ident=ident, descending=True, started=started)


@lru_cache(maxsize=4)
def _rows(*, started: bool) -> Select[Any]:
    return keyset.ordered(_SHOWN, key=_row.number, ident=_row.import_id, descending=False, started=started)


async def insert_import(
    session: ScopedSession, *, values: Mapping[str, Any], rows: Sequence[Mapping[str, Any]]
) -> None:
    """Store an import and its rows; an id that is taken raises through the primary key."""
    await session.run(_INSERT, **values)
    await bulk.run(session, _INSERT_ROWS, [{**row, "import_id": values["id"]} for row in rows])


async def find(session: ScopedSession, *, import_id: UUID) -> Row | None:
    """Return an import, or None when there is none that the caller sees."""
    return (await visibility.run(session, _FIND, id=import_id)).mappings().one_or_none()


async def lock(session: ScopedSession, *, import_id: UUID) -> Row | None:
    """Return an import as `find` does, locked until the transaction ends."""
    return (await visibility.run(session, _LOCK, id=import_id)).mappings().one_or_none()


async def update_import(session: ScopedSession, *, import_id: UUID, values: Mapping[str, Any]) -> None:
    """Change a locked import and count the change in its version."""
    statement = (
        update(import_file)
        .where(import_file.c.practice_id == session.scope.practice_id, import_file.c.id == import_id)
        .values(**values, version=import_file.c.version + 1)
    )
    await session.change(statement)


async def list_imports(session: ScopedSession, *, page: Mapping[str, Any]) -> Sequence[Row]:
    """Return the rows of a page of imports, the newest first."""
    statement = _list(visibility.sight(session), started="after_id" in page)
    return (await session.run(statement, **page, **visibility.parameters(session))).mappings().all()


async def list_rows(session: ScopedSession, *, import_id: UUID, page: Mapping[str, Any]) -> Sequence[Row]:
    """Return a page of the rows of an import, by number."""
    statement = _rows(started="after_id" in page)
    return (await session.run(statement, import_id=import_id, **page)).mappings().all()


async def drafts(session: ScopedSession, *, import_id: UUID) -> Sequence[dict[str, Any]]:
    """Return what the reader found in each row, by number."""
    return (await session.run(_DRAFTS, import_id=import_id)).scalars().all()


async def made(session: ScopedSession, *, import_id: UUID) -> Sequence[Row]:
    """Return what each row refers to, and what the commit made for it."""
    return (await session.run(_MADE, import_id=import_id)).mappings().all()


async def settle_rows(session: ScopedSession, *, import_id: UUID, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write down what the commit did with each row."""
    where = {"in_practice": session.scope.practice_id, "in_import": import_id}
    await session.execute(_SETTLE, {**where, "done": to_json(rows).decode()})


async def forget_made(session: ScopedSession, *, import_id: UUID, gone: Sequence[UUID]) -> None:
    """Let the rows no longer refer to what an undo removed."""
    where = {"in_practice": session.scope.practice_id, "in_import": import_id}
    await session.execute(_FORGET, {**where, "gone": list(gone)})


async def forget_opportunity(session: ScopedSession, *, opportunity_id: UUID) -> None:
    """Take an opportunity that is erased out of every row that made or matched it."""
    await session.execute(_FORGET_OPPORTUNITY, {"in_practice": session.scope.practice_id, "gone": opportunity_id})
