"""Records with everything that a test does not care about filled in. All people are invented."""

from itertools import count
from typing import Any

from tests.support.api import Api

_numbers = count(1)


def client(api: Api, **fields: Any) -> dict[str, Any]:
    """Make a client and return it as answered."""
    body = {"name": f"Client Example {next(_numbers)}", "time_zone": "UTC", "employment_status": "employed", **fields}
    made: dict[str, Any] = api.ok(api.post("/v1/clients", body), 201)
    return made


def contact(api: Api, **fields: Any) -> dict[str, Any]:
    """Make a contact and return it as answered."""
    body = {"name": f"Contact Example {next(_numbers)}", "role": "recruiter", **fields}
    made: dict[str, Any] = api.ok(api.post("/v1/contacts", body), 201)
    return made


def opportunity(api: Api, client_id: str | None = None, **fields: Any) -> dict[str, Any]:
    """Make an opportunity (of a new client unless one is given) and return it as answered."""
    body = {
        "client_id": client_id or client(api)["id"],
        "title": f"Title Example {next(_numbers)}",
        "kind": "permanent",
        "source": "applied",
        **fields,
    }
    if "company_id" not in body:
        body.setdefault("company_name", f"Company Example {next(_numbers)}")
    made: dict[str, Any] = api.ok(api.post("/v1/opportunities", body), 201)
    return made


def interaction(api: Api, opportunity_id: str, kind: str, occurred_at: str, **fields: Any) -> dict[str, Any]:
    """Record an interaction and return it as answered."""
    body = {"kind": kind, "occurred_at": occurred_at, **fields}
    made: dict[str, Any] = api.ok(api.post(f"/v1/opportunities/{opportunity_id}/interactions", body), 201)
    return made


def guided(client_id: str, opportunity_id: str | None) -> list[tuple[str, str, dict[str, Any]]]:
    """Return the requests that set an action, note a win and plan an activity, for tests of what they may name."""
    on = {"client_id": client_id, "title": "T"}
    at = {} if opportunity_id is None else {"opportunity_id": opportunity_id}
    helped = [] if opportunity_id is None else [opportunity_id]
    return [
        ("POST", "/v1/next-actions", {**on, **at}),
        ("POST", "/v1/wins", {**on, **at, "occurred_on": "2026-03-01"}),
        ("POST", "/v1/development-activities", {**on, "kind": "course", "opportunity_ids": helped}),
    ]


def everything(api: Api, name: str, *, outsiders: str | None = None) -> dict[str, str]:
    """Make one of every record, each named `name` (company and contact `outsiders`), and return the ids by plural."""
    person = client(api, name=name)
    company = api.ok(api.post("/v1/companies", {"name": outsiders or name}), 201)
    contacted = contact(api, name=outsiders or name, company_id=company["id"])
    role = opportunity(api, person["id"], company_id=company["id"], title=name, contact_ids=[contacted["id"]])
    met = interaction(api, role["id"], "interview", "2026-03-02T12:00:00Z", summary=name)
    log = {"client_id": person["id"], "content": f"company,title,date applied\n{name},{name},2026-03-01\n"}
    imported = api.ok(api.post("/v1/imports", log), 201)
    for_client = {"client_id": person["id"], "title": name}
    task = {**for_client, "opportunity_id": role["id"], "due_on": "2026-03-02"}
    activity = {**for_client, "kind": "course", "status": "done", "opportunity_ids": [role["id"]]}
    return {
        "clients": person["id"],
        "companies": company["id"],
        "contacts": contacted["id"],
        "opportunities": role["id"],
        "interactions": met["id"],
        "imports": imported["id"],
        "next-actions": api.ok(api.post("/v1/next-actions", task), 201)["id"],
        "wins": api.ok(api.post("/v1/wins", {**for_client, "occurred_on": "2026-03-02"}), 201)["id"],
        "development-activities": api.ok(api.post("/v1/development-activities", activity), 201)["id"],
    }
