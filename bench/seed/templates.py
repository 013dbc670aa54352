"""Timelines as lines of COPY: computed once by the engine, then copied under other ids.

All ids of an opportunity end in its number, here a mark that takes as many characters, so that the lines of the next
one are those of the template with another number, another client and another employer put in.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from app.assessments.repository import STEP_COLUMNS, Facts
from app.assessments.service.convert import calendar_of, row_of, timeline_of, waits_of, win_rows
from app.db.tables import derived_win, silence
from app.ghosting.history import history
from app.ghosting.policy import DEFAULT_POLICY
from bench.seed.timelines import Story, Told

MARK = "c0ffeec0ffee"
PRACTICE, CLIENT, COMPANY, CONTACT, MEMBER = "@practice@", "@client@", "@company@", "@contact@", "@member@"
MICROS, TITLE, TITLE_KEY = "@us@", "@title@", "@title_key@"
#: Zone and region of the clients, turn by turn.
PLACES = (("Europe/Berlin", "DE-BE"), ("America/New_York", "US-NY"), ("Europe/London", "GB-ENG"), ("UTC", None))

OPPORTUNITY_COLUMNS = (
    *("practice_id", "id", "client_id", "company_id", "title", "title_key", "kind", "source", "url", "location"),
    *("requisition_id", "salary_min", "salary_max", "currency", "deleted_at", "version", "created_at", "updated_at"),
)
LINK_COLUMNS = ("practice_id", "opportunity_id", "contact_id", "position")
INTERACTION_COLUMNS = (
    *("practice_id", "id", "opportunity_id", "kind", "occurred_at", "ends_at", "arranged_at", "reply_by", "stage"),
    *("contact_id", "channel", "summary", "visibility", "recorded_at", "recorded_by_type", "recorded_by_id"),
    *("voided_at", "version", "created_at", "updated_at"),
)
STEP_NAMES = ("practice_id", "opportunity_id", "seq", *(c.name for c in STEP_COLUMNS))
WIN_COLUMNS = tuple(c.name for c in derived_win.c if c.name != "id")
SILENCE_COLUMNS = tuple(c.name for c in silence.c)
CHANGE_COLUMNS = ("practice_id", "type", "resource_id", "client_id", "audience", "shared")

COLUMNS: Mapping[str, Sequence[str]] = {
    "opportunity": OPPORTUNITY_COLUMNS,
    "opportunity_contact": LINK_COLUMNS,
    "interaction": INTERACTION_COLUMNS,
    "ghosting_step": STEP_NAMES,
    "derived_win": WIN_COLUMNS,
    "silence": SILENCE_COLUMNS,
    "change": CHANGE_COLUMNS,
}


@dataclass(frozen=True, slots=True)
class Template:
    """What one timeline is in each table, as lines of COPY with marks in the places of ids."""

    lines: Mapping[str, bytes]
    rows: Mapping[str, int]

    def of_practice(self, table: str, practice_id: UUID, member_id: UUID) -> bytes:
        """Return the lines in a table as those of a practice, for there are many opportunities in it."""
        text = self.lines[table].replace(PRACTICE.encode(), str(practice_id).encode())
        return text.replace(MEMBER.encode(), str(member_id).encode())


def opportunity_id(story_created: datetime, number: int | None = None) -> str:
    """Return the id of an opportunity of this instant: a version 7 UUID that ends in its number."""
    return _ident(story_created, 0, MARK if number is None else f"{number:012x}")


def _ident(at: datetime, position: int, tail: str) -> str:
    instant = f"{int(at.timestamp() * 1000):012x}"
    return f"{instant[:8]}-{instant[8:]}-7{position:03x}-8000-{tail}"


def template(story: Story, place: tuple[str, str | None]) -> Template:
    """Return the lines of a story of a client at `place`."""
    ident = opportunity_id(story.created_at)
    acts = [_act(ident, position, told, story) for position, told in enumerate(story.told, 1)]
    facts = Facts(UUID(ident), *place, story.has_contact, acts)  # type: ignore[arg-type]  # as rows read
    policy = DEFAULT_POLICY
    steps = history(timeline_of(facts), policy, calendar_of(*place))
    of_one = {"practice_id": PRACTICE, "opportunity_id": ident}
    whose = {"client_id": CLIENT, "company_id": COMPANY}
    found: dict[str, Iterable[Mapping[str, Any]]] = {
        "opportunity": [_opportunity(ident, story)],
        "opportunity_contact": [{**of_one, "contact_id": CONTACT, "position": 0}] if story.has_contact else [],
        "interaction": acts,
        "ghosting_step": [
            {**row_of(step, opportunity_id=UUID(ident), seq=seq, rules_version=1), **of_one}
            for seq, step in enumerate(steps)
        ],
        "derived_win": [{**row, **of_one} for row in win_rows(facts, policy)],
        "silence": [{**asdict(waited), **of_one, **whose, "seq": seq} for seq, waited in enumerate(waits_of(facts))],
        "change": list(_changes(ident, acts, has_contact=story.has_contact)),
    }
    listed = {table: [_line(row, COLUMNS[table]) for row in rows] for table, rows in found.items()}
    return Template(
        {table: "".join(lines).encode() for table, lines in listed.items()},
        {table: len(lines) for table, lines in listed.items()},
    )


def _opportunity(ident: str, story: Story) -> dict[str, Any]:
    made = story.created_at.replace(microsecond=0).isoformat().replace("+00:00", f".{MICROS}+00:00")
    return {
        "practice_id": PRACTICE,
        "id": ident,
        "client_id": CLIENT,
        "company_id": COMPANY,
        "title": TITLE,
        "title_key": TITLE_KEY,
        "kind": "permanent",
        "source": "applied",
        "url": f"https://jobs.example.com/{MARK}",
        "location": "Berlin",
        "salary_min": 60_000,
        "salary_max": 75_000,
        "currency": "EUR",
        "version": 1,
        "created_at": made,
        "updated_at": made,
    }


def _act(ident: str, position: int, told: Told, story: Story) -> dict[str, Any]:
    return {
        **asdict(told),
        "practice_id": PRACTICE,
        "id": UUID(_ident(told.recorded_at, position, MARK)),
        "opportunity_id": ident,
        "stage": None,
        "contact_id": CONTACT if told.ends_at and story.has_contact else None,
        "channel": "email",
        "summary": f"What was said about it, in a sentence or two, for the {position}. time.",
        "recorded_by_type": "member",
        "recorded_by_id": MEMBER,
        "version": 1,
        "created_at": told.recorded_at,
        "updated_at": told.recorded_at,
    }


def _changes(ident: str, acts: Sequence[Mapping[str, Any]], *, has_contact: bool) -> Iterable[dict[str, Any]]:
    """Give what the triggers would have told of an opportunity whose timeline came in one batch."""
    same = {"practice_id": PRACTICE, "client_id": CLIENT, "audience": "all", "shared": True}
    yield {**same, "type": "opportunity", "resource_id": ident}
    yield {**same, "type": "company", "resource_id": COMPANY, "audience": "client"}
    if has_contact:
        yield {**same, "type": "contact", "resource_id": CONTACT, "audience": "client"}
    for act in acts:
        yield {**same, "type": "interaction", "resource_id": act["id"], "shared": act["visibility"] == "shared"}
    yield {**same, "type": "opportunity", "resource_id": ident}


def _line(row: Mapping[str, Any], columns: Sequence[str]) -> str:
    return "\t".join(_text(row.get(name)) for name in columns) + "\n"


def _text(value: Any) -> str:
    """Return a value as COPY reads it; nothing in here needs more than this."""
    if value is None:
        return r"\N"
    if isinstance(value, bool):
        return "t" if value else "f"
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, list):
        is_json = any(isinstance(item, dict) for item in value)
        return json.dumps(value) if is_json else "{" + ",".join(map(str, value)) + "}"
    return str(value)
