"""Everything held about one client, as one document."""

import json
import uuid
from typing import Any

import pytest

from app.db.base import metadata
from tests.privacy import canaries
from tests.privacy.canaries import Person
from tests.support import build
from tests.support.api import Api, Clock, House, new_practice
from tests.support.database import Database
from tests.support.statements import sent

#: Tagged columns that an export leaves out, and why.
LEFT_OUT = {
    "client.name_key": "derived from the name, for sorting and searching",
    "contact.name_key": "derived from the name, for sorting and searching",
    "login.email_key": "derived from the address, for comparing",
    "opportunity.title_key": "derived from the title, for sorting and searching",
}
#: What is for coaches only, now or when it was said.
COACHES_ONLY = ("secret", "harsh", "open", "closed")
#: What is for members, however it is marked.
MEMBERS_ONLY = ("contactnotes", "unread")


@pytest.fixture(scope="module")
def practice(house: House) -> Api:
    return new_practice(house)


@pytest.fixture(scope="module")
def mara(practice: Api) -> Person:
    """A client with one of everything; reading changes nothing, so one is enough for all."""
    return canaries.settle(practice)


@pytest.fixture(scope="module")
def other(practice: Api, mara: Person) -> Person:
    return canaries.settle(practice)


@pytest.fixture(scope="module")
def hers(practice: Api, mara: Person) -> Api:
    return practice.as_client(mara.id)


@pytest.fixture
def api(practice: Api, clock: Clock) -> Api:
    return practice


def export(api: Api, person: Person) -> Any:
    return api.ok(api.get(f"/v1/clients/{person.id}/export"))


class TestCompleteness:
    def test_every_tagged_column_that_hangs_on_a_client_is_in_it(
        self, api: Api, mara: Person, hers: Api, database: Database
    ) -> None:
        told = set(canaries.leaves(export(api, mara)))
        tables = canaries.hanging()
        found = {**tables, "contact": canaries.people_of(tables)}
        for table, condition in found.items():
            for column in canaries.personal(table):
                held = canaries.stored(database, table, column, condition, mara.id)
                assert held, f"the test does not fill {table}.{column}"
                if f"{table}.{column}" not in LEFT_OUT:
                    assert set(held) <= told, f"{table}.{column} is missing"

    def test_tags_on_other_tables_are_of_other_people(self) -> None:
        tagged = {name for name in metadata.tables if canaries.personal(name)}
        assert tagged - canaries.hanging().keys() - {"contact"} == {"member"}

    def test_every_word_of_theirs_is_in_it_and_of_nobody_else(
        self, api: Api, mara: Person, other: Person, stranger: Api, database: Database
    ) -> None:
        theirs = canaries.settle(stranger)
        text = json.dumps(export(api, mara))
        kept = canaries.marks("".join(canaries.rows(database).values()), mara.mark)
        assert {word for word in kept if word not in text} == set()
        assert not any(trace in text for trace in [*other.traces, *theirs.traces])

    def test_archived_and_hidden_and_void_records_are_in_it_and_marked(self, api: Api) -> None:
        mara = canaries.settle(api)
        api.ok(api.patch(f"/v1/clients/{mara.id}", {"archived": True}, version=1))
        told = export(api, mara)
        assert told["client"]["archived"]
        hidden = {found["id"]: found["deleted_at"] for found in told["opportunities"]}
        assert hidden[mara.ids["hidden"]] == "2026-03-16T12:00:00.000000Z"
        assert hidden[mara.ids["opportunity"]] is None
        acts = [act for found in told["opportunities"] for act in found["interactions"]]
        assert [act["voided_at"] for act in acts if act["summary"] == f"{mara.mark}void"] == [
            "2026-03-16T12:00:00.000000Z"
        ]

    def test_the_rest_is_as_the_api_tells_it_elsewhere(self, api: Api, mara: Person) -> None:
        told = export(api, mara)
        client = api.ok(api.get(f"/v1/clients/{mara.id}"))
        coaches = told["client"].pop("coaches")
        assert {**told["client"], "coach_ids": [coach["id"] for coach in coaches]} == client
        assert coaches == [{"id": api.member_id, "name": "Owner Example"}]
        first = next(found for found in told["opportunities"] if found["id"] == mara.ids["opportunity"])
        shown = api.ok(api.get(f"/v1/opportunities/{first['id']}"))
        assert {name: first[name] for name in first if name in shown} == {
            name: shown[name] for name in shown if name in first
        }
        assert first["company"] == {"id": shown["company_id"], "name": shown["company_name"], "domain": None}
        history = api.ok(api.get(f"/v1/opportunities/{first['id']}/status-history"))["items"]
        assert first["status_history"] == history
        listed = api.walk(f"/v1/opportunities/{first['id']}/interactions", include_voided="true")
        assert [{**act, "opportunity_id": first["id"]} for act in _without_former(first)] == listed
        assert first["policy_version"] == api.ok(api.get("/v1/policy"))["version"]
        assert told["practice_id"] == api.practice_id
        assert told["exported_at"] == "2026-03-16T12:00:00.000000Z"

    def test_an_edit_is_told_with_who_made_it(self, api: Api, mara: Person) -> None:
        acts = [act for found in export(api, mara)["opportunities"] for act in found["interactions"]]
        (edited,) = next(act["former"] for act in acts if act["id"] == mara.ids["interaction"])
        assert edited["version"] == 1
        assert edited["said"]["summary"] == f"{mara.mark}before"
        assert edited["replaced_by"] == {"type": "member", "id": api.member_id}

    def test_someone_of_whom_nothing_is_known_yet(self, api: Api) -> None:
        told = api.ok(api.get(f"/v1/clients/{build.client(api)['id']}/export"))
        lists = ("sessions", "invitations", "opportunities", "contacts", "imports")
        assert [told[name] for name in lists] == [[], [], [], [], []]
        assert told["login"] is None
        assert [act["action"] for act in told["audit_events"]] == ["client.create"]


