"""Contacts over HTTP."""

import uuid
from typing import Any

import pytest

from tests.support import build
from tests.support.api import Api, Clock
from tests.support.database import Database

FULL: dict[str, Any] = {
    "name": "Jonas Example",
    "role": "hiring_manager",
    "email": "Jonas@Example.COM",
    "phone": "+49 (30) 123-45",
    "title": "Head of Product",
    "profile_url": "https://people.example/jonas",
    "notes": "Short messages.\nNo calls.",
}


def company(api: Api, name: str = "Acme") -> str:
    return str(api.ok(api.post("/v1/companies", {"name": name}), 201)["id"])


def audited(database: Database, resource_id: str) -> list[tuple[str, list[str]]]:
    rows = database.fetch(
        "select action, changed_fields from audit_event where resource_id = $1 order by occurred_at, id",
        uuid.UUID(resource_id),
    )
    return [(row["action"], row["changed_fields"]) for row in rows]


class TestCreate:
    def test_a_contact_is_answered_whole_and_audited_once(self, api: Api, database: Database) -> None:
        body = {**FULL, "company_id": company(api)}
        response = api.post("/v1/contacts", body)
        made = api.ok(response, 201)
        assert {name: made[name] for name in body} == {**body, "email": "Jonas@example.com"}
        assert response.headers["location"] == f"/v1/contacts/{made['id']}"
        assert api.ok(api.get(f"/v1/contacts/{made['id']}")) == made
        assert audited(database, made["id"]) == [("contact.create", sorted(body))]

    def test_two_people_may_have_one_name(self, api: Api) -> None:
        assert build.contact(api, name="Sam Example")["id"] != build.contact(api, name="Sam Example")["id"]

    def test_unknown_and_foreign_companies_are_named(self, api: Api, stranger: Api) -> None:
        for company_id in (str(uuid.uuid4()), company(stranger)):
            body = {"name": "A", "role": "other", "company_id": company_id}
            problem = api.ok(api.post("/v1/contacts", body), 422)
            assert problem["code"] == "unknown-reference"
            assert [fault["pointer"] for fault in problem["errors"]] == ["/company_id"]
        assert api.walk("/v1/contacts") == []

    @pytest.mark.parametrize(
        ("field", "value", "code"),
        [
            ("role", "boss", "not-in-list"),
            ("email", "nobody", "bad-email"),
            ("phone", "call me", "bad-format"),
            ("profile_url", "ftp://people.example", "bad-url"),
            ("notes", "x" * 4001, "too-long"),
            ("version", 1, "unknown-field"),
        ],
    )
    def test_bad_values_are_named(self, api: Api, field: str, value: object, code: str) -> None:
        problem = api.ok(api.post("/v1/contacts", {**FULL, field: value}), 422)
        assert [(fault["pointer"], fault["code"]) for fault in problem["errors"]] == [(f"/{field}", code)]

    def test_a_used_id_is_refused(self, api: Api) -> None:
        made = build.contact(api)
        body = {"name": "B", "role": "other", "id": made["id"]}
        assert api.ok(api.post("/v1/contacts", body), 409)["code"] == "id-taken"

    def test_an_assistant_reads_but_does_not_write(self, api: Api) -> None:
        made = build.contact(api, notes="For members.")
        assistant = api.as_role("assistant")
        assert assistant.ok(assistant.get(f"/v1/contacts/{made['id']}"))["notes"] == "For members."
        assert assistant.post("/v1/contacts", FULL).status_code == 403


class TestRead:
    def test_a_version_already_held_is_not_sent_again(self, api: Api) -> None:
        path = f"/v1/contacts/{build.contact(api)['id']}"
        assert api.get(path, headers={"If-None-Match": '"1"'}).status_code == 304

    def test_missing_malformed_and_foreign_ids_are_the_same_404(self, api: Api, stranger: Api) -> None:
        for path_id in (build.contact(stranger)["id"], uuid.uuid4(), "1"):
            assert api.ok(api.get(f"/v1/contacts/{path_id}"), 404)["code"] == "not-found"
            assert api.patch(f"/v1/contacts/{path_id}", {"name": "A"}, version=1).status_code == 404
            assert api.delete(f"/v1/contacts/{path_id}").status_code == 404


