"""Opening opportunities."""

import uuid
from typing import Any

import pytest

from tests.support import build
from tests.support.api import Api
from tests.support.database import Database

FULL: dict[str, Any] = {
    "title": "Head of Design",
    "kind": "contract",
    "source": "referral",
    "url": "https://jobs.example/1?q=a%20b",
    "location": "Berlin",
    "requisition_id": "R-1",
    "salary_min": 5_000_000,
    "salary_max": 6_000_000,
    "currency": "EUR",
}


def body(api: Api, **fields: Any) -> dict[str, Any]:
    return {"client_id": build.client(api)["id"], "company_name": "Acme", **FULL, **fields}


def count(database: Database, api: Api, table: str) -> int:
    assert table in {"opportunity", "company", "audit_event"}
    found = {
        "opportunity": "select count(*) from opportunity where practice_id = $1",
        "company": "select count(*) from company where practice_id = $1",
        "audit_event": "select count(*) from audit_event where practice_id = $1",
    }[table]
    return int(database.value(found, uuid.UUID(api.practice_id)))


class TestAnswer:
    def test_everything_is_answered_and_read_back(self, api: Api) -> None:
        people = [build.contact(api)["id"], build.contact(api)["id"]]
        sent = body(api, contact_ids=people[::-1])
        response = api.post("/v1/opportunities", sent)
        made = api.ok(response, 201)
        assert {name: made[name] for name in sent} == sent
        assert response.headers["location"] == f"/v1/opportunities/{made['id']}"
        assert response.headers["etag"] == '"1"'
        assert (made["stage"], made["outcome"], made["last_activity_at"]) == ("lead", None, None)
        assert made["assessment"] == {
            "as_of": "2026-03-16T12:00:00.000000Z",
            "status": "not_started",
            "since": None,
            "until": None,
            "stage": "lead",
            "outcome": None,
            "waiting_on": "nobody",
            "silent_days": None,
            "next_action": {"kind": "make_contact", "due_on": None},
            "outlook": None,
        }
        assert api.ok(api.get(f"/v1/opportunities/{made['id']}")) == made

    def test_what_is_not_sent_is_null_or_empty(self, api: Api) -> None:
        made = build.opportunity(api)
        empty = ("url", "location", "requisition_id", "salary_min", "salary_max", "currency")
        assert [made[name] for name in empty] == [None] * 6
        assert made["contact_ids"] == []

    def test_contacts_named_twice_count_once(self, api: Api) -> None:
        first, second = build.contact(api)["id"], build.contact(api)["id"]
        assert build.opportunity(api, contact_ids=[second, first, second.upper()])["contact_ids"] == [second, first]

    def test_own_ids_are_kept_and_used_ones_refused(self, api: Api, stranger: Api) -> None:
        own = str(uuid.uuid4())
        assert build.opportunity(api, id=own.upper())["id"] == own
        assert api.ok(api.post("/v1/opportunities", body(api, id=own)), 409)["code"] == "id-taken"
        assert build.opportunity(stranger, id=own)["id"] == own

    def test_a_hidden_opportunity_keeps_its_id(self, api: Api) -> None:
        made = build.opportunity(api)
        assert api.delete(f"/v1/opportunities/{made['id']}").status_code == 204
        assert api.ok(api.post("/v1/opportunities", body(api, id=made["id"])), 409)["code"] == "id-taken"


class TestCompany:
    def test_a_name_finds_the_company_or_makes_it(self, api: Api, stranger: Api) -> None:
        stranger.ok(stranger.post("/v1/companies", {"name": "Acme"}), 201)
        first = build.opportunity(api, company_name="Acme")
        second = build.opportunity(api, company_name=" ACME")
        third = build.opportunity(api, company_name="Bolt")
        assert (second["company_id"], second["company_name"]) == (first["company_id"], "Acme")
        assert third["company_id"] != first["company_id"]
        assert [c["name"] for c in api.walk("/v1/companies")] == ["Acme", "Bolt"]

    def test_an_id_shows_the_name(self, api: Api) -> None:
        company = api.ok(api.post("/v1/companies", {"name": "Acme"}), 201)
        made = build.opportunity(api, company_id=company["id"])
        assert (made["company_id"], made["company_name"]) == (company["id"], "Acme")

    @pytest.mark.parametrize("given", [{}, {"company_id": str(uuid.uuid4()), "company_name": "Acme"}])
    def test_it_is_named_exactly_once(self, api: Api, given: dict[str, str]) -> None:
        sent = {name: value for name, value in body(api).items() if name != "company_name"} | given
        fault = api.ok(api.post("/v1/opportunities", sent), 422)["errors"][0]
        assert (fault["code"], fault["pointer"]) == ("exactly-one", "/company_id")

    def test_the_company_is_part_of_the_one_audit_entry(self, api: Api, database: Database) -> None:
        sent = body(api)
        before = count(database, api, "audit_event")
        made = api.ok(api.post("/v1/opportunities", sent), 201)
        assert count(database, api, "audit_event") == before + 1
        (entry,) = database.fetch("select * from audit_event where resource_id = $1", uuid.UUID(made["id"]))
        assert (entry["action"], entry["resource_type"]) == ("opportunity.create", "opportunity")
        assert entry["changed_fields"] == sorted(sent)

    def test_a_refused_opportunity_makes_no_company(self, api: Api, database: Database) -> None:
        taken = build.opportunity(api)["id"]
        before = count(database, api, "company")
        sent = body(api, id=taken, company_name="Never Made")
        assert api.post("/v1/opportunities", sent).status_code == 409
        assert api.post("/v1/opportunities", {**sent, "client_id": str(uuid.uuid4())}).status_code == 422
        assert count(database, api, "company") == before


