"""POST /v1/imports, and reading the report."""

import base64
import uuid
from typing import Any

import pytest

from tests.imports import logs
from tests.support import build
from tests.support.api import Api
from tests.support.database import Database
from tests.support.statements import overtaken

ONE = "Company,Title,Date applied\nAcme,Baker,2026-02-16\n"


def refused(api: Api, **body: Any) -> dict[str, Any]:
    """Send what must be refused and return the problem."""
    before = len(api.walk("/v1/imports"))
    sent = {"client_id": body.pop("client_id", None) or build.client(api)["id"], **body}
    problem: dict[str, Any] = api.ok(api.post("/v1/imports", sent), 422)
    assert len(api.walk("/v1/imports")) == before
    return problem


def fault(problem: dict[str, Any]) -> tuple[str, str]:
    (error,) = problem["errors"]
    return error["pointer"], error["code"]


class TestCreate:
    def test_the_report_is_stored_and_found_again(self, api: Api) -> None:
        client_id = build.client(api)["id"]
        response = api.post("/v1/imports", {"client_id": client_id, "content": ONE})
        made = api.ok(response, 201)
        assert response.headers["location"] == f"/v1/imports/{made['id']}"
        assert response.headers["etag"] == '"1"'
        assert (made["format"], made["state"], made["client_id"]) == ("generic", "previewed", client_id)
        assert made["counts"] == {"rows": 1, "create": 1, "match": 0, "skip": 0, "error": 0}
        assert api.ok(api.get(response.headers["location"])) == made

    def test_the_callers_own_id_is_taken_once(self, api: Api) -> None:
        own = str(uuid.uuid4())
        assert logs.preview(api, ONE, id=own)["id"] == own
        body = {"id": own, "client_id": build.client(api)["id"], "content": ONE}
        assert api.ok(api.post("/v1/imports", body), 409)["code"] == "id-taken"

    def test_it_leaves_one_audit_entry(self, api: Api, database: Database) -> None:
        made = logs.preview(api, ONE)
        logs.commit(api, made)
        logs.undo(api, made)
        entries = database.fetch(
            "select action from audit_event where resource_id = $1 order by occurred_at, id", uuid.UUID(made["id"])
        )
        assert [row["action"] for row in entries] == ["import.create", "import.commit", "import.undo"]

    @pytest.mark.parametrize("content", [{}, {"content": ONE, "content_base64": base64.b64encode(b"a").decode()}])
    def test_exactly_one_content(self, api: Api, content: dict[str, str]) -> None:
        assert fault(refused(api, **content)) == ("/content", "exactly-one")

    @pytest.mark.parametrize("text", ["Q29t*", "Q29tcGFueQ", "Q29t\ncGFu", "Q29tcG F1", "QR==", "Cömp", "===="])
    def test_base64_is_strict(self, api: Api, text: str) -> None:
        assert fault(refused(api, content_base64=text)) == ("/content_base64", "bad-format")

    @pytest.mark.parametrize("field", ["content", "content_base64"])
    def test_an_empty_file_is_refused(self, api: Api, field: str) -> None:
        assert fault(refused(api, **{field: ""})) == (f"/{field}", "empty")

    @pytest.mark.parametrize("text", ["just words", "a,b\n1,2\n", "[1, 2]", '{"a"', "Company,Title\n"])
    def test_what_is_no_log_is_refused(self, api: Api, text: str) -> None:
        assert fault(refused(api, content=text)) == ("/content", "bad-format")

    def test_an_unknown_column_of_ours_or_theirs_is_named(self, api: Api) -> None:
        assert fault(refused(api, content=ONE, mapping={"salami": "Company"})) == ("/mapping/salami", "not-in-list")
        assert fault(refused(api, content=ONE, mapping={"company": "Firm"})) == ("/mapping/company", "not-in-list")
        assert fault(refused(api, content=ONE, mapping={"company": 1})) == ("/mapping/company", "wrong-type")
        assert fault(refused(api, content=ONE, format="excel")) == ("/format", "not-in-list")

    def test_more_than_5000_rows_are_refused(self, api: Api) -> None:
        text = "Company,Title\n" + "".join(f"Acme,Baker {n}\n" for n in range(5001))
        assert fault(refused(api, content=text)) == ("/content", "too-many")

    def test_a_body_over_256_kib_is_read_and_one_over_10_mib_is_not(self, api: Api) -> None:
        filler = "".join(f"Acme,Baker {n},{'x' * 1_000}\n" for n in range(300))
        assert logs.preview(api, "Company,Title,Notes\n" + filler)["counts"]["create"] == 300
        body = {"client_id": build.client(api)["id"], "content": "x" * 11 * 1024 * 1024}
        assert api.ok(api.post("/v1/imports", body), 413)["code"] == "body-too-large"

    def test_a_client_of_another_practice_is_unknown(self, api: Api, stranger: Api) -> None:
        theirs = build.client(stranger)["id"]
        for client_id in (theirs, str(uuid.uuid4())):
            problem = refused(api, client_id=client_id, content=ONE)
            assert (problem["code"], *fault(problem)) == ("unknown-reference", "/client_id", "unknown-reference")

    def test_assistants_may_not_import(self, api: Api) -> None:
        assistant, coach = api.as_role("assistant"), api.as_role("coach")
        body = {"client_id": build.client(api)["id"], "content": ONE}
        assert api.ok(assistant.post("/v1/imports", body), 403)["code"] == "forbidden-role"
        assert assistant.get("/v1/imports").status_code == 403
        made = api.ok(coach.post("/v1/imports", body), 201)
        assert assistant.post(f"/v1/imports/{made['id']}/commit").status_code == 403
        assert logs.commit(coach, made)["state"] == "committed"