class TestChange:
    def test_what_is_sent_changes_what_is_absent_stays_and_null_clears(self, api: Api, database: Database) -> None:
        made = api.ok(api.post("/v1/contacts", {**FULL, "company_id": company(api)}), 201)
        patch = {"company_id": None, "notes": None, "name": "Zoë Example"}
        changed = api.ok(api.patch(f"/v1/contacts/{made['id']}", patch, version=1))
        assert changed == {**made, **patch, "version": 2, "updated_at": changed["updated_at"]}
        assert [c["id"] for c in api.walk("/v1/contacts", q="zoe")] == [made["id"]]
        assert audited(database, made["id"])[1:] == [("contact.update", ["company_id", "name", "notes"])]

    def test_an_unknown_company_changes_nothing(self, api: Api, stranger: Api) -> None:
        made = build.contact(api)
        path = f"/v1/contacts/{made['id']}"
        problem = api.ok(api.patch(path, {"company_id": company(stranger), "name": "B"}, version=1), 422)
        assert (problem["code"], problem["errors"][0]["pointer"]) == ("unknown-reference", "/company_id")
        assert api.ok(api.get(path)) == made

    def test_preconditions(self, api: Api) -> None:
        made = build.contact(api)
        path = f"/v1/contacts/{made['id']}"
        assert api.patch(path, {"name": "A"}).status_code == 428
        assert api.patch(path, {"name": "A"}, version=7).status_code == 412
        assert api.ok(api.patch(path, {"name": made["name"]}, version=1)) == made

    @pytest.mark.parametrize("field", ["name", "role"])
    def test_required_fields_are_not_cleared(self, api: Api, field: str) -> None:
        path = f"/v1/contacts/{build.contact(api)['id']}"
        assert api.ok(api.patch(path, {field: None}, version=1), 422)["errors"][0]["code"] == "not-nullable"


class TestDelete:
    def test_an_unused_contact_goes(self, api: Api, database: Database) -> None:
        made = build.contact(api)
        path = f"/v1/contacts/{made['id']}"
        assert api.delete(path, headers={"If-Match": '"2"'}).status_code == 412
        assert api.delete(path).status_code == 204
        assert api.get(path).status_code == 404
        assert audited(database, made["id"])[1:] == [("contact.delete", [])]

    def test_a_linked_contact_stays(self, api: Api) -> None:
        made = build.contact(api)
        build.opportunity(api, contact_ids=[made["id"]])
        assert api.ok(api.delete(f"/v1/contacts/{made['id']}"), 409)["code"] == "in-use"

    def test_a_contact_of_an_interaction_stays(self, api: Api) -> None:
        made = build.contact(api)
        opportunity = build.opportunity(api)
        build.interaction(api, opportunity["id"], "outreach", "2026-03-10T09:00:00Z", contact_id=made["id"])
        assert api.ok(api.delete(f"/v1/contacts/{made['id']}"), 409)["code"] == "in-use"


class TestList:
    def test_filters_add_up(self, api: Api, stranger: Api) -> None:
        acme, bolt = company(api), company(api, "Bolt")
        found = build.contact(api, name="Renée Example", company_id=acme, role="recruiter")
        build.contact(api, name="Renée Example", company_id=bolt, role="recruiter")
        build.contact(api, name="Renée Example", company_id=acme, role="other")
        build.contact(api, name="Rena Example", company_id=acme, role="recruiter")
        build.contact(stranger, name="Renée Example", role="recruiter")
        assert len(api.walk("/v1/contacts", q="renee")) == 3
        assert len(api.walk("/v1/contacts", company_id=acme)) == 3
        assert len(api.walk("/v1/contacts", role="recruiter")) == 3
        narrow = api.walk("/v1/contacts", q="RENÉE", company_id=acme, role="recruiter")
        assert [c["id"] for c in narrow] == [found["id"]]
        assert stranger.walk("/v1/contacts", company_id=acme) == []

    @pytest.mark.parametrize("field", ["name", "created_at"])
    def test_a_walk_delivers_each_contact_once_in_order(
        self, api: Api, stranger: Api, clock: Clock, field: str
    ) -> None:
        build.contact(stranger)
        for name in ("Bea", "ana", "Ána", "Cyd", "Bea"):
            build.contact(api, name=name)
            clock.forward(minutes=1)
        up = api.walk("/v1/contacts", sort=field, limit=2)
        down = api.walk("/v1/contacts", sort=f"-{field}", limit=2)
        assert len({c["id"] for c in up}) == len({c["id"] for c in down}) == len(up) == len(down) == 5
        if field == "name":
            assert [c["name"] for c in up] == ["ana", "Ána", "Bea", "Bea", "Cyd"]
        else:
            assert [c["id"] for c in down] == [c["id"] for c in up][::-1]
