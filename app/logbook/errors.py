from typing import ClassVar


class LogError(Exception):
    """A file that cannot be read as a log; `code` names the cause and the message holds no cell values."""

    code: ClassVar[str] = "bad-format"


class NotALog(LogError):
    """Neither CSV with headers we know nor a JSON list of objects."""


class DateOrderNeeded(LogError):
    """The file does not tell whether day or month comes first, or tells both."""

    code: ClassVar[str] = "date-order-needed"


class TooManyRows(LogError):
    """More rows than one import may hold."""

    code: ClassVar[str] = "too-many"


class UnknownColumn(LogError):
    """The mapping names a column that we or the file do not have; `pointer` (RFC 6901) tells which entry."""

    code: ClassVar[str] = "not-in-list"

    def __init__(self, message: str, our_column: str) -> None:
        super().__init__(message)
        self.pointer = "/mapping/" + our_column.replace("~", "~0").replace("/", "~1")
