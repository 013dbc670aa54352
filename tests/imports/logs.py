"""The three real logs, and the steps that every import goes through."""

import base64
from collections import Counter
from pathlib import Path
from typing import Any

from tests.support import build
from tests.support.api import Api
from tests.support.database import Database

_DATA = Path(__file__).parents[1] / "logbook" / "data"
REAL = {
    "jbhunt": _DATA / "jbhunt_jsdata.csv",
    "joecullin": _DATA / "joecullin_events.json",
    "timhanneman": _DATA / "timhanneman_merged.csv",
}
#: Every table that an import may write to, and how its rows are told apart.
_TABLES = ("company", "contact", "opportunity", "opportunity_contact", "interaction", "ghosting_step")


def preview(api: Api, content: Any, client_id: str | None = None, **more: Any) -> dict[str, Any]:
    """Preview a log (for a new client unless one is given) and return the import."""
    key = "content_base64" if isinstance(content, bytes) else "content"
    sent = base64.b64encode(content).decode() if isinstance(content, bytes) else content
    body = {"client_id": client_id or build.client(api)["id"], key: sent, **more}
    made: dict[str, Any] = api.ok(api.post("/v1/imports", body), 201)
    assert sum(made["counts"].values()) == 2 * made["counts"]["rows"]
    return made


def commit(api: Api, made: dict[str, Any]) -> dict[str, Any]:
    """Commit a preview and return the import."""
    done: dict[str, Any] = api.ok(api.post(f"/v1/imports/{made['id']}/commit"))
    assert sum(done["counts"].values()) == 2 * done["counts"]["rows"]
    return done


def undo(api: Api, made: dict[str, Any]) -> dict[str, Any]:
    """Undo a commit and return the import."""
    done: dict[str, Any] = api.ok(api.post(f"/v1/imports/{made['id']}/undo"))
    return done


def rows(api: Api, made: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the whole report."""
    return api.walk(f"/v1/imports/{made['id']}/rows", limit=200)


def only(api: Api, made: dict[str, Any]) -> dict[str, Any]:
    """Return the one row of a report."""
    (row,) = rows(api, made)
    return row


def imported(api: Api, content: Any, client_id: str | None = None, **more: Any) -> dict[str, Any]:
    """Preview and commit a log."""
    return commit(api, preview(api, content, client_id, **more))


def codes(row: dict[str, Any]) -> list[str]:
    """Return the codes of a row's problems."""
    return [problem["code"] for problem in row["problems"]]


def pipeline(api: Api, client_id: str) -> dict[str, dict[str, Any]]:
    """Return a client's opportunities by company and title."""
    items = api.walk("/v1/opportunities", client_id=client_id, limit=200)
    return {f"{item['company_name']}: {item['title']}": item for item in items}


def statuses(api: Api, client_id: str, **more: Any) -> dict[str, int]:
    """Return how many of a client's opportunities stand where."""
    items = api.walk("/v1/opportunities", client_id=client_id, limit=200, **more)
    return dict(Counter(item["assessment"]["status"] for item in items))


def timeline(api: Api, opportunity_id: str) -> list[dict[str, Any]]:
    """Return the interactions of an opportunity."""
    return api.walk(f"/v1/opportunities/{opportunity_id}/interactions", limit=200)


def kinds(api: Api, opportunity_id: str) -> list[tuple[str, str]]:
    """Return kind and instant of the interactions of an opportunity."""
    return [(item["kind"], item["occurred_at"][:16]) for item in timeline(api, opportunity_id)]


def everything(database: Database, api: Api) -> dict[str, list[str]]:
    """Return the records of a practice, but for its imports and its audit log."""
    return {
        table: sorted(
            row["record"]
            for row in database.fetch(
                f"select to_jsonb(t)::text as record from {table} t where practice_id = $1::uuid",
                api.practice_id,
            )
        )
        for table in _TABLES
    }
