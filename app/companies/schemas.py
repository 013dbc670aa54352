"""Companies and the people there on the wire (API.md, company and contact)."""

from enum import StrEnum
from typing import Annotated, Any, ClassVar

from pydantic import MISSING, Field

from app.db.vocabulary import ContactRole
from app.kit import shown
from app.kit.fields import Email, HostName, Id, Instant, Line, Phone, Text, Url
from app.kit.lists import ListQuery
from app.kit.schema import In, Out, Patch

Name = Annotated[str, Line(200)]
Notes = Annotated[str, Text(4000)]
Search = Annotated[str, Line(100)]

_ID = "01981d3c-5f0e-7c3a-9b1e-6a1d2f3c4c01"
_STAMPS = {
    "version": 1,
    "created_at": "2026-03-02T09:00:00.000000Z",
    "updated_at": "2026-03-02T09:00:00.000000Z",
}
_COMPANY: dict[str, Any] = {"name": "Lighthouse Software", "domain": "lighthouse.example"}
_CONTACT: dict[str, Any] = {
    "company_id": _ID,
    "name": "Jonas Berg",
    "role": "hiring_manager",
    "email": "jonas@lighthouse.example",
    "phone": "+49 30 1234567",
    "title": "Head of Product",
    "profile_url": "https://people.example/jonas-berg",
    "notes": "Prefers short messages.",
}


class CompanyIn(In):
    """A company that is to be kept."""

    id: Id | None = Field(default=None, description="An id of the caller's own, to work offline.")
    name: Name = Field(description="Unique in the practice, whatever its case and spacing.")
    domain: HostName | None = None

    example: ClassVar[dict[str, Any]] = _COMPANY


class CompanyPatch(Patch):
    """What to change of a company."""

    name: Name | MISSING = MISSING
    domain: HostName | None | MISSING = MISSING

    example: ClassVar[dict[str, Any]] = {"domain": "lighthouse.example"}


class CompanyOut(Out):
    """An employer or an agency."""

    id: Id
    name: shown.Name
    domain: shown.HostName | None
    version: shown.Version
    created_at: Instant
    updated_at: Instant

    example: ClassVar[dict[str, Any]] = {"id": _ID, **_COMPANY, **_STAMPS}


class CompanyPage(Out):
    """A page of companies."""

    items: Annotated[list[CompanyOut], shown.Paged]
    next_cursor: shown.NextCursor | None

    example: ClassVar[dict[str, Any]] = {"items": [CompanyOut.example], "next_cursor": None}


class CompanySort(StrEnum):
    """By what companies and contacts can be sorted."""

    NAME = "name"
    NAME_DESC = "-name"
    CREATED_AT = "created_at"
    CREATED_AT_DESC = "-created_at"


class CompanyQuery(ListQuery):
    """Which companies to list."""

    q: Search | None = Field(default=None, description="Part of the name, in any case and accent.")
    sort: CompanySort = Field(default=CompanySort.NAME, description="The order of the list; ties by id.")


class ContactIn(In):
    """A contact who is to be kept."""

    id: Id | None = Field(default=None, description="An id of the caller's own, to work offline.")
    company_id: Id | None = Field(default=None, description="Where the contact works.")
    name: Name
    role: ContactRole
    email: Email | None = None
    phone: Phone | None = None
    title: Name | None = None
    profile_url: Url | None = None
    notes: Notes | None = Field(default=None, description="For members only: a client login never reads them.")

    example: ClassVar[dict[str, Any]] = _CONTACT


class ContactPatch(Patch):
    """What to change of a contact."""

    company_id: Id | None | MISSING = MISSING
    name: Name | MISSING = MISSING
    role: ContactRole | MISSING = MISSING
    email: Email | None | MISSING = MISSING
    phone: Phone | None | MISSING = MISSING
    title: Name | None | MISSING = MISSING
    profile_url: Url | None | MISSING = MISSING
    notes: Notes | None | MISSING = MISSING

    example: ClassVar[dict[str, Any]] = {"role": "executive", "phone": None}


class ContactOut(Out):
    """A person outside the practice who is not its client."""

    id: Id
    company_id: Id | None
    name: shown.Name
    role: ContactRole
    email: shown.Email | None
    phone: shown.Phone | None
    title: shown.Name | None
    profile_url: shown.Url | None
    notes: shown.Note | None = Field(description="Null for a client login, whatever is stored.")
    version: shown.Version
    created_at: Instant
    updated_at: Instant

    example: ClassVar[dict[str, Any]] = {"id": "01981d3c-5f0e-7c3a-9b1e-6a1d2f3c4d01", **_CONTACT, **_STAMPS}


class ContactPage(Out):
    """A page of the list of contacts."""

    items: Annotated[list[ContactOut], shown.Paged]
    next_cursor: shown.NextCursor | None

    example: ClassVar[dict[str, Any]] = {"items": [ContactOut.example], "next_cursor": None}


class ContactQuery(ListQuery):
    """Which contacts to list."""

    q: Search | None = Field(default=None, description="Part of the name, in any case and accent.")
    company_id: Id | None = Field(default=None, description="Only contacts at this company.")
    role: ContactRole | None = Field(default=None, description="Only contacts in this role.")
    sort: CompanySort = Field(default=CompanySort.NAME, description="The order of the list; ties by id.")
