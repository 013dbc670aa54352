"""Schemas in one form, so that two ways of writing the same thing are no difference.

`anyOf` with null, `type` with null and an enumeration with null all say nullable; a constant is an enumeration of one;
`allOf`, and what stands beside a reference, is what the parts say together; a choice is what its forms say together
with what stands beside it; a reference is what it refers to, under its name.
"""

from dataclasses import dataclass, replace
from itertools import product
from typing import Any

from openapi.compare.difference import Json
from openapi.compare.keywords import DEMAND, KEYWORDS, PLACED, canonical, demands

_NULL = frozenset({"null"})


@dataclass(frozen=True, slots=True)
class Schema:
    """A schema in normal form: what it says by keyword, or the forms it has a choice of."""

    #: The component that it is, and what the place demands beside that.
    ref: str | None
    beside: str
    types: frozenset[str] | None
    nullable: bool
    enum: tuple[Any, ...] | None
    variants: tuple[Any, ...]
    says: Json
    placed: Json

    @property
    def default(self) -> Any:
        """Without one, what is left out is what null is."""
        return self.placed.get("default")

    def said(self, name: str) -> Any:
        """Return what a keyword says, be it absent."""
        return self.says.get(name, KEYWORDS.get(name, DEMAND).free)


@dataclass(frozen=True, slots=True)
class _Flat:
    """A schema whose references and `allOf` are resolved: what its members demand holds together."""

    members: tuple[Json, ...]
    ref: str | None = None
    beside: str = ""


def resolve(part: Any, document: Json) -> tuple[Any, str | None]:
    """Follow references; return what is there and the last name on the way."""
    name = None
    while isinstance(part, dict) and "$ref" in part:
        beside = {key: value for key, value in part.items() if key != "$ref"}
        target, name = _target(part["$ref"], document)
        part = {**target, **beside} if isinstance(target, dict) else target
    return part, name


def _target(reference: str, document: Json) -> tuple[Any, str]:
    target: Any = document
    for step in reference.removeprefix("#/").split("/"):
        target = target[step.replace("~1", "/").replace("~0", "~")]
    return target, reference.rsplit("/", 1)[-1]


def normal(part: Any, document: Json) -> Schema:
    """Return a schema in normal form."""
    flat = _flat(part, document)
    placed = {key: value for member in flat.members for key, value in member.items() if key in PLACED}
    forms = _forms(flat)
    real = [form for form in forms if _said(_flat(form, document), document).get("type") != _NULL]
    if len(real) == 1:
        inner = normal(real[0], document)
        return replace(
            inner,
            ref=inner.ref or flat.ref,
            beside=inner.beside if inner.ref else flat.beside,
            nullable=inner.nullable or len(real) < len(forms),
            placed={**inner.placed, **placed},
        )
    says = {} if forms else _said(flat, document)
    types, enum = says.pop("type", None), says.pop("enum", None)
    nullable = (types is None or "null" in types) and (enum is None or None in enum)
    if forms:
        nullable = len(real) < len(forms) or any(normal(form, document).nullable for form in real)
    return Schema(
        flat.ref,
        flat.beside,
        None if types is None else types - _NULL,
        nullable,
        None if enum is None else tuple(value for value in enum if value is not None),
        tuple(real),
        says,
        placed,
    )


def is_placed(part: Any, mark: str, document: Json) -> bool:
    """Whether a field is marked `readOnly` or `writeOnly`, there or in its component."""
    return any(member.get(mark) is True for member in _flat(part, document).members)


def _flat(part: Any, document: Json) -> _Flat:
    if isinstance(part, bool):
        return _Flat(({} if part else {"not": {}},))
    if part.keys() == {"$ref"}:
        target, name = _target(part["$ref"], document)
        inner = _flat(target, document)
        return _Flat(inner.members, inner.ref if inner.ref and not inner.beside else name)
    own = {key: value for key, value in part.items() if key not in {"$ref", "allOf"}}
    heads = [{"$ref": part["$ref"]}] if "$ref" in part else []
    flats = [_flat(head, document) for head in [*heads, *part.get("allOf", ())]]
    members = (*(member for flat in flats for member in flat.members), own)
    named = [flat for flat in flats if flat.ref is not None]
    if len(named) != 1:
        return _Flat(members)
    # What is said beside the one component decides whether two places say the same.
    others = [member for flat in flats if flat is not named[0] for member in flat.members]
    beside = [found for found in map(_demanding, [*others, own]) if found]
    return _Flat(members, named[0].ref, named[0].beside + (canonical(beside) if beside else ""))


def _demanding(member: Json) -> Json:
    return demands(member) | {key: member[key] for key in ("anyOf", "oneOf") if key in member}


def _forms(flat: _Flat) -> list[Any]:
    """Return the forms that a schema has a choice of, each with what stands beside the choice."""
    choices = [member[key] for member in flat.members for key in ("anyOf", "oneOf") if key in member]
    if not choices:
        return []
    beside = [found for found in map(demands, flat.members) if found]
    forms = [[*chosen, *beside] for chosen in product(*choices)]
    return [form[0] if len(form) == 1 else {"allOf": form} for form in forms]


def _said(flat: _Flat, document: Json) -> Json:
    """Return what the members say together, by keyword."""
    says: Json = {}
    for member in flat.members:
        for name, value in demands(member).items():
            rule = KEYWORDS.get(name, DEMAND)
            given = rule.read(_expanded(value, document, ()) if rule is DEMAND else value)
            key = "enum" if name == "const" else name
            says[key] = rule.both(says.get(key, rule.free), given)
    return says


def _expanded(value: Any, document: Json, within: tuple[str, ...]) -> Any:
    """Return what a keyword holds that is only compared as text, with its references followed."""
    if isinstance(value, list):
        return [_expanded(one, document, within) for one in value]
    if not isinstance(value, dict):
        return value
    reference = value.get("$ref")
    if isinstance(reference, str) and reference not in within:
        value = {**value, "$ref": _target(reference, document)[0]}
        within = (*within, reference)
    return {key: _expanded(one, document, within) for key, one in value.items() if key not in {"title", "description"}}
