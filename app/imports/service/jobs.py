"""Which opportunity a row is about: one that the client has, or one that a row before it makes."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from app.ghosting.vocabulary import Kind
from app.imports.service.acts import Act, digest
from app.kit.keys import name_key, search_key
from app.logbook import Row

_When = tuple[datetime, str | None]


@dataclass(slots=True)
class Job:
    """An opportunity as far as rows are compared with it; `row` is the number of the row that makes it."""

    id: UUID
    company_key: str
    title_key: str
    url: str | None
    requisition_id: str | None
    row: int | None = None
    contact_ids: list[UUID] = field(default_factory=list)
    times: defaultdict[tuple[str, date], list[_When]] = field(default_factory=lambda: defaultdict(list))
    notes: set[str] = field(default_factory=set)

    def lacks(self, acts: Sequence[Act]) -> tuple[Act, ...]:
        """Return those of a row's interactions that are not there yet.

        The same kind on the same local date is the same interaction, as often as it is there.
        """
        told: defaultdict[tuple[str, date], list[Act]] = defaultdict(list)
        for act in acts:
            told[act.kind, act.day].append(act)
        return tuple(act for (kind, day), some in told.items() for act in self._new(kind, day, some))

    def take(self, acts: Sequence[Act]) -> None:
        """Note that these interactions will be there."""
        for act in acts:
            if act.kind is Kind.NOTE:
                self.notes.add(digest(act.summary or ""))
            else:
                self.times[act.kind, act.day].append((act.at, act.stage))

    def _new(self, kind: str, day: date, acts: list[Act]) -> list[Act]:
        if kind == Kind.NOTE:
            return [act for act in acts if digest(act.summary or "") not in self.notes]
        there = self.times.get((kind, day), [])
        # The exact twins go first, so that what is left over is what differs.
        return sorted(acts, key=lambda act: (act.at, act.stage) not in there)[len(there) :]


class Jobs:
    """The opportunities of a client, in the order in which they came to be."""

    def __init__(self) -> None:
        self._by_url: defaultdict[str, list[Job]] = defaultdict(list)
        self._by_name: defaultdict[tuple[str, str], list[Job]] = defaultdict(list)

    def add(self, job: Job) -> None:
        """Let later rows match `job`."""
        self._by_name[job.company_key, job.title_key].append(job)
        if job.url is not None:
            self._by_url[job.url].append(job)

    def find(self, row: Row) -> Job | None:
        """Return the opportunity of a row: by its link, else by company and title; never by another requisition."""
        named = self._by_name.get((name_key(row.company or ""), search_key(row.title or "")), [])
        for candidates in (self._by_url.get(row.url or "", []), named):
            fitting = [job for job in candidates if _same_requisition(job, row) is not False]
            exact = [job for job in fitting if _same_requisition(job, row)]
            if fitting:
                return (exact or fitting)[0]
        return None


def new_job(row: Row, *, job_id: UUID) -> Job:
    """Return the opportunity that a row makes."""
    return Job(
        job_id, name_key(row.company or ""), search_key(row.title or ""), row.url, row.requisition_id, row=row.number
    )


def _same_requisition(job: Job, row: Row) -> bool | None:
    if job.requisition_id is None or row.requisition_id is None:
        return None
    return search_key(job.requisition_id) == search_key(row.requisition_id)
