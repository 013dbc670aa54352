"""How a caller is known, as the OpenAPI document tells it."""

from typing import Any

from app.access.rights import Right
from app.http.operation import Operation

Json = dict[str, Any]

SCHEMES: Json = {
    "bearer": {
        "type": "http",
        "scheme": "bearer",
        "description": (
            "An API key of a member (`Authorization: Bearer crk_…`) or the access token of a sign-in (`cra_…`). "
            "Operations name their scopes."
        ),
    },
    "link": {
        "type": "apiKey",
        "in": "query",
        "name": "link",
        "description": "The signature of a link of `POST /v1/picture-links`, for where no header can be sent.",
    },
}


def of(found: Operation) -> list[Json]:
    """Return what opens an operation, each by itself."""
    if found.right is Right.PUBLIC:
        return []
    return [{"bearer": []}, {"link": []}] if found.linked else [{"bearer": []}]
