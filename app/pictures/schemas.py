"""Pictures and the links to them on the wire (API.md section 4)."""

from enum import StrEnum
from typing import Annotated, Any, ClassVar

from pydantic import Field, RootModel

from app.kit import shown
from app.kit.fields import Id, Instant
from app.kit.schema import In, Out
from app.kit.shown import Shown
from app.kit.text import Line


class PictureQuery(In):
    """For which instant a picture holds, and what opens it without a header."""

    as_of: Instant | None = Field(
        default=None, description="Default: now. Earlier: what is now known about then. Later: if nobody writes."
    )
    link: Annotated[str, Line(500)] | None = Field(
        default=None, description="The signature of a link; not looked at beside an Authorization header."
    )


_BYTES = 4 * 1024 * 1024


class Picture(RootModel[Annotated[str, Shown(maxLength=_BYTES, pattern="^<svg")]]):
    """An SVG document, with a title and a description in words; no script, nothing from elsewhere."""

    example: ClassVar[str] = (
        '<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-labelledby="title-1 desc-1">'
        '<title id="title-1">Head of Design at Example Works: what happened</title>'
        '<desc id="desc-1">Waiting as of 9 Mar 2026.</desc></svg>'
    )


class PictureKind(StrEnum):
    """What there are pictures of."""

    OPPORTUNITY_TIMELINE = "opportunity_timeline"
    CLIENT_SEARCH = "client_search"


class PictureLinkIn(In):
    """Which picture to link to."""

    picture: PictureKind
    id: Id = Field(description="Of the opportunity or the client that it is about.")
    as_of: Instant | None = Field(default=None, description="The instant of the picture; default: when it is opened.")

    example: ClassVar[dict[str, Any]] = {
        "picture": "opportunity_timeline",
        "id": "01981d3c-5f0e-7c3a-9b1e-6a1d2f3c4b5a",
        "as_of": "2026-03-09T12:00:00Z",
    }


class PictureLinkOut(Out):
    """An address that shows one picture for a little while."""

    url: shown.Url = Field(json_schema_extra={"format": "uri"})
    expires_at: Instant

    example: ClassVar[dict[str, Any]] = {
        "url": "https://crickets.example/v1/opportunities/01981d3c-5f0e-7c3a-9b1e-6a1d2f3c4b5a/timeline.svg?link=c2lnbmVk",
        "expires_at": "2026-03-09T12:10:00.000000Z",
    }
