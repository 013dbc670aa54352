"""What every list request understands (API.md C9)."""

from typing import Annotated

from pydantic import Field

from app.kit.fields import Whole
from app.kit.schema import In

DEFAULT_LIMIT = 50
MAX_LIMIT = 200
MAX_CURSOR = 4096
MAX_BATCH = 500
MAX_IMPORT_ROWS = 5000


class ListQuery(In):
    """The page parameters; a room adds its filters and its sorts."""

    limit: Annotated[int, Whole(1, MAX_LIMIT)] = Field(default=DEFAULT_LIMIT, description="How many items at the most.")
    cursor: str | None = Field(
        default=None,
        max_length=MAX_CURSOR,
        description="`next_cursor` of the page before; it belongs to the same filters and sort.",
    )
