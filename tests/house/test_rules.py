"""The rules of the house (ARCHITECTURE.md), each as a test."""

import ast
import importlib
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.db.base import metadata
from tests.house.writers import WRITERS

ROOT = Path(__file__).resolve().parents[2]
APP = ROOT / "app"
MOST_LINES, MOST_TEST_LINES = 250, 400


def sources(*folders: str) -> list[Path]:
    return sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))


def nodes(path: Path) -> Iterator[ast.AST]:
    return ast.walk(ast.parse(path.read_text()))


def dotted(node: ast.AST) -> str:
    return ast.unparse(node)


def test_files_are_small_enough_to_read_in_one_sitting() -> None:
    ceilings = [(path, MOST_LINES) for path in sources("app", "migrations", "openapi", "bench")]
    ceilings += [(path, MOST_TEST_LINES) for path in sources("tests")]
    too_long = [f"{p.relative_to(ROOT)}: {n}" for p, most in ceilings if (n := len(p.read_text().splitlines())) > most]
    assert not too_long


@pytest.mark.parametrize(
    ("banned", "allowed_in"),
    [
        ("datetime.now", {"kit/clock.py"}),
        ("date.today", set()),
        ("time.time", set()),
        ("os.environ", set()),
        ("os.getenv", set()),
        ("asyncio.create_task", set()),
        # Rooms ask the Caller, which keeps what was asked for a replay.
        ("principal.demand", {"http/deps.py"}),
        ("principal.meet", {"access/principal.py", "http/idempotency.py"}),
    ],
)
def test_what_is_banned_stands_in_its_one_place_only(banned: str, allowed_in: set[str]) -> None:
    found = {
        str(path.relative_to(APP))
        for path in sources("app")
        for node in nodes(path)
        if isinstance(node, ast.Attribute) and dotted(node).endswith(banned)
    }
    assert found <= allowed_in, found


def test_only_the_edge_and_the_jobs_commit() -> None:
    found = {
        str(path.relative_to(APP))
        for path in sources("app")
        for node in nodes(path)
        if isinstance(node, ast.Call) and dotted(node.func).endswith("session.commit")
    }
    # The command line founds practices and loads the demo: each is one job of its own.
    edge = {"http/deps.py", "http/house.py"}  # the second opens what has no caller yet
    assert found <= {*edge, "jobs/runner.py", "practices/service.py", "demo/load.py"}, found


def test_framework_exceptions_and_middlewares_are_not_used() -> None:
    for path in sources("app"):
        text = path.read_text()
        assert "BaseHTTPMiddleware" not in text, path
        raised = [dotted(n.exc) for n in nodes(path) if isinstance(n, ast.Raise) and n.exc is not None]
        assert not any("HTTPException" in name for name in raised), path


def test_sql_is_never_put_together_from_values() -> None:
    for path in sources("app"):
        for node in nodes(path):
            if isinstance(node, ast.Call) and dotted(node.func) in {"text", "sa.text", "sqlalchemy.text"}:
                parts = [v for a in node.args for v in ast.walk(a) if isinstance(v, ast.FormattedValue)]
                # SET takes no parameters; scope.py gives it enumerations only.
                assert not parts or path.name == "scope.py", path
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                assert not re.search(r"\bselect \*", node.value, re.IGNORECASE), path


def test_each_table_has_exactly_one_writing_room() -> None:
    assert set(WRITERS) == set(metadata.tables)
    for path in sources("app"):
        room = path.relative_to(APP).parts[0]
        for node in nodes(path):
            if isinstance(node, ast.Call) and dotted(node.func) in {"insert", "update", "delete"} and node.args:
                name = dotted(node.args[0])
                if name in WRITERS:
                    assert room in WRITERS[name], f"{path.relative_to(ROOT)} writes {name}"


def test_the_import_contracts_name_every_room() -> None:
    text = (ROOT / "pyproject.toml").read_text()
    rooms = {path.parent.name for path in APP.glob("*/router.py")}
    for room in rooms:
        assert text.count(f'"app.{room}"') == 1, room
        assert re.search(rf"\b{room}\b", text.split("layers = [")[1].split("]")[0]), room


def test_lock_files_name_no_index_address_or_path() -> None:
    for name in ("requirements.lock", "requirements.production.lock", "openapi/clients/requirements.lock"):
        for line in (ROOT / name).read_text().splitlines():
            bare = line.split("#")[0]
            assert "://" not in line, line
            assert not re.search(r"(^|\s)(-i|--index|--find-links|--extra-index|/|file:)", bare), line


def test_migrations_do_not_import_the_application() -> None:
    for path in sources("migrations"):
        imported = re.findall(r"^\s*(?:from|import) (app\b[\w.]*)", path.read_text(), re.MULTILINE)
        assert path.name == "env.py" or not imported, path


def test_every_ignored_finding_gives_its_reason() -> None:
    for path in sources("app", "migrations", "openapi"):
        for number, line in enumerate(path.read_text().splitlines(), 1):
            found = re.search(r"# (?:noqa: [A-Z0-9, ]+\b|type: ignore\[[\w, -]+\])(.*)", line)
            if found and not re.search(r"\w{3,}", found.group(1)):
                pytest.fail(f"{path.relative_to(ROOT)}:{number} ignores without a reason")


def test_no_file_names_a_machine_a_registry_or_a_mirror() -> None:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    names = [name for name in listed.split() if not name.endswith((".lock", ".json", ".csv"))]
    patterns = ["/work" + "/", "/" + "root/", "pypi" + ".org", "files.python" + "hosted"]
    for name in names:
        text = (ROOT / name).read_text(errors="ignore") if (ROOT / name).is_file() else ""
        assert not [p for p in patterns if p in text], name


def test_every_module_of_the_application_can_be_imported() -> None:
    for path in (p for p in sources("app") if p.name != "__main__.py"):
        importlib.import_module(".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"))
