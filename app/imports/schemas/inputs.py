"""What a caller sends to import a log."""

import base64
import binascii
import json
from enum import StrEnum
from typing import Annotated, Any, ClassVar, Self

from pydantic import Field, model_validator

from app.kit.fields import Id
from app.kit.lists import MAX_IMPORT_BYTES, MAX_IMPORT_ROWS, ListQuery
from app.kit.schema import In, Parsed, rule_error, string
from app.logbook import DateOrder

_LONGEST_HEADER = 200
_MOST_MAPPED = 100


class LogFormat(StrEnum):
    """Whose export the log is."""

    AUTO = "auto"
    LINKEDIN_APPLICATIONS = "linkedin_applications"
    LINKEDIN_SAVED = "linkedin_saved"
    LINKEDIN_CONNECTIONS = "linkedin_connections"
    TEAL = "teal"
    SIMPLIFY = "simplify"
    HUNTR = "huntr"
    GENERIC = "generic"


def _content(value: object) -> str:
    if isinstance(value, list) and value and all(isinstance(item, dict) for item in value):
        return json.dumps(value, ensure_ascii=False)
    text = string(value)
    if not text.strip("\ufeff \t\r\n"):
        raise rule_error("empty", "The file is empty.")
    return text


def _bytes(value: object) -> bytes:
    text = value if isinstance(value, bytes) else string(value).encode("utf-8", "replace")
    try:
        content = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        content = b""
    if base64.b64encode(content) != text:  # other spellings of the same bytes are not base64 as RFC 4648 has it
        raise rule_error("bad-format", "Must be base64 with padding, without spaces or line breaks.")
    if not content:
        raise rule_error("empty", "The file is empty.")
    return content


def _mapping(value: object) -> dict[str, str]:
    if not isinstance(value, dict):
        raise rule_error("wrong-type", "Must be an object of our column to their header.")
    if len(value) > _MOST_MAPPED:
        raise rule_error("too-many", f"At most {_MOST_MAPPED} columns.")
    for ours, header in value.items():
        if len(ours) > _LONGEST_HEADER:
            raise rule_error("not-in-list", "This is not one of our columns.", ours)
        if not isinstance(header, str):
            raise rule_error("wrong-type", "Must be the header of a column.", ours)
        if not header or len(header) > _LONGEST_HEADER:
            raise rule_error("too-long" if header else "empty", "Must be the header of a column.", ours)
    return dict(value)


_ANY_OBJECT = {"type": "object", "additionalProperties": True}
_LIST = {"type": "array", "minItems": 1, "maxItems": MAX_IMPORT_ROWS, "items": _ANY_OBJECT}
_TEXT = {"type": "string", "minLength": 1, "maxLength": MAX_IMPORT_BYTES, "pattern": r"[^ \t\r\n\ufeff]"}
_CONTENT = Parsed(_content, {"anyOf": [_TEXT, _LIST]})
_BASE64 = Parsed(
    _bytes,
    {
        "type": "string",
        "format": "byte",
        "minLength": 4,
        "maxLength": MAX_IMPORT_BYTES,
        "pattern": "^[A-Za-z0-9+/]+={0,2}$",
    },
)
# A header may hold any character, line breaks too.
_HEADER = {"type": "string", "minLength": 1, "maxLength": _LONGEST_HEADER, "pattern": r"^[\s\S]+$"}
_MAPPING = Parsed(
    _mapping,
    {
        "type": "object",
        "maxProperties": _MOST_MAPPED,
        "additionalProperties": _HEADER,
    },
)


class ImportIn(In):
    """A log to read for a client: exactly one of `content` and `content_base64`."""

    id: Id | None = Field(default=None, description="An id of the caller's own, to work offline.")
    client_id: Id = Field(description="Whose search the log tells of.")
    format: LogFormat | None = Field(default=None, description="Whose export it is; `auto` goes by the headers.")
    content: Annotated[str, _CONTENT] | None = Field(
        default=None, description="CSV text, or a list of objects as JSON text or as JSON itself."
    )
    content_base64: Annotated[bytes, _BASE64] | None = Field(
        default=None, description="The bytes of the file: UTF-8 with or without BOM, else read as cp1252."
    )
    date_order: DateOrder | None = Field(
        default=None, description="Needed only where the dates of the file do not tell by themselves."
    )
    mapping: Annotated[dict[str, str], _MAPPING] | None = Field(
        default=None, description="Our column to the header that stands for it, where it is not recognised."
    )

    example: ClassVar[dict[str, Any]] = {
        "client_id": "01981d3c-5f0e-7c3a-9b1e-6a1d2f3c4b5a",
        "content": "Company,Title,Date applied,Status\nLighthouse Software,Product Lead,2026-02-16,Rejected\n",
    }

    @model_validator(mode="after")
    def _one_content(self) -> Self:
        if (self.content is None) == (self.content_base64 is None):
            raise rule_error("exactly-one", "Send exactly one of content and content_base64.", "content")
        return self


class ImportQuery(ListQuery):
    """Which imports to list: all, the newest first."""


class RowQuery(ListQuery):
    """Which rows to list: all, by number."""
