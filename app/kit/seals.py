"""Sealing what is kept for whoever knows the word: without the service's secret and that word it cannot be opened."""

import hashlib
import os
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_NONCE = 12
_KEY = 32


@dataclass(frozen=True, slots=True)
class Seal:
    """Seals and opens for one word in one place; `name` tells nothing of either, and is what to find it by."""

    name: bytes
    _key: bytes = field(repr=False)

    @property
    def number(self) -> int:
        """Return the name as a number of 64 bits, for a lock."""
        return int.from_bytes(self.name[:8], signed=True)

    def close(self, text: bytes) -> bytes:
        """Return `text` encrypted; under this name it can be opened again, under any other it cannot."""
        nonce = os.urandom(_NONCE)
        return nonce + AESGCM(self._key).encrypt(nonce, text, self.name)

    def open(self, sealed: bytes) -> bytes | None:
        """Return what was closed, None when it was closed by a service with another secret."""
        try:
            return AESGCM(self._key).decrypt(sealed[:_NONCE], sealed[_NONCE:], self.name)
        except InvalidTag:
            return None


class Sealer:
    """Makes seals; all processes of a service share its secret."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret

    def seal(self, word: bytes, *, place: bytes) -> Seal:
        """Return the seal for a word in a place. Its name is the same under any secret: a new one does not hide it."""
        return Seal(hashlib.sha256(_joined(word, place)).digest(), self._derived(word, place, b"answer", _KEY))

    def hidden_seal(self, word: bytes, *, place: bytes) -> Seal:
        """Return a seal whose name, too, takes the secret to make: for a place that holds something to be guessed."""
        both = self._derived(word, place, b"visitor", 2 * _KEY)
        return Seal(both[:_KEY], both[_KEY:])

    def _derived(self, word: bytes, place: bytes, use: bytes, size: int) -> bytes:
        info = b"crickets " + use + b"\0" + place
        return HKDF(algorithm=SHA256(), length=size, salt=word, info=info).derive(self._secret)


def _joined(word: bytes, place: bytes) -> bytes:
    return len(word).to_bytes(4) + word + place
