"""Let Schemathesis judge the service: `./dev judge`. Brings its own environment, Postgres and server, and ends them.

./dev judge                       five seeds, all checks, all phases
./dev judge --seeds 1 --examples 20
"""

import argparse
import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
sys.path.insert(0, str(ROOT))

from app.embedded import launch  # noqa: E402
from app.kit import clock  # noqa: E402
from tests.edge.places import fine, operations  # noqa: E402
from tests.support import api as support  # noqa: E402
from tests.support import database as databases  # noqa: E402
from tests.support.database import Server  # noqa: E402
from tests.support.serving import serving  # noqa: E402

DATABASE = "crickets_judged"
SEEDS, EXAMPLES = 5, 50
#: How many fine requests of each operation a run is given to begin with, in each of three phases.
EACH = 2
LIMITS = {f"CRICKETS_LIMIT_{name}": "1000000" for name in ("READ", "WRITE", "AUTH", "PRACTICE")}


def main() -> int:
    """Run every seed; the exit code says whether any of them found something."""
    parser = argparse.ArgumentParser(prog="./dev judge", description=(__doc__ or "").partition(".")[0])
    parser.add_argument("--seeds", type=int, default=SEEDS, help=f"how many seeds, from 1 on (default: {SEEDS})")
    parser.add_argument("--first", type=int, default=1, help="the first seed (default: 1)")
    parser.add_argument("--examples", type=int, default=EXAMPLES, help=f"examples an operation (default: {EXAMPLES})")
    parser.add_argument("--keep", type=Path, help="keep the reports in this folder")
    chosen = parser.parse_args()
    # Ended from outside, we end what we have started.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    schemathesis = environment()
    failed = 0
    with tempfile.TemporaryDirectory(prefix="crickets-judge-") as name, postgres(Path(name) / "postgres") as server:
        databases.make_template(server)
        for seed in range(chosen.first, chosen.first + chosen.seeds):
            folder = Path(chosen.keep or name) / f"seed-{seed}"
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(parents=True)
            failed += not passes(schemathesis, server, folder, seed=seed, examples=chosen.examples)
    print(f"{chosen.seeds} seeds, {failed} with findings", flush=True)
    return min(failed, 1)


def environment() -> Path:
    """Return the `schemathesis` of an environment of its own, which holds exactly what the hashes say."""
    wanted = HERE / "requirements.lock"
    stamp = hashlib.sha256(wanted.read_bytes()).hexdigest()
    folder = Path(os.environ.get("CRICKETS_DATA_DIR", ROOT / ".data")) / "judge"
    mark = folder / "stamp"
    if not mark.is_file() or mark.read_text() != stamp:
        subprocess.run([sys.executable, "-m", "venv", "--clear", folder], check=True)
        pip = [folder / "bin" / "python", "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
        subprocess.run([*pip, "--require-hashes", "-r", wanted], check=True)
        mark.write_text(stamp)
    return folder / "bin" / "schemathesis"


@contextmanager
def postgres(folder: Path) -> Iterator[Server]:
    """Run a Postgres of our own, without the care for data that nobody will miss."""
    server = databases.start(folder)
    try:
        yield server
    finally:
        if server.own is not None:
            launch.stop(server.own)


def passes(schemathesis: Path, server: Server, folder: Path, *, seed: int, examples: int) -> bool:
    """Run one seed against a fresh service; say whether it found nothing and every operation was exercised."""
    databases.clone(server, DATABASE)
    url = server.url(DATABASE, "crickets_app")
    world(url, folder)
    for name in ("hooks.py", "schemathesis.toml"):
        (folder / name).write_text((HERE / name).read_text())
    with serving(url, **LIMITS, CRICKETS_LOG_LEVEL="error") as base:
        report = folder / "events.ndjson"
        with urllib.request.urlopen(f"{base}/openapi.json") as answer:  # noqa: S310  # our own server
            document = json.load(answer)
        # From a file: Schemathesis does not try the operation from which it has read the document.
        (folder / "openapi.json").write_text(json.dumps(document))
        command: list[str | Path] = [schemathesis, "--no-color", "run", "openapi.json", "--url", base]
        command += ["--checks", "all"]
        command += ["--seed", str(seed), "--max-examples", str(examples), "--report", "ndjson"]
        command += ["--report-ndjson-path", report]
        began = time.monotonic()
        with (folder / "output.txt").open("w") as output:
            done = subprocess.run(command, cwd=folder, stdout=output, stderr=subprocess.STDOUT, check=False)
    text = (folder / "output.txt").read_text()
    unserved, requests = exercised(report, document)
    summary = text.partition("SUMMARY")[2] if done.returncode else text.splitlines()[-1].strip("= ")
    took = time.monotonic() - began
    print(f"seed {seed}: {requests} requests, {took:.0f} s, never served: {unserved or 'none'}\n{summary}", flush=True)
    databases.drop(server, DATABASE)
    return done.returncode == 0 and not unserved


def world(url: str, folder: Path) -> None:
    """Found two practices, and write down what a run may know of them."""
    with support.running(url) as house:
        house.clock.now = clock.read()
        owners = [support.new_practice(house, name) for name in ("First", "Second")]
        signed_in = [f"Bearer {owner.signed_in().key}" for owner in owners]
        given: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for op in operations(house).values():
            for _ in range(3 * EACH):
                made = fine(support.new_practice(house) if op.id.startswith("replace") else owners[0], op)
                given[op.id].append({"path": made.path, "body": made.body, "tag": made.tag})
        meta = house.client.get("/v1/meta").json()
    auth = [
        {"name": name, "fixedHeaders": [{"name": "Authorization", "value": value}]}
        for name, value in zip(("first", "second"), signed_in, strict=True)
    ]
    (folder / "auth.json").write_text(json.dumps({"auth": auth}))
    known = {
        "credentials": signed_in,
        "given": given,
        "each": EACH,
        "regions": meta["regions"],
        "zones": ["UTC", "Europe/Berlin"],
        "later": str((clock.read() + timedelta(days=7)).date()),
    }
    (folder / "world.json").write_text(json.dumps(known))


def exercised(report: Path, document: dict[str, Any]) -> tuple[list[str], int]:
    """Return the operations that never answered 2xx, and how many requests there were."""
    served: set[tuple[str, str]] = set()
    requests = 0
    for line in report.read_text().splitlines():
        for label, status in answers(json.loads(line)):
            requests += 1
            if 200 <= status < 300:  # what success is
                served.add(label)
    every = {(method.upper(), path) for path, methods in document["paths"].items() for method in methods}
    return [" ".join(one) for one in sorted(every - served)], requests


def answers(event: Any) -> Iterator[tuple[tuple[str, str], int]]:
    """Yield the operation and the status of every answer that an event of the report tells of."""
    scenario = event.get("ScenarioFinished") or {}
    recorder = scenario.get("recorder", {})
    for case_id, interaction in recorder.get("interactions", {}).items():
        response = interaction.get("response")
        case = recorder.get("cases", {}).get(case_id, {}).get("value", {})
        if response:
            yield (case.get("method", "?"), case.get("path", "?")), response["status_code"]


if __name__ == "__main__":
    sys.exit(main())
