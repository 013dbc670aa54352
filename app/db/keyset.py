"""Keyset pages in SQL: where to go on, in which order, and how much to take."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Select, String, Uuid, and_, bindparam, cast, or_

from app.db.scope import Row
from app.kit.pages import Page, Position

Item = TypeVar("Item")


def ordered(
    statement: Select[Any],
    *,
    key: ColumnElement[Any],
    ident: ColumnElement[Any],
    descending: bool,
    started: bool,
    twin: ColumnElement[Any] | None = None,
) -> Select[Any]:
    """Return `statement` in the order of `key`, ties by id, at most `take` rows, each with its `page_key`.

    With `started` it goes on after the parameters `after_key` (text) and `after_id`. `key` must not be null. `twin` is
    what tells two of one id apart, where that can be: `page_twin`, to go on after `after_twin`.
    """
    ties = [ident] if twin is None else [ident, twin]
    if started:
        last = cast(bindparam("after_key", type_=String), key.type)
        beyond, bound = (key < last, key <= last) if descending else (key > last, key >= last)
        # The bound is implied, but only so does an index begin where the page before has ended.
        statement = statement.where(bound, or_(beyond, and_(key == last, _later(*ties))))
    order = key.desc() if descending else key.asc()
    named = [key.label("page_key"), *(tie.label("page_twin") for tie in ties[1:])]
    return statement.add_columns(*named).order_by(order, *ties).limit(bindparam("take"))


def _later(ident: ColumnElement[Any], twin: ColumnElement[Any] | None = None) -> ColumnElement[bool]:
    at: Any = bindparam("after_id", type_=Uuid)
    after: ColumnElement[bool] = ident > at
    if twin is None:
        return after
    return or_(after, and_(ident == at, twin > bindparam("after_twin", type_=String)))


def parameters(after: Position | None, limit: int, *, twins: bool = False) -> dict[str, Any]:
    """Return the parameters of a statement made by `ordered`: one row more than the page tells if it is the last."""
    if after is None:
        return {"take": limit + 1}
    ident, _, twin = after.id.partition(" ")
    start = {"after_key": after.key, "after_id": ident}
    return {"take": limit + 1, **start, **({"after_twin": twin} if twins else {})}


def cut(rows: Sequence[Row], *, limit: int, at: datetime, item: Callable[[Row], Item]) -> Page[Item]:
    """Return the page that `rows` (at most one too many) make, evaluated at the instant `at`."""
    kept = rows[:limit]
    position = None
    if len(rows) > limit:
        key, ident, twin = (kept[-1].get(name) for name in ("page_key", "id", "page_twin"))
        place = str(ident) if twin is None else f"{ident} {twin}"
        position = Position(key.isoformat() if isinstance(key, date) else str(key), place, at)
    return Page([item(row) for row in kept], position)
