"""`CHANGELOG.md`: what it must tell before the document may be published, and how a version of it is closed."""

import re
from collections.abc import Iterable

from openapi.compare import Difference

UNRELEASED = "## Unreleased"
#: In place of an operation's name, where all of them change in the same way.
EVERY = "every operation"


def entries(text: str) -> list[str]:
    """Return the entries under Unreleased, each on one line."""
    section = _sections(text).get(UNRELEASED, "")
    return [" ".join(entry.split()) for entry in re.split(r"^- ", section, flags=re.MULTILINE)[1:]]


def untold(differences: Iterable[Difference], text: str) -> list[Difference]:
    """Return the differences of which no entry under Unreleased speaks: all its names stand in one, as `code`."""
    told = entries(text)
    return [found for found in differences if not any(_tells(entry, found.names) for entry in told)]


def _tells(entry: str, names: tuple[str, ...]) -> bool:
    first, *others = [f"`{name}`" for name in names]
    named = first in entry or (EVERY in entry.lower() and bool(others))
    return named and all(other in entry for other in others)


def published(text: str) -> list[str]:
    """Return the published versions, newest first."""
    return [heading.split()[1] for heading in _sections(text) if heading != UNRELEASED]


def closed(text: str, version: str, day: str) -> str:
    """Move what is under Unreleased under `version`; entries of a version published before go before its own."""
    sections = _sections(text)
    head = text.split("\n## ", 1)[0].rstrip("\n")
    fresh = sections.pop(UNRELEASED, "").strip("\n")
    same = next((heading for heading in sections if heading.split()[1] == version), None)
    older = sections.pop(same).strip("\n") if same else ""
    body = "\n".join(filter(None, [fresh, older]))
    parts = [head, UNRELEASED, f"## {version} ({day})" + (f"\n\n{body}" if body else "")]
    parts += [f"{heading}\n\n{section.strip()}" for heading, section in sections.items()]
    return "\n\n".join(parts) + "\n"


def _sections(text: str) -> dict[str, str]:
    headings = re.split(r"^(## .*)$", text, flags=re.MULTILINE)[1:]
    return {heading.strip(): section for heading, section in zip(headings[::2], headings[1::2], strict=True)}
