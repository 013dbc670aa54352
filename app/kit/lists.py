"""What every list request understands (API.md C9)."""

from typing import Annotated

from pydantic import Field

from app.kit.fields import Whole
from app.kit.schema import In

DEFAULT_LIMIT = 50
MAX_LIMIT = 200
MAX_CURSOR = 4096
CURSOR_PATTERN = "^[A-Za-z0-9_-]+$"
MAX_BATCH = 500
#: How often a parameter that chooses may repeat.
MAX_CHOICES = 50
MAX_IMPORT_ROWS = 5000
MAX_IMPORT_BYTES = 10 * 1024 * 1024


class ListQuery(In):
    """The page parameters; a room adds its filters and its sorts."""

    limit: Annotated[int, Whole(1, MAX_LIMIT)] = Field(default=DEFAULT_LIMIT, description="How many items at the most.")
    cursor: str | None = Field(
        default=None,
        max_length=MAX_CURSOR,
        json_schema_extra={"pattern": CURSOR_PATTERN},
        description="The `next_cursor` of the page before; it belongs to the same filters and sort.",
    )
