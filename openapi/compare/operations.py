"""Two documents, operation by operation: whatever a caller names, sends, or is answered with."""

import re
from collections.abc import Callable, Iterable
from typing import Any

from openapi.compare.difference import Difference, Findings, Json, Place
from openapi.compare.normal import resolve
from openapi.compare.schemas import Flow, Schemas

_METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
_PROBLEM = "application/problem+json"


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
        retired = _majors(self.old) - _majors(self.new) if _majors(self.new) - _majors(self.old) else set()
        for key, operation in before.items():
            name = operation["operationId"]
            if key in after:
                self._operation(operation, after[key])
            elif _major(key[1]) in retired:
                self.findings.note("major-retired", Place(name), f"is gone with {_major(key[1])}")
            elif name in by_id:
                self.findings.breaks("operation-moved", Place(name), f"moved from {_told(key)} to {_told(by_id[name])}")
            else:
                self.findings.breaks("operation-removed", Place(name), f"{_told(key)} is gone")
        for key in after.keys() - before.keys():
            self.findings.note("operation-added", Place(after[key]["operationId"]), f"{_told(key)} is new")
        return sorted(self.findings.found, key=lambda found: (not found.breaking, found))

    def _operation(self, old: Json, new: Json) -> None:
        name = new["operationId"]
        if old["operationId"] != name:
            self.findings.breaks("operation-renamed", Place(name), f"was called `{old['operationId']}`")
        if new.get("deprecated") and not old.get("deprecated"):
            self.findings.note("deprecated", Place(name), "is deprecated")
        self._security(old, new, Place(name))
        self._parameters(old, new, name)
        self._body(old, new, name)
        self._answers(old, new, name)

    def _security(self, old: Json, new: Json, place: Place) -> None:
        before, after = _credentials(old, self.old), _credentials(new, self.new)
        if not all(any(needs <= held for needs in after) for held in before):
            self.findings.breaks("security-changed", place, f"needs {_listed(after)} instead of {_listed(before)}")
        elif before != after:
            self.findings.note("security-changed", place, f"needs {_listed(after)} instead of {_listed(before)}")

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
        found = [resolve(part, document)[0] for part in operation.get("parameters", ())]
        return {(p["in"], p["name"].lower() if p["in"] == "header" else p["name"]): p for p in found}

    def _parameter(self, old: Json, new: Json, place: Place) -> None:
        self._demand(old, new, "parameter", place)
        if any(old.get(key) != new.get(key) for key in ("style", "explode", "allowReserved")):
            self.findings.breaks("style-changed", place, "is written in another way")
        if new.get("deprecated") and not old.get("deprecated"):
            self.findings.note("deprecated", place, "is deprecated")
        self.schemas.compare(old.get("schema", True), new.get("schema", True), Flow.IN, place)

    def _demand(self, old: Json, new: Json, what: str, place: Place) -> None:
        if new.get("required", False) != old.get("required", False):
            demanded = new.get("required", False)
            words = "is required" if demanded else "is no longer required"
            kind = f"{what}-{'required' if demanded else 'optional'}"
            self.findings.note(kind, place, words, breaking=demanded)

    def _body(self, old: Json, new: Json, name: str) -> None:
        before, after = (resolve(part.get("requestBody"), doc)[0] for part, doc in ((old, self.old), (new, self.new)))
        place = Place(f"{name} body")
        if before is None and after is not None:
            demanded = after.get("required", False)
            self.findings.note("body-added", place, "is new", breaking=demanded)
        elif before is not None and after is None:
            self.findings.breaks("body-removed", place, "is gone")
        elif before is not None and after is not None:
            self._demand(before, after, "body", place)
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
                self._named(before[kind], after[kind], "examples", ("problem", words), place)

    def _answers(self, old: Json, new: Json, name: str) -> None:
        before, after = old["responses"], new["responses"]
        for status in before.keys() - after.keys():
            self.findings.breaks("status-removed", Place(f"{name} {status}"), "is no longer answered")
        for status in after.keys() - before.keys():
            # A caller takes any refusal by its class; another way to succeed is news to it.
            breaking = status.startswith("2")
            self.findings.note("status-added", Place(f"{name} {status}"), "is answered too", breaking=breaking)
        for status in before.keys() & after.keys():
            one, other = resolve(before[status], self.old)[0], resolve(after[status], self.new)[0]
            place = Place(f"{name} {status}")
            headers = ("header", "is a header of the answer")
            self._named(one, other, "headers", headers, place, self._header)
            self._named(one, other, "links", ("link", "is a link of the answer"), place)
            self._content(one, other, Flow.OUT, place)

    def _header(self, old: Any, new: Any, place: Place) -> None:
        before, after = resolve(old, self.old)[0], resolve(new, self.new)[0]
        self.schemas.compare(before.get("schema", True), after.get("schema", True), Flow.OUT, place)

    def _named(
        self,
        old: Json,
        new: Json,
        member: str,
        told: tuple[str, str],
        place: Place,
        both: Callable[[Any, Any, Place], None] = lambda *_: None,
    ) -> None:
        """Compare members that are known by their names: losing one breaks, a new one does not."""
        before, after = old.get(member, {}), new.get(member, {})
        what, words = told
        for name in before.keys() - after.keys():
            self.findings.breaks(f"{what}-removed", place.below(f" {name}"), words.replace("is ", "is no longer ", 1))
        for name in after.keys() - before.keys():
            self.findings.note(f"{what}-added", place.below(f" {name}"), words.replace("is ", "is now ", 1))
        for name in before.keys() & after.keys():
            both(before[name], after[name], place.below(f" {name}"))


def _operations(document: Json) -> dict[tuple[str, str], Json]:
    """Return the operations by method and path; what its parameters are called does not make another path."""
    found = {}
    for path, item in sorted(document.get("paths", {}).items()):
        for method in _METHODS:
            if method in item:
                shared = [*item.get("parameters", ()), *item[method].get("parameters", ())]
                operation = {"operationId": f"{method} {path}", **item[method], "parameters": shared}
                found[method, re.sub(r"{[^}]*}", "{}", path)] = operation
    return found


def _told(key: tuple[str, str]) -> str:
    return f"{key[0].upper()} {key[1]}"


def _major(path: str) -> str | None:
    found = re.match(r"/(v\d+)/", path)
    return found[1] if found else None


def _majors(document: Json) -> set[str | None]:
    return {_major(path) for path in document.get("paths", {})} - {None}


def _credentials(operation: Json, document: Json) -> list[frozenset[tuple[str, str]]]:
    """Return what each way to be let in needs; the scope stands in the words where the scheme has no list of them."""
    words = re.findall(r"Needs the scope `([^`]+)`", operation.get("description", ""))
    ways: Iterable[Json] = operation.get("security", document.get("security", [])) or [{}]
    return [
        frozenset((scheme, scope) for scheme, scopes in way.items() for scope in ["", *scopes, *words]) for way in ways
    ]


def _listed(ways: list[frozenset[tuple[str, str]]]) -> str:
    return " or ".join(" and ".join(sorted(scope or scheme for scheme, scope in way)) or "nothing" for way in ways)