class TestDateOrder:
    AMBIGUOUS = "Company,Title,Date applied\nAcme,Baker,03/04/2026\n"

    def test_it_is_asked_for_where_the_file_does_not_tell(self, api: Api) -> None:
        problem = refused(api, content=self.AMBIGUOUS)
        assert (problem["code"], *fault(problem)) == ("date-order-needed", "/date_order", "required")

    @pytest.mark.parametrize(("order", "date"), [("dmy", "2026-04-03"), ("mdy", "2026-03-04")])
    def test_it_decides(self, api: Api, order: str, date: str) -> None:
        made = logs.preview(api, self.AMBIGUOUS, date_order=order)
        assert made["date_order"] == order
        assert logs.only(api, made)["values"]["interactions"][0]["occurred_at"] == f"{date}T12:00:00.000000Z"

    def test_one_clear_date_tells_for_all(self, api: Api) -> None:
        made = logs.preview(api, self.AMBIGUOUS + "Acme,Cook,25/04/2026\n")
        assert (made["date_order"], made["counts"]["create"]) == ("dmy", 2)


class TestEncodings:
    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
    def test_bytes_are_read_in_what_they_are_written_in(self, api: Api, encoding: str) -> None:
        made = logs.preview(api, "Company;Title\nSociété Générale;Ingénieur\n".encode(encoding))
        values = logs.only(api, made)["values"]
        assert (values["company"], values["title"]) == ("Société Générale", "Ingénieur")

    def test_a_byte_order_mark_in_text_is_ignored(self, api: Api) -> None:
        assert logs.only(api, logs.preview(api, "\ufeff" + ONE))["values"]["company"] == "Acme"

    def test_what_cannot_be_stored_does_not_break_the_report(self, api: Api) -> None:
        text = "Company,Title,Date\x00 applied,URL\u2028\nAc\x00me,Ba\ufffeker,some\x00time,http://user@x.example/\n"
        row = logs.only(api, logs.imported(api, text))
        assert (row["values"]["company"], row["values"]["title"], row["values"]["url"]) == ("Acme", "Baker", None)
        told = {(problem["column"], problem["code"]) for problem in row["problems"]}
        lossy = {(column, "bad-character") for column in ("Company", "Title", "Date applied")}
        assert told == lossy | {("Date applied", "bad-date"), ("URL", "bad-url")}

    def test_a_json_list_may_be_text_or_the_list_itself(self, api: Api) -> None:
        listed = [{"company": "Acme", "role": "Baker", "log": [{"status": "applied", "date": "2026-02-16"}]}]
        text = '[{"company": "Acme", "role": "Baker", "log": [{"status": "applied", "date": "2026-02-16"}]}]'
        reports = [logs.rows(api, logs.preview(api, content)) for content in (listed, text)]
        assert reports[0] == reports[1]
        assert reports[0][0]["values"]["interactions"][0]["kind"] == "application"


