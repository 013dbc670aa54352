from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Literal, NamedTuple


class LogFormat(StrEnum):
    """Whose export it is. On input `None` stands for the API's `auto`: recognised by its headers."""

    LINKEDIN_APPLICATIONS = "linkedin_applications"
    LINKEDIN_SAVED = "linkedin_saved"
    LINKEDIN_CONNECTIONS = "linkedin_connections"
    TEAL = "teal"
    SIMPLIFY = "simplify"
    HUNTR = "huntr"
    GENERIC = "generic"


class DateOrder(StrEnum):
    """The order of day, month and year in dates written with numbers only."""

    DMY = "dmy"
    MDY = "mdy"
    YMD = "ymd"


When = date | datetime
"""A date alone; or local wall time (naive); or an instant (aware). `datetime` is a `date`: test for it first."""

Severity = Literal["warning", "error"]


@dataclass(frozen=True, slots=True)
class Problem:
    """What a person should know of a row. `column` is their header, or ours where no column is there."""

    code: str
    column: str | None
    message: str
    severity: Severity = "warning"


@dataclass(frozen=True, slots=True)
class Event:
    """One interaction to be made. `guessed`: the kind, stage or date is read between the lines."""

    kind: str
    when: When
    stage: str | None = None
    guessed: bool = False
    note: str | None = None


class Told(NamedTuple):
    """What a row tells of the past: interactions in order of time, its raw status, the day it was marked as silent."""

    events: tuple[Event, ...]
    status: str | None
    silent_on: When | None


@dataclass(frozen=True, slots=True)
class ContactDraft:
    """A person named by the log. `role` is a contact role of the API."""

    name: str
    url: str | None = None
    email: str | None = None
    company: str | None = None
    title: str | None = None
    connected_on: When | None = None
    role: str = "other"


@dataclass(frozen=True, slots=True)
class Row:
    """One data row. `number` counts data rows from 1, blank ones included, so that it can be found in the sheet.

    `skip` (a reason code) means nothing is to be made of it; a problem of severity `error` means it cannot be.
    `silent_on` is the day of a mark that nobody answered: no interaction, but the notes that keep it belong there.
    In `linkedin_connections` the row is the `contact`; elsewhere `contact` belongs to the row's opportunity.
    """

    number: int
    company: str | None = None
    title: str | None = None
    url: str | None = None
    location: str | None = None
    requisition_id: str | None = None
    salary_min: int | None = None
    salary_max: int | None = None
    currency: str | None = None
    kind: str | None = None
    source: str | None = None
    source_status: str | None = None
    notes: str | None = None
    saved_on: When | None = None
    events: tuple[Event, ...] = ()
    contact: ContactDraft | None = None
    problems: tuple[Problem, ...] = ()
    skip: str | None = None
    silent_on: When | None = None


@dataclass(frozen=True, slots=True)
class Log:
    """The whole file. `date_order` is None where no date needed one; `warnings` are sentences about the file."""

    format: LogFormat
    date_order: DateOrder | None
    rows: tuple[Row, ...]
    warnings: tuple[str, ...] = ()
