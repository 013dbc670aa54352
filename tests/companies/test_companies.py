"""Companies over HTTP."""

import uuid

import pytest

from tests.support import build
from tests.support.api import Api, Clock
from tests.support.database import Database
from tests.support.statements import held


def company(api: Api, name: str, **fields: object) -> dict[str, object]:
    made: dict[str, object] = api.ok(api.post("/v1/companies", {"name": name, **fields}), 201)
    return made


def audited(database: Database, resource_id: object) -> list[tuple[str, list[str]]]:
    rows = database.fetch(
        "select action, changed_fields from audit_event where resource_id = $1 order by occurred_at, id",
        uuid.UUID(str(resource_id)),
    )
    return [(row["action"], row["changed_fields"]) for row in rows]


class TestCreate:
    def test_a_company_is_answered_whole_and_audited_once(self, api: Api, database: Database) -> None:
        response = api.post("/v1/companies", {"name": "Zoë & Sons", "domain": "ZOE.Example"})
        made = api.ok(response, 201)
        assert (made["name"], made["domain"], made["version"]) == ("Zoë & Sons", "zoe.example", 1)
        assert response.headers["location"] == f"/v1/companies/{made['id']}"
        assert response.headers["etag"] == '"1"'
        assert api.ok(api.get(f"/v1/companies/{made['id']}")) == made
        assert audited(database, made["id"]) == [("company.create", ["domain", "name"])]

    @pytest.mark.parametrize("name", ["acme corp", "ACME  CORP", " Acme Corp ", "Ａｃｍｅ Corp"])  # noqa: RUF001  # full width
    def test_a_name_that_is_the_same_is_refused_with_the_id_that_has_it(
        self, api: Api, stranger: Api, name: str
    ) -> None:
        company(stranger, "Acme Corp")
        first = company(api, "Acme Corp")
        company(api, "Acme Corporation")
        problem = api.ok(api.post("/v1/companies", {"name": name}), 409)
        assert (problem["code"], problem["existing_id"]) == ("duplicate", first["id"])
        assert len(api.walk("/v1/companies")) == 2

    def test_accents_make_another_company(self, api: Api) -> None:
        assert company(api, "Acme")["id"] != company(api, "Acmé")["id"]

    def test_own_ids_are_kept_and_used_ones_refused(self, api: Api, stranger: Api) -> None:
        own = str(uuid.uuid4())
        assert company(api, "First", id=own)["id"] == own
        assert api.ok(api.post("/v1/companies", {"name": "Second", "id": own}), 409)["code"] == "id-taken"
        assert company(stranger, "Second", id=own)["id"] == own

    def test_an_assistant_reads_but_does_not_write(self, api: Api) -> None:
        made = company(api, "Acme")
        assistant = api.as_role("assistant")
        assert assistant.ok(assistant.get(f"/v1/companies/{made['id']}")) == made
        assert assistant.ok(assistant.post("/v1/companies", {"name": "Other"}), 403)["code"] == "forbidden-role"
        assert assistant.delete(f"/v1/companies/{made['id']}").status_code == 403


class TestRead:
    def test_a_version_already_held_is_not_sent_again(self, api: Api) -> None:
        path = f"/v1/companies/{company(api, 'Acme')['id']}"
        assert api.get(path, headers={"If-None-Match": '"1"'}).status_code == 304
        assert api.get(path, headers={"If-None-Match": '"2"'}).status_code == 200

    def test_missing_malformed_and_foreign_ids_are_the_same_404(self, api: Api, stranger: Api) -> None:
        foreign = company(stranger, "Acme")["id"]
        for path_id in (foreign, uuid.uuid4(), "1"):
            assert api.ok(api.get(f"/v1/companies/{path_id}"), 404)["code"] == "not-found"
            assert api.patch(f"/v1/companies/{path_id}", {"name": "A"}, version=1).status_code == 404
            assert api.delete(f"/v1/companies/{path_id}").status_code == 404
        assert stranger.get(f"/v1/companies/{foreign}").status_code == 200


class TestChange:
    def test_a_change_counts_and_null_clears(self, api: Api, clock: Clock, database: Database) -> None:
        made = company(api, "Acme", domain="acme.example")
        clock.forward(hours=1)
        changed = api.ok(api.patch(f"/v1/companies/{made['id']}", {"name": "Bolt", "domain": None}, version=1))
        assert (changed["name"], changed["domain"], changed["version"]) == ("Bolt", None, 2)
        assert changed["updated_at"] > str(made["updated_at"])
        assert [c["id"] for c in api.walk("/v1/companies", q="bolt")] == [made["id"]]
        assert audited(database, made["id"])[1:] == [("company.update", ["domain", "name"])]

    def test_a_name_may_change_its_case_but_not_become_another_companys(self, api: Api, database: Database) -> None:
        other, made = company(api, "Bolt"), company(api, "Acme")
        path = f"/v1/companies/{made['id']}"
        assert api.ok(api.patch(path, {"name": "ACME"}, version=1))["name"] == "ACME"
        problem = api.ok(api.patch(path, {"name": "bolt "}, version=2), 409)
        assert (problem["code"], problem["existing_id"]) == ("duplicate", other["id"])
        assert api.ok(api.get(path))["version"] == 2
        assert len(audited(database, made["id"])) == 2

    def test_what_changes_nothing_leaves_no_trace(self, api: Api, database: Database) -> None:
        made = company(api, "Acme")
        assert api.ok(api.patch(f"/v1/companies/{made['id']}", {"name": "Acme"}, version=1)) == made
        assert len(audited(database, made["id"])) == 1

    def test_without_if_match_it_is_428_and_with_an_old_one_412(self, api: Api) -> None:
        path = f"/v1/companies/{company(api, 'Acme')['id']}"
        assert api.patch(path, {"name": "A"}).status_code == 428
        api.ok(api.patch(path, {"name": "B"}, version=1))
        stale = api.patch(path, {"name": "C"}, version=1)
        assert (stale.status_code, stale.headers["etag"]) == (412, '"2"')

    def test_an_empty_patch_and_a_null_name_are_refused(self, api: Api) -> None:
        path = f"/v1/companies/{company(api, 'Acme')['id']}"
        assert api.ok(api.patch(path, {}, version=1), 422)["errors"][0]["code"] == "empty"
        fault = api.ok(api.patch(path, {"name": None}, version=1), 422)["errors"][0]
        assert (fault["code"], fault["pointer"]) == ("not-nullable", "/name")


