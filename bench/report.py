"""The table, the targets, and the files that keep them."""

import json
import os
import platform
from collections.abc import Iterable, Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

from app.embedded import find
from app.kit import clock
from bench import places, targets
from bench.measure import Measured
from bench.scenarios import BULK, SCENARIOS, TITLES
from bench.targets import Target

_NAMES = {"service": "service", "bare": "(a) bare", "textbook": "(b) textbook"}
_LIBRARIES = ("fastapi", "starlette", "uvicorn", "uvloop", "httptools", "pydantic", "sqlalchemy", "asyncpg", "orjson")
_HEAD = (
    *("scenario", "database", "target", "requests/s", "p50 ms", "p99 ms"),
    *("CPU ms: app", "+ Postgres", "= all", "noise", "to (a)", "to (b)"),
)
NOTES = """Medians of interleaved rounds; noise is the median absolute deviation of CPU per request. CPU is that of the
server's processes and of all of Postgres, from `/proc`. The service runs as shipped, one worker, with CRICKETS_LIMIT_*
raised to 1,000,000 a minute: it counts every request and refuses none. Postgres runs with the defaults of the embedded
cluster, fsync on. 8 keep-alive connections, a request under way on each; the driver runs on the same machine.
(a) sends the same bytes by asyncpg and orjson, without authentication, limits or framework; where it replays, it sends
the recorded statements of the service, authentication and counting included. (b) is ORM classes, `selectinload`,
`response_model` and the engine on read, without authentication, row level security, limits, outlook and cursors."""


def publish(found: Sequence[Measured], *, more: Mapping[str, Any] | None = None, quick: bool = False) -> int:
    """Print the table and the targets, write both down, and return the exit code: `quick` fails on a ratio far off."""
    judged = targets.judge(found, more or {})
    text = "\n\n".join((_machine_words(), table(found), _judged(judged), NOTES))
    print(text)
    folder = places.data_dir() / "results"
    folder.mkdir(parents=True, exist_ok=True)
    name = clock.read().strftime("%Y-%m-%d-%H%M")
    plain = {
        "machine": machine(),
        "measured": [one.plain() for one in found],
        "targets": [target.plain() for target in judged],
        "more": dict(more or {}),
    }
    (folder / f"{name}.json").write_text(json.dumps(plain, indent=2, default=str) + "\n")
    (folder / f"{name}.md").write_text(f"{text}\n")
    print(f"\nWritten to {_shown(folder / name)}.md and .json")
    far = [target for target in judged if target.is_far_off]
    if quick and far:
        print("Far off: " + ", ".join(f"{t.name} ({t.ratio:.2f}, {t.bound})" for t in far))
        return 1
    return 0


def table(found: Sequence[Measured]) -> str:
    """Return the one table as Markdown."""
    by = {(one.scenario, one.size, one.target): one for one in found}
    textbooks = {one.scenario: one for one in found if one.target == "textbook"}
    rows = []
    for one in found:
        bare = by.get((one.scenario, one.size, "bare"))
        plain = one.plain()
        mine = one.target == "service"
        textbook = textbooks.get(one.scenario)
        rows.append(
            (
                TITLES[one.scenario],
                one.size,
                _target(one),
                f"{plain['rate']:,.1f}",
                f"{plain['p50_ms']:,.1f}",
                f"{plain['p99_ms']:,.1f}",
                f"{_middle(one.application):,.2f}",
                f"{_middle(one.postgres):,.2f}",
                f"{plain['cpu_ms']:,.2f}",
                f"{plain['noise']:.0%}",
                f"{one.cpu / bare.cpu:.2f} x" if mine and bare and bare.cpu else "",
                f"1/{textbook.cpu / one.cpu:.1f}" if mine and textbook and one.cpu else "",
            )
        )
    return markdown(_HEAD, rows)


def markdown(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table whose columns are aligned in plain text too."""
    lines = [head, *rows]
    widths = [max(len(line[n]) for line in lines) for n in range(len(head))]
    shown = ["| " + " | ".join(cell.ljust(w) for cell, w in zip(line, widths, strict=True)) + " |" for line in lines]
    return "\n".join([shown[0], "|" + "|".join("-" * (w + 2) for w in widths) + "|", *shown[1:]])


def machine() -> dict[str, str]:
    """Return what the figures depend on besides the code."""
    cpu = next(
        (line.partition(":")[2].strip() for line in _lines("/proc/cpuinfo") if line.startswith("model name")), "unknown"
    )
    own = find.locate()
    return {
        "date": clock.read().strftime("%Y-%m-%d %H:%M UTC"),
        "cores": str(os.cpu_count()),
        "cpu": cpu,
        "kernel": f"{platform.system()} {platform.release()}",
        "load": " ".join(f"{one:.1f}" for one in os.getloadavg()),
        "python": platform.python_version(),
        "postgres": f"{own.major} ({own.origin})",
        **{name: version(name) for name in _LIBRARIES},
    }


def _machine_words() -> str:
    return ", ".join(f"{name} {value}" for name, value in machine().items())


def _judged(judged: Sequence[Target]) -> str:
    rows = [(t.name, t.bound, f"{t.ratio:.2f}", "met" if t.is_met else "MISSED") for t in judged]
    return markdown(("target", "bound", "measured", ""), rows)


def _target(one: Measured) -> str:
    if one.target == "bare" and one.scenario in BULK:
        return "(a) rows only"
    replayed = one.target == "bare" and SCENARIOS[one.scenario].replayed
    return "(a) same SQL" if replayed else _NAMES[one.target]


def _middle(values: Sequence[float]) -> float:
    return sorted(values)[len(values) // 2] * 1000


def _lines(path: str) -> list[str]:
    try:
        return Path(path).read_text().splitlines()
    except OSError:
        return []


def _shown(path: Path) -> Path:
    return path.relative_to(places.ROOT) if path.is_relative_to(places.ROOT) else path
