"""How answers leave: serialized once, with the headers that the contract promises."""

import base64
import hashlib
from collections.abc import Sequence
from typing import Any, TypeVar

from fastapi import Request, Response
from pydantic import BaseModel

from app.drawing.palette import STYLE
from app.http.deps import Walk
from app.http.house import house
from app.kit.pages import Page
from app.kit.preconditions import etag

_JSON = "application/json"
_OWN_STYLE = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
_PICTURE = {
    "Content-Security-Policy": f"default-src 'none'; style-src 'sha256-{_OWN_STYLE}'; frame-ancestors 'none'; sandbox",
    # The default of browsers would keep it from a page that isolates itself; who may see it, the link has settled.
    "Cross-Origin-Resource-Policy": "cross-origin",
}
Item = TypeVar("Item", bound=BaseModel)


def document(model: BaseModel, *, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """Answer with a model as JSON."""
    # Rows hold enumerations as plain text, which serializes the same; the contract tests check what goes out.
    return Response(model.__pydantic_serializer__.to_json(model, warnings=False), status, headers, _JSON)


def item(request: Request, model: BaseModel, *, version: int) -> Response:
    """Answer with one versioned record; 304 without a body when If-None-Match names its version."""
    headers = {"ETag": etag(version)}
    if request.method in {"GET", "HEAD"} and _known(", ".join(request.headers.getlist("if-none-match")), version):
        return Response(None, 304, headers)
    return document(model, headers=headers)


def created(model: BaseModel, *, location: str, version: int | None) -> Response:
    """Answer 201 with the new record, where it lives, and its version."""
    headers = {"Location": location}
    if version is not None:
        headers["ETag"] = etag(version)
    return document(model, status=201, headers=headers)


def page(request: Request, walk: Walk, found: Page[Item], *, answer: type[BaseModel], **more: Any) -> Response:
    """Answer with a page as `answer`, which has `items` and `next_cursor`, and with a Link to the next one."""
    items: Sequence[Item] = found.items
    if found.next is None:
        return document(answer.model_construct(items=items, next_cursor=None, **more))
    cursor = house(request).signer.seal(found.next, binding=walk.binding)
    url = request.url.include_query_params(cursor=cursor)
    link = f'<{url.path}?{url.query}>; rel="next"'
    return document(answer.model_construct(items=items, next_cursor=cursor, **more), headers={"Link": link})


def picture(svg: bytes) -> Response:
    """Answer with a picture, which pages of other origins may show, and whose own style sheet alone may work."""
    return Response(svg, 200, _PICTURE, "image/svg+xml")


def empty() -> Response:
    """Answer 204."""
    return Response(None, 204)


def _known(header: str, version: int) -> bool:
    tags = {tag.strip().removeprefix("W/") for tag in header.split(",")}
    return "*" in tags or etag(version) in tags
