"""POST /v1/imports/{id}/undo: what was made goes, what others built on stays."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.imports import logs
from tests.support import build
from tests.support.api import Api
from tests.support.database import Database

TEXT = "Company,Title,Date applied,Recruiter\nAcme,Baker,2026-02-16,Pat Quinn\n"


def _edit_opportunity(api: Api, made: dict[str, Any]) -> None:
    api.ok(api.patch(f"/v1/opportunities/{made['opportunity_id']}", {"location": "Here"}, version=1))


def _delete_opportunity(api: Api, made: dict[str, Any]) -> None:
    api.ok(api.delete(f"/v1/opportunities/{made['opportunity_id']}"), 204)


def _record(api: Api, made: dict[str, Any]) -> None:
    build.interaction(api, made["opportunity_id"], "employer_message", "2026-03-01T12:00:00Z")


def _edit_interaction(api: Api, made: dict[str, Any]) -> None:
    (item,) = logs.timeline(api, made["opportunity_id"])
    api.ok(api.patch(f"/v1/interactions/{item['id']}", {"summary": "By post"}, version=1))


def _void(api: Api, made: dict[str, Any]) -> None:
    (item,) = logs.timeline(api, made["opportunity_id"])
    api.ok(api.delete(f"/v1/interactions/{item['id']}"), 204)


def _set_action(api: Api, made: dict[str, Any]) -> None:
    client_id = api.ok(api.get(f"/v1/opportunities/{made['opportunity_id']}"))["client_id"]
    _, path, body = build.guided(client_id, made["opportunity_id"])[0]
    api.ok(api.post(path, body), 201)


def _decide(api: Api, made: dict[str, Any]) -> None:
    (advised,) = api.walk("/v1/next-actions", opportunity_id=made["opportunity_id"])
    api.ok(api.post(f"/v1/next-actions/{advised['id']}/done", {}))


def _edit_contact(api: Api, made: dict[str, Any]) -> None:
    api.ok(api.patch(f"/v1/contacts/{made['contact_id']}", {"title": "Head"}, version=1))


def _use_contact(api: Api, made: dict[str, Any]) -> None:
    build.opportunity(api, contact_ids=[made["contact_id"]])


def _edit_company(api: Api, made: dict[str, Any]) -> None:
    company_id = api.ok(api.get(f"/v1/opportunities/{made['opportunity_id']}"))["company_id"]
    api.ok(api.patch(f"/v1/companies/{company_id}", {"domain": "acme.example"}, version=1))


CHANGES = (
    _edit_opportunity,
    _delete_opportunity,
    _record,
    _edit_interaction,
    _void,
    _set_action,
    _decide,
    _edit_contact,
    _use_contact,
    _edit_company,
)


class TestUndo:
    def test_it_needs_a_commit_and_happens_once(self, api: Api) -> None:
        made = logs.preview(api, TEXT)
        path = f"/v1/imports/{made['id']}/undo"
        assert api.ok(api.post(path), 409)["code"] == "wrong-state"
        logs.commit(api, made)
        assert api.post(path, headers={"If-Match": '"1"'}).status_code == 412
        assert api.ok(api.post(path, headers={"If-Match": '"2"'}))["state"] == "undone"
        assert api.ok(api.post(path), 409)["code"] == "wrong-state"
        assert api.ok(api.post(f"/v1/imports/{made['id']}/commit"), 409)["code"] == "wrong-state"

    @pytest.mark.parametrize("change", CHANGES)
    def test_it_is_refused_once_anything_has_changed(
        self, api: Api, database: Database, change: Callable[[Api, dict[str, Any]], None]
    ) -> None:
        done = logs.imported(api, TEXT)
        change(api, logs.only(api, done))
        before = logs.everything(database, api)
        assert api.ok(api.post(f"/v1/imports/{done['id']}/undo"), 409)["code"] == "changed-since"
        assert logs.everything(database, api) == before
        assert api.ok(api.get(f"/v1/imports/{done['id']}"))["state"] == "committed"

    def test_older_opportunities_lose_only_what_the_import_added(self, api: Api, database: Database) -> None:
        client_id = build.client(api)["id"]
        own = build.opportunity(api, client_id, company_name="Acme", title="Baker")
        build.interaction(api, own["id"], "application", "2026-02-10T09:00:00Z")
        before = logs.everything(database, api)
        done = logs.imported(api, "Company,Title,Interview date\nAcme,Baker,2026-02-20\n", client_id)
        assert api.ok(api.get(f"/v1/opportunities/{own['id']}"))["stage"] == "interviewing"
        logs.undo(api, done)
        assert logs.everything(database, api) == before

    def test_what_others_add_to_an_older_opportunity_is_no_obstacle(self, api: Api) -> None:
        client_id = build.client(api)["id"]
        own = build.opportunity(api, client_id, company_name="Acme", title="Baker")
        done = logs.imported(api, "Company,Title,Interview date\nAcme,Baker,2026-02-20\n", client_id)
        build.interaction(api, own["id"], "thank_you", "2026-02-21T09:00:00Z")
        logs.undo(api, done)
        assert [kind for kind, _ in logs.kinds(api, own["id"])] == ["thank_you"]

    def test_a_company_that_others_use_stays(self, api: Api) -> None:
        done = logs.imported(api, "Company,Title\nAcme,Baker\nGlobex,Cook\n")
        build.opportunity(api, company_name="acme")
        logs.undo(api, done)
        assert [company["name"] for company in api.walk("/v1/companies")] == ["Acme"]

    def test_of_two_imports_each_takes_back_its_own(self, api: Api, database: Database) -> None:
        client_id = build.client(api)["id"]
        first = logs.imported(api, "Company,Title\nAcme,Baker\n", client_id)
        before = logs.everything(database, api)
        second = logs.imported(api, "Company,Title\nAcme,Baker\nAcme,Cook\n", client_id)
        logs.undo(api, second)
        assert logs.everything(database, api) == before
        logs.undo(api, first)
        assert logs.pipeline(api, client_id) == {}

    def test_it_can_be_imported_again(self, api: Api) -> None:
        client_id = build.client(api)["id"]
        logs.undo(api, logs.imported(api, TEXT, client_id))
        assert logs.imported(api, TEXT, client_id)["counts"]["create"] == 1
