"""What an import answers: the file as a whole, and each of its rows."""

from typing import Annotated, Any, ClassVar

from pydantic import Field

from app.db.vocabulary import ContactRole, ImportState, OpportunityKind, OpportunitySource, RowAction
from app.ghosting.vocabulary import Kind, Stage
from app.imports.schemas.inputs import LogFormat
from app.kit import shown
from app.kit.fields import Id, Instant, Line, Text, Whole
from app.kit.lists import MAX_IMPORT_BYTES
from app.kit.schema import Out
from app.kit.shown import Shown
from app.logbook import DateOrder

#: A date, or an instant of the local clock where the log tells the time.
_MOMENT = "^[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9:.+-]+)?$"
Warnings = Annotated[list[Annotated[str, Shown(Line(2_000))]], Shown(maxItems=100)]
#: As the log has it: any text that can be stored.
SourceStatus = Annotated[str, Shown(maxLength=MAX_IMPORT_BYTES, pattern=r"^[^\u0000]*$")]


class Counts(Out):
    """How many rows there are, and what becomes of them; the four actions add up to `rows`."""

    rows: shown.Count
    create: shown.Count
    match: shown.Count
    skip: shown.Count
    error: shown.Count


class ImportOut(Out):
    """An import: one log and what came of it."""

    id: Id
    client_id: Id
    format: LogFormat = Field(description="As recognised or as named.")
    date_order: DateOrder | None = Field(description="In which order dates were read; null where it did not matter.")
    state: ImportState
    counts: Counts
    warnings: Warnings = Field(description="What concerns the file as a whole.")
    version: shown.Version
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
    """A page of imports, the newest first."""

    items: Annotated[list[ImportOut], shown.Paged]
    next_cursor: shown.NextCursor | None

    example: ClassVar[dict[str, Any]] = {"items": [ImportOut.example], "next_cursor": None}


class RowInteraction(Out):
    """An interaction that a row tells of."""

    kind: Kind
    occurred_at: Instant = Field(description="A date alone is read as noon in the client's time zone.")
    stage: Stage | None
    summary: Annotated[str, Shown(Text(10_000))] | None
    guessed: bool = Field(description="The kind, the stage or the date is read between the lines.")
    new: bool = Field(description="Whether the commit adds it; false where the timeline has it already.")


class RowContact(Out):
    """A person that a row names."""

    name: shown.Name
    role: ContactRole
    company: shown.Name | None = None
    title: shown.Name | None = None
    email: shown.Email | None = None
    profile_url: shown.Url | None = None
    connected_on: Annotated[str, Shown(maxLength=32, pattern=_MOMENT)] | None = None


class RowValues(Out):
    """What a row says, in our terms."""

    company: shown.Name | None = None
    title: shown.Name | None = None
    url: shown.Url | None = None
    location: shown.Name | None = None
    requisition_id: Annotated[str, Shown(Line(100))] | None = None
    salary_min: Annotated[int, Shown(Whole(0))] | None = None
    salary_max: Annotated[int, Shown(Whole(0))] | None = None
    currency: shown.Currency | None = None
    kind: OpportunityKind | None = None
    source: OpportunitySource | None = None
    saved_at: Annotated[str, Shown(maxLength=32, pattern=_MOMENT)] | None = Field(
        default=None, description="When the job was put on the list; told here, and not kept."
    )
    notes: Annotated[str, Shown(Text(10_000))] | None = None
    interactions: Annotated[list[RowInteraction], shown.Unlimited] = []
    contact: RowContact | None = None


class RowProblem(Out):
    """What a person should know of a row."""

    code: shown.Slug
    column: shown.Name | None = Field(description="The header in the file, or our column where the file has none.")
    message: shown.Sentence


class RowOut(Out):
    """A row of a log and what becomes of it."""

    number: shown.Place = Field(description="Counts the rows below the header from 1, blank ones included.")
    action: RowAction
    opportunity_id: Id | None = Field(description="What was matched or made; null while it is yet to be made.")
    contact_id: Id | None
    values: RowValues
    source_status: SourceStatus | None = Field(description="The status in the words of the log.")
    problems: Annotated[list[RowProblem], shown.Unlimited]

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
    """A page of the rows of a log."""

    items: Annotated[list[RowOut], shown.Paged]
    next_cursor: shown.NextCursor | None

    example: ClassVar[dict[str, Any]] = {"items": [RowOut.example], "next_cursor": None}
