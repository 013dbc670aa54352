"""Two documents, operation by operation: whatever a caller names, sends, or is answered with."""

import re
from collections.abc import Callable
from typing import Any

from openapi.compare import facts
from openapi.compare.difference import Difference, Findings, Json, Place
from openapi.compare.normal import resolve
from openapi.compare.schemas import Flow, Schemas

_METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
_PROBLEM = "application/problem+json"
#: A caller takes any refusal by its class, and 304 only when it has asked; another way to be answered is news to it.
_EXPECTED = re.compile("304|[45]..|default")


def compare(old: Json, new: Json) -> list[Difference]:
    """Return every difference, the breaking ones first."""
    return _Documents(old, new).compare()


class _Documents:
    def __init__(self, old: Json, new: Json) -> None:
        self.old, self.new = old, new
        self.findings = Findings()
        self.schemas = Schemas(old, new, self.findings)

    def compare(self) -> list[Difference]:
        before, after = _operations(self.old), _operations(self.new)
        by_id = {operation["operationId"]: key for key, operation in after.items()}
        self._version()
        for key, operation in before.items():
            name = operation["operationId"]
            if key in after:
                self._operation(operation, after[key])
            elif name in by_id:
                self.findings.breaks("operation-moved", Place(name), f"moved from {_told(key)} to {_told(by_id[name])}")
            else:
                self.findings.breaks("operation-removed", Place(name), f"{_told(key)} is gone")
        for key in after.keys() - before.keys():
            self.findings.note("operation-added", Place(after[key]["operationId"]), f"{_told(key)} is new")
        return sorted(self.findings.found, key=lambda found: (not found.breaking, found))

    def _version(self) -> None:
        """Hold a document to its name: a major version stands in its paths, beside those of before."""
        before, after = (doc.get("info", {}).get("version", "0").partition(".")[0] for doc in (self.old, self.new))
        served = any(path.startswith(f"/v{after}/") for path in self.new.get("paths", {}))
        if before != after and not served:
            self.findings.breaks("version-changed", Place("info version"), f"is {after} instead of {before}")

    def _facts(self, table: facts.Facts, old: Json, new: Json, place: Place) -> None:
        for fact in table:
            fact.tell((old, self.old), (new, self.new), place, self.findings)

    def _operation(self, old: Json, new: Json) -> None:
        name = new["operationId"]
        if old["operationId"] != name:
            self.findings.breaks("operation-renamed", Place(name), f"was called `{old['operationId']}`")
        self._facts(facts.OPERATION, old, new, Place(name))
        self._parameters(old, new, name)
        self._body(old, new, name)
        self._answers(old, new, name)

    def _parameters(self, old: Json, new: Json, name: str) -> None:
        before, after = (self._by_name(part, document) for part, document in ((old, self.old), (new, self.new)))
        for key in before.keys() - after.keys():
            self.findings.breaks("parameter-removed", Place(f"{name} {key[1]}"), f"is gone from the {key[0]}")
        for key in after.keys() - before.keys():
            place, demanded = Place(f"{name} {key[1]}"), after[key].get("required", False)
            words = f"is new in the {key[0]}{' and required' if demanded else ''}"
            self.findings.note("parameter-added", place, words, breaking=demanded)
        for key in before.keys() & after.keys():
            self._parameter(before[key], after[key], Place(f"{name} {key[1]}"))

    def _by_name(self, operation: Json, document: Json) -> dict[tuple[str, str], Json]:
        """Return the parameters by place and name; those of the operation win over those of its path."""
        found = [resolve(part, document)[0] for part in operation.get("parameters", ())]
        return {(p["in"], p["name"].lower() if p["in"] == "header" else p["name"]): p for p in found}

    def _parameter(self, old: Json, new: Json, place: Place) -> None:
        self._facts(facts.PARAMETER, old, new, place)
        may_lack = not old.get("required", False)
        self.schemas.compare(_schema(old), _schema(new), Flow.IN, place, may_lack=may_lack)

    def _body(self, old: Json, new: Json, name: str) -> None:
        before, after = (resolve(part.get("requestBody"), doc)[0] for part, doc in ((old, self.old), (new, self.new)))
        place = Place(f"{name} body")
        if before is None and after is not None:
            demanded = after.get("required", False)
            self.findings.note("body-added", place, "is new", breaking=demanded)
        elif before is not None and after is None:
            self.findings.breaks("body-removed", place, "is gone")
        elif before is not None and after is not None:
            self._facts(facts.BODY, before, after, place)
            self._content(before, after, Flow.IN, place)

    def _content(self, old: Json, new: Json, flow: Flow, place: Place) -> None:
        before, after = old.get("content", {}), new.get("content", {})
        for kind in before.keys() - after.keys():
            self.findings.breaks("media-type-removed", place.below(f" {kind}"), f"is gone from {flow.value}")
        for kind in after.keys() - before.keys():
            self.findings.note("media-type-added", place.below(f" {kind}"), f"is new in {flow.value}")
        for kind in before.keys() & after.keys():
            self.schemas.compare(before[kind].get("schema", True), after[kind].get("schema", True), flow, place)
            if kind == _PROBLEM:
                words = "is a problem answered"
                self._named(before[kind], after[kind], "examples", ("problem", words), place, self._problem)

    def _answers(self, old: Json, new: Json, name: str) -> None:
        before, after = old["responses"], new["responses"]
        for status in before.keys() - after.keys():
            self.findings.breaks("status-removed", Place(f"{name} {status}"), "is no longer answered")
        for status in after.keys() - before.keys():
            breaking = _EXPECTED.fullmatch(status) is None
            self.findings.note("status-added", Place(f"{name} {status}"), "is answered too", breaking=breaking)
        for status in before.keys() & after.keys():
            one, other = resolve(before[status], self.old)[0], resolve(after[status], self.new)[0]
            place = Place(f"{name} {status}")
            headers = ("header", "is a header of the answer")
            self._named(one, other, "headers", headers, place, self._header)
            self._named(one, other, "links", ("link", "is a link of the answer"), place, self._link)
            self._content(one, other, Flow.OUT, place)

    def _header(self, old: Json, new: Json, place: Place) -> None:
        self._facts(facts.HEADER, old, new, place)
        self.schemas.compare(_schema(old), _schema(new), Flow.OUT, place)

    def _link(self, old: Json, new: Json, place: Place) -> None:
        self._facts(facts.LINK, old, new, place)

    def _problem(self, old: Json, new: Json, place: Place) -> None:
        self._facts(facts.PROBLEM, old, new, place)

    def _named(
        self,
        old: Json,
        new: Json,
        member: str,
        told: tuple[str, str],
        place: Place,
        both: Callable[[Any, Any, Place], None],
    ) -> None:
        """Compare members that are known by their names: losing one breaks, a new one does not."""
        before, after = _members(old, member), _members(new, member)
        what, words = told
        for name in before.keys() - after.keys():
            self.findings.breaks(f"{what}-removed", place.below(f" {name}"), words.replace("is ", "is no longer ", 1))
        for name in after.keys() - before.keys():
            self.findings.note(f"{what}-added", place.below(f" {name}"), words.replace("is ", "is now ", 1))
        for name in before.keys() & after.keys():
            one, other = resolve(before[name], self.old)[0], resolve(after[name], self.new)[0]
            both(one, other, place.below(f" {name}"))


def _members(part: Json, member: str) -> Json:
    """Return the members by name; of headers, the case says nothing."""
    found: Json = part.get(member, {})
    return {name.title(): value for name, value in found.items()} if member == "headers" else found


def _schema(part: Json) -> Any:
    """Return the schema of a parameter or header, which may stand under a media type."""
    written = next(iter(part.get("content", {}).values()), part)
    return written.get("schema", True)


def _operations(document: Json) -> dict[tuple[str, str], Json]:
    """Return the operations by method and path; what its parameters are called does not make another path."""
    found = {}
    for path, item in sorted(document.get("paths", {}).items()):
        for method in _METHODS:
            if method in item:
                shared = [*item.get("parameters", ()), *item[method].get("parameters", ())]
                operation = {"operationId": f"{method} {path}", "servers": item.get("servers"), **item[method]}
                found[method, re.sub(r"{[^}]*}", "{}", path)] = {**operation, "parameters": shared}
    return found


def _told(key: tuple[str, str]) -> str:
    return f"{key[0].upper()} {key[1]}"
