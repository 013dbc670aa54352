"""The rows of a log as JSON, to be kept from the preview to the commit."""

from dataclasses import fields
from datetime import date, datetime
from typing import Any

from app.logbook import ContactDraft, Event, Problem, Row, When

_PLAIN = tuple(f.name for f in fields(Row) if f.name not in {"events", "contact", "problems"})


def written(row: Row) -> dict[str, Any]:
    """Return a row as JSON; what it does not have is left out."""
    paper = _filled(row, _PLAIN)
    if row.events:
        paper["events"] = [_filled(event, ("kind", "stage", "guessed", "note", "when")) for event in row.events]
    if row.contact:
        paper["contact"] = _filled(row.contact, tuple(f.name for f in fields(ContactDraft)))
    if row.problems:
        paper["problems"] = [_filled(problem, ("code", "column", "message", "severity")) for problem in row.problems]
    return paper


def read(paper: dict[str, Any]) -> Row:
    """Return the row that `written` wrote."""
    contact = paper.get("contact")
    whole: dict[str, Any] = {
        **paper,
        **{name: _when(paper[name]) for name in ("saved_on", "silent_on") if name in paper},
        "events": tuple(Event(**{**event, "when": _when(event["when"])}) for event in paper.get("events", ())),
        "contact": contact and ContactDraft(**{**contact, **_connected(contact)}),
        "problems": tuple(Problem(**{"column": None, **problem}) for problem in paper.get("problems", ())),
    }
    return Row(**whole)


def _filled(thing: object, names: tuple[str, ...]) -> dict[str, Any]:
    pairs = ((name, getattr(thing, name)) for name in names)
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in pairs if value is not None}


def _connected(contact: dict[str, Any]) -> dict[str, Any]:
    return {"connected_on": _when(contact["connected_on"])} if "connected_on" in contact else {}


def _when(text: str) -> When:
    return datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)
