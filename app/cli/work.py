"""`crickets work`: the background jobs, in a process of their own."""

import argparse
import asyncio
import importlib

from app.cli import children
from app.cli.console import Failure
from app.settings import Settings


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    """Work until told to stop."""
    runner = importlib.import_module("app.jobs.runner")
    settings = children.handed_down(settings, arguments.parent)
    if settings.database_url is None:
        raise Failure("set CRICKETS_DATABASE_URL; `./dev run` brings a database of its own")
    asyncio.run(runner.run(settings))
    return 0
