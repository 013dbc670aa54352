"""From the body of a request to the rows of a log."""

import asyncio

from app import logbook
from app.imports.schemas import ImportIn, LogFormat
from app.imports.service.tidy import tidy
from app.kit.errors import Fault, RuleBroken
from app.logbook import DateOrderNeeded, Log, LogError, Row, UnknownColumn


class DateOrderIsNeeded(RuleBroken):
    code = "date-order-needed"
    title = "The order of day and month must be told"


async def read(body: ImportIn) -> Log:
    """Return the log in a body, its addresses tidied. Raise RuleBroken for what is no log."""
    # A file of 5,000 rows takes about a second of pure computing: meanwhile others are served.
    try:
        return await asyncio.to_thread(_read, body)
    except DateOrderNeeded as error:
        faults = [Fault("body", "/date_order", "required", "Send dmy, mdy or ymd.")]
        raise DateOrderIsNeeded(str(error), faults=faults) from None
    except LogError as error:
        raise RuleBroken(faults=[Fault("body", _pointer(error, body), error.code, str(error))]) from None


def _read(body: ImportIn) -> Log:
    named = body.format in {None, LogFormat.AUTO}
    log = logbook.read(
        body.content if body.content is not None else logbook.decode(body.content_base64 or b""),
        log_format=None if named else logbook.LogFormat(str(body.format)),
        date_order=body.date_order,
        mapping=body.mapping,
    )
    rows: tuple[Row, ...] = tuple(tidy(row) for row in log.rows)
    return Log(log.format, log.date_order, rows, log.warnings)


def _pointer(error: LogError, body: ImportIn) -> str:
    if isinstance(error, UnknownColumn):
        return error.pointer
    return "/content" if body.content is not None else "/content_base64"
