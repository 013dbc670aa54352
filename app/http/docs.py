"""The pages that show the OpenAPI document, from files of the environment: no content network, no inline script."""

from importlib.util import find_spec
from pathlib import Path

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

_CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'"
)
_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Crickets API</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="/docs/assets/swagger-ui.css"></head>
<body><div id="docs"></div>
<script src="/docs/assets/swagger-ui-bundle.js"></script><script src="/docs/start.js"></script></body></html>
"""
_START = 'SwaggerUIBundle({url: "/openapi.json", dom_id: "#docs", deepLinking: true, tryItOutEnabled: true});\n'


async def _page(_: Request) -> Response:
    return HTMLResponse(_PAGE, headers={"Content-Security-Policy": _CSP})


async def _start(_: Request) -> Response:
    return Response(_START, media_type="text/javascript")


def routes() -> list[BaseRoute]:
    """Return the routes of the pages; they are no part of the contract."""
    spec = find_spec("fastapi_offline")
    found = [Route("/docs", _page), Route("/docs/start.js", _start)]
    if spec is None or spec.origin is None:
        return []
    return [*found, Mount("/docs/assets", StaticFiles(directory=Path(spec.origin).parent / "static"))]
