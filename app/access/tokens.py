"""The secrets that callers prove themselves with: made once, shown once, stored as a hash (API.md, api key)."""

import base64
import hashlib
import hmac
import secrets
import string
import zlib
from dataclasses import dataclass

_ALPHABET = string.digits + string.ascii_uppercase + string.ascii_lowercase
_BODY = 30
_CHECK = 6
KEY_PREFIX = "crk_"
ACCESS_PREFIX = "cra_"
_REFRESH_PREFIX = "crr_"


def new_api_key() -> str:
    """Return a fresh API key: prefix, 30 random base62 characters, and the base62 CRC-32 of those 30."""
    body = "".join(secrets.choice(_ALPHABET) for _ in range(_BODY))
    return f"{KEY_PREFIX}{body}{_checksum(body)}"


def is_api_key(token: str) -> bool:
    """Tell whether `token` has the form and the checksum of an API key; a typo never reaches the database."""
    body, check = token[len(KEY_PREFIX) : -_CHECK], token[-_CHECK:]
    shaped = token.startswith(KEY_PREFIX) and len(token) == len(KEY_PREFIX) + _BODY + _CHECK
    return shaped and all(c in _ALPHABET for c in body) and check == _checksum(body)


def new_invitation_token() -> str:
    """Return a fresh single-use token of an invitation."""
    return "cri_" + secrets.token_urlsafe(32)


def new_reset_token() -> str:
    """Return a fresh single-use token for a new password."""
    return "crp_" + secrets.token_urlsafe(32)


@dataclass(frozen=True, slots=True)
class Pair:
    """What a sign-in hands out: a short access token, and the refresh token that makes the next pair."""

    access: str
    refresh: str


def new_pair() -> Pair:
    """Return the first pair of a sign-in."""
    return Pair(ACCESS_PREFIX + secrets.token_urlsafe(32), _REFRESH_PREFIX + secrets.token_urlsafe(32))


class Successors:
    """Derives the pair that follows a refresh token.

    The same token and the same secret of the service make the same pair, so an answer that was lost on the way can be
    given again though only hashes are stored: the caller brings the one half of it, the service has the other.
    """

    def __init__(self, secret: bytes) -> None:
        self._secret = hashlib.sha256(b"successors:" + secret).digest()

    def of(self, refresh: str) -> Pair:
        """Return the pair that a refresh token is exchanged for."""
        return Pair(self._derived(ACCESS_PREFIX, refresh), self._derived(_REFRESH_PREFIX, refresh))

    def _derived(self, prefix: str, refresh: str) -> str:
        raw = hmac.digest(self._secret, f"{prefix}\0{refresh}".encode(), "sha256")
        return prefix + base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def digest(token: str) -> bytes:
    """Return what is stored of a token; a plain hash is enough, since the token is random and long."""
    return hashlib.sha256(token.encode()).digest()


def _checksum(body: str) -> str:
    number, digits = zlib.crc32(body.encode()), ""
    for _ in range(_CHECK):
        number, digit = divmod(number, len(_ALPHABET))
        digits = _ALPHABET[digit] + digits
    return digits
