"""Facts into pictures, and links to them."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from app.access.principal import Caller
from app.db.scope import Row, ScopedSession
from app.drawing import search as searches
from app.drawing import timeline as timelines
from app.drawing.search import Course, End, Search
from app.drawing.story import Entry, Story, Stretch, Window
from app.ghosting.vocabulary import Kind, Stage, Status
from app.kit.errors import Fault, NotFound, UnknownReference
from app.kit.fields import instant_text
from app.kit.zones import zone
from app.pictures import repository
from app.pictures.schemas import PictureKind, PictureLinkIn

#: So many of the latest interactions and steps are looked at; more would be dots on dots.
MOST_ENTRIES = 500
_MOST_STEPS = 2_000
_STAGES = tuple(Stage)
_PATHS = {
    PictureKind.OPPORTUNITY_TIMELINE: "/v1/opportunities/{id}/timeline.svg",
    PictureKind.CLIENT_SEARCH: "/v1/clients/{id}/search.svg",
}


async def timeline(session: ScopedSession, *, caller: Caller, opportunity_id: UUID, as_of: datetime | None) -> bytes:
    """Return the picture of an opportunity at an instant, by default now. Raise NotFound."""
    role = await repository.find_role(session, opportunity_id=opportunity_id)
    if role is None:
        raise NotFound
    at, local = as_of or caller.now, zone(role["time_zone"])
    rows = await repository.steps(session, opportunity_id=opportunity_id, most=_MOST_STEPS)
    known = await repository.entries(
        session, opportunity_id=opportunity_id, at=at, all_known=at >= caller.now, most=MOST_ENTRIES
    )
    holding = next(r for r in rows if r["ends_at"] is None or r["ends_at"] > at)
    story = Story(
        key=str(opportunity_id),
        title=role["title"],
        company=role["company_name"],
        zone=local,
        as_of=at,
        is_today=as_of is None,
        status=Status(holding["status"]),
        entries=[Entry(Kind(e["kind"]), e["occurred_at"], e["occurred_at"] > at) for e in known],
        stretches=_stretches(rows, at, foresees=at >= caller.now),
        window=_window(holding),
        earlier=known[0]["total"] - len(known) if known else 0,
    )
    return timelines.draw(story)


def _stretches(rows: Sequence[Row], at: datetime, *, foresees: bool) -> list[Stretch]:
    """Return the statuses in order; of a past instant nothing later, since what came then was not known."""
    found: list[Stretch] = []
    for row in rows:
        if row["starts_at"] > at and not foresees:
            break
        status = Status(row["status"])
        if found and found[-1].status is status:
            found[-1] = replace(found[-1], ends_at=row["ends_at"])
        else:
            found.append(Stretch(status, row["starts_at"], row["ends_at"]))
    if found and not foresees:
        found[-1] = replace(found[-1], ends_at=at)
    return found


def _window(step: Row) -> Window:
    used = step["follow_up_used"]
    return Window(None if used else step["opens_on"], None if used else step["closes_on"], step["ghosted_on"])


async def search(session: ScopedSession, *, caller: Caller, client_id: UUID, as_of: datetime | None) -> bytes:
    """Return the picture of a client's search at an instant, by default now. Raise NotFound."""
    at = as_of or caller.now
    rows = await repository.search(session, client_id=client_id, at=at)
    if not rows:
        raise NotFound
    found = Search(
        key=str(client_id),
        client=rows[0]["name"],
        as_of=at.astimezone(zone(rows[0]["time_zone"])).date(),
        is_today=as_of is None,
        courses=[
            Course(row["source"], _STAGES[row["reached"]], _end(row), row["openings"])
            for row in rows
            if row["source"] is not None and row["openings"]
        ],
    )
    return searches.draw(found)


_OPEN_ENDS = {Status.GHOSTED: End.GHOSTED, Status.NOT_STARTED: End.NOT_STARTED}


def _end(row: Row) -> End:
    status = Status(row["status"])
    return End(row["outcome"]) if status is Status.CLOSED else _OPEN_ENDS.get(status, End.LIVE)


async def place(session: ScopedSession, *, wanted: PictureLinkIn) -> tuple[str, dict[str, str]]:
    """Return where a picture is that the caller may see, with its parameters. Raise UnknownReference."""
    if wanted.picture is PictureKind.CLIENT_SEARCH:
        exists = await repository.client_exists(session, client_id=wanted.id)
    else:
        exists = await repository.find_role(session, opportunity_id=wanted.id) is not None
    if not exists:
        raise UnknownReference(faults=[Fault("body", "/id", "unknown-reference", "There is no such record.")])
    parameters = {} if wanted.as_of is None else {"as_of": instant_text(wanted.as_of)}
    return _PATHS[wanted.picture].format(id=wanted.id), parameters
