"""Three real searches, whole. What each row must become was worked out by hand from the files."""

from typing import Any

import pytest

from tests.imports import logs
from tests.support import build
from tests.support.api import Api
from tests.support.database import Database

LATER = "2026-11-23T12:00:00Z"
NEW_YORK = {"time_zone": "America/New_York", "region": "US"}
#: name: rows, create, match, skip; where the opportunities stand later.
EXPECTED: dict[str, tuple[tuple[int, int, int, int], dict[str, int]]] = {
    "jbhunt": ((88, 85, 1, 2), {"not_started": 31, "ghosted": 36, "closed": 18}),
    "joecullin": ((138, 133, 5, 0), {"ghosted": 70, "closed": 63}),
    "timhanneman": ((177, 173, 3, 1), {"ghosted": 123, "closed": 50}),
}


@pytest.mark.parametrize("name", sorted(logs.REAL))
class TestEveryLog:
    def test_every_row_is_made_matched_or_skipped_for_a_reason(self, api: Api, name: str) -> None:
        done = logs.imported(api, logs.REAL[name].read_bytes(), build.client(api, **NEW_YORK)["id"])
        counts = done["counts"]
        assert (counts["rows"], counts["create"], counts["match"], counts["skip"]) == EXPECTED[name][0]
        assert counts["error"] == 0
        report = logs.rows(api, done)
        assert [row["number"] for row in report] == list(range(1, counts["rows"] + 1))
        for row in report:
            assert row["opportunity_id"] is not None
            assert row["action"] == "create" or "same-as-row" in logs.codes(row)

    def test_the_statuses_are_true_and_not_the_ones_in_the_file(self, api: Api, name: str) -> None:
        client_id = build.client(api, **NEW_YORK)["id"]
        logs.imported(api, logs.REAL[name].read_bytes(), client_id)
        assert logs.statuses(api, client_id, as_of=LATER) == EXPECTED[name][1]

    def test_a_preview_writes_nothing_but_the_report(self, api: Api, database: Database, name: str) -> None:
        client_id = build.client(api, **NEW_YORK)["id"]
        before = logs.everything(database, api)
        made = logs.preview(api, logs.REAL[name].read_bytes(), client_id)
        assert made["state"] == "previewed"
        assert logs.everything(database, api) == before

    def test_a_second_import_makes_nothing(self, api: Api, database: Database, name: str) -> None:
        client_id = build.client(api, **NEW_YORK)["id"]
        content = logs.REAL[name].read_bytes()
        logs.imported(api, content, client_id)
        before = logs.everything(database, api)
        again = logs.preview(api, content, client_id)
        assert again["counts"]["skip"] == again["counts"]["rows"]
        assert logs.commit(api, again)["counts"] == again["counts"]
        assert logs.everything(database, api) == before
        assert all("already-there" in logs.codes(row) for row in logs.rows(api, again))

    def test_undo_restores_exactly_what_was_there(self, api: Api, database: Database, name: str) -> None:
        client_id = build.client(api, **NEW_YORK)["id"]
        build.opportunity(api, client_id)
        before = logs.everything(database, api)
        done = logs.imported(api, logs.REAL[name].read_bytes(), client_id)
        undone = logs.undo(api, done)
        assert (undone["state"], undone["version"]) == ("undone", 3)
        assert logs.everything(database, api) == before
        assert all(row["opportunity_id"] is None for row in logs.rows(api, undone))


def _told(item: dict[str, Any]) -> tuple[str, str | None, str]:
    return item["assessment"]["status"], item["outcome"], item["stage"]


