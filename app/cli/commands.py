"""The subcommands that do one thing and end: migrate, roles, demo, create-practice, verify-audit, reset-sync."""

import argparse
import asyncio
import importlib
import json
from collections.abc import Callable
from urllib.parse import unquote, urlsplit, urlunsplit

from pydantic import ValidationError

from app.cli import keep, schema, target
from app.cli.console import Failure, answer, say
from app.db.head import SCHEMA_HEAD
from app.kit.errors import AppError
from app.kit.fields import parse_id
from app.settings import Settings


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    """Run the subcommand that was asked for."""
    try:
        COMMANDS[arguments.command](arguments, settings)
    except AppError as error:
        found = [f"\n  {fault.pointer}: {fault.message}" for fault in error.faults]
        raise Failure(f"{error.detail}{''.join(found)}") from error
    except ValidationError as error:
        raise Failure("\n  ".join(["that cannot be:", *(found["msg"] for found in error.errors())])) from error
    return 0


def _migrate(_: argparse.Namespace, settings: Settings) -> None:
    with target.opened(settings) as place:
        schema.prepare(place)
        changed = schema.migrate(place)
        say(f"{place.where}: {'migrated to' if changed else 'already at'} {SCHEMA_HEAD}")


def _roles(_: argparse.Namespace, settings: Settings) -> None:
    if settings.database_url is not None and settings.owner_database_url is not None:
        service, owner = (
            urlsplit(url.get_secret_value()) for url in (settings.database_url, settings.owner_database_url)
        )
        # The administrator comes from libpq's variables: PGUSER and PGPASSWORD, or a password file.
        admin = urlunsplit(("postgresql", service.netloc.rpartition("@")[2], service.path, service.query, ""))
        passwords = [unquote(url.password) if url.password else None for url in (service, owner)]
        asyncio.run(schema.create(admin, service.path.lstrip("/") or target.DATABASE, *passwords))
        say(f"{target.shown(admin)}: roles, database and extensions are there")
        return
    with target.opened(settings) as place:
        if place.admin is None:
            raise Failure("the login in CRICKETS_DATABASE_URL may not create roles and databases")
        schema.prepare(place)
        say(f"{place.where}: roles, database and extensions are there")


def _demo(_: argparse.Namespace, settings: Settings) -> None:
    with target.opened(settings) as place:
        schema.ready(place)
        answer(load_demo(place.settings))


def load_demo(settings: Settings) -> str:
    """Load the demo practice, which may be there already, and keep its owner's key in the data directory."""
    key = str(importlib.import_module("app.demo.load").load(settings))
    keep.write_private(keep.data_dir(settings) / "demo-key", key)
    return key


def _create_practice(arguments: argparse.Namespace, settings: Settings) -> None:
    with target.opened(settings) as place:
        schema.ready(place)
        first_practice = importlib.import_module("app.practices.service").first_practice
        made = asyncio.run(
            first_practice(
                place.settings,
                name=arguments.name,
                owner_email=arguments.owner_email,
                time_zone=arguments.time_zone,
            )
        )
        names = ("practice_id", "member_id", "api_key", "invitation_token")
        answer(json.dumps({name: str(made[name]) for name in names}))


def _verify_audit(arguments: argparse.Namespace, settings: Settings) -> None:
    verification = importlib.import_module("app.audit.service.verification")
    practice_id = None if arguments.practice is None else parse_id(arguments.practice)
    noted = None if arguments.head is None else verification.parse_head(arguments.head)
    if (arguments.practice and practice_id is None) or (arguments.head and (noted is None or practice_id is None)):
        raise Failure("--practice takes an id; --head takes NUMBER:HASH as printed, and needs --practice")
    with target.opened(settings) as place:
        schema.ready(place)
        verdicts = asyncio.run(verification.verify_all(place.settings, practice_id=practice_id, noted=noted))
    for verdict in verdicts:
        answer(f"{verdict.practice_id} {verdict.broken or f'holds, head {verdict.head}'}")
    broken = [f"practice {verdict.practice_id}: {verdict.broken}" for verdict in verdicts if verdict.broken]
    if broken:
        raise Failure("the audit log is broken\n  " + "\n  ".join(broken))


def _reset_sync(_: argparse.Namespace, settings: Settings) -> None:
    with target.opened(settings) as place:
        schema.ready(place)
        asyncio.run(schema.draw_generation(place))
        say(f"{place.where}: every token of the change feed is refused from now on")


COMMANDS: dict[str, Callable[[argparse.Namespace, Settings], None]] = {
    "migrate": _migrate,
    "roles": _roles,
    "demo": _demo,
    "create-practice": _create_practice,
    "verify-audit": _verify_audit,
    "reset-sync": _reset_sync,
}
