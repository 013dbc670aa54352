"""Whether numbers would tell a reader of a person: by themselves, or taken from others that the reader may ask for."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from app.ghosting.responsiveness import Case

#: Fewer clients than these could be recognised by somebody who does not see them all.
CROWD = 5
#: So many of them, or none, must be strangers to the reader: what is left without those known is a crowd too.
STRANGERS = CROWD - 1


class Found(NamedTuple):
    """A wait, and where it was."""

    company_id: UUID
    opportunity_id: UUID
    case: Case


Cell = Sequence[Case]
_Base = Callable[[Case], bool]


@dataclass(frozen=True, slots=True)
class Readable:
    """Waits, and what may be told of them to somebody who knows these clients; everybody is known to None.

    `cells` are the smallest sets that can be had by taking published numbers from one another.
    """

    cases: Cell
    cells: Sequence[Cell] = ()
    known: frozenset[str] | None = None

    def allows(self, counted: _Base) -> bool:
        """Whether a number may be told that rests on those of the waits that are `counted`."""
        if self.known is None:
            return True
        if len(_clients(self.cases, counted)) < CROWD:
            return False
        return not any(0 < len(_clients(cell, counted) - self.known) < STRANGERS for cell in self.cells)


def any_wait(_case: Case) -> bool:
    """Count each wait."""
    return True


def told_apart(
    found: Iterable[Found], parts: Mapping[UUID, frozenset[UUID]], *, contact_id: UUID, known: frozenset[str]
) -> list[Cell]:
    """Return the cells of a contact's waits and of those beside them, at the companies where the contact has part.

    Numbers of companies and contacts can be added and taken from one another in any way; whatever comes of it is made
    of whole cells: waits at one company, or at any of those without numbers, in which the same contacts have part.
    Contacts without numbers tell nothing apart, so `found` holds all waits of each who has part in `parts`.
    """
    waits = list(found)
    companies = _with_numbers(((one.company_id, one.case) for one in waits), known)
    of_contacts = ((person, one.case) for one in waits for person in parts.get(one.opportunity_id, ()))
    contacts = _with_numbers(of_contacts, known) | {contact_id}
    touched = {one.company_id for one in waits if contact_id in parts.get(one.opportunity_id, ())} & companies
    cells: defaultdict[tuple[UUID | None, frozenset[UUID]], list[Case]] = defaultdict(list)
    for company_id, opportunity_id, case in waits:
        having_part = parts.get(opportunity_id, frozenset()) & contacts
        if contact_id in having_part or company_id in touched:
            cells[company_id if company_id in companies else None, having_part].append(case)
    return list(cells.values())


def _with_numbers(waits: Iterable[tuple[UUID, Case]], known: frozenset[str]) -> set[UUID]:
    """Return those whose own waits do not keep them from being told of."""
    grouped: defaultdict[UUID, list[Case]] = defaultdict(list)
    for whose, case in waits:
        grouped[whose].append(case)
    return {whose for whose, cases in grouped.items() if Readable(cases, (cases,), known).allows(any_wait)}


def _clients(cases: Iterable[Case], counted: _Base) -> set[str]:
    return {case.client for case in cases if counted(case)}
