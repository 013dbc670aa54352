"""People whose every word can be found again: each text of theirs holds a mark of their own."""

import json
import re
import secrets
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import httpx2 as httpx
from sqlalchemy import Table
from typing_extensions import override

from app.db.base import metadata
from app.embedded import find
from app.settings import Settings
from tests.support import build
from tests.support.api import Api
from tests.support.database import Database, Server

#: A log with something of everything that an import keeps: a header nobody reads, a status nobody knows, a person.
_LOG = """Company,Job Title,Location,URL,{m}standing,Applied Date,Notes,Contact Name,Contact Email,{m}unread
{m}importedfirm,{m}importedtitle,{m}importedplace,https://{m}imported.example/a,{m}importedstatus,2026-02-20,\
{m}importednote,{m}importedperson,{m}person@example.com,ignored
"""


@dataclass
class Person:
    """A client of whom everything is kept that can be, and what to look for."""

    mark: str
    id: str = ""
    ids: dict[str, str] = field(default_factory=dict)
    numbers: list[str] = field(default_factory=list)

    @property
    def traces(self) -> list[str]:
        """What must be nowhere once the person is erased; bytes are shown as hexadecimal digits."""
        return [self.mark, self.mark.encode().hex(), *self.numbers]


class Keyed(Api):
    """The API of somebody who names every request, so that its answer is kept for retries."""

    @override
    def post(self, path: str, json: Any = None, **more: Any) -> httpx.Response:
        return super().post(path, json, headers={"Idempotency-Key": secrets.token_hex(8)}, **more)


def settle(api: Api, *, shared: dict[str, str] | None = None) -> Person:
    """Make a person with everything; `shared` are the ids of a `contact` and a `company` that they have too."""
    who = Person(f"canary{secrets.token_hex(5)}x")
    api = Keyed(**vars(api))
    _client(api, who)
    people = [_contact(api, who)]
    _opportunities(api, who, people, shared or {})
    _timeline(api, who, people[0])
    _imports(api, who)
    hidden = build.opportunity(api, who.id, title=f"{who.mark}hidden", company_name=f"{who.mark}hiddenfirm")["id"]
    build.interaction(api, hidden, "note", "2026-03-01T12:00:00Z", summary=f"{who.mark}hiddennote")
    api.ok(api.delete(f"/v1/opportunities/{hidden}"), 204)
    who.ids["hidden"] = hidden
    _guidance(api, who)
    return who


def _client(api: Api, who: Person) -> None:
    made = build.client(
        api,
        name=f"{who.mark}name",
        email=f"{who.mark}@example.com",
        time_zone="Europe/Lisbon",
        region="PT",
        employment_status="freelance",
        hours_free_per_week=17,
        goals=[f"{who.mark}goal"],
        target_titles=[f"{who.mark}target"],
    )
    who.id = who.ids["client"] = made["id"]


def _contact(api: Api, who: Person) -> str:
    phone = f"+49 {secrets.randbelow(9 * 10**9) + 10**9}"
    who.numbers.append(phone)
    made = build.contact(
        api,
        name=f"{who.mark}contact",
        email=f"{who.mark}contact@example.com",
        phone=phone,
        title=f"{who.mark}contacttitle",
        profile_url=f"https://{who.mark}.example/contact",
        notes=f"{who.mark}contactnotes",
        company_id=api.ok(api.post("/v1/companies", {"name": f"{who.mark}contactfirm"}), 201)["id"],
    )
    who.ids["contact"] = made["id"]
    return str(made["id"])


def _opportunities(api: Api, who: Person, people: list[str], shared: dict[str, str]) -> None:
    low = secrets.randbelow(10**12) + 10**12
    who.numbers += [str(low), str(low + 1)]
    who.ids["opportunity"] = build.opportunity(
        api,
        who.id,
        company_name=f"{who.mark}firm",
        title=f"{who.mark}title",
        url=f"https://{who.mark}.example/job",
        location=f"{who.mark}place",
        requisition_id=f"{who.mark}requisition",
        salary_min=low,
        salary_max=low + 1,
        currency="CHF",
        contact_ids=[*people, *([shared["contact"]] if shared else [])],
    )["id"]
    if shared:
        build.opportunity(api, who.id, company_id=shared["company"], title=f"{who.mark}second")


def _timeline(api: Api, who: Person, contact_id: str) -> None:
    on = who.ids["opportunity"]
    wrote = build.interaction(api, on, "outreach", "2026-03-01T12:00:00Z", summary=f"{who.mark}before")
    api.ok(api.patch(f"/v1/interactions/{wrote['id']}", {"summary": f"{who.mark}after"}, version=1))
    build.interaction(api, on, "interview", "2026-03-20T12:00:00Z", contact_id=contact_id)
    void = build.interaction(api, on, "note", "2026-03-02T12:00:00Z", summary=f"{who.mark}void")
    api.ok(api.delete(f"/v1/interactions/{void['id']}"), 204)
    secret = build.interaction(
        api, on, "note", "2026-03-03T12:00:00Z", summary=f"{who.mark}secret", visibility="coaches"
    )
    # Once for coaches only, then told in other words: what it said first stays theirs.
    softened = build.interaction(
        api, on, "note", "2026-03-04T12:00:00Z", summary=f"{who.mark}harsh", visibility="coaches"
    )
    change = {"summary": f"{who.mark}soft", "visibility": "shared"}
    api.ok(api.patch(f"/v1/interactions/{softened['id']}", change, version=1))
    # And the other way round: shared once, for coaches only now.
    withdrawn = build.interaction(api, on, "note", "2026-03-05T12:00:00Z", summary=f"{who.mark}open")
    change = {"summary": f"{who.mark}closed", "visibility": "coaches"}
    api.ok(api.patch(f"/v1/interactions/{withdrawn['id']}", change, version=1))
    who.ids |= {"interaction": wrote["id"], "secret": secret["id"], "softened": softened["id"]}
    who.ids["withdrawn"] = withdrawn["id"]


