"""Which contact a row is about: one that the practice has, or one that a row before it makes."""

from collections import defaultdict
from dataclasses import dataclass
from uuid import UUID

from app.kit.keys import email_key, name_key, search_key
from app.logbook import ContactDraft


@dataclass(frozen=True, slots=True)
class Person:
    """A contact as far as rows are compared with it; `row` is the number of the row that makes it."""

    id: UUID
    name_key: str
    company_key: str
    email_key: str | None
    url: str | None
    row: int | None = None
    draft: ContactDraft | None = None
    company: str | None = None


class People:
    """The contacts that the rows of a log may be about."""

    def __init__(self) -> None:
        self._by_url: dict[str, Person] = {}
        self._by_email: dict[tuple[str, str], Person] = {}
        self._by_company: defaultdict[tuple[str, str], list[Person]] = defaultdict(list)

    def add(self, person: Person) -> None:
        """Let later rows match `person`."""
        self._by_company[person.name_key, person.company_key].append(person)
        if person.url is not None:
            self._by_url.setdefault(person.url, person)
        if person.email_key is not None:
            self._by_email.setdefault((person.name_key, person.email_key), person)

    def find(self, wanted: Person) -> Person | None:
        """Return who is meant: by the profile, else by name with e-mail address or company."""
        found = self._by_url.get(wanted.url or "") or self._by_email.get((wanted.name_key, wanted.email_key or ""))
        if found is not None and not _two_profiles(found, wanted):
            return found
        colleagues = self._by_company[wanted.name_key, wanted.company_key]
        return next((known for known in colleagues if not _differ(known, wanted)), None)


def person_of(draft: ContactDraft, *, company: str | None, person_id: UUID, row: int) -> Person:
    """Return the contact that a row would make; `company` is that of the row's job."""
    employer = draft.company or company
    return Person(
        person_id,
        search_key(draft.name),
        name_key(employer) if employer else "",
        email_key(draft.email) if draft.email else None,
        draft.url,
        row,
        draft,
        employer,
    )


def _differ(known: Person, wanted: Person) -> bool:
    """Tell two people of one name and company by what both have: two profiles or two addresses."""
    if known.email_key and wanted.email_key and known.email_key != wanted.email_key:
        return True
    return _two_profiles(known, wanted)


def _two_profiles(known: Person, wanted: Person) -> bool:
    return bool(known.url and wanted.url and known.url != wanted.url)
