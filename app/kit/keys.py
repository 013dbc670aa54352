"""The forms under which texts are compared: never shown, never returned."""

import unicodedata


def search_key(text: str) -> str:
    """Return `text` without case and accents, for sorting and for `q` (API.md C10)."""
    plain = "".join(c for c in unicodedata.normalize("NFD", text.casefold()) if not unicodedata.combining(c))
    return unicodedata.normalize("NFC", plain).casefold()


def name_key(text: str) -> str:
    """Return the form in which company names are one and the same: NFKC, casefold, spaces collapsed."""
    return " ".join(unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold()).split())


def email_key(address: str) -> str:
    """Return the form in which e-mail addresses are one and the same (API.md C6)."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", address).casefold())