class TestSingleRows:
    def test_the_statistics_table(self, api: Api) -> None:
        client_id = build.client(api, **NEW_YORK)["id"]
        logs.imported(api, logs.REAL["jbhunt"].read_bytes(), client_id)
        found = logs.pipeline(api, client_id)
        # row 1: sent 19 November, "No response": the 31 days of an application are over
        medpace = found["Medpace: Statistical Analyst"]
        assert _told(medpace) == ("ghosted", None, "applied")
        assert logs.kinds(api, medpace["id"]) == [("application", "2024-11-19T17:00"), ("note", "2024-11-19T17:00")]
        assert (medpace["salary_min"], medpace["salary_max"], medpace["currency"]) == (65_000_00, 190_000_00, "USD")
        # row 2: "Didn't apply"; row 4: rejected after 98 days; row 28 and 34: the two offers
        assert _told(found["PacifiCorp: Data Scientist I/II"]) == ("not_started", None, "lead")
        broad = found["Broad Institute: Computational Scientist I"]
        assert (broad["source"], *_told(broad)) == ("referral", "closed", "rejected", "applied")
        assert _told(found["BrainGate: Postdoctoral Research Associate"])[:2] == ("closed", "declined")
        assert _told(found["University of Utah: Biostatistician II"])[:2] == ("closed", "accepted")

    def test_two_rows_of_one_job_make_one_timeline(self, api: Api) -> None:
        client_id = build.client(api, **NEW_YORK)["id"]
        done = logs.imported(api, logs.REAL["jbhunt"].read_bytes(), client_id)
        rows = {row["number"]: row for row in logs.rows(api, done)}
        assert (rows[17]["action"], rows[27]["action"]) == ("create", "match")
        assert rows[17]["opportunity_id"] == rows[27]["opportunity_id"]
        sent = [when[:10] for kind, when in logs.kinds(api, rows[27]["opportunity_id"]) if kind == "application"]
        assert sent == ["2024-12-20", "2025-01-25"]
        assert (rows[21]["action"], logs.codes(rows[21])) == ("skip", ["same-as-row", "already-there"])

    def test_the_status_log(self, api: Api) -> None:
        client_id = build.client(api, **NEW_YORK)["id"]
        done = logs.imported(api, logs.REAL["joecullin"].read_bytes(), client_id)
        found = logs.pipeline(api, client_id)
        # row 1: a recruiter wrote, and the client withdrew three days later
        gold = found["Gold Star Chili: Sr Fullstack Eng"]
        assert (gold["source"], *_told(gold)) == ("recruiter", "closed", "withdrawn", "lead")
        assert logs.kinds(api, gold["id"]) == [
            ("request", "2025-06-20T17:09"),
            ("withdrawal", "2025-06-23T17:09"),
            ("note", "2025-06-23T17:09"),
        ]
        # row 3: applied on 17 June and never heard of again; row 4: rejected
        shipley = found["Shipley Do-Nuts: Eng"]
        path = f"/v1/opportunities/{shipley['id']}/status-history"
        assert api.ok(api.get(path))["items"][-1]["starts_at"] == "2025-07-18T04:00:00.000000Z"
        assert _told(found["Lee's Famous Recipe Chicken: Eng"]) == ("closed", "rejected", "applied")
        first = logs.rows(api, done)[0]
        assert (first["source_status"], first["values"]["notes"]) == ("withdrew", "source: Recruiter contacted me")

    def test_the_merged_sheet(self, api: Api) -> None:
        client_id = build.client(api, **NEW_YORK)["id"]
        logs.imported(api, logs.REAL["timhanneman"].read_bytes(), client_id)
        found = logs.pipeline(api, client_id)
        # row 1: sent 14, rejected 30 November 2021; row 2: "Ghosted"; row 20: invited, met on 6 December, then silence
        assert _told(found["Monterey County: Systems Analyst II"]) == ("closed", "rejected", "applied")
        assert _told(found["Lotus Capital LLc: Credit Specialist"]) == ("ghosted", None, "applied")
        cook = found["Landry's HR / Bubba Gump: Line Cook"]
        assert _told(cook) == ("ghosted", None, "interviewing")
        assert ("interview", "2021-12-06T17:00") in logs.kinds(api, cook["id"])
        assert cook["last_activity_at"] == "2021-12-06T17:00:00.000000Z"
