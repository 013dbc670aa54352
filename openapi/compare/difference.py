"""One difference, where it is, and the list they are collected in."""

from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]


@dataclass(frozen=True, slots=True, order=True)
class Difference:
    """A change of the contract; `names` are what the changelog must name in one entry."""

    kind: str
    where: str
    words: str
    breaking: bool
    names: tuple[str, ...]

    @property
    def entry(self) -> str:
        """How the changelog could say it."""
        return f"{' '.join(f'`{name}`' for name in self.names)}: {self.words} ({self.kind})."


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the document we are: what has a name there, and the way from it."""

    name: str
    way: str = ""

    @property
    def path(self) -> str:
        return self.name + self.way

    def member(self, name: str) -> "Place":
        """Return the place of a field."""
        return Place(self.name, f"{self.way}.{name}")

    def below(self, mark: str) -> "Place":
        """Return the place of what every item, or every value, is like."""
        return Place(self.name, self.way + mark)

    @property
    def names(self) -> tuple[str, ...]:
        """A field of a component is `Component.field`; anything else is named with its operation."""
        name, _, part = self.name.partition(" ")
        return (self.path,) if not part else (name, part + self.way)


@dataclass(slots=True)
class Findings:
    """The differences found so far."""

    found: dict[Difference, None] = field(default_factory=dict)

    def breaks(self, kind: str, place: Place, words: str) -> None:
        """Note a change that something built on the old document may not survive."""
        self.note(kind, place, words, breaking=True)

    def note(self, kind: str, place: Place, words: str, *, breaking: bool = False) -> None:
        """Note a change."""
        self.found[Difference(kind, place.path, words, breaking, place.names)] = None
