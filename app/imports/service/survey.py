"""A planner that knows what is there already: three statements, whatever the size of the log."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from app.db.ids import new_id
from app.db.scope import Row as Record
from app.db.scope import ScopedSession
from app.ghosting.vocabulary import Kind
from app.imports.repository import state
from app.imports.service.jobs import Job, requisition_key
from app.imports.service.people import Person
from app.imports.service.planning import Planner
from app.kit.keys import email_key, search_key
from app.kit.zones import zone
from app.logbook import Row


async def survey(session: ScopedSession, *, client: Record, rows: Sequence[Row], now: datetime) -> Planner:
    """Return the planner of `rows` for a client (`id`, `time_zone`)."""
    planner = Planner(zone(client["time_zone"]), now, new_id)
    jobs = {record["id"]: _job(record) for record in await state.opportunities(session, client_id=client["id"])}
    for record in await state.interactions(session, client_id=client["id"]) if jobs else ():
        # A preview holds nothing: an opportunity may have come back since, and is left for the commit.
        if (job := jobs.get(record["opportunity_id"])) is not None:
            _remember(job, record, planner)
    for job in jobs.values():
        planner.jobs.add(job)
    for person in await _people(session, rows):
        planner.people.add(person)
    return planner


def _job(record: Record) -> Job:
    return Job(
        record["id"],
        record["company_key"],
        record["title_key"],
        record["url"],
        requisition_key(record["requisition_id"]),
        contact_ids=list[UUID](record["contact_ids"]),
    )


def _remember(job: Job, record: Record, planner: Planner) -> None:
    if record["kind"] == Kind.NOTE:
        job.notes.add(record["digest"] or "")
        return
    at = record["occurred_at"]
    job.times[record["kind"], at.astimezone(planner.zone).date()].append((at, record["stage"]))


async def _people(session: ScopedSession, rows: Sequence[Row]) -> Sequence[Person]:
    drafts = [row.contact for row in rows if row.contact]
    if not drafts:
        return ()
    records = await state.contacts(
        session,
        name_keys=sorted({search_key(draft.name) for draft in drafts}),
        urls=sorted({draft.url for draft in drafts if draft.url}),
    )
    return [
        Person(
            record["id"],
            record["name_key"],
            record["company_key"] or "",
            email_key(record["email"]) if record["email"] else None,
            record["profile_url"],
        )
        for record in records
    ]
