"""What an import answers: the file as a whole, and each of its rows."""

from typing import Any, ClassVar

from pydantic import Field

from app.db.vocabulary import ContactRole, ImportState, OpportunityKind, OpportunitySource, RowAction
from app.ghosting.vocabulary import Kind, Stage
from app.imports.schemas.inputs import LogFormat
from app.kit.fields import Id, Instant
from app.kit.schema import Out
from app.logbook import DateOrder


class Counts(Out):
    """How many rows there are, and what becomes of them; the four actions add up to `rows`."""

    rows: int
    create: int
    match: int
    skip: int
    error: int


class ImportOut(Out):
    """An import."""

    id: Id
    client_id: Id
    format: LogFormat = Field(description="As recognised or as named.")
    date_order: DateOrder | None = Field(description="In which order dates were read; null where it did not matter.")
    state: ImportState
    counts: Counts
    warnings: list[str] = Field(description="What concerns the file as a whole.")
    version: int
    created_at: Instant
    updated_at: Instant

    example: ClassVar[dict[str, Any]] = {
        "id": "01981d3c-5f0e-7c3a-9b1e-6a1d2f3c4e01",
        "client_id": "01981d3c-5f0e-7c3a-9b1e-6a1d2f3c4b5a",
        "format": "generic",
        "date_order": None,
        "state": "previewed",
        "counts": {"rows": 1, "create": 1, "match": 0, "skip": 0, "error": 0},
        "warnings": [],
        "version": 1,
        "created_at": "2026-03-02T09:00:00.000000Z",
        "updated_at": "2026-03-02T09:00:00.000000Z",
    }


class ImportPage(Out):
    """A page of imports."""

    items: list[ImportOut]
    next_cursor: str | None

    example: ClassVar[dict[str, Any]] = {"items": [ImportOut.example], "next_cursor": None}


class RowInteraction(Out):
    """An interaction that a row tells of."""

    kind: Kind
    occurred_at: Instant = Field(description="A date alone is read as noon in the client's time zone.")
    stage: Stage | None
    summary: str | None
    guessed: bool = Field(description="The kind, the stage or the date is read between the lines.")
    new: bool = Field(description="Whether the commit adds it; false where the timeline has it already.")


class RowContact(Out):
    """A person that a row names."""

    name: str
    role: ContactRole
    company: str | None = None
    title: str | None = None
    email: str | None = None
    profile_url: str | None = None
    connected_on: str | None = None


class RowValues(Out):
    """What a row says, in our terms."""

    company: str | None = None
    title: str | None = None
    url: str | None = None
    location: str | None = None
    requisition_id: str | None = None
    salary_min: int | None = None
    salary_max: int | None = None
    currency: str | None = None
    kind: OpportunityKind | None = None
    source: OpportunitySource | None = None
    notes: str | None = None
    interactions: list[RowInteraction] = []
    contact: RowContact | None = None


class RowProblem(Out):
    """What a person should know of a row."""

    code: str
    column: str | None = Field(description="The header in the file, or our column where the file has none.")
    message: str


class RowOut(Out):
    """A row of a log and what becomes of it."""

    number: int = Field(description="Counts the rows below the header from 1, blank ones included.")
    action: RowAction
    opportunity_id: Id | None = Field(description="What was matched or made; null while it is yet to be made.")
    contact_id: Id | None
    values: RowValues
    source_status: str | None = Field(description="The status in the words of the log.")
    problems: list[RowProblem]

    example: ClassVar[dict[str, Any]] = {
        "number": 1,
        "action": "create",
        "opportunity_id": None,
        "contact_id": None,
        "values": {
            "company": "Lighthouse Software",
            "title": "Product Lead",
            "url": None,
            "location": None,
            "requisition_id": None,
            "salary_min": None,
            "salary_max": None,
            "currency": None,
            "kind": None,
            "source": None,
            "notes": "Status: Ghosted",
            "interactions": [
                {
                    "kind": "application",
                    "occurred_at": "2026-02-16T11:00:00.000000Z",
                    "stage": None,
                    "summary": None,
                    "guessed": False,
                    "new": True,
                }
            ],
            "contact": None,
        },
        "source_status": "Ghosted",
        "problems": [
            {
                "code": "ghosted-is-computed",
                "column": "Status",
                "message": "Marked as without an answer: kept as a note, computed from the dates.",
            }
        ],
    }


class RowPage(Out):
    """A page of rows."""

    items: list[RowOut]
    next_cursor: str | None

    example: ClassVar[dict[str, Any]] = {"items": [RowOut.example], "next_cursor": None}
