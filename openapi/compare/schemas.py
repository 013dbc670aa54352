"""Two schemas. What a caller sends may not be judged more strictly than before; what it reads may not surprise it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from openapi.compare.difference import Findings, Json, Place
from openapi.compare.keywords import DEMAND, KEYWORDS, Told, canonical, covers, spelled
from openapi.compare.normal import Schema, is_placed, normal


class Flow(Enum):
    """Which way the data goes."""

    IN = "requests"
    OUT = "answers"


#: The mark of fields that do not go that way.
_HIDDEN = {Flow.IN: "readOnly", Flow.OUT: "writeOnly"}


@dataclass(slots=True)
class Schemas:
    """Compares the schemas of two documents; each pair of components once for each way."""

    old: Json
    new: Json
    findings: Findings
    _seen: set[tuple[str, str, str, str, Flow]] = field(default_factory=set)

    def compare(
        self, before: Any, after: Any, flow: Flow, place: Place, *, nulls: bool = True, may_lack: bool = False
    ) -> None:
        """Compare what stands in the old document with what stands there now.

        Of a choice, null is asked once. What a caller may leave out is held to its default.
        """
        old, new = normal(before, self.old), normal(after, self.new)
        # What stands beside a reference is of this place; the rest is of the component, and told once.
        if nulls:
            self._nulls(old, new, flow, place)
        self._placed(old, new, may_lack=may_lack and flow is Flow.IN, place=place)
        if old.ref is not None and new.ref is not None:
            key = (old.ref, old.beside, new.ref, new.beside, flow)
            if key in self._seen:
                return
            self._seen.add(key)
            if old.ref != new.ref:
                self.findings.note("schema-renamed", Place(new.ref), f"was called `{old.ref}`")
            place = place if old.beside or new.beside else Place(new.ref)
        self._discriminator(old, new, flow, place)
        if bool(old.variants) != bool(new.variants):
            self._forms(_signed(old, before, self.old), _signed(new, after, self.new), flow, place)
            return
        self._kinds(old, new, flow, place)
        self._forms(_signed(old, None, self.old), _signed(new, None, self.new), flow, place)
        self._values(old, new, flow, place)
        self._demands(old, new, flow, place)
        self._members(old, new, flow, place)
        self._inner(old, new, flow, place)

    def _kinds(self, old: Schema, new: Schema, flow: Flow, place: Place) -> None:
        narrow, wide = (old, new) if flow is Flow.IN else (new, old)
        if old.types != new.types:
            words = f"{_named(old)} became {_named(new)} in {flow.value}"
            self.findings.note("type-changed", place, words, breaking=not covers(narrow.types, wide.types))

    def _nulls(self, old: Schema, new: Schema, flow: Flow, place: Place) -> None:
        if old.nullable == new.nullable or _is_anything(old) or _is_anything(new):
            return
        kind, words = ("nullable", "may") if new.nullable else ("not-nullable", "may no longer")
        breaking = new.nullable is (flow is Flow.OUT)
        self.findings.note(kind, place, f"{flow.value} {words} hold null", breaking=breaking)

    def _placed(self, old: Schema, new: Schema, *, may_lack: bool, place: Place) -> None:
        if may_lack and canonical(old.default) != canonical(new.default):
            words = f"`default` {spelled(old.default, None)} became {spelled(new.default, None)}"
            self.findings.breaks("default-changed", place, words)
        if new.placed.get("deprecated") and not old.placed.get("deprecated"):
            self.findings.note("deprecated", place, "is deprecated")

    def _discriminator(self, old: Schema, new: Schema, flow: Flow, place: Place) -> None:
        before, after = old.placed.get("discriminator"), new.placed.get("discriminator")
        if before is None or after is None:
            if before != after:
                words = f"{flow.value} {'are no longer' if after is None else 'are'} told apart by a field"
                self.findings.note("discriminator-changed", place, words, breaking=after is None)
            return
        if before["propertyName"] != after["propertyName"]:
            words = f"{flow.value} are told apart by `{after['propertyName']}` instead of `{before['propertyName']}`"
            self.findings.breaks("discriminator-changed", place, words)
        known, now = before.get("mapping", {}), after.get("mapping", {})
        for value in sorted(known.keys() - now.keys()):
            self.findings.breaks("discriminator-changed", place, f"{value!r} no longer tells a form of {flow.value}")
        for value in sorted(known.keys() & now.keys()):
            self.compare(_reference(known[value]), _reference(now[value]), flow, place.below(f"<{value}>"))

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
            # Readers must take values that they do not know: answers may always gain some.
            self.findings.note("value-added", place, f"{flow.value} know {value!r}")

    def _demands(self, old: Schema, new: Schema, flow: Flow, place: Place) -> None:
        """Hold requests to no more than before, and answers to no less, since whoever reads them counts on it."""
        for name in sorted(old.says.keys() | new.says.keys()):
            rule = KEYWORDS.get(name, DEMAND)
            before, after = old.said(name), new.said(name)
            if before == after or rule.told is Told.SELF:
                continue
            tighter = not rule.within(before, after)
            breaking = tighter if flow is Flow.IN else not rule.within(after, before)
            limit = "limit-tightened" if tighter else "limit-loosened"
            words = f"`{name}` {spelled(before, rule.free)} became {spelled(after, rule.free)} in {flow.value}"
            kind = limit if rule.told is Told.LIMIT else f"{name.lower()}-changed"
            self.findings.note(kind, place, words, breaking=breaking)

    def _members(self, old: Schema, new: Schema, flow: Flow, place: Place) -> None:
        before, demanded = _fields(old, self.old, flow)
        after, now_demanded = _fields(new, self.new, flow)
        for name in sorted(before.keys() & after.keys()):
            may_lack = name not in demanded
            self.compare(before[name], after[name], flow, place.member(name), may_lack=may_lack)
        for name in sorted(before.keys() - after.keys()):
            self.findings.breaks("field-removed", place.member(name), f"is gone from {flow.value}")
        fresh, told = after.keys() - before.keys(), before.keys() ^ after.keys()
        for name in sorted(now_demanded - demanded):
            if name not in told or (flow is Flow.IN and name in fresh):
                words = f"is {'new and ' if name in fresh else ''}required in {flow.value}"
                self.findings.note("field-required", place.member(name), words, breaking=flow is Flow.IN)
                fresh = fresh - {name}
        for name in sorted(fresh):
            self.findings.note("field-added", place.member(name), f"is new in {flow.value}")
        for name in sorted(demanded - now_demanded - told):
            words = f"may be absent from {flow.value}"
            self.findings.note("field-optional", place.member(name), words, breaking=flow is Flow.OUT)

    def _inner(self, old: Schema, new: Schema, flow: Flow, place: Place) -> None:
        self._inside(old.said("items"), new.said("items"), flow, place.below("[]"))
        before, after = old.said("additionalProperties"), new.said("additionalProperties")
        if before is not False and after is not False:
            self._inside(before, after, flow, place.below("{}"))
        elif before is not after:
            words = f"{flow.value} {'may' if before is False else 'may not'} hold fields without a name here"
            self.findings.note("open-fields", place, words, breaking=after is False and flow is Flow.IN)

    def _inside(self, before: Any, after: Any, flow: Flow, place: Place) -> None:
        """Compare what every item or value is like, unless neither document says anything of it."""
        if not (before is True and after is True):
            self.compare(before, after, flow, place)


def _fields(schema: Schema, document: Json, flow: Flow) -> tuple[Json, frozenset[str]]:
    """Return the fields that go this way, and the names of those that must be there, listed as fields or not."""
    fields: Json = schema.said("properties")
    hidden = {name for name, part in fields.items() if is_placed(part, _HIDDEN[flow], document)}
    return {name: part for name, part in fields.items() if name not in hidden}, schema.said("required") - hidden


def _reference(target: str) -> Json:
    """Return what a mapping names, which may be done with the name alone."""
    return {"$ref": target if "/" in target else f"#/components/schemas/{target}"}


def _signed(schema: Schema, itself: Any, document: Json) -> dict[str, Any]:
    """Return the forms that a schema may take, by name; one without a choice has the one form that it is."""
    if not schema.variants:
        return {} if itself is None else {_signature(schema): itself}
    signed: dict[str, Any] = {}
    # Several of one name are told apart by what they say: their order says nothing.
    for number, variant in enumerate(sorted(schema.variants, key=canonical)):
        name = _signature(normal(variant, document))
        signed[name if name not in signed else f"{name} {number}"] = variant
    return signed


def _signature(schema: Schema) -> str:
    return schema.ref or _named(schema)


def _is_anything(schema: Schema) -> bool:
    return (schema.types, schema.variants, schema.enum) == (None, (), None)


def _named(schema: Schema) -> str:
    return " or ".join(sorted(schema.types)) if schema.types else "anything"
