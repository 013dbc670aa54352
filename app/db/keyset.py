"""Keyset pages in SQL: where to go on, in which order, and how much to take."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Select, String, Uuid, and_, bindparam, cast, or_

from app.db.scope import Row
from app.kit.pages import Page, Position

Item = TypeVar("Item")


def ordered(
    statement: Select[Any], *, key: ColumnElement[Any], ident: ColumnElement[Any], descending: bool, started: bool
) -> Select[Any]:
    """Return `statement` in the order of `key`, ties by id, at most `take` rows, each with its `page_key`.

    With `started` it goes on after the parameters `after_key` (text) and `after_id`. `key` must not be null.
    """
    if started:
        last = cast(bindparam("after_key", type_=String), key.type)
        beyond, bound = (key < last, key <= last) if descending else (key > last, key >= last)
        # The bound is implied, but only so does an index begin where the page before has ended.
        statement = statement.where(bound, or_(beyond, and_(key == last, ident > bindparam("after_id", type_=Uuid))))
    order = key.desc() if descending else key.asc()
    return statement.add_columns(key.label("page_key")).order_by(order, ident).limit(bindparam("take"))


def parameters(after: Position | None, limit: int) -> dict[str, Any]:
    """Return the parameters of a statement made by `ordered`: one row more than the page tells if it is the last."""
    start = {} if after is None else {"after_key": after.key, "after_id": after.id}
    return {"take": limit + 1, **start}


def cut(rows: Sequence[Row], *, limit: int, at: datetime, item: Callable[[Row], Item]) -> Page[Item]:
    """Return the page that `rows` (at most one too many) make, evaluated at the instant `at`."""
    kept = rows[:limit]
    position = None
    if len(rows) > limit:
        key = kept[-1]["page_key"]
        position = Position(key.isoformat() if isinstance(key, date) else str(key), str(kept[-1]["id"]), at)
    return Page([item(row) for row in kept], position)