class TestDelete:
    def test_an_unused_company_goes(self, api: Api, database: Database) -> None:
        made = company(api, "Acme")
        response = api.delete(f"/v1/companies/{made['id']}", headers={"If-Match": '"1"'})
        assert response.status_code == 204
        assert api.get(f"/v1/companies/{made['id']}").status_code == 404
        assert audited(database, made["id"])[1:] == [("company.delete", [])]
        company(api, "Acme")

    def test_an_old_if_match_stops_it(self, api: Api) -> None:
        path = f"/v1/companies/{company(api, 'Acme')['id']}"
        assert api.delete(path, headers={"If-Match": '"9"'}).status_code == 412
        assert api.get(path).status_code == 200

    def test_a_contact_holds_it(self, api: Api) -> None:
        made = company(api, "Acme")
        build.contact(api, company_id=made["id"])
        assert api.ok(api.delete(f"/v1/companies/{made['id']}"), 409)["code"] == "in-use"

    def test_an_opportunity_holds_it_even_when_hidden(self, api: Api) -> None:
        made = company(api, "Acme")
        opportunity = build.opportunity(api, company_id=made["id"])
        path = f"/v1/companies/{made['id']}"
        assert api.ok(api.delete(path), 409)["code"] == "in-use"
        assert api.delete(f"/v1/opportunities/{opportunity['id']}").status_code == 204
        assert api.ok(api.delete(path), 409)["code"] == "in-use"
        assert api.get(path).status_code == 200

    def test_it_does_not_wait_for_who_holds_an_opportunity_there(self, api: Api, database: Database) -> None:
        # Who does may be about to ask for the company.
        opportunity = build.opportunity(api)
        with held(database, "select from opportunity where id = $1 for update", opportunity["id"]):
            refused = api.delete(f"/v1/companies/{opportunity['company_id']}")
        assert api.ok(refused, 409)["code"] == "in-use"


class TestList:
    def test_q_finds_part_of_a_name_whatever_its_case_and_accents(self, api: Api, stranger: Api) -> None:
        found = company(api, "Söhne 100%_GmbH")
        company(api, "Sohle GmbH")
        company(stranger, "Söhne 100%_GmbH")
        for q in ("sohne", "SÖHNE", "100%_", "ne 1"):
            assert [c["id"] for c in api.walk("/v1/companies", q=q)] == [found["id"]], q

    @pytest.mark.parametrize("field", ["name", "created_at"])
    def test_a_walk_delivers_each_company_once_in_order(
        self, api: Api, stranger: Api, clock: Clock, field: str
    ) -> None:
        company(stranger, "Cyd")
        for name in ("Bea", "ana", "Ána", "Cyd", "Béa"):
            company(api, name)
            clock.forward(minutes=1)
        up = api.walk("/v1/companies", sort=field, limit=2)
        down = api.walk("/v1/companies", sort=f"-{field}", limit=2)
        assert len({c["id"] for c in up}) == len({c["id"] for c in down}) == len(up) == len(down) == 5
        if field == "name":
            assert [c["name"] for c in up] == ["ana", "Ána", "Bea", "Béa", "Cyd"]
            assert [c["name"] for c in down] == ["Cyd", "Bea", "Béa", "ana", "Ána"]
        else:
            assert [c["id"] for c in down] == [c["id"] for c in up][::-1]

    def test_a_cursor_belongs_to_its_filters_and_practice(self, api: Api, stranger: Api) -> None:
        for name in ("A", "B"):
            company(api, name)
        cursor = api.ok(api.get("/v1/companies", params={"limit": 1}))["next_cursor"]
        for caller, params in ((api, {"q": "a"}), (stranger, {})):
            refused = caller.get("/v1/companies", params={"cursor": cursor, **params})
            assert caller.ok(refused, 400)["code"] == "invalid-cursor"

    def test_unknown_parameters_and_sorts_are_refused(self, api: Api) -> None:
        assert api.ok(api.get("/v1/companies?role=other"), 422)["errors"][0]["code"] == "unknown-parameter"
        assert api.ok(api.get("/v1/companies?sort=updated_at"), 422)["errors"][0]["code"] == "not-in-list"
