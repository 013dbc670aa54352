"""Every keyword of a schema: what it demands, how two demands add up, and which of two lets more through.

The one table of them. What it does not list is held to be a demand that nobody can weigh: of two such texts neither
lets through all that the other does.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction
from math import inf
from typing import Any

from openapi.compare.difference import Json

NONE: frozenset[Any] = frozenset()


class Told(Enum):
    """How a change is told."""

    LIMIT = "as `limit-tightened` or `limit-loosened`"
    NAME = "as `…-changed`"
    SELF = "by `schemas`, which looks into it"


@dataclass(frozen=True, slots=True)
class Keyword:
    """The demands of one keyword, as values that can be weighed."""

    #: What it says where it is absent.
    free: Any
    #: Both at once, as under `allOf`.
    both: Callable[[Any, Any], Any]
    #: Whether all that the first lets through the second does too.
    within: Callable[[Any, Any], bool]
    read: Callable[[Any], Any] = lambda value: value
    told: Told = Told.NAME


def canonical(value: Any) -> str:
    """Return the one text of a value."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False)


def spelled(value: Any, free: Any) -> str:
    """Return a demand as people are told it."""
    if value == free:
        return "none"
    return " and ".join(sorted(str(one) for one in value)) if isinstance(value, frozenset) else str(value)


def covers(narrow: frozenset[str] | None, wide: frozenset[str] | None) -> bool:
    """Whether a value of the first types is always one of the second; None are all of them."""
    if wide is None or narrow is None:
        return wide is None
    return all(kind in wide or (kind == "integer" and "number" in wide) for kind in narrow)


def _shared(one: frozenset[str] | None, other: frozenset[str] | None) -> frozenset[str] | None:
    if one is None or other is None:
        return other if one is None else one
    return frozenset(
        kind for kind in one | other if covers(frozenset({kind}), one) and covers(frozenset({kind}), other)
    )


def _listed(one: tuple[Any, ...] | None, other: tuple[Any, ...] | None) -> tuple[Any, ...] | None:
    if one is None or other is None:
        return other if one is None else one
    return tuple(value for value in one if value in other)


def _at_least(free: float) -> Keyword:
    return Keyword(free, max, lambda narrow, wide: narrow >= wide, told=Told.LIMIT)


def _at_most() -> Keyword:
    return Keyword(inf, min, lambda narrow, wide: narrow <= wide, told=Told.LIMIT)


def _own(free: Any, both: Callable[[Any, Any], Any], read: Callable[[Any], Any] = lambda value: value) -> Keyword:
    return Keyword(free, both, lambda narrow, wide: bool(narrow == wide), read, Told.SELF)


def _and(one: Any, other: Any) -> Any:
    """Return the schema that says what two say."""
    if one is False or other is False:
        return False
    return other if one is True else one if other is True else {"allOf": [one, other]}


def _fields(one: Json, other: Json) -> Json:
    return {name: _and(one.get(name, True), other.get(name, True)) for name in {**one, **other}}


#: A demand that cannot be weighed: to be under one more, or one less, is all that can be said.
DEMAND = Keyword(NONE, frozenset.union, frozenset.issuperset, lambda value: frozenset({_text(value)}))


def _text(value: Any) -> str:
    return value if isinstance(value, str) else canonical(value)


KEYWORDS: dict[str, Keyword] = {
    "minimum": _at_least(-inf),
    "exclusiveMinimum": _at_least(-inf),
    "minLength": _at_least(0),
    "minItems": _at_least(0),
    "minProperties": _at_least(0),
    "maximum": _at_most(),
    "exclusiveMaximum": _at_most(),
    "maxLength": _at_most(),
    "maxItems": _at_most(),
    "maxProperties": _at_most(),
    "uniqueItems": Keyword(False, max, lambda narrow, wide: narrow >= wide),
    "multipleOf": Keyword(
        NONE,
        frozenset.union,
        lambda narrow, wide: all(any(one % of == 0 for one in narrow) for of in wide),
        lambda value: frozenset({Fraction(str(value))}),
    ),
    "pattern": DEMAND,
    "format": DEMAND,
    "type": _own(None, _shared, lambda value: frozenset(value if isinstance(value, list) else [value])),
    "enum": _own(None, _listed, tuple),
    "const": _own(None, _listed, lambda value: (value,)),
    "required": _own(NONE, frozenset.union, frozenset),
    "properties": _own({}, _fields),
    "items": _own(True, _and),
    "additionalProperties": _own(True, _and),
}

#: What belongs to the place where a schema stands; the outermost one holds.
PLACED = {"default", "deprecated", "discriminator", "readOnly", "writeOnly"}
#: What only people read, and what is nothing by itself.
_SAID = {"title", "description", "example", "examples", "externalDocs", "$comment", "$schema", "$id", "$defs", "xml"}
#: What only arranges schemas, and is taken apart before any keyword is read.
_SHAPE = {"$ref", "allOf", "anyOf", "oneOf"}


def demands(schema: Json) -> Json:
    """Return the keywords that anything is held against."""
    idle = PLACED | _SAID | _SHAPE
    return {name: value for name, value in schema.items() if name not in idle and not name.startswith("x-")}
