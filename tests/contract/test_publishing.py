"""`openapi/export.py`: what stops a document from landing, and what publishing one does."""

import json
from pathlib import Path
from typing import Any

import pytest

from openapi import changelog, export

Json = dict[str, Any]
ROOT = Path(__file__).resolve().parents[2]
LOG = "# Changes\n\n## Unreleased\n\n{entries}\n\n## 0.1.0 (2026-01-02)\n\n- Old.\n"


def document(*fields: str, version: str = "0.2.0") -> Json:
    out = {"type": "object", "properties": {name: {"type": "string"} for name in fields}}
    answer = {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Out"}}}}
    operation = {"operationId": "getIt", "security": [], "responses": {"200": answer}}
    return {
        "info": {"version": version},
        "paths": {"/v1/it": {"get": operation}},
        "components": {"schemas": {"Out": out}},
    }


class Desk:
    """The folder, with a published document that answers `a` and `b`."""

    def __init__(self, folder: Path, patch: pytest.MonkeyPatch) -> None:
        self.folder, self.patch = folder, patch
        for name in ("TARGET", "PUBLISHED", "CHANGELOG"):
            patch.setattr(export, name, folder / getattr(export, name).name)
        export.PUBLISHED.write_text(json.dumps(document("a", "b", version="0.1.0")))
        self.log("")
        self.serves(document("a", "b"))

    def serves(self, served: Json) -> None:
        self.patch.setattr(export, "document", lambda: json.dumps(served).encode())
        export.TARGET.write_bytes(export.document())

    def log(self, *entries: str) -> None:
        export.CHANGELOG.write_text(LOG.format(entries="\n".join(entries)))

    def run(self, *arguments: str) -> int:
        self.patch.setattr("sys.argv", ["export.py", *arguments])
        return export.main()


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    return Desk(tmp_path, monkeypatch)


def test_a_document_that_says_nothing_new_passes(desk: Desk) -> None:
    assert desk.run("--check") == 0


def test_one_that_is_not_served_fails(desk: Desk) -> None:
    export.TARGET.write_text("{}")
    assert desk.run("--check") == 1


def test_a_break_fails_however_well_it_is_told(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    desk.serves(document("a"))
    desk.log("- `Out.b` is gone.")
    assert desk.run("--check") == 1
    assert "breaks what was built on published.json: `Out.b`" in capsys.readouterr().err
    assert desk.run("--publish", "0.2.0") == 1


def test_an_addition_passes_once_the_changelog_names_it(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    desk.serves(document("a", "b", "c"))
    assert desk.run("--check") == 1
    assert "missing in CHANGELOG.md: - `Out.c`: is new in answers" in capsys.readouterr().err
    desk.log("- `Out.c`: a third.")
    assert desk.run("--check") == 0


def test_publishing_makes_it_the_one_to_compare_with(desk: Desk) -> None:
    desk.serves(document("a", "b", "c"))
    assert desk.run("--publish", "0.2.0") == 1
    desk.log("- `Out.c`: a third.")
    assert desk.run("--publish", "0.2.0") == 0
    assert json.loads(export.PUBLISHED.read_text()) == document("a", "b", "c")
    text = export.CHANGELOG.read_text()
    assert changelog.published(text) == ["0.2.0", "0.1.0"]
    assert changelog.entries(text) == []
    assert desk.run("--check") == 0


def test_only_the_version_that_the_document_calls_itself_is_published(desk: Desk) -> None:
    assert desk.run("--publish", "0.3.0") == 1


def test_nothing_passes_unless_there_is_a_published_one(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    export.PUBLISHED.unlink()
    assert desk.run("--check") == 1
    assert "published.json is missing" in capsys.readouterr().err
    assert desk.run("--publish", "0.2.0") == 1
    assert not export.PUBLISHED.is_file()
    desk.serves(document("a", version="0.1.0"))
    assert desk.run("--publish", "0.1.0") == 0
    assert desk.run("--check") == 0


def test_before_the_first_stable_version_a_break_may_be_published_on_purpose(desk: Desk) -> None:
    desk.serves(document("a"))
    assert desk.run("--publish", "0.2.0", "--break") == 1
    desk.log("- `Out.b` is gone.")
    assert desk.run("--publish", "0.2.0", "--break") == 0
    desk.serves(document(version="1.0.0"))
    desk.log("- `Out.a` is gone.")
    assert desk.run("--publish", "1.0.0", "--break") == 1


def test_the_published_document_is_the_newest_version_of_the_changelog() -> None:
    newest = changelog.published((ROOT / "openapi/CHANGELOG.md").read_text())[0]
    assert json.loads((ROOT / "openapi/published.json").read_bytes())["info"]["version"] == newest