def _guidance(api: Api, who: Person) -> None:
    on = {"client_id": who.id, "opportunity_id": who.ids["opportunity"]}
    action = api.ok(api.post("/v1/next-actions", {**on, "title": f"{who.mark}action"}), 201)
    computed = next(a for a in api.walk("/v1/next-actions", client_id=who.id) if a["origin"] == "computed")
    for found, why in ((action, "never"), (computed, "nowhere")):
        api.ok(api.post(f"/v1/next-actions/{found['id']}/accept"))
        api.ok(api.post(f"/v1/next-actions/{found['id']}/dismiss", {"reason": f"{who.mark}{why}"}))
    win = {**on, "title": f"{who.mark}win", "note": f"{who.mark}winnote", "occurred_on": "2026-03-01"}
    activity = {
        "client_id": who.id,
        "kind": "course",
        "title": f"{who.mark}course",
        "status": "done",
        "evidence_url": f"https://{who.mark}.example/proof",
        "credential": f"{who.mark}credential",
        "notes": f"{who.mark}learned",
        "opportunity_ids": [who.ids["opportunity"]],
    }
    who.ids["win"] = api.ok(api.post("/v1/wins", win), 201)["id"]
    who.ids["activity"] = api.ok(api.post("/v1/development-activities", activity), 201)["id"]
    who.ids |= {"action": action["id"], "decided": computed["id"]}


def _imports(api: Api, who: Person) -> None:
    body = {
        "client_id": who.id,
        "content": _LOG.format(m=who.mark),
        "mapping": {"status": f"{who.mark}standing"},
    }
    committed = api.ok(api.post("/v1/imports", body), 201)
    api.ok(api.post(f"/v1/imports/{committed['id']}/commit"))
    people = f"First Name,Last Name,URL,Email Address,Company,Position,Connected On\n{who.mark}first,Last,,,,,\n"
    previewed = api.ok(api.post("/v1/imports", {"client_id": who.id, "content": people}), 201)
    connected = people.replace("first", "met")
    met = api.ok(api.post("/v1/imports", {"client_id": who.id, "content": connected}), 201)
    api.ok(api.post(f"/v1/imports/{met['id']}/commit"))
    who.ids |= {"import": committed["id"], "preview": previewed["id"], "connections": met["id"]}


def hanging() -> dict[str, str]:
    """Return each table whose rows belong to a client, and the condition under which they are those of client $1."""
    found = {"client": "id = $1"}
    waiting = [metadata.tables["client"]]
    while waiting:
        parent = waiting.pop()
        for table, column in _children(parent):
            condition = f"{column} in (select id from {parent.name} where {found[parent.name]})"
            if table.name not in found:
                found[table.name] = condition
                waiting.append(table)
    return found


def people_of(tables: dict[str, str]) -> str:
    """Return the condition under which a contact is one that a record of client $1 names."""
    named = ("opportunity_contact", "interaction", "import_row")
    return " or ".join(f"id in (select contact_id from {name} where {tables[name]})" for name in named)


def _children(parent: Table) -> Iterator[tuple[Table, str]]:
    for table in metadata.tables.values():
        for key in table.foreign_key_constraints:
            column = key.column_keys[-1]
            if key.referred_table is parent and len(key.column_keys) > 1:
                yield table, column


def personal(table: str) -> list[str]:
    """Return the columns of a table that are tagged."""
    return [c.name for c in metadata.tables[table].c if c.info.get("personal")]


def leaves(value: Any) -> Iterator[Any]:
    """Give everything in a JSON value that is neither list nor object."""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            yield from leaves(item)
    else:
        yield value


def stored(database: Database, table: str, column: str, condition: str, client_id: str) -> list[Any]:
    """Return everything but nulls that a column holds of a client."""
    rows = database.fetch(f'select to_jsonb("{column}")::text as held from {table} where {condition}', client_id)
    return [leaf for row in rows if row["held"] is not None for leaf in leaves(json.loads(row["held"]))]


def rows(database: Database) -> dict[str, str]:
    """Return all that each table holds, as text."""
    tables = database.fetch(
        "select relname from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace"
    )
    names = [row["relname"] for row in tables]
    return {
        name: "\n".join(row["whole"] for row in database.fetch(f'select to_jsonb(t)::text as whole from "{name}" t'))
        for name in names
    }


def dumped(server: Server, database: Database) -> list[str]:
    """Return everything in a database as text: read row by row, and by the server's own pg_dump where we run it."""
    texts = ["\n".join(rows(database).values())]
    program = find.locate(Settings().pg_bin).folder / "pg_dump" if server.own is not None else None
    if program is not None and program.exists():
        done = subprocess.run([program, "--dbname", database.url], capture_output=True, text=True, check=True)
        texts.append(done.stdout)
    return texts


def marks(text: str, mark: str) -> set[str]:
    """Return the different words of a text that bear a mark."""
    return set(re.findall(rf"{mark}\w*", text))