class TestAudit:
    def test_each_export_leaves_one_entry_without_values(self, api: Api, database: Database) -> None:
        mara = Person("", build.client(api)["id"])
        hers = api.as_client(mara.id)
        export(api, mara)
        export(hers, mara)
        export(api, mara)
        rows = database.fetch(
            "select actor_type, actor_id, changed_fields, resource_type from audit_event "
            "where resource_id = $1 and action = 'client.export' order by occurred_at, id",
            mara.id,
        )
        assert [row["actor_type"] for row in rows] == ["member", "client", "member"]
        assert [row["actor_id"] for row in rows] == [uuid.UUID(i) for i in (api.member_id, mara.id, api.member_id)]
        assert all(row["changed_fields"] == [] and row["resource_type"] == "client" for row in rows)

    def test_a_refused_export_leaves_none(self, api: Api, stranger: Api, mara: Person, database: Database) -> None:
        count = "select count(*) from audit_event where action = 'client.export' and resource_id = $1"
        before = database.value(count, mara.id)
        assert stranger.get(f"/v1/clients/{mara.id}/export").status_code == 404
        assert api.as_role("coach").get(f"/v1/clients/{mara.id}/export").status_code == 403
        assert database.value(count, mara.id) == before

    def test_the_entries_about_all_their_records_are_in_it_by_names_of_fields(self, api: Api, mara: Person) -> None:
        acts = export(api, mara)["audit_events"]
        actions = {act["action"] for act in acts}
        assert {"client.create", "opportunity.delete", "interaction.void", "import.commit"} <= actions
        assert mara.mark not in json.dumps(acts)
        ids = {act["resource_id"] for act in acts}
        assert {mara.ids[name] for name in ("client", "opportunity", "hidden", "secret", "import")} <= ids


class TestOwnExport:
    def test_what_is_for_coaches_only_is_in_no_part_of_it(self, api: Api, mara: Person, hers: Api) -> None:
        words = [f"{mara.mark}{word}" for word in (*COACHES_ONLY, *MEMBERS_ONLY)]
        hidden = [*words, mara.ids["secret"], mara.ids["withdrawn"]]
        whole, own = (who.get(f"/v1/clients/{mara.id}/export").text for who in (api, hers))
        assert [one for one in hidden if one not in whole] == []
        assert [one for one in hidden if one in own] == []

    def test_everything_else_is(self, api: Api, mara: Person, hers: Api) -> None:
        whole, own = (canaries.marks(json.dumps(export(who, mara)["opportunities"]), mara.mark) for who in (api, hers))
        assert whole - own == {f"{mara.mark}{word}" for word in COACHES_ONLY}
        told = export(hers, mara)
        linked = {i for found in told["opportunities"] for i in found["contact_ids"]}
        assert {found["id"] for found in told["contacts"]} == linked
        assert {found["notes"] for found in told["contacts"]} == {None}
        assert told["client"]["coaches"] == [{"id": api.member_id, "name": None}]
        assert told["login"]["email"]
        assert told["sessions"]

    def test_another_client_is_not_there(self, api: Api, mara: Person, hers: Api) -> None:
        other = build.client(api)["id"]
        missing = hers.get(f"/v1/clients/{uuid.uuid4()}/export")
        found = hers.get(f"/v1/clients/{other}/export")
        assert found.status_code == missing.status_code == 404
        assert found.json() == {**missing.json(), "instance": found.json()["instance"]}


class TestRights:
    def test_an_admin_may(self, api: Api, mara: Person) -> None:
        assert export(api.as_role("admin"), mara)["client"]["id"] == mara.id

    @pytest.mark.parametrize("role", ["coach", "assistant"])
    def test_others_may_not(self, api: Api, mara: Person, role: str) -> None:
        answer = api.as_role(role).get(f"/v1/clients/{mara.id}/export")
        assert (answer.status_code, answer.json()["code"]) == (403, "forbidden-role")

    def test_another_practices_client_is_not_there(self, mara: Person, stranger: Api) -> None:
        assert stranger.get(f"/v1/clients/{mara.id}/export").status_code == 404


def test_it_takes_the_same_number_of_statements_whatever_there_is(api: Api, house: House, mara: Person) -> None:
    counts: list[int] = []
    nothing = build.client(api)["id"]
    for client_id in (nothing, nothing, mara.id):
        with sent(house) as statements:
            api.ok(api.get(f"/v1/clients/{client_id}/export"))
        counts.append(len(statements))
    assert counts[1] == counts[2] < 25


def _without_former(opportunity: dict[str, Any]) -> list[dict[str, Any]]:
    return [{name: act[name] for name in act if name != "former"} for act in opportunity["interactions"]]
