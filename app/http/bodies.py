"""The body of a request as bytes: of a type and a coding that is read, and of a length that is."""

from fastapi import Request

from app.http import idempotency, strict
from app.http.guard import BODY_LIMIT, header
from app.kit.errors import UnsupportedMediaType
from app.kit.lists import MAX_IMPORT_BYTES


async def sent(request: Request, *, may_be_missing: bool) -> bytes:
    """Return the body as it was sent. Raise UnsupportedMediaType and BodyTooLarge, in this order where it is known."""
    # Without a length only the end tells whether there is a body at all; nobody has to say of what type nothing is.
    is_told = not may_be_missing or int(header(request.scope, b"content-length") or 0) > 0
    if is_told:
        _demand_readable(request)
    limit = MAX_IMPORT_BYTES if request.scope["path"] == "/v1/imports" else BODY_LIMIT
    raw = await idempotency.body_of(request, limit)
    if raw and not is_told:
        _demand_readable(request)
    return raw


def _demand_readable(request: Request) -> None:
    if not strict.media_type_ok(header(request.scope, b"content-type"), patch=request.method == "PATCH"):
        raise UnsupportedMediaType("Send application/json in UTF-8.")
    codings = header(request.scope, b"content-encoding")
    if codings is not None and any(coding.strip(" \t") != "identity" for coding in codings.lower().split(",")):
        raise UnsupportedMediaType("Send the body without a Content-Encoding.")
