"""Keyset pages: signed cursors bound to the list they were issued for (API.md C9)."""

import base64
import hashlib
import hmac
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from app.kit.errors import InvalidCursor

_MAC_BYTES = 16
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
        self._secret = hashlib.sha256(b"cursor:" + secret).digest()

    def seal(self, position: Position, *, binding: str) -> str:
        """Return the opaque text of a position."""
        body = json.dumps([position.key, position.id, position.at.isoformat()], separators=(",", ":")).encode()
        return _text(self._mac(body, binding) + body)

    def open(self, cursor: str, *, binding: str) -> Position:
        """Return the position inside `cursor`; raise InvalidCursor for any other text or binding."""
        try:
            raw = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
            mac, body = raw[:_MAC_BYTES], raw[_MAC_BYTES:]
            # Base64 spells some bytes in several ways; only our own spelling is the cursor that was issued.
            if _text(raw) != cursor or not hmac.compare_digest(mac, self._mac(body, binding)):
                raise InvalidCursor
            key, last_id, at = json.loads(body)
            return Position(key, last_id, datetime.fromisoformat(at))
        except (ValueError, TypeError) as error:
            raise InvalidCursor from error

    def _mac(self, body: bytes, binding: str) -> bytes:
        return hmac.digest(self._secret, binding.encode() + b"\0" + body, "sha256")[:_MAC_BYTES]


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
