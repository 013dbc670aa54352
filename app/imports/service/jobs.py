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
    requisition_key: str | None
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


class _Same:
    """Opportunities under one link, or of one company and title, told apart by the employer's number of the job."""

    def __init__(self) -> None:
        self._first: Job | None = None
        self._unnumbered: Job | None = None
        self._numbered: dict[str, Job] = {}

    def add(self, job: Job) -> None:
        self._first = self._first or job
        if job.requisition_key is None:
            self._unnumbered = self._unnumbered or job
        else:
            self._numbered.setdefault(job.requisition_key, job)

    def find(self, requisition_key: str | None) -> Job | None:
        """Return the one of that number, else one that has none; without a number the first."""
        if requisition_key is None:
            return self._first
        return self._numbered.get(requisition_key, self._unnumbered)


class Jobs:
    """The opportunities of a client, in the order in which they came to be."""

    def __init__(self) -> None:
        self._by_url: defaultdict[str, _Same] = defaultdict(_Same)
        self._by_name: defaultdict[tuple[str, str], _Same] = defaultdict(_Same)

    def add(self, job: Job) -> None:
        """Let later rows match `job`."""
        self._by_name[job.company_key, job.title_key].add(job)
        if job.url is not None:
            self._by_url[job.url].add(job)

    def find(self, wanted: Job) -> Job | None:
        """Return the same opportunity: by its link, else by company and title; never one of another number."""
        places = (self._by_url.get(wanted.url or ""), self._by_name.get((wanted.company_key, wanted.title_key)))
        return next((job for place in places if place and (job := place.find(wanted.requisition_key))), None)


def job_of(row: Row, *, job_id: UUID) -> Job:
    """Return the opportunity that a row would make."""
    company_key, title_key = name_key(row.company or ""), search_key(row.title or "")
    return Job(job_id, company_key, title_key, row.url, requisition_key(row.requisition_id), row=row.number)


def requisition_key(text: str | None) -> str | None:
    """Return the form in which numbers of jobs are one and the same."""
    return search_key(text) if text else None
