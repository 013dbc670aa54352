"""C6: e-mail addresses, host names and URLs."""

import re
from typing import Final

import idna
from email_validator import SPECIAL_USE_DOMAIN_NAMES, EmailNotValidError, ValidatedEmail, validate_email

from app.kit.schema import rule_error, string
from app.kit.text import clean

MAX_EMAIL: Final = 254
MAX_URL: Final = 2048
MAX_HOST: Final = 253
_MAX_PORT: Final = 65535

_URL: Final = re.compile(r"https?://(?P<host>[^/?#:@]+)(?::(?P<port>[0-9]{1,5}))?(?:[/?#].*)?", re.IGNORECASE)
_NOT_IN_URL: Final = re.compile(r'[ \\<>"]')
_NUMBER: Final = re.compile(r"[0-9]+|0x[0-9a-f]*")

# The contract asks for a dotted domain, no more; the library documents this list as the caller's to change.
SPECIAL_USE_DOMAIN_NAMES.clear()


def read_email(value: object) -> str:
    """Return the address with its domain in lower-case ASCII, or raise; nobody asks the DNS."""
    text = string(value)
    if len(text) > MAX_EMAIL:
        raise rule_error("too-long", f"At most {MAX_EMAIL} characters.")
    found = _parsed(text)
    result = f"{found.local_part}@{found.ascii_domain.lower()}" if found else ""
    if "." not in result.rpartition("@")[2] or len(result) > MAX_EMAIL:
        raise rule_error("bad-email", "Must be an e-mail address such as name@company.com.")
    return result


def _parsed(text: str) -> ValidatedEmail | None:
    try:
        return validate_email(text, check_deliverability=False, allow_quoted_local=False)
    except (EmailNotValidError, UnicodeError):
        return None


def _host(text: str) -> str | None:
    """Return the host name in lower-case ASCII, or None where it is not one: an address, for instance."""
    # What does not show (U+200B, U+00AD) would be mapped away, and two texts would look alike but differ.
    if len(text) > MAX_HOST or not text.isprintable():
        return None
    try:
        name = idna.encode(text.lower(), uts46=True, std3_rules=True).decode("ascii").lower()
    except (idna.IDNAError, UnicodeError):
        return None
    # Browsers read a host whose last label is a number as an IPv4 address.
    if len(name) > MAX_HOST or name.endswith(".") or _NUMBER.fullmatch(name.rpartition(".")[2]):
        return None
    return name


def read_host_name(value: object) -> str:
    """Return the host name in lower-case ASCII, or raise."""
    if (name := _host(string(value))) is None:
        raise rule_error("bad-format", "Must be a host name such as company.com.")
    return name


def read_url(value: object) -> str:
    """Return an absolute http or https URL as it came (in NFC), or raise; what it names is not looked at."""
    text = clean(value, limit=MAX_URL, lines=False)
    found = _URL.fullmatch(text) if text.isprintable() and not _NOT_IN_URL.search(text) else None
    if not found or not 1 <= int(found["port"] or "80") <= _MAX_PORT or _host(found["host"]) is None:
        raise rule_error("bad-url", "Must be an absolute http or https URL with a host name and no user name.")
    return text
