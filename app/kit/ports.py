"""What one room needs of another it may not import: a port, declared by the one in need and filled by `app/main.py`."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Generic, TypeVar, cast

P = TypeVar("P")


@dataclass(frozen=True, slots=True)
class Port(Generic[P]):
    """A named need for a `P`, most often a protocol that a module of another room fulfils.

    BOOKS: Port[Books] = Port("shop.books")          # in the room that needs books
    OFFERS = offers(BOOKS.filled_by(library))        # in main; the type checker compares `library` with `Books`
    books = BOOKS.of(house.offers)                   # at the edge, for each request
    """

    name: str

    def filled_by(self, provider: P) -> tuple["Port[Any]", object]:
        """Return the entry that makes `provider` what this port gives."""
        return self, provider

    def of(self, filled: "Offers") -> P:
        """Return what main put into this port."""
        return cast("P", filled[self])


Offers = Mapping[Port[Any], object]


def offers(*entries: tuple[Port[Any], object]) -> Offers:
    """Return the filled ports, one provider each."""
    if len(filled := dict(entries)) != len(entries):
        raise ValueError("a port was filled twice")
    return MappingProxyType(filled)
