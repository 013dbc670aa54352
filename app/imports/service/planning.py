"""What becomes of each row, decided from the rows and from what is there; nothing is written here.

The same decision is made twice: for the preview, and again for the commit, since much may have happened in between.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from app.db.vocabulary import RowAction
from app.imports.service.acts import Act, acts_of, within_reach
from app.imports.service.jobs import Job, Jobs, job_of
from app.imports.service.people import People, Person, person_of
from app.logbook import ContactDraft, Problem, Row

MAX_CONTACTS = 50
_SKIPPED = {
    "blank": "The row says nothing of a job.",
    "header-again": "The row repeats the headers.",
    "nameless": "The row names no person.",
}


@dataclass(frozen=True, slots=True)
class Plan:
    """What becomes of a row: its opportunity and contact, found or to be made, and the interactions to be added."""

    row: Row
    action: RowAction
    problems: tuple[Problem, ...]
    job: Job | None = None
    person: Person | None = None
    acts: tuple[Act, ...] = ()
    told: tuple[Act, ...] = ()
    links: bool = False

    @property
    def makes_job(self) -> bool:
        """Whether the row makes its opportunity."""
        return self.job is not None and self.job.row == self.row.number

    @property
    def makes_person(self) -> bool:
        """Whether the row makes its contact."""
        return self.person is not None and self.person.row == self.row.number


@dataclass(slots=True)
class Planner:
    """Decides on the rows of a log, in their order: what a row makes, later rows match."""

    zone: ZoneInfo
    now: datetime
    new_id: Callable[[], UUID]
    jobs: Jobs = field(default_factory=Jobs)
    people: People = field(default_factory=People)

    def plan(self, rows: Iterable[Row]) -> list[Plan]:
        """Return the plan of every row."""
        return [self._plan(row) for row in rows]

    def _plan(self, row: Row) -> Plan:
        if row.skip is not None:
            told = Problem(row.skip, None, _SKIPPED.get(row.skip, "Nothing is to be made of this row."))
            return Plan(row, RowAction.SKIP, (told, *row.problems))
        if any(problem.severity == "error" for problem in row.problems):
            return Plan(row, RowAction.ERROR, row.problems)
        if row.company is None and row.contact is not None:
            return self._plan_person(row, row.contact)
        return self._plan_job(row)

    def _plan_person(self, row: Row, draft: ContactDraft) -> Plan:
        person = self._person(row, draft)
        if person.row == row.number:
            return Plan(row, RowAction.CREATE, row.problems, person=person)
        told = ALREADY_THERE if person.row is None else _same_as(person.row)
        return Plan(row, RowAction.SKIP, (*row.problems, told), person=person)

    def _plan_job(self, row: Row) -> Plan:
        row = within_reach(row, zone=self.zone)
        told = acts_of(row, zone=self.zone, now=self.now)
        wanted = job_of(row, job_id=self.new_id())
        job = self.jobs.find(wanted)
        if job is None:
            job = wanted
            self.jobs.add(job)
        acts = told if job.row == row.number else job.lacks(told)
        job.take(acts)
        meeting = self._meet(row, row.contact, job) if row.contact else _NOBODY
        problems = (*row.problems, *meeting.problems)
        return _judged(Plan(row, RowAction.MATCH, problems, job, meeting.person, acts, told, meeting.links))

    def _meet(self, row: Row, draft: ContactDraft, job: Job) -> "_Meeting":
        """Find the person beside a job. Only a job of this import gets them: another's contacts are not changed."""
        if job.row is None or len(job.contact_ids) >= MAX_CONTACTS:
            known = self.people.find(_wanted(row, draft, self.new_id()))
            there = known is not None and known.id in job.contact_ids
            return _Meeting(known) if there else _Meeting(None, problems=(_NOT_ADDED,))
        person = self._person(row, draft)
        if person.id in job.contact_ids:
            return _Meeting(person)
        job.contact_ids.append(person.id)
        return _Meeting(person, links=True)

    def _person(self, row: Row, draft: ContactDraft) -> Person:
        wanted = _wanted(row, draft, self.new_id())
        found = self.people.find(wanted)
        if found is None:
            self.people.add(wanted)
        return found or wanted


@dataclass(frozen=True, slots=True)
class _Meeting:
    person: Person | None
    links: bool = False
    problems: tuple[Problem, ...] = ()


_NOBODY = _Meeting(None)
_NOT_ADDED = Problem(
    "contact-not-added", None, "The contact is not added to an opportunity that has been there before."
)
ALREADY_THERE = Problem("already-there", None, "All that the row tells is there already.")


def _judged(plan: Plan) -> Plan:
    """Return the plan with the action that its parts make, and with the reason where it is not plainly new."""
    if plan.makes_job:
        return replace(plan, action=RowAction.CREATE)
    problems = plan.problems
    if plan.job is not None and plan.job.row is not None:
        problems = (*problems, _same_as(plan.job.row))
    if plan.acts or plan.links:
        return replace(plan, problems=problems)
    return replace(plan, action=RowAction.SKIP, problems=(*problems, ALREADY_THERE))


def _same_as(row: int) -> Problem:
    return Problem("same-as-row", None, f"The same as row {row}.")


def _wanted(row: Row, draft: ContactDraft, person_id: UUID) -> Person:
    return person_of(draft, company=row.company, person_id=person_id, row=row.number)
