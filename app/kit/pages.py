"""Keyset pages: signed cursors bound to the list they were issued for (API.md C9)."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from app.kit.errors import InvalidCursor
from app.kit.signatures import Signature

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Position:
    """Where a page ended: the sort key and id of its last item, and the instant at which the walk is evaluated."""

    key: str
    id: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Page(Generic[Item]):
    """The items of one page and the position to go on from, None at the end."""

    items: Sequence[Item]
    next: Position | None


class CursorSigner:
    """Seals positions; a cursor opens only with the same binding (practice, caller, path, filters and sort)."""

    def __init__(self, secret: bytes) -> None:
        self._seal = Signature(secret, purpose="cursor")

    def seal(self, position: Position, *, binding: str) -> str:
        """Return the opaque text of a position."""
        body = json.dumps([position.key, position.id, position.at.isoformat()], separators=(",", ":")).encode()
        return self._seal.close(body, binding=binding)

    def open(self, cursor: str, *, binding: str) -> Position:
        """Return the position inside `cursor`; raise InvalidCursor for any other text or binding."""
        try:
            body = self._seal.open(cursor, binding=binding)
            key, last_id, at = json.loads(body)
            return Position(key, last_id, datetime.fromisoformat(at))
        except (ValueError, TypeError) as error:
            raise InvalidCursor from error
