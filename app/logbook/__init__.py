"""Logs of job searches: `decode` bytes to text, `read` text to rows with interactions. Pure: no clock, no I/O."""

from app.logbook.columns import OUR_COLUMNS
from app.logbook.errors import DateOrderNeeded, LogError, NotALog, TooManyRows, UnknownColumn
from app.logbook.model import ContactDraft, DateOrder, Event, Log, LogFormat, Problem, Row, When
from app.logbook.read import read
from app.logbook.sheet import MAX_ROWS
from app.logbook.text import decode

__all__ = [
    "MAX_ROWS",
    "OUR_COLUMNS",
    "ContactDraft",
    "DateOrder",
    "DateOrderNeeded",
    "Event",
    "Log",
    "LogError",
    "LogFormat",
    "NotALog",
    "Problem",
    "Row",
    "TooManyRows",
    "UnknownColumn",
    "When",
    "decode",
    "read",
]
