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
        self._by_name: defaultdict[str, list[Person]] = defaultdict(list)

    def add(self, person: Person) -> None:
        """Let later rows match `person`."""
        self._by_name[person.name_key].append(person)
        if person.url is not None:
            self._by_url.setdefault(person.url, person)

    def find(self, wanted: Person) -> Person | None:
        """Return who is meant: by the profile, else by name with e-mail address or company."""
        found = self._by_url.get(wanted.url or "")
        return found or next((known for known in self._by_name[wanted.name_key] if _same(known, wanted)), None)


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


def _same(known: Person, wanted: Person) -> bool:
    if known.url and wanted.url:
        return False  # two profiles are two people
    if known.email_key and wanted.email_key:
        return known.email_key == wanted.email_key
    return known.company_key == wanted.company_key
