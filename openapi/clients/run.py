"""Make clients from the committed document, compile them strictly, and let two of them go through a coach's morning.

Needs Node, npm and Java, and the package registries once. Whatever is made lies in the data folder; ./dev clients.
"""

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path.insert(0, str(ROOT))

from app.embedded import launch
from tests.support.database import clone, make_template, start
from tests.support.serving import serving

DOCUMENT = HERE.parent / "openapi.json"
MADE = Path(os.environ.get("CRICKETS_DATA_DIR") or ROOT / ".data") / "clients"
NODE, VENV, PYTHON_CLIENT = MADE / "node", MADE / "venv", MADE / "python"
GENERATORS = ("python", "typescript-fetch", "kotlin", "swift5", "java")
#: The least a document can say. What a generator warns of here, it says of itself and of any document.
NEXT_TO_NOTHING = {
    "openapi": "3.1.0",
    "info": {"title": "Next to nothing", "version": "1"},
    "servers": [{"url": "/"}],
    "paths": {
        "/": {
            "get": {
                "operationId": "getIt",
                "responses": {
                    "200": {
                        "description": "It.",
                        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/It"}}},
                    }
                },
            }
        }
    },
    "components": {"schemas": {"It": {"type": "object", "properties": {"name": {"type": "string"}}}}},
}


def run(*command: object, cwd: Path = ROOT, environment: Mapping[str, str] | None = None) -> str:
    """Run a program and return what it said; if it fails, so do we."""
    done = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env={**os.environ, **(environment or {})},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode:
        sys.exit(f"{done.stdout}\nclients: {command[0]} failed ({done.returncode})")
    return done.stdout


def say(what: str) -> None:
    print(f"  {what}", flush=True)


# -- the tools --------------------------------------------------------------------------------------------------------


def install() -> None:
    """Make the tools what the two locks say."""
    for program, why in (("npm", "Node >= 20.19 and npm"), ("java", "Java >= 11")):
        if shutil.which(program) is None:
            sys.exit(f"clients: {why} must be on the PATH")
    lock = HERE / "requirements.lock"
    if not is_current(VENV / ".crickets", lock):
        shutil.rmtree(VENV, ignore_errors=True)
        run(sys.executable, "-m", "venv", VENV)
        pip = [VENV / "bin" / "python", "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
        run(*pip, "--require-hashes", "-r", lock)
        (VENV / ".crickets").write_text(digest(lock))
    NODE.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "package-lock.json", ".npmrc", "tsconfig.json", "journey.ts"):
        shutil.copy(HERE / name, NODE / name)
    stamp, lock = NODE / "node_modules" / ".crickets", HERE / "package-lock.json"
    if not is_current(stamp, lock):
        run("npm", "ci", "--loglevel=error", cwd=NODE)
        stamp.write_text(digest(lock))


def is_current(stamp: Path, lock: Path) -> bool:
    return stamp.is_file() and stamp.read_text() == digest(lock)


def digest(lock: Path) -> str:
    return hashlib.sha256(lock.read_bytes()).hexdigest()


# -- the clients ------------------------------------------------------------------------------------------------------


def make_python() -> None:
    """Make the client, and hold it and its journey to mypy's strict rules."""
    tools = VENV / "bin"
    shutil.rmtree(PYTHON_CLIENT, ignore_errors=True)
    PYTHON_CLIENT.mkdir(parents=True)
    package = PYTHON_CLIENT / "crickets_client"
    told = ["--meta", "none", "--config", HERE / "python.yaml", "--fail-on-warning"]
    run(tools / "openapi-python-client", "generate", "--path", DOCUMENT, "--output-path", package, *told)
    (package / "py.typed").touch()
    strict = ["--strict", "--config-file", os.devnull, "--cache-dir", MADE / "mypy"]
    path = {"MYPYPATH": str(PYTHON_CLIENT)}
    said = run(tools / "mypy", *strict, package, HERE / "journey.py", cwd=PYTHON_CLIENT, environment=path)
    say(f"openapi-python-client: no warnings; mypy --strict: {said.strip().splitlines()[-1]}")


def make_typescript() -> None:
    """Make the types, and compile the journey with all that tsc can be strict about."""
    tools = NODE / "node_modules" / ".bin"
    # Or else a field with a default would be demanded of requests.
    optional = "--default-non-nullable=false"
    run(tools / "openapi-typescript", DOCUMENT, "--output", "schema.d.ts", optional, cwd=NODE)
    run(tools / "tsc", "--project", ".", cwd=NODE)
    say("openapi-typescript and openapi-fetch: tsc --strict: no errors")


def generate() -> None:
    """Let openapi-generator make its clients: it may warn of nothing but what it warns anybody of."""
    nothing = MADE / "next-to-nothing.json"
    nothing.write_text(json.dumps(NEXT_TO_NOTHING))
    for name in GENERATORS:
        own, ours = warnings(name, nothing), warnings(name, DOCUMENT)
        if found := ours - own:
            sys.exit("\n".join([f"clients: {name} warns of the document:", *sorted(found)]))
        say(f"openapi-generator {name}: 0 warnings ({len(own)} about itself, as with any document)")


def warnings(generator: str, document: Path) -> set[str]:
    """Return what a generator warns of; it has to end well."""
    folder = MADE / generator
    shutil.rmtree(folder, ignore_errors=True)
    command = ["generate", "--generator-name", generator, "--input-spec", document, "--output", folder]
    said = run(VENV / "bin" / "openapi-generator-cli", *command)
    return {line for line in said.splitlines() if re.search(r"\b(WARN|ERROR)\b", line)}


# -- the journeys -----------------------------------------------------------------------------------------------------


def drive() -> None:
    """Let both clients go their way, on a server of their own."""
    with tempfile.TemporaryDirectory() as folder:
        server = start(Path(folder))
        try:
            make_template(server)
            clone(server, "clients")
            told = ["create-practice", "--name", "Clients", "--owner-email", "o@example.com", "--time-zone", "UTC"]
            owner = {"CRICKETS_DATABASE_URL": server.url("clients")}
            key = json.loads(run(sys.executable, "-m", "app.cli", *told, environment=owner).splitlines()[-1])["api_key"]
            with serving(server.url("clients", "crickets_app"), CRICKETS_LOG_LEVEL="warning") as base_url:
                path = {"PYTHONPATH": str(PYTHON_CLIENT)}
                run(VENV / "bin" / "python", HERE / "journey.py", base_url, key, cwd=MADE, environment=path)
                say("journey.py: done")
                run("node", "made/journey.js", base_url, key, cwd=NODE)
                say("journey.ts: done")
        finally:
            launch.stop(Path(folder))


def main() -> int:
    """Do it all; the first thing that is not as it should be ends it."""
    for step in (install, make_python, make_typescript, drive, generate):
        print(f"== {step.__name__.replace('_', ' ')}", flush=True)
        step()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
