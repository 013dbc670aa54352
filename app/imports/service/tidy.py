"""Addresses of a log, held to what the API takes everywhere else (API.md C6)."""

from collections.abc import Callable
from dataclasses import replace

from pydantic_core import PydanticCustomError

from app.kit.addresses import read_email, read_url
from app.logbook import ContactDraft, Problem, Row

_LONGEST_NOTE = 10_000
_BAD_URL = Problem("bad-url", "url", "Not a web address that can be stored: kept in the notes.")
_BAD_CONTACT = Problem("bad-format", "contact", "An address of the contact cannot be stored: left out.")


def tidy(row: Row) -> Row:
    """Return the row with its addresses as they are stored; one that cannot be goes to the notes."""
    if row.url is not None:
        row = _with_url(row, row.url)
    if row.contact is not None:
        row = _with_contact(row, row.contact)
    return row


def add_notes(notes: str | None, *lines: str) -> str | None:
    """Return the notes of a row with further lines, as far as there is room for them."""
    added = "\n".join((notes, *lines) if notes else lines)
    return added if added and len(added) <= _LONGEST_NOTE else notes


def _with_url(row: Row, url: str) -> Row:
    stored = _or_none(read_url, url)
    if stored is not None:
        return replace(row, url=stored)
    return replace(row, url=None, notes=add_notes(row.notes, f"Link: {url}"), problems=(*row.problems, _BAD_URL))


def _with_contact(row: Row, contact: ContactDraft) -> Row:
    email, url = _or_none(read_email, contact.email), _or_none(read_url, contact.url)
    lost = (email is None, url is None) != (contact.email is None, contact.url is None)
    problems = (*row.problems, _BAD_CONTACT) if lost else row.problems
    return replace(row, contact=replace(contact, email=email, url=url), problems=problems)


def _or_none(read: Callable[[object], str], text: str | None) -> str | None:
    try:
        return None if text is None else read(text)
    except PydanticCustomError:
        return None
