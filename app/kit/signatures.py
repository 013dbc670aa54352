"""Text that the service hands out and takes back, and nobody else can make or change."""

import base64
import hashlib
import hmac
import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from app.kit.errors import InvalidToken

_MAC_BYTES = 16


class Signature:
    """Closes bytes for one purpose; they open only with the binding that they were closed with."""

    def __init__(self, secret: bytes, *, purpose: str) -> None:
        self._secret = hashlib.sha256(purpose.encode() + b":" + secret).digest()

    def close(self, body: bytes, *, binding: str) -> str:
        """Return the text that stands for `body`; it hides nothing."""
        return _text(self._mac(body, binding) + body)

    def open(self, sealed: str, *, binding: str) -> bytes:
        """Return what was closed; raise ValueError for any other text or binding."""
        raw = base64.b64decode(sealed + "=" * (-len(sealed) % 4), altchars=b"-_", validate=True)
        mac, body = raw[:_MAC_BYTES], raw[_MAC_BYTES:]
        # Base64 spells some bytes in several ways; only our own spelling is what was handed out.
        if _text(raw) != sealed or not hmac.compare_digest(mac, self._mac(body, binding)):
            raise ValueError
        return body

    def _mac(self, body: bytes, binding: str) -> bytes:
        return hmac.digest(self._secret, binding.encode() + b"\0" + body, "sha256")[:_MAC_BYTES]


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


@dataclass(frozen=True, slots=True)
class Pass:
    """On the strength of which credential a link was made, and until when it opens.

    Of a key it holds how the hash of its secret begins: a key that is given another one is another credential. Of a
    sign-in it holds none, for its tokens follow one another.
    """

    practice_id: UUID
    credential_id: UUID
    secret: str | None
    expires_at: datetime


class LinkSigner:
    """Signs addresses that can be read without a header: each is good for itself alone, and not for long."""

    LIFE = timedelta(minutes=10)

    def __init__(self, secret: bytes) -> None:
        self._seal = Signature(secret, purpose="link")

    def sign(self, held: Pass, *, binding: str) -> str:
        """Return the signature of an address."""
        parts = [str(held.practice_id), str(held.credential_id), held.secret, held.expires_at.isoformat()]
        return self._seal.close(json.dumps(parts, separators=(",", ":")).encode(), binding=binding)

    def open(self, link: str, *, binding: str) -> Pass:
        """Return what a signature says; raise InvalidToken for any other text or address."""
        try:
            practice_id, credential, secret, expires = json.loads(self._seal.open(link, binding=binding))
            return Pass(UUID(practice_id), UUID(credential), secret, datetime.fromisoformat(expires))
        except (ValueError, TypeError) as error:
            raise InvalidToken("The link is not valid for this address.") from error
