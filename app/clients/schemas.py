"""Clients on the wire (API.md, client)."""

from enum import StrEnum
from typing import Annotated, Any, ClassVar

from pydantic import MISSING, Field

from app.db.vocabulary import EmploymentStatus, LoginStatus
from app.kit import shown
from app.kit.fields import Email, Id, Instant, Items, Line, Region, Whole, Zone
from app.kit.lists import ListQuery
from app.kit.schema import In, Out, Patch
from app.kit.shown import Shown

Name = Annotated[str, Line(200)]
Lines = Annotated[list[Name], Items(20)]
Hours = Annotated[int, Whole(0, 168)]
CoachIds = Annotated[list[Id], Items(20)]

_EXAMPLE: dict[str, Any] = {
    "name": "Mara Example",
    "email": "mara@example.com",
    "time_zone": "Europe/Berlin",
    "region": "DE-BE",
    "employment_status": "unemployed",
    "hours_free_per_week": 20,
    "goals": ["Lead a design team"],
    "target_titles": ["Head of Design"],
}


class ClientIn(In):
    """A client who is taken on."""

    id: Id | None = Field(default=None, description="An id of the caller's own, to work offline.")
    name: Name
    email: Email | None = None
    time_zone: Zone = Field(description="The zone in which every date of the client's search is read.")
    region: Region | None = Field(default=None, description="Holiday calendar; null counts weekends only.")
    employment_status: EmploymentStatus
    hours_free_per_week: Hours | None = None
    goals: Lines = []
    target_titles: Lines = []
    coach_ids: CoachIds | MISSING = Field(
        default=MISSING, description="Members who coach the client; default: the caller."
    )
    archived: bool = Field(default=False, description="Archived clients leave the queue and default lists.")

    example: ClassVar[dict[str, Any]] = _EXAMPLE


class ClientPatch(Patch):
    """What to change of a client."""

    name: Name | MISSING = MISSING
    email: Email | None | MISSING = MISSING
    time_zone: Zone | MISSING = MISSING
    region: Region | None | MISSING = MISSING
    employment_status: EmploymentStatus | MISSING = MISSING
    hours_free_per_week: Hours | None | MISSING = MISSING
    goals: Lines | MISSING = MISSING
    target_titles: Lines | MISSING = MISSING
    coach_ids: CoachIds | MISSING = MISSING
    archived: bool | MISSING = MISSING

    example: ClassVar[dict[str, Any]] = {"employment_status": "employed", "region": None}


class ClientOut(Out):
    """A client of the practice."""

    id: Id
    name: shown.Name
    email: shown.Email | None
    time_zone: shown.Zone
    region: shown.Region | None
    employment_status: EmploymentStatus
    hours_free_per_week: Annotated[int, Shown(Whole(0, 168))] | None
    goals: Annotated[list[shown.Name], Shown(maxItems=20)]
    target_titles: Annotated[list[shown.Name], Shown(maxItems=20)]
    coach_ids: Annotated[list[Id], Shown(maxItems=20)]
    archived: bool
    login_status: LoginStatus
    version: shown.Version
    created_at: Instant
    updated_at: Instant

    example: ClassVar[dict[str, Any]] = {
        "id": "01981d3c-5f0e-7c3a-9b1e-6a1d2f3c4b5a",
        **_EXAMPLE,
        "coach_ids": ["01981d3c-5f0e-7c3a-9b1e-6a1d2f3c4b00"],
        "archived": False,
        "login_status": "none",
        "version": 1,
        "created_at": "2026-03-02T09:00:00.000000Z",
        "updated_at": "2026-03-02T09:00:00.000000Z",
    }


class ClientPage(Out):
    """A page of the list of clients."""

    items: Annotated[list[ClientOut], shown.Paged]
    next_cursor: shown.NextCursor | None

    example: ClassVar[dict[str, Any]] = {"items": [ClientOut.example], "next_cursor": None}


class ClientSort(StrEnum):
    """By what clients can be sorted."""

    NAME = "name"
    NAME_DESC = "-name"
    CREATED_AT = "created_at"
    CREATED_AT_DESC = "-created_at"
    UPDATED_AT = "updated_at"
    UPDATED_AT_DESC = "-updated_at"


class ClientQuery(ListQuery):
    """Which clients to list."""

    q: Annotated[str, Line(100)] | None = Field(default=None, description="Part of the name, in any case and accent.")
    coach_id: Id | None = Field(default=None, description="Only clients of this coach.")
    archived: bool = Field(default=False, description="Archived clients instead of current ones.")
    sort: ClientSort = Field(default=ClientSort.NAME, description="The order of the list; ties by id.")
