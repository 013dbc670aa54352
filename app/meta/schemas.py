"""The service about itself."""

from typing import Annotated, Any, ClassVar, Literal

from pydantic import ConfigDict, RootModel

from app.kit import shown
from app.kit.schema import Out
from app.kit.shown import Shown


class HealthOut(Out):
    """The service is alive, or ready."""

    status: Literal["ok"]

    example: ClassVar[dict[str, Any]] = {"status": "ok"}


class LimitsOut(Out):
    """The limits that hold for every caller."""

    body_bytes: shown.Count
    import_bytes: shown.Count
    import_rows: shown.Count
    page_items: shown.Count
    batch_items: shown.Count


class MetaOut(Out):
    """What a client needs to build its forms."""

    version: Annotated[str, Shown(maxLength=20, pattern=r"^[0-9]+\.[0-9]+\.[0-9]+$")]
    enums: dict[str, Annotated[list[shown.Slug], Shown(maxItems=100)]]
    limits: LimitsOut
    regions: Annotated[list[shown.Region], Shown(maxItems=5_000)]

    example: ClassVar[dict[str, Any]] = {
        "version": "0.1.0",
        "enums": {"employment_status": ["employed", "underemployed", "unemployed", "freelance", "student"]},
        "limits": {
            "body_bytes": 262144,
            "import_bytes": 10485760,
            "import_rows": 5000,
            "page_items": 200,
            "batch_items": 500,
        },
        "regions": ["AT", "DE", "DE-BE", "US"],
    }


class DocumentOut(Out):
    """The OpenAPI document of this service."""

    # OpenAPI itself says what else a document holds.
    model_config = ConfigDict(extra="allow", json_schema_extra=lambda schema: schema.pop("additionalProperties"))

    openapi: Annotated[str, Shown(maxLength=10, pattern=r"^3\.1\.[0-9]+$")]
    info: dict[str, Any]
    servers: Annotated[list[dict[str, Any]], Shown(maxItems=1)]
    tags: Annotated[list[dict[str, Any]], Shown(maxItems=100)]
    paths: dict[str, Any]
    components: dict[str, Any]

    example: ClassVar[dict[str, Any]] = {
        "openapi": "3.1.0",
        "info": {"title": "Crickets", "version": "0.1.0"},
        "servers": [{"url": "/"}],
        "tags": [{"name": "clients"}],
        "paths": {},
        "components": {},
    }


class ProblemPage(RootModel[Annotated[str, Shown(maxLength=10_000, pattern=r"^[a-z-]+\n=+\n\n")]]):
    """A page about one problem code, for people."""

    example: ClassVar[str] = "not-found\n=========\n\nStatus 404: Nothing is here.\n\nCheck the path and the id.\n"
