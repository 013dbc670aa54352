"""Two schemas. What a caller sends may not be judged more strictly than before; what it reads may not surprise it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from openapi.compare.difference import Findings, Json, Place
from openapi.compare.normal import Schema, normal


class Flow(Enum):
    """Which way the data goes."""

    IN = "requests"
    OUT = "answers"


_LOWER = ("minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties")
_UPPER = ("maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties")
_STRUCTURE = {"properties", "required", "items", "additionalProperties", "default", "format", "discriminator"}


@dataclass(slots=True)
class Schemas:
    """Compares the schemas of two documents; each pair of components once for each way."""

    old: Json
    new: Json
    findings: Findings
    _seen: set[tuple[str, str, Flow]] = field(default_factory=set)

    def compare(self, before: Any, after: Any, flow: Flow, place: Place, *, nulls: bool = True) -> None:
        """Compare what stands in the old document with what stands there now; of a choice, null is asked once."""
        old, new = normal(before, self.old), normal(after, self.new)
        # What stands beside a reference is of this place; the rest is of the component, and told once.
        if nulls:
            self._nulls(old, new, flow, place)
        self._beside(old, new, flow, place)
        if old.ref is not None and new.ref is not None:
            key = (old.ref, new.ref, flow)
            if key in self._seen:
                return
            self._seen.add(key)
            place = Place(new.ref)
            if old.ref != new.ref:
                self.findings.note("schema-renamed", place, f"was called `{old.ref}`")
        if bool(old.variants) != bool(new.variants):
            self._forms(_signed(old, before, self.old), _signed(new, after, self.new), flow, place)
            return
        self._kinds(old, new, flow, place)
        self._forms(_signed(old, None, self.old), _signed(new, None, self.new), flow, place)
        self._values(old, new, flow, place)
        self._limits(old.keywords, new.keywords, flow, place)
        self._others(old.keywords, new.keywords, flow, place)
        self._members(old, new, flow, place)
        self._items(old.keywords, new.keywords, flow, place)

    def _kinds(self, old: Schema, new: Schema, flow: Flow, place: Place) -> None:
        narrow, wide = (old, new) if flow is Flow.IN else (new, old)
        if not _covers(wide.types, narrow.types):
            self.findings.breaks("type-changed", place, f"{_named(old)} became {_named(new)} in {flow.value}")
        elif old.types != new.types:
            self.findings.note("type-changed", place, f"{_named(old)} became {_named(new)} in {flow.value}")

    def _nulls(self, old: Schema, new: Schema, flow: Flow, place: Place) -> None:
        if old.nullable == new.nullable or (old.types, old.variants) == (None, ()):
            return
        kind, words = ("nullable", "may") if new.nullable else ("not-nullable", "may no longer")
        breaking = new.nullable is (flow is Flow.OUT)
        self.findings.note(kind, place, f"{flow.value} {words} hold null", breaking=breaking)

    def _beside(self, old: Schema, new: Schema, flow: Flow, place: Place) -> None:
        before, after = old.keywords.get("default", "none"), new.keywords.get("default", "none")
        if flow is Flow.IN and before != after:
            words = f"`default` {before} became {after}"
            self.findings.note("default-changed", place, words, breaking="default" in old.keywords)
        if new.deprecated and not old.deprecated:
            self.findings.note("deprecated", place, "is deprecated")

    def _forms(self, before: Mapping[str, Any], after: Mapping[str, Any], flow: Flow, place: Place) -> None:
        for name in before.keys() & after.keys():
            self.compare(before[name], after[name], flow, place.below(f"<{name}>"), nulls=False)
        for name in before.keys() - after.keys():
            words = f"{name} is no longer a form of {flow.value}"
            self.findings.note("form-removed", place, words, breaking=flow is Flow.IN)
        for name in after.keys() - before.keys():
            words = f"{name} is a new form of {flow.value}"
            self.findings.note("form-added", place, words, breaking=flow is Flow.OUT)

    def _values(self, old: Schema, new: Schema, flow: Flow, place: Place) -> None:
        if old.enum == new.enum:
            return
        if old.enum is None or new.enum is None:
            appears = new.enum is not None
            words = f"{flow.value} hold {'only listed' if appears else 'other than the listed'} values"
            self.findings.note("enum-changed", place, words, breaking=appears is (flow is Flow.IN))
            return
        gone = [value for value in old.enum if value not in new.enum]
        more = [value for value in new.enum if value not in old.enum]
        for value in gone:
            # An answer that never says it any more hurts nobody, unless it now goes by another name.
            breaking = flow is Flow.IN or bool(more)
            self.findings.note("value-removed", place, f"{flow.value} no longer know {value!r}", breaking=breaking)
        for value in more:
            self.findings.note("value-added", place, f"{flow.value} know {value!r}")

    def _limits(self, old: Json, new: Json, flow: Flow, place: Place) -> None:
        for name in (*_LOWER, *_UPPER):
            before, after = _bound(old, name), _bound(new, name)
            if before == after:
                continue
            tighter = after > before if name in _LOWER else after < before
            words = f"`{name}` {old.get(name, 'none')} became {new.get(name, 'none')} in {flow.value}"
            kind = "limit-tightened" if tighter else "limit-loosened"
            self.findings.note(kind, place, words, breaking=tighter and flow is Flow.IN)

    def _others(self, old: Json, new: Json, flow: Flow, place: Place) -> None:
        known = {*_LOWER, *_UPPER, *_STRUCTURE}
        for name in sorted((old.keys() | new.keys()) - known):
            if old.get(name) != new.get(name):
                self._changed(name, old, new, flow, place)
        if old.get("format") != new.get("format"):
            self._changed("format", old, new, flow, place, asserts=False)

    def _changed(self, name: str, old: Json, new: Json, flow: Flow, place: Place, *, asserts: bool = True) -> None:
        words = f"`{name}` {old.get(name, 'none')} became {new.get(name, 'none')} in {flow.value}"
        # Nobody can say of two patterns which one lets more through; a format of an answer is what readers parse.
        breaking = name in new if flow is Flow.IN else name in old and not asserts
        self.findings.note(f"{name.lower()}-changed", place, words, breaking=breaking)

    def _members(self, old: Schema, new: Schema, flow: Flow, place: Place) -> None:
        for name in sorted(old.properties.keys() & new.properties.keys()):
            self.compare(old.properties[name], new.properties[name], flow, place.member(name))
            self._demand(name, old, new, flow, place.member(name))
        for name in sorted(old.properties.keys() - new.properties.keys()):
            self.findings.breaks("field-removed", place.member(name), f"is gone from {flow.value}")
        for name in sorted(new.properties.keys() - old.properties.keys()):
            if flow is Flow.IN and name in new.required:
                self.findings.breaks("field-required", place.member(name), "is new and required in requests")
            else:
                self.findings.note("field-added", place.member(name), f"is new in {flow.value}")

    def _demand(self, name: str, old: Schema, new: Schema, flow: Flow, place: Place) -> None:
        if name in new.required and name not in old.required:
            self.findings.note("field-required", place, f"is required in {flow.value}", breaking=flow is Flow.IN)
        if name in old.required and name not in new.required:
            self.findings.note("field-optional", place, f"may be absent from {flow.value}", breaking=flow is Flow.OUT)

    def _items(self, old: Json, new: Json, flow: Flow, place: Place) -> None:
        self.compare_if(old.get("items", True), new.get("items", True), flow, place.below("[]"))
        before, after = old.get("additionalProperties", True), new.get("additionalProperties", True)
        if before is not False and after is not False:
            self.compare_if(before, after, flow, place.below("{}"))
        elif before is not after:
            words = f"{flow.value} {'may' if before is False else 'may not'} hold fields without a name here"
            self.findings.note("open-fields", place, words, breaking=after is False and flow is Flow.IN)

    def compare_if(self, before: Any, after: Any, flow: Flow, place: Place) -> None:
        """Compare unless neither says anything."""
        if not (before is True and after is True):
            self.compare(before, after, flow, place)


def _signed(schema: Schema, itself: Any, document: Json) -> dict[str, Any]:
    """Return the forms that a schema may take, by name; one without a choice has the one form that it is."""
    if not schema.variants:
        return {} if itself is None else {_signature(schema): itself}
    signed: dict[str, Any] = {}
    for number, variant in enumerate(schema.variants):
        name = _signature(normal(variant, document))
        signed[name if name not in signed else f"{name} {number}"] = variant
    return signed


def _signature(schema: Schema) -> str:
    return schema.ref or _named(schema)


def _bound(keywords: Json, name: str) -> float:
    if name in keywords:
        return float(keywords[name])
    if name in _UPPER:
        return float("inf")
    return float("-inf") if name in {"minimum", "exclusiveMinimum"} else 0.0


def _covers(wide: frozenset[str] | None, narrow: frozenset[str] | None) -> bool:
    if wide is None or narrow is None:
        return wide is None
    return all(kind in wide or (kind == "integer" and "number" in wide) for kind in narrow)


def _named(schema: Schema) -> str:
    return " or ".join(sorted(schema.types)) if schema.types else "anything"
