"""The service about itself."""

from typing import Any, ClassVar

from pydantic import ConfigDict

from app.kit.schema import Out


class HealthOut(Out):
    """Alive, or ready."""

    status: str

    example: ClassVar[dict[str, Any]] = {"status": "ok"}


class LimitsOut(Out):
    """The limits that hold for every caller."""

    body_bytes: int
    import_bytes: int
    import_rows: int
    page_items: int
    batch_items: int


class MetaOut(Out):
    """What a client needs to build its forms."""

    version: str
    enums: dict[str, list[str]]
    limits: LimitsOut
    regions: list[str]

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

    model_config = ConfigDict(extra="allow")

    openapi: str
    info: dict[str, Any]
    paths: dict[str, Any]

    example: ClassVar[dict[str, Any]] = {
        "openapi": "3.1.0",
        "info": {"title": "Crickets", "version": "0.1.0"},
        "paths": {},
    }
