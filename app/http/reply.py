"""How answers leave: serialized once, with the headers that the contract promises."""

import base64
import hashlib
from typing import Any
from urllib.parse import urlencode

from fastapi import Request, Response
from pydantic import BaseModel

from app.drawing.palette import STYLE
from app.http.deps import Walk, asked
from app.http.house import house
from app.kit.pages import Page
from app.kit.preconditions import etag
from app.kit.shapes import Tree, shape_of

_JSON = "application/json"
_OWN_STYLE = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
_PICTURE = {
    "Content-Security-Policy": f"default-src 'none'; style-src 'sha256-{_OWN_STYLE}'; frame-ancestors 'none'; sandbox",
    # The default of browsers would keep it from a page that isolates itself; who may see it, the link has settled.
    "Cross-Origin-Resource-Policy": "cross-origin",
}
#: A model, or the tree of the one that is then named as `answer`.
Found = BaseModel | Tree


def document(
    found: Found, *, status: int = 200, headers: dict[str, str] | None = None, answer: type[BaseModel] | None = None
) -> Response:
    """Answer with a model, or a tree of `answer`, as JSON."""
    if isinstance(found, BaseModel):
        # Rows hold enumerations as plain text, which serializes the same; the contract tests check what goes out.
        return Response(found.__pydantic_serializer__.to_json(found, warnings=False), status, headers, _JSON)
    if answer is None:
        raise TypeError("a tree is written as some model")
    return Response(shape_of(answer).write(found), status, headers, _JSON)


def item(request: Request, found: Found, *, version: int, answer: type[BaseModel] | None = None) -> Response:
    """Answer with one versioned record; 304 without a body when If-None-Match names its version."""
    headers = {"ETag": etag(version)}
    if request.method in {"GET", "HEAD"} and _known(", ".join(request.headers.getlist("if-none-match")), version):
        return Response(None, 304, headers)
    return document(found, headers=headers, answer=answer)


def created(found: Found, *, location: str, version: int | None, answer: type[BaseModel] | None = None) -> Response:
    """Answer 201 with the new record, where it lives, and its version."""
    headers = {"Location": location}
    if version is not None:
        headers["ETag"] = etag(version)
    return document(found, status=201, headers=headers, answer=answer)


def page(
    request: Request, walk: Walk, found: Page[Any], *, answer: type[BaseModel], trees: bool = False, **more: Any
) -> Response:
    """Answer with a page as `answer`, which has `items` and `next_cursor`, and with a Link to the next one."""
    cursor, headers = None, None
    if found.next is not None:
        cursor = house(request).signer.seal(found.next, binding=walk.binding)
        others = [pair for pair in asked(request) if pair[0] != "cursor"]
        headers = {"Link": f'<{request.scope["path"]}?{urlencode([*others, ("cursor", cursor)])}>; rel="next"'}
    values = {"items": found.items, "next_cursor": cursor, **more}
    if trees:
        return document(shape_of(answer).whole(**values), headers=headers, answer=answer)
    return document(answer.model_construct(**values), headers=headers)


def picture(svg: bytes) -> Response:
    """Answer with a picture, which pages of other origins may show, and whose own style sheet alone may work."""
    return Response(svg, 200, _PICTURE, "image/svg+xml")


def empty() -> Response:
    """Answer 204."""
    return Response(None, 204)


def _known(header: str, version: int) -> bool:
    tags = {tag.strip().removeprefix("W/") for tag in header.split(",")}
    return "*" in tags or etag(version) in tags