class TestReferences:
    def test_each_unknown_one_is_named(self, api: Api, stranger: Api, database: Database) -> None:
        known = build.contact(api)["id"]
        theirs = build.opportunity(stranger, contact_ids=[build.contact(stranger)["id"]])
        before = count(database, api, "opportunity")
        sent = {
            **FULL,
            "client_id": theirs["client_id"],
            "company_id": theirs["company_id"],
            "contact_ids": [known, theirs["contact_ids"][0], str(uuid.uuid4())],
        }
        problem = api.ok(api.post("/v1/opportunities", sent), 422)
        assert problem["code"] == "unknown-reference"
        pointers = [fault["pointer"] for fault in problem["errors"]]
        assert pointers == ["/client_id", "/company_id", "/contact_ids/1", "/contact_ids/2"]
        assert count(database, api, "opportunity") == before

    def test_fifty_contacts_at_the_most(self, api: Api) -> None:
        sent = body(api, contact_ids=[str(uuid.uuid4()) for _ in range(51)])
        assert api.ok(api.post("/v1/opportunities", sent), 422)["errors"][0]["code"] == "too-many"


class TestFields:
    @pytest.mark.parametrize(
        ("fields", "pointer", "code"),
        [
            ({"salary_min": 2, "salary_max": 1}, "/salary_max", "order"),
            ({"currency": None}, "/currency", "required"),
            ({"currency": None, "salary_min": None}, "/currency", "required"),
            ({"currency": "XXY"}, "/currency", "not-in-list"),
            ({"salary_min": -1}, "/salary_min", "out-of-range"),
            ({"salary_min": 1.5}, "/salary_min", "wrong-type"),
            ({"title": "x" * 201}, "/title", "too-long"),
            ({"requisition_id": "x" * 101}, "/requisition_id", "too-long"),
            ({"url": "javascript:alert(1)"}, "/url", "bad-url"),
            ({"kind": "hobby"}, "/kind", "not-in-list"),
            ({"source": None}, "/source", "not-nullable"),
            ({"stage": "offer"}, "/stage", "unknown-field"),
            ({"assessment": {}}, "/assessment", "unknown-field"),
            ({"version": 2}, "/version", "unknown-field"),
        ],
    )
    def test_bad_values_are_named(self, api: Api, fields: dict[str, Any], pointer: str, code: str) -> None:
        problem = api.ok(api.post("/v1/opportunities", body(api, **fields)), 422)
        assert [(fault["pointer"], fault["code"]) for fault in problem["errors"]] == [(pointer, code)]

    @pytest.mark.parametrize(
        "fields",
        [
            {"salary_min": 7, "salary_max": 7},
            {"salary_min": None, "salary_max": 0},
            {"salary_min": 2**53 - 1, "salary_max": None},
            {"salary_min": None, "salary_max": None},
        ],
    )
    def test_sound_pay_is_taken(self, api: Api, fields: dict[str, Any]) -> None:
        made = api.ok(api.post("/v1/opportunities", body(api, **fields)), 201)
        assert {name: made[name] for name in fields} == fields

    @pytest.mark.parametrize("field", ["client_id", "title", "kind", "source"])
    def test_required_fields_are_asked_for(self, api: Api, field: str) -> None:
        sent = {name: value for name, value in body(api).items() if name != field}
        fault = api.ok(api.post("/v1/opportunities", sent), 422)["errors"][0]
        assert (fault["code"], fault["pointer"]) == ("required", f"/{field}")

    def test_an_assistant_may_not_open_one(self, api: Api) -> None:
        assert api.as_role("assistant").post("/v1/opportunities", body(api)).status_code == 403
