"""Schemas in one form, so that two ways of writing the same thing are no difference.

`anyOf` with null, `type` with null and an enumeration with null all say nullable; a constant is an enumeration of one;
`allOf` is what its parts say together; a reference is what it refers to, under its name.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from openapi.compare.difference import Json

#: What only people read.
_SAID = {
    "title",
    "description",
    "example",
    "examples",
    "deprecated",
    "$comment",
    "readOnly",
    "writeOnly",
    "externalDocs",
}
_NULL = {"type": "null"}


@dataclass(frozen=True, slots=True)
class Schema:
    """A schema in normal form."""

    ref: str | None
    types: frozenset[str] | None
    nullable: bool
    enum: tuple[Any, ...] | None
    variants: tuple[Json, ...]
    keywords: Json
    deprecated: bool

    @property
    def properties(self) -> Json:
        found: Json = self.keywords.get("properties", {})
        return found

    @property
    def required(self) -> frozenset[str]:
        return frozenset(self.keywords.get("required", ()))


def resolve(part: Any, document: Json) -> tuple[Any, str | None]:
    """Follow references; return what is there and the last name on the way."""
    name = None
    while isinstance(part, dict) and "$ref" in part:
        beside = {key: value for key, value in part.items() if key != "$ref"}
        name = part["$ref"].rsplit("/", 1)[-1]
        target: Any = document
        for step in part["$ref"].removeprefix("#/").split("/"):
            target = target[step.replace("~1", "/").replace("~0", "~")]
        part = {**target, **beside} if isinstance(target, dict) else target
    return part, name


def normal(part: Any, document: Json) -> Schema:
    """Return a schema in normal form."""
    schema, ref = resolve(part, document)
    schema = {} if schema is True else {"not": {}} if schema is False else schema
    schema = _merged(schema, document)
    variants = [v for key in ("anyOf", "oneOf") for v in schema.get(key, ())]
    nullable = _NULL in [{key: v[key] for key in v if key not in _SAID} for v in variants]
    variants = [v for v in variants if v.get("type") != "null"]
    rest = {key: value for key, value in schema.items() if key not in {"anyOf", "oneOf"}}
    if len(variants) == 1:
        inner = normal({**variants[0], **rest}, document)
        return Schema(
            inner.ref or ref, inner.types, nullable or inner.nullable, inner.enum, inner.variants, inner.keywords,
            inner.deprecated or schema.get("deprecated", False),
        )  # fmt: skip
    types, enum = _types(rest), _enum(rest)
    nullable = nullable or any(normal(variant, document).nullable for variant in variants)
    nullable = nullable or "null" in (types or ()) or None in (enum or ())
    return Schema(
        ref,
        None if types is None else types - {"null"},
        nullable,
        None if enum is None else tuple(value for value in enum if value is not None),
        tuple(variants),
        {k: v for k, v in rest.items() if k not in _SAID | {"type", "enum", "const"} and not k.startswith("x-")},
        schema.get("deprecated", False),
    )


def _types(schema: Json) -> frozenset[str] | None:
    given = schema.get("type")
    if given is None:
        return None
    return frozenset(given if isinstance(given, list) else [given])


def _enum(schema: Json) -> tuple[Any, ...] | None:
    return (schema["const"],) if "const" in schema else tuple(schema["enum"]) if "enum" in schema else None


def _merged(schema: Json, document: Json) -> Json:
    if "allOf" not in schema:
        return schema
    whole: Json = {}
    for given in [*schema["allOf"], {key: value for key, value in schema.items() if key != "allOf"}]:
        part = _merged(resolve(given, document)[0], document)
        properties = {**whole.get("properties", {}), **part.get("properties", {})}
        required = _union(whole.get("required", ()), part.get("required", ()))
        whole |= part
        whole |= {"properties": properties} if properties else {}
        whole |= {"required": required} if required else {}
    return whole


def _union(*lists: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(name for names in lists for name in names))
