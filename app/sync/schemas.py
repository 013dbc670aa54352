"""The change feed on the wire (API.md, `GET /v1/changes`)."""

from collections.abc import Mapping
from enum import StrEnum
from functools import reduce
from operator import or_
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BaseModel, Field, create_model

from app.kit import shown
from app.kit.fields import Id, Whole
from app.kit.lists import CURSOR_PATTERN, DEFAULT_LIMIT, MAX_CURSOR, MAX_LIMIT
from app.kit.schema import In, Out
from app.kit.shown import Shown


class Op(StrEnum):
    """What to do with the copy of a record."""

    UPSERT = "upsert"
    REMOVE = "remove"


class ChangeQuery(In):
    """From where on, and how many."""

    token: str | None = Field(
        default=None,
        max_length=MAX_CURSOR,
        json_schema_extra={"pattern": CURSOR_PATTERN},
        description="The `next_token` of the answer before; left out, everything is told from the start.",
    )
    cursor: str | None = Field(
        default=None,
        max_length=MAX_CURSOR,
        json_schema_extra={"pattern": CURSOR_PATTERN},
        description="The same as `token`, by the name that it has in lists; not both.",
    )
    limit: Annotated[int, Whole(1, MAX_LIMIT)] = Field(
        default=DEFAULT_LIMIT, description="How many changes at the most."
    )


class ChangePage(Out):
    """Some of what is to be put into a copy, or taken out of it, in this order."""

    changes: list[Any]
    next_token: Annotated[
        str,
        Shown(
            minLength=1,
            maxLength=MAX_CURSOR,
            pattern=CURSOR_PATTERN,
            description="Send it as `token` for what comes next; good for 90 days.",
        ),
    ]
    has_more: bool = Field(description="Whether more is waiting; false: come back later, with `next_token`.")

    example: ClassVar[dict[str, Any]]


def change_model(name: str, record: type[BaseModel]) -> type[BaseModel]:
    """Return the model of a change of one type of record."""
    word = "".join(part.capitalize() for part in name.split("_"))
    # What the type checker cannot follow: types made from values.
    own_name: Any = Literal[name]
    data: Any = record | None
    model: type[BaseModel] = create_model(
        f"{word}Change",
        __base__=Out,
        __doc__=f"A {name.replace('_', ' ')} as it is now, or that there is none any more for the caller.",
        type=(own_name, ...),
        id=(Id, ...),
        op=(Op, Field(description="`upsert`: `data` is the record; `remove`: forget it, known or not.")),
        version=(shown.Version | None, Field(description="The version of `data`; null with `remove`.")),
        data=(data, Field(description="What reading the record answers; null with `remove`.")),
    )
    return model


def page_model(models: Mapping[str, type[BaseModel]]) -> type[ChangePage]:
    """Return the model of a page of changes, `models` being those of its types."""
    one_of: Any = Annotated[reduce(or_, models.values()), Field(discriminator="type")]
    made = create_model("ChangePage", __base__=ChangePage, __doc__=ChangePage.__doc__, changes=(_list(one_of), ...))
    made.example = {
        "changes": [
            {
                "type": "interaction",
                "id": "01981d3c-5f0e-7c3a-9b1e-6a1d2f3c4b5e",
                "op": "remove",
                "version": None,
                "data": None,
            }
        ],
        "next_token": "q3Jl-2b7cW1hYm9ydGVk",
        "has_more": False,
    }
    return made


def _list(item: Any) -> Any:
    return Annotated[list[item], shown.Paged]
