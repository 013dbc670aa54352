"""What the document tells of the fields of answers: as exact as for inputs, and never checked on the way out.

What an answer holds was checked when it came in, or was made here. So these annotations cost an answer nothing.
"""

from typing import Annotated, Any, Final, get_args

from pydantic import GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from app.kit import fields
from app.kit.fields import Whole
from app.kit.lists import CURSOR_PATTERN, MAX_CURSOR, MAX_LIMIT
from app.kit.schema import Parsed
from app.kit.text import Line, Text

#: The length of a list that nothing here limits: as many entries as a list has in most languages.
NO_LIMIT: Final = 2**31 - 1
_LINE: Final = 200
_NOTE: Final = 4_000
_SENTENCE: Final = 400
_SLUG: Final = 60


class Shown:
    """A part of the schema, for the document alone: `Annotated[str, Shown(Line(200))]`, `Shown(maxItems=20)`.

    `like` is what reads the same field of an input: the annotation itself or a type that holds it.
    """

    __slots__ = ("schema",)

    def __init__(self, like: Any = None, **more: object) -> None:
        parsed = next((part for part in (like, *get_args(like)) if isinstance(part, Parsed)), None)
        self.schema = {**(parsed.schema if parsed else {}), **more}

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return {**handler(schema), **self.schema}


#: A list without a limit of its own.
Unlimited: Final = Shown(maxItems=NO_LIMIT)
#: The items of a page.
Paged: Final = Shown(maxItems=MAX_LIMIT)
NextCursor = Annotated[
    str, Shown(minLength=1, maxLength=MAX_CURSOR, pattern=CURSOR_PATTERN, description="Null on the last page.")
]
Version = Annotated[int, Shown(Whole(1))]
#: How many there are of something, days for instance.
Count = Annotated[int, Shown(Whole(0, NO_LIMIT))]
#: The place in a list, from 1 on.
Place = Annotated[int, Shown(Whole(1, NO_LIMIT))]
Name = Annotated[str, Shown(Line(_LINE))]
Note = Annotated[str, Shown(Text(_NOTE))]
#: Words that the service itself has written, which may repeat some of the caller's.
Sentence = Annotated[str, Shown(Line(_SENTENCE))]
#: A word of an open list.
Slug = Annotated[str, Shown(maxLength=_SLUG, pattern="^[a-z0-9]+([._-][a-z0-9]+)*$")]
Currency = Annotated[str, Shown(fields.Currency)]
Email = Annotated[str, Shown(fields.Email)]
HostName = Annotated[str, Shown(fields.HostName)]
Phone = Annotated[str, Shown(fields.Phone)]
Region = Annotated[str, Shown(fields.Region)]
Url = Annotated[str, Shown(fields.Url)]
Zone = Annotated[str, Shown(fields.Zone)]
#: What an action or a win answers to: its kind, and the id of what raised it.
Key = Annotated[str, Shown(maxLength=100, pattern="^[a-z_]+:[a-z0-9-]+$")]
#: Hours of a week.
Hours = Annotated[int, Shown(Whole(0, 168))]
