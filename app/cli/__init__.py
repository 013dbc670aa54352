"""The `crickets` command; a subcommand's module is imported only when it is called."""

import argparse
import importlib
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from app.cli.children import Children, Stopped
from app.cli.console import Failure, complain
from app.embedded.errors import EmbeddedError

FORMATS = (
    *("auto", "linkedin_applications", "linkedin_saved", "linkedin_connections"),
    *("teal", "simplify", "huntr", "generic"),
)


def main(argv: Sequence[str] | None = None) -> int:
    """Run one subcommand and return its exit code; what a person can mend is told in words, without a traceback."""
    arguments = _parser().parse_args(argv)
    try:
        with Children() as processes:
            if arguments.command == "dev":  # the server loads itself while we prepare its database
                processes.start("serve")
            arguments.processes = processes
            return int(importlib.import_module(f"app.cli.{arguments.module}").run(arguments, _settings()))
    except (Failure, EmbeddedError) as error:
        if not getattr(arguments, "parent", None):  # a parent says it itself
            complain(str(error))
        return 1
    except Stopped:
        return 0
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # else Python complains again at exit
        return 1


def _settings() -> object:
    settings = importlib.import_module("app.settings")
    try:
        return settings.Settings()
    except ValueError as error:  # pydantic's ValidationError is one; it names variables, and these are no secrets
        findings = getattr(error, "errors", None)
        if findings is None:
            raise
        said = [f"{'.'.join(map(str, found['loc'])) or 'settings'}: {found['msg']}" for found in findings()]
        raise Failure("the settings (variables CRICKETS_…) are wrong:\n  " + "\n  ".join(said)) from None


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="crickets", description="Run and look after a crickets service.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    def command(name: str, module: str, words: str) -> argparse.ArgumentParser:
        added = commands.add_parser(name, help=words, description=words)
        added.set_defaults(module=module)
        return added

    command("dev", "dev", "Database, migrations, demo data, server and worker: all a laptop needs.")
    serve = command("serve", "serve", "Serve the API.")
    serve.add_argument("--host", help="address to listen on (CRICKETS_HOST)")
    serve.add_argument("--port", type=int, help="port to listen on (CRICKETS_PORT)")
    serve.add_argument("--workers", type=int, help="processes, one per core (CRICKETS_WORKERS)")
    work = command("work", "work", "Run the background jobs.")
    for child in (serve, work):
        child.add_argument("--parent", type=int, help=argparse.SUPPRESS)
    command("migrate", "commands", "Bring the schema to the newest revision.")
    command("roles", "commands", "Create or correct the database's roles, the database and its extensions.")
    command("demo", "commands", "Load the demo practice and print its owner's API key.")
    first = command("create-practice", "commands", "Create a practice and its owner; print one line of JSON.")
    first.add_argument("--name", required=True, help="the practice's name")
    first.add_argument("--owner-email", required=True, help="the owner's e-mail address")
    first.add_argument("--time-zone", required=True, help="an IANA zone such as Europe/Berlin")
    audit = command("verify-audit", "commands", "Recompute the chains of the audit log; exit 1 naming a broken link.")
    audit.add_argument("--practice", help="only the practice with this id")
    audit.add_argument("--head", help="with --practice: a head that this command printed before, such as 128:9f86d0…")
    command("reset-sync", "commands", "After putting back the database's files: make every device begin again.")
    evaluate = command("evaluate", "evaluate", "Judge the outlook by logs of real searches; needs no database.")
    evaluate.add_argument("files", nargs="+", type=Path, metavar="FILE", help="a log as POST /v1/imports takes it")
    evaluate.add_argument("--format", default="auto", choices=FORMATS, help="default: recognised by its headers")
    evaluate.add_argument("--date-order", choices=("dmy", "mdy", "ymd"), help="default: decided from its dates")
    command("doctor", "doctor", "Look at everything the service needs; exit 1 when something is wrong.")
    return parser