class TestRows:
    def test_they_are_walked_by_number(self, api: Api) -> None:
        text = "Company,Title\n" + "".join(f"Acme,Baker {n}\n" for n in range(1, 12))
        made = logs.preview(api, text)
        walked = api.walk(f"/v1/imports/{made['id']}/rows", limit=2)
        assert [row["number"] for row in walked] == list(range(1, 12))
        assert walked[10]["values"]["title"] == "Baker 11"

    def test_errors_and_skips_have_reasons_and_make_nothing(self, api: Api) -> None:
        client_id = build.client(api)["id"]
        header = "Company,Title,Date applied\n"
        text = f"{header}Acme,,2026-02-16\n,Baker,2026-02-16\n{header}Acme,Cook,sometime\n"
        done = logs.imported(api, text, client_id)
        assert done["counts"] == {"rows": 4, "create": 1, "match": 0, "skip": 1, "error": 2}
        rows = logs.rows(api, done)
        assert [(row["action"], logs.codes(row)) for row in rows] == [
            ("error", ["required"]),
            ("error", ["required"]),
            ("skip", ["header-again"]),
            ("create", ["bad-date"]),
        ]
        assert rows[0]["problems"][0]["column"] == "Title"
        assert list(logs.pipeline(api, client_id)) == ["Acme: Cook"]

    def test_what_is_yet_to_be_made_has_no_id(self, api: Api) -> None:
        made = logs.preview(api, ONE)
        assert logs.only(api, made)["opportunity_id"] is None
        assert logs.only(api, logs.commit(api, made))["opportunity_id"] is not None

    def test_other_practices_find_nothing(self, api: Api, stranger: Api) -> None:
        made = logs.preview(api, ONE)
        for method, path in (("GET", ""), ("GET", "/rows"), ("POST", "/commit"), ("POST", "/undo")):
            assert stranger.request(method, f"/v1/imports/{made['id']}{path}").status_code == 404
            assert api.request(method, f"/v1/imports/{uuid.uuid4()}{path}").status_code == 404


class TestList:
    def test_the_newest_comes_first(self, api: Api, stranger: Api, clock: Any) -> None:
        logs.preview(stranger, ONE)
        made = []
        for _ in range(3):
            clock.forward(minutes=1)
            made.append(logs.preview(api, ONE)["id"])
        assert [item["id"] for item in api.walk("/v1/imports", limit=2)] == made[::-1]

    def test_a_link_with_more_beside_it_is_told_of(self, api: Api) -> None:
        text = "Company,Title,URL\nAcme,Baker,https://jobs.example/a b\nBolt,Cook,[Cook](https://jobs.example/2)\n"
        made = logs.imported(api, text)
        more, link = logs.rows(api, made)
        assert more["values"]["url"] == "https://jobs.example/a"
        assert more["values"]["notes"] == "URL: https://jobs.example/a b"
        assert [problem["code"] for problem in more["problems"]] == ["bad-url"]
        assert (link["values"]["url"], link["problems"]) == ("https://jobs.example/2", [])


class TestZones:
    """Years are told in UTC, and only the zone of the client says in which of them a date of a log lies."""

    @pytest.mark.parametrize(
        ("zone", "date"),
        [
            ("America/Los_Angeles", "2200-12-31 23:30"),
            ("Etc/GMT+12", "2200-12-31"),
            ("Pacific/Auckland", "1900-01-01 00:30"),
        ],
    )
    def test_a_date_that_the_api_does_not_take_is_kept_in_the_notes(self, api: Api, zone: str, date: str) -> None:
        client_id = build.client(api, time_zone=zone)["id"]
        made = logs.imported(api, f"Company,Title,Date applied,Status\nAcme,Baker,{date},Rejected\n", client_id)
        row = logs.only(api, made)
        assert "bad-date" in {problem["code"] for problem in row["problems"]}
        assert f"application: {date}" in row["values"]["notes"]
        acts = api.walk(f"/v1/opportunities/{row['opportunity_id']}/interactions")
        assert "application" not in {act["kind"] for act in acts}

    @pytest.mark.parametrize(("date", "told"), [("1900-01-01", "1900-01-01T12"), ("2200-12-31 23:30", "2200-12-31T23")])
    def test_the_first_and_the_last_are_taken(self, api: Api, date: str, told: str) -> None:
        client_id = build.client(api, time_zone="UTC")["id"]
        row = logs.only(api, logs.imported(api, f"Company,Title,Date applied\nAcme,Baker,{date}\n", client_id))
        assert row["values"]["interactions"][0]["occurred_at"].startswith(told)


class TestRaces:
    def test_an_opportunity_that_comes_back_meanwhile(self, api: Api, database: Database) -> None:
        client_id = build.opportunity(api)["client_id"]
        comes = build.opportunity(api, client_id)
        build.interaction(api, comes["id"], "application", "2026-03-01T10:00:00Z")
        assert api.delete(f"/v1/opportunities/{comes['id']}").status_code == 204
        back = "update opportunity set deleted_at = null where id = $1"
        with overtaken(api.house, database, back, comes["id"], before="sha256"):
            made = logs.preview(api, ONE, client_id)
        assert api.get(f"/v1/opportunities/{comes['id']}").status_code == 200
        assert made["counts"]["create"] == 1
        database.execute("update opportunity set deleted_at = now() where id = $1", comes["id"])
