"""Answers as plain values, written straight to bytes (docs/adr/0017).

Rooms whose answers are asked for most often give trees instead of models: dicts with the fields of an Out model, in its
order. What JSON has no word for is turned into text as the model would; where, is worked out from the model once. A
model stays what the document shows, and what the tests hold the trees against.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime
from enum import Enum
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin
from uuid import UUID

import orjson
from pydantic import BaseModel

from app.kit.fields import instant_text
from app.kit.schema import Parsed

#: The fields of an Out model by name, in its order; nested ones too, and everything else as rows hold it.
Tree = dict[str, Any]
_Mend = Callable[[Any], Any]

_PLAIN = (str, int, float, date, Enum, NoneType)  # a datetime is a date, hence looked for first


class ShapeError(TypeError):
    """A model has a field of a kind that no tree can hold."""


class Shape:
    """How trees of a model are written."""

    def __init__(self, model: type[BaseModel]) -> None:
        self._names = tuple(model.model_fields)
        found = {name: _mend_of(field.annotation, *field.metadata) for name, field in model.model_fields.items()}
        self.mends = tuple((name, mend) for name, mend in found.items() if mend is not None)

    def write(self, tree: Tree) -> bytes:
        """Return the JSON of a tree, which is used up by it."""
        return orjson.dumps(self.mend(tree))

    def whole(self, **values: Any) -> Tree:
        """Return a tree of values that come in any order."""
        return {name: values[name] for name in self._names}

    def mend(self, tree: Tree) -> Tree:
        """Put into a tree, in place, what can be written."""
        for name, mend in self.mends:
            value = tree[name]
            if value is not None:
                tree[name] = mend(value)
        return tree


@cache
def shape_of(model: type[BaseModel]) -> Shape:
    """Return the shape of a model."""
    return Shape(model)


def _instant(moment: datetime) -> orjson.Fragment:
    """Write an instant as `instant_text` does, three times as fast: orjson leaves out a fraction that is nothing."""
    if moment.tzinfo is not UTC:
        moment = moment.astimezone(UTC)
    text = orjson.dumps(moment, None, orjson.OPT_UTC_Z)
    return orjson.Fragment(text if moment.microsecond else text[:-2] + b'.000000Z"')


def _ids(found: list[UUID]) -> list[str]:
    return [str(one) for one in found]


def _mend_of(annotation: Any, *metadata: Any) -> _Mend | None:
    """Return what turns a value of this type into something that can be written, None where it is already."""
    if get_origin(annotation) is Annotated:
        return _mend_of(*get_args(annotation))
    dump = next((part.dump for part in metadata if isinstance(part, Parsed) and part.dump), None)
    if dump is not None:
        return _instant if dump is instant_text else dump
    if annotation is UUID:
        return str  # quick for those that the driver makes, of a class of their own
    if get_origin(annotation) is list:
        return _mend_each(*get_args(annotation))
    if get_origin(annotation) in {Union, UnionType}:
        return _mend_any([one for one in get_args(annotation) if one is not NoneType])
    return _mend_one(annotation)


def _mend_one(annotation: Any) -> _Mend | None:
    if get_origin(annotation) is Literal or annotation is None:
        return None
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        shape = shape_of(annotation)
        return shape.mend if shape.mends else None
    if isinstance(annotation, type) and issubclass(annotation, _PLAIN) and annotation is not datetime:
        return None
    raise ShapeError(f"a tree cannot hold {annotation}")


def _mend_each(of: Any) -> _Mend | None:
    mend = _mend_of(of)
    if mend is None or mend is str:
        return mend and _ids
    return lambda found: [mend(one) for one in found]


def _mend_any(kinds: list[Any]) -> _Mend | None:
    """Return what mends a value of any of these types, which nothing tells apart in a tree."""
    first, *others = kinds
    if others and len({_mends(kind) for kind in kinds}) > 1:
        raise ShapeError(f"a tree cannot tell {kinds} apart")
    return _mend_of(first)


def _mends(kind: Any) -> tuple[Any, ...]:
    mend = _mend_of(kind)
    shape = getattr(mend, "__self__", None)
    return shape.mends if isinstance(shape, Shape) else (mend,)
