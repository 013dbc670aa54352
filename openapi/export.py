"""Write openapi/openapi.json from the application, check it against what was published, or publish it.

Without arguments, the document is written. --check writes nothing and fails when the committed document is not the one
served, when it breaks what was built on the published one, or when CHANGELOG.md does not tell a difference; without a
published one it fails too, since nothing can be held against it. --publish makes it the published one, under the
version that it calls itself; where none is, it must be the first.
"""

import argparse
import json
import sys
import time
from pathlib import Path
from typing import Any

from pydantic import SecretStr

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from app.main import create_app
from app.settings import Settings
from openapi import changelog
from openapi.compare import Difference, compare

HERE = Path(__file__).parent
TARGET = HERE / "openapi.json"
PUBLISHED = HERE / "published.json"
CHANGELOG = HERE / "CHANGELOG.md"


def document() -> bytes:
    """Return the document as served; building it connects to nothing."""
    settings = Settings(database_url=SecretStr("postgresql://nobody@127.0.0.1:1/none"))
    served: bytes = create_app(settings).state.openapi
    return served


def main() -> int:
    """Run the command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    does = parser.add_mutually_exclusive_group()
    does.add_argument("--check", action="store_true", help="write nothing; say what is wrong")
    does.add_argument("--publish", metavar="VERSION", help="make it the document that the next ones are held against")
    parser.add_argument("--break", action="store_true", dest="breaks", help="publish even what breaks (only 0.x)")
    given = parser.parse_args()
    current = document()
    if given.check:
        lost = [] if PUBLISHED.is_file() else [f"{PUBLISHED.name} is missing: nothing says what must not break"]
        return _complain(lost or _findings(current, may_break=False))
    TARGET.write_bytes(current)
    print(f"wrote {TARGET.name}: {len(current):,} bytes")
    return 0 if given.publish is None else _publish(current, given.publish, may_break=given.breaks)


def _findings(current: bytes, *, may_break: bool) -> list[str]:
    if not TARGET.is_file() or TARGET.read_bytes() != current:
        return [f"{TARGET.name} is not what the application serves: run ./dev openapi"]
    differences = compare(json.loads(PUBLISHED.read_bytes()), json.loads(current)) if PUBLISHED.is_file() else []
    breaking = [] if may_break else [found for found in differences if found.breaking]
    told = [f"breaks what was built on {PUBLISHED.name}: {found.entry}" for found in breaking]
    return told + [f"missing in {CHANGELOG.name}: - {found.entry}" for found in _untold(differences)]


def _untold(differences: list[Difference]) -> list[Difference]:
    return changelog.untold(differences, CHANGELOG.read_text())


def _publish(current: bytes, version: str, *, may_break: bool) -> int:
    served: dict[str, Any] = json.loads(current)
    own = served["info"]["version"]
    if own != version:
        return _complain([f"the document calls itself {own}: VERSION stands in app/main.py"])
    if may_break and not version.startswith("0."):
        return _complain(["from 1.0.0 on, what breaks needs another major version, beside this one"])
    before = [told for told in changelog.published(CHANGELOG.read_text()) if told != version]
    if before and not PUBLISHED.is_file():
        return _complain([f"{PUBLISHED.name} is missing, but {before[0]} was published"])
    if findings := _findings(current, may_break=may_break):
        return _complain(findings)
    CHANGELOG.write_text(changelog.closed(CHANGELOG.read_text(), version, time.strftime("%Y-%m-%d", time.gmtime())))
    PUBLISHED.write_text(json.dumps(served, ensure_ascii=False, separators=(",", ":")) + "\n")
    print(f"published {version}")
    return 0


def _complain(findings: list[str]) -> int:
    for finding in findings:
        print(finding, file=sys.stderr)
    if not findings:
        print(f"{TARGET.name} is what the application serves, and breaks nothing that was published")
    return 1 if findings else 0


if __name__ == "__main__":
    raise SystemExit(main())
