"""The exports that we know by name, through the API. Invented people and companies."""

from typing import Any

import pytest

from tests.imports import logs
from tests.support import build
from tests.support.api import Api
from tests.support.database import Database

APPLICATIONS = (
    "Application Date,Contact Email,Contact Phone Number,Company Name,Job Title,Job Url,Resume Name,"
    "Question And Answers\n"
    '"3/7/26, 2:22 PM",me@example.com,555,Acme,Baker,https://jobs.example/1,cv.pdf,Why | Because\n'
)
SAVED = 'Saved Date,Job Url,Job Title,Company Name\n"3/7/26, 2:22 PM",https://jobs.example/2,Cook,Acme\n'
TEAL = (
    "company_name,role,location,url,salary_min,salary_max,salary_currency,applied_at,statusName,added_at\n"
    "Acme,Waiter,Berlin,https://jobs.example/3,50000,60000,EUR,2026-03-01,Applied,2026-02-27\n"
)
SIMPLIFY = (
    "Job Title,Company Name,Location,Job URL,Applied Date,Status,Status Date,Notes,Archived,Date Archived,job_type\n"
    "Host,Acme,Remote,https://jobs.example/4,2026-03-01,Rejected,2026-03-09,Nice people,false,,Full-time\n"
)
HUNTR = (
    "Title,Company,List,URL,Location,Date Added,Notes\nBarista,Acme,Wishlist,https://jobs.example/5,Ulm,2026-03-01,\n"
)
CONNECTIONS = (
    'Notes:\n"When exporting, some addresses are missing."\n\n'
    "First Name,Last Name,URL,Email Address,Company,Position,Connected On\n"
    "Ada,Stone,https://www.linkedin.com/in/ada-stone,ada@Acme.Example,Acme,CTO,05 Mar 2024\n"
    "Bo,Field,https://www.linkedin.com/in/bo-field,,,,06 Mar 2024\n"
    ",,,,,,07 Mar 2024\n"
)


@pytest.mark.parametrize(
    ("text", "name", "title", "kinds"),
    [
        (APPLICATIONS, "linkedin_applications", "Baker", [("application", "2026-03-07T14:22")]),
        (SAVED, "linkedin_saved", "Cook", []),
        (TEAL, "teal", "Waiter", [("application", "2026-03-01T12:00")]),
        (
            SIMPLIFY,
            "simplify",
            "Host",
            [("application", "2026-03-01T12:00"), ("rejection", "2026-03-09T12:00"), ("note", "2026-03-09T12:00")],
        ),
        (HUNTR, "huntr", "Barista", []),
    ],
)
def test_a_format_is_recognised_and_can_be_named(
    api: Api, text: str, name: str, title: str, kinds: list[tuple[str, str]]
) -> None:
    client_id = build.client(api)["id"]
    for sent in ({}, {"format": "auto"}, {"format": None}, {"format": name}):
        assert logs.preview(api, text, client_id, **sent)["format"] == name
    row = logs.only(api, logs.imported(api, text, client_id))
    made = logs.pipeline(api, client_id)[f"Acme: {title}"]
    assert (row["opportunity_id"], made["url"]) == (made["id"], row["values"]["url"])
    assert logs.kinds(api, made["id"]) == kinds
    assert "me@example.com" not in str(logs.timeline(api, made["id"])) + str(row)


def test_salaries_are_kept_in_minor_units(api: Api) -> None:
    client_id = build.client(api)["id"]
    logs.imported(api, TEAL, client_id)
    made = logs.pipeline(api, client_id)["Acme: Waiter"]
    assert (made["salary_min"], made["salary_max"], made["currency"]) == (5_000_000, 6_000_000, "EUR")


def test_columns_can_be_named(api: Api) -> None:
    mapping = {"company": "Wer", "title": "Was", "applied_at": "Wann"}
    made = logs.preview(api, "Wer;Was;Wann\nAcme;Baker;2026-03-01\n", mapping=mapping)
    assert [act["kind"] for act in logs.only(api, made)["values"]["interactions"]] == ["application"]


class TestConnections:
    def _people(self, api: Api) -> list[dict[str, Any]]:
        return api.walk("/v1/contacts", sort="name")

    def test_they_become_contacts(self, api: Api) -> None:
        done = logs.imported(api, CONNECTIONS)
        assert done["format"] == "linkedin_connections"
        assert done["counts"] == {"rows": 3, "create": 2, "match": 0, "skip": 1, "error": 0}
        ada, bo = self._people(api)
        assert (ada["name"], ada["role"], ada["title"], ada["email"]) == (
            "Ada Stone",
            "other",
            "CTO",
            "ada@acme.example",
        )
        assert (ada["profile_url"], ada["notes"]) == (
            "https://www.linkedin.com/in/ada-stone",
            "Connected on 2024-03-05.",
        )
        assert [company["id"] for company in api.walk("/v1/companies")] == [ada["company_id"]]
        assert bo["company_id"] is None
        rows = logs.rows(api, done)
        assert [row["contact_id"] for row in rows] == [ada["id"], bo["id"], None]
        assert (rows[2]["action"], logs.codes(rows[2])) == ("skip", ["nameless"])
        assert rows[0]["values"]["contact"]["connected_on"] == "2024-03-05"

    def test_again_they_are_there_and_undone_they_are_gone(self, api: Api, database: Database) -> None:
        before = logs.everything(database, api)
        done = logs.imported(api, CONNECTIONS)
        again = logs.imported(api, CONNECTIONS)
        assert again["counts"]["skip"] == 3
        assert [row["contact_id"] for row in logs.rows(api, again)][:2] == [
            person["id"] for person in self._people(api)
        ]
        logs.undo(api, again)
        logs.undo(api, done)
        assert logs.everything(database, api) == before

    def test_known_people_are_not_made_again(self, api: Api) -> None:
        known = build.contact(api, name="ADA STONE", email="Ada@acme.example")
        build.contact(api, name="Bo Field", profile_url="https://www.linkedin.com/in/another-bo")
        done = logs.imported(api, CONNECTIONS)
        assert [row["action"] for row in logs.rows(api, done)] == ["skip", "create", "skip"]
        assert logs.rows(api, done)[0]["contact_id"] == known["id"]
