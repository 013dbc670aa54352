"""What is told of a part of the document by a single value: the one table of it, for each kind of part."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from openapi.compare.difference import Findings, Json, Place
from openapi.compare.keywords import canonical
from openapi.compare.normal import resolve

#: How a parameter is written unless it says otherwise.
_STYLES = {"path": "simple", "header": "simple"}
_MEMBERS_OF_PROBLEMS = ("type", "status", "code")


@dataclass(frozen=True, slots=True)
class Flag:
    """Something that is so or not: the kind, the words and the gravity of its becoming so, and of its ceasing."""

    name: str
    on: tuple[str, str, bool]
    off: tuple[str, str, bool] | None = None

    def tell(self, old: tuple[Json, Json], new: tuple[Json, Json], place: Place, findings: Findings) -> None:
        """Tell a change of it."""
        before, after = (bool(part.get(self.name)) for part, _ in (old, new))
        told = None if before == after else self.on if after else self.off
        if told is not None:
            findings.note(told[0], place, told[1], breaking=told[2])


@dataclass(frozen=True, slots=True)
class Value:
    """Something with a value, read from the part and its document, and which changes of it break."""

    kind: str
    words: str
    read: Callable[[Json, Json], Any]
    breaks: Callable[[Any, Any], bool] = lambda before, after: bool(before != after)
    shown: Callable[[Any], str] = lambda value: ", ".join(map(str, value)) or "nothing"

    def tell(self, old: tuple[Json, Json], new: tuple[Json, Json], place: Place, findings: Findings) -> None:
        """Tell a change of it."""
        before, after = self.read(*old), self.read(*new)
        if before != after:
            words = f"{self.words} {self.shown(after)} instead of {self.shown(before)}"
            findings.note(self.kind, place, words, breaking=self.breaks(before, after))


def _servers(part: Json, document: Json) -> tuple[str, ...]:
    servers = part.get("servers") or document.get("servers") or [{"url": "/"}]
    return tuple(" ".join([s["url"], *([canonical(s["variables"])] if s.get("variables") else [])]) for s in servers)


def _loses(before: tuple[Any, ...], after: tuple[Any, ...]) -> bool:
    """Say whether the one that tools take, the first, is another now, or any that a caller may have taken is gone."""
    return before[:1] != after[:1] or not set(before) <= set(after)


Way = frozenset[tuple[str, str]]


def _credentials(part: Json, document: Json) -> frozenset[Way]:
    """Return what each way to be let in needs: schemes by what they are, and scopes.

    A scope stands beside the scheme, in `x-scope`, or in the words: no other words there look like one.
    """
    words = re.findall(r"`([a-z_-]+:[a-z_-]+)`", part.get("description", ""))
    scopes = {"", part.get("x-scope", ""), *words}
    ways = part.get("security", document.get("security", [])) or [{}]
    return frozenset(
        frozenset((_scheme(name, document), scope) for name, named in way.items() for scope in {*scopes, *named})
        for way in ways
    )


def _scheme(name: str, document: Json) -> str:
    found = resolve(document.get("components", {}).get("securitySchemes", {}).get(name, {"name": name}), document)[0]
    said = {key: value for key, value in found.items() if key not in {"description", "bearerFormat"}}
    return ", ".join(f"{key} {value if isinstance(value, str) else canonical(value)}" for key, value in said.items())


def _locks_out(before: frozenset[Way], after: frozenset[Way]) -> bool:
    return not all(any(needs <= held for needs in after) for held in before)


def _told(ways: frozenset[Way]) -> str:
    return " or ".join(
        sorted(" and ".join(sorted(scope or scheme for scheme, scope in way)) or "nothing" for way in ways)
    )


def _style(part: Json, _: Json) -> tuple[Any, ...]:
    style = part.get("style", _STYLES.get(part["in"], "form"))
    raw = [name for name in ("allowReserved", "allowEmptyValue") if part.get(name)]
    return style, "exploded" if part.get("explode", style == "form") else "in one", *raw, *part.get("content", ())


def _target(part: Json, _: Json) -> tuple[Any, ...]:
    kept = {key: value for key, value in part.items() if key not in {"description", "parameters"}}
    return tuple(f"{key} {value}" for key, value in sorted(kept.items()) if not key.startswith("x-"))


def _given(part: Json, _: Json) -> tuple[tuple[str, Any], ...]:
    return tuple(sorted(part.get("parameters", {}).items()))


def _problem(part: Json, document: Json) -> tuple[Any, ...]:
    value = resolve(part, document)[0].get("value", {})
    return tuple(value.get(name) for name in _MEMBERS_OF_PROBLEMS)


_DEPRECATED = Flag("deprecated", ("deprecated", "is deprecated", False))


def _required(what: str) -> Flag:
    on = (f"{what}-required", "is required", True)
    return Flag("required", on, (f"{what}-optional", "is no longer required", False))


Facts = tuple[Flag | Value, ...]
OPERATION: Facts = (
    _DEPRECATED,
    Value("security-changed", "needs", _credentials, _locks_out, _told),
    Value("servers-changed", "is served at", _servers, _loses),
    # Makers of clients name modules and classes by them.
    Value("tags-changed", "is filed under", lambda part, _: tuple(part.get("tags") or ["default"]), _loses),
)
PARAMETER: Facts = (_DEPRECATED, _required("parameter"), Value("style-changed", "is written as", _style))
BODY: Facts = (_required("body"),)
HEADER: Facts = (
    _DEPRECATED,
    Flag(
        "required",
        ("header-required", "is in every answer", False),
        ("header-optional", "may be absent from the answer", True),
    ),
)
LINK: Facts = (
    Value("link-changed", "leads to", _target),
    Value("link-changed", "gives", _given, lambda before, after: not set(before) <= set(after)),
)
PROBLEM: Facts = (Value("problem-changed", "is answered as", _problem),)
