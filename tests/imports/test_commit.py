"""POST /v1/imports/{id}/commit: what is made of a log, and of what was there before."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from app.interactions import service as timelines
from app.kit.errors import Conflict
from tests.imports import logs
from tests.support import build
from tests.support.api import Api, Clock
from tests.support.database import Database

HEADER = "Company,Title,Date applied,Interview date,Status,Notes\n"
ONE = HEADER + "Acme,Baker,2026-02-16,,,\n"


class TestCommit:
    def test_it_happens_once(self, api: Api) -> None:
        made = logs.preview(api, ONE)
        response = api.post(f"/v1/imports/{made['id']}/commit")
        assert response.headers["etag"] == '"2"'
        assert (api.ok(response)["state"], api.ok(response)["version"]) == ("committed", 2)
        again = api.post(f"/v1/imports/{made['id']}/commit")
        assert api.ok(again, 409)["code"] == "wrong-state"

    def test_a_stale_if_match_is_refused(self, api: Api) -> None:
        path = f"/v1/imports/{logs.preview(api, ONE)['id']}/commit"
        assert api.post(path, headers={"If-Match": '"2"'}).status_code == 412
        assert api.post(path, headers={"If-Match": '"1"'}).status_code == 200

    def test_it_fails_whole(self, api: Api, database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
        made = logs.preview(api, ONE)
        before = logs.everything(database, api)

        async def fail(*_: object, **__: object) -> None:
            raise Conflict

        with monkeypatch.context() as patch:
            patch.setattr(timelines, "insert_interactions", fail)
            assert api.post(f"/v1/imports/{made['id']}/commit").status_code == 409
        assert logs.everything(database, api) == before
        assert api.ok(api.get(f"/v1/imports/{made['id']}")) == made
        assert logs.commit(api, made)["counts"]["create"] == 1

    def test_two_at_once_make_one(self, api: Api) -> None:
        client_id = build.client(api)["id"]
        path = f"/v1/imports/{logs.preview(api, ONE, client_id)['id']}/commit"
        with ThreadPoolExecutor(2) as pool:
            answers = list(pool.map(lambda _: api.post(path).status_code, range(2)))
        assert sorted(answers) == [200, 409]
        assert len(logs.pipeline(api, client_id)) == 1

    def test_two_imports_of_one_file_at_once_make_it_once(self, api: Api) -> None:
        client_id = build.client(api)["id"]
        made = [logs.preview(api, ONE, client_id) for _ in range(2)]
        with ThreadPoolExecutor(2) as pool:
            done = list(pool.map(lambda one: logs.commit(api, one), made))
        assert sorted(one["counts"]["create"] for one in done) == [0, 1]
        assert len(api.walk("/v1/opportunities", client_id=client_id)) == 1

    def test_it_plans_anew_on_what_is_there_by_now(self, api: Api) -> None:
        client_id = build.client(api)["id"]
        made = logs.preview(api, ONE, client_id)
        own = build.opportunity(api, client_id, company_name="ACME", title="baker")
        done = logs.commit(api, made)
        assert (made["counts"]["create"], done["counts"]["match"]) == (1, 1)
        assert logs.only(api, done)["opportunity_id"] == own["id"]
        assert logs.kinds(api, own["id"]) == [("application", "2026-02-16T12:00")]


class TestWhatIsMade:
    def test_interactions_say_which_import_made_them(self, api: Api) -> None:
        client_id = build.client(api, time_zone="America/New_York")["id"]
        done = logs.imported(api, ONE, client_id)
        (item,) = logs.timeline(api, logs.only(api, done)["opportunity_id"])
        assert item["recorded_by"] == {"type": "import", "id": done["id"]}
        assert (item["occurred_at"], item["visibility"]) == ("2026-02-16T17:00:00.000000Z", "shared")
        made = logs.pipeline(api, client_id)["Acme: Baker"]
        assert (made["kind"], made["source"], made["version"]) == ("permanent", "other", 1)

    @pytest.mark.parametrize(
        ("written", "instant"),
        [
            ("2026-03-08 01:30", "2026-03-08T06:30"),
            ("2026-03-08 02:30", "2026-03-08T07:30"),  # no such time: the clock went from 2 to 3
            ("2026-03-08 03:30", "2026-03-08T07:30"),
            ("2026-03-08T02:30:00Z", "2026-03-08T02:30"),
            ("2026-03-08", "2026-03-08T16:00"),  # noon by the clock of that noon
            ("2026-03-07", "2026-03-07T17:00"),
        ],
    )
    def test_times_are_those_of_the_clients_clock(self, api: Api, written: str, instant: str) -> None:
        client_id = build.client(api, time_zone="America/New_York")["id"]
        done = logs.imported(api, f"Company,Title,Date applied\nAcme,Baker,{written}\n", client_id)
        assert logs.kinds(api, logs.only(api, done)["opportunity_id"]) == [("application", instant)]

    def test_a_meeting_ahead_counts_as_arranged_now(self, api: Api) -> None:
        client_id = build.client(api)["id"]
        logs.imported(api, HEADER + "Acme,Baker,2026-02-16,2026-03-20,,\n", client_id)
        made = logs.pipeline(api, client_id)["Acme: Baker"]
        assert made["assessment"]["status"] == "scheduled"
        assert logs.timeline(api, made["id"])[-1]["arranged_at"] == "2026-03-16T12:00:00.000000Z"

    def test_a_ghosted_mark_is_a_note_and_the_status_is_computed(self, api: Api) -> None:
        client_id = build.client(api)["id"]
        text = HEADER + "Acme,Baker,2026-03-10,,Ghosted,\nAcme,Cook,2026-01-10,,No response,\n"
        done = logs.imported(api, text, client_id)
        found = logs.pipeline(api, client_id)
        assert found["Acme: Baker"]["assessment"]["status"] == "waiting"
        assert found["Acme: Cook"]["assessment"]["status"] == "ghosted"
        assert [row["source_status"] for row in logs.rows(api, done)] == ["Ghosted", "No response"]
        note = logs.timeline(api, found["Acme: Baker"]["id"])[-1]
        assert (note["kind"], note["summary"]) == ("note", "Status: Ghosted")
        assert found["Acme: Baker"]["last_activity_at"] == "2026-03-10T12:00:00.000000Z"

    def test_an_unknown_status_is_kept_and_told(self, api: Api) -> None:
        done = logs.imported(api, HEADER + "Acme,Baker,2026-03-10,,Zorbed,\n")
        row = logs.only(api, done)
        assert (row["source_status"], logs.codes(row)) == ("Zorbed", ["unknown-status"])
        assert logs.timeline(api, row["opportunity_id"])[-1]["summary"] == "Status: Zorbed"

    def test_a_note_without_any_date_is_dated_by_the_import(self, api: Api) -> None:
        row = logs.only(api, logs.imported(api, HEADER + "Acme,Baker,,,,Ask Pat\n"))
        (note,) = logs.timeline(api, row["opportunity_id"])
        assert (note["kind"], note["summary"], note["occurred_at"]) == (
            "note",
            "Ask Pat",
            "2026-03-16T12:00:00.000000Z",
        )

    def test_the_person_beside_a_job_is_its_contact(self, api: Api) -> None:
        client_id = build.client(api)["id"]
        text = "Company,Title,Date applied,Recruiter\nAcme,Baker,2026-02-16,Pat Quinn\nAcme,Cook,2026-02-16,pat quinn\n"
        logs.imported(api, text, client_id)
        (pat,) = api.walk("/v1/contacts")
        found = logs.pipeline(api, client_id)
        assert (pat["name"], pat["role"], pat["company_id"]) == (
            "Pat Quinn",
            "recruiter",
            found["Acme: Baker"]["company_id"],
        )
        assert found["Acme: Baker"]["contact_ids"] == found["Acme: Cook"]["contact_ids"] == [pat["id"]]


class TestMatching:
    def test_only_what_is_missing_is_added(self, api: Api) -> None:
        client_id = build.client(api)["id"]
        own = build.opportunity(api, client_id, company_name="Acme", title="Baker")
        build.interaction(api, own["id"], "application", "2026-02-16T08:15:00Z")
        done = logs.imported(api, HEADER + "acme,BAKER,2026-02-16,2026-02-20,,Went well\n", client_id)
        row = logs.only(api, done)
        assert (row["action"], row["opportunity_id"]) == ("match", own["id"])
        assert [(act["kind"], act["new"]) for act in row["values"]["interactions"]] == [
            ("application", False),
            ("interview", True),
            ("note", True),
        ]
        assert [kind for kind, _ in logs.kinds(api, own["id"])] == ["application", "interview", "note"]
        assert api.ok(api.get(f"/v1/opportunities/{own['id']}"))["version"] == 1

    def test_what_was_taken_back_does_not_return(self, api: Api) -> None:
        client_id = build.client(api)["id"]
        done = logs.imported(api, ONE, client_id)
        (item,) = logs.timeline(api, logs.only(api, done)["opportunity_id"])
        api.ok(api.delete(f"/v1/interactions/{item['id']}"), 204)
        assert logs.preview(api, ONE, client_id)["counts"]["skip"] == 1

    def test_the_link_decides_before_the_names(self, api: Api) -> None:
        client_id = build.client(api)["id"]
        build.opportunity(api, client_id, company_name="Acme", title="Baker")
        linked = build.opportunity(api, client_id, title="Chef", url="https://acme.example/7")
        text = "Company,Title,URL\nAcme,Baker,https://acme.example/7\n"
        assert logs.only(api, logs.preview(api, text, client_id))["opportunity_id"] == linked["id"]

    def test_two_requisitions_are_two_jobs(self, api: Api) -> None:
        client_id = build.client(api)["id"]
        own = build.opportunity(api, client_id, company_name="Acme", title="Baker", requisition_id="R-1")
        text = "Company,Title,Requisition ID,Date applied\nAcme,Baker,{},2026-02-16\n"
        seen = {
            number: logs.only(api, logs.preview(api, text.format(number), client_id))["opportunity_id"]
            for number in ("R-1", "r-1", "R-2", "")
        }
        assert seen == {"R-1": own["id"], "r-1": own["id"], "R-2": None, "": own["id"]}

    def test_opportunities_of_others_and_deleted_ones_do_not_match(self, api: Api, stranger: Api) -> None:
        for other in (api, stranger):
            build.opportunity(other, company_name="Acme", title="Baker")
        client_id = build.client(api)["id"]
        gone = build.opportunity(api, client_id, company_name="Acme", title="Baker")
        api.ok(api.delete(f"/v1/opportunities/{gone['id']}"), 204)
        assert logs.preview(api, ONE, client_id)["counts"]["create"] == 1

    def test_a_contact_of_an_older_opportunity_is_told_not_added(self, api: Api) -> None:
        client_id = build.client(api)["id"]
        build.opportunity(api, client_id, company_name="Acme", title="Baker")
        text = "Company,Title,Date applied,Recruiter\nAcme,Baker,2026-02-16,Pat Quinn\n"
        row = logs.only(api, logs.imported(api, text, client_id))
        assert (row["action"], row["contact_id"], logs.codes(row)) == ("match", None, ["contact-not-added"])
        assert api.walk("/v1/contacts") == []

    def test_a_newer_file_adds_what_has_happened_since(self, api: Api, clock: Clock) -> None:
        client_id = build.client(api)["id"]
        logs.imported(api, ONE, client_id)
        clock.forward(days=3)
        done = logs.imported(api, HEADER + "Acme,Baker,2026-02-16,2026-03-17,,\nAcme,Cook,2026-03-18,,,\n", client_id)
        assert (done["counts"]["match"], done["counts"]["create"]) == (1, 1)
        made = logs.pipeline(api, client_id)["Acme: Baker"]
        assert [kind for kind, _ in logs.kinds(api, made["id"])] == ["application", "interview"]
