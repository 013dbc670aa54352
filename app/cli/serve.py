"""`crickets serve`: uvicorn, told about the app by name, so that this command never imports it."""

import argparse
import functools
from collections.abc import Callable
from typing import TYPE_CHECKING

import uvicorn
from uvicorn.importer import import_from_string

from app.cli import children
from app.cli.console import Failure
from app.settings import Settings

if TYPE_CHECKING:
    from uvicorn._types import ASGIApplication

APP = "app.main:create_app"
PROTOCOL = "app.http.protocol"


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    """Serve until told to stop; requests under way get ten seconds to end."""
    app: str | Callable[[], ASGIApplication] = APP
    if arguments.parent is not None:
        create_app = import_from_string(APP)
        app = functools.partial(create_app, children.handed_down(settings, arguments.parent))
    elif settings.database_url is None:
        raise Failure("set CRICKETS_DATABASE_URL; `./dev run` brings a database of its own")
    uvicorn.run(
        app,
        factory=True,
        host=arguments.host or settings.host,
        port=arguments.port or settings.port,
        workers=1 if arguments.parent else arguments.workers or settings.workers,
        loop="auto",  # uvloop wherever it exists
        http=f"{PROTOCOL}:Protocol",
        ws="none",
        log_level=settings.log_level,
        access_log=False,  # the edge writes its own line, without paths and queries
        proxy_headers=False,  # forwarded headers are ignored (API.md C7)
        server_header=False,
        date_header=True,
        timeout_keep_alive=10,
        timeout_graceful_shutdown=10,
        # A worker that does not answer its parent in time is shot; on a busy machine loading takes more than 5 s.
        timeout_worker_healthcheck=60,
    )
    return 0
