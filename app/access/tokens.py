"""The secrets that callers prove themselves with: made once, shown once, stored as a hash (API.md, api key)."""

import hashlib
import secrets
import string
import zlib

_ALPHABET = string.digits + string.ascii_uppercase + string.ascii_lowercase
_BODY = 30
_CHECK = 6
KEY_PREFIX = "crk_"


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


def digest(token: str) -> bytes:
    """Return what is stored of a token; a plain hash is enough, since the token is random and long."""
    return hashlib.sha256(token.encode()).digest()


def _checksum(body: str) -> str:
    number, digits = zlib.crc32(body.encode()), ""
    for _ in range(_CHECK):
        number, digit = divmod(number, len(_ALPHABET))
        digits = _ALPHABET[digit] + digits
    return digits
