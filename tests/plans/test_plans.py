"""GET /v1/clients/{id}/plan and /summary: whose, as of when, what is left out, and in how many statements."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.support import build
from tests.support.api import Api
from tests.support.statements import sent

# The clock stands at Monday, 2026-03-16, noon UTC.


@pytest.fixture
def client_id(api: Api) -> str:
    return str(build.client(api, employment_status="unemployed", hours_free_per_week=5)["id"])


def plan(api: Api, client_id: str, **params: Any) -> Any:
    return api.ok(api.get(f"/v1/clients/{client_id}/plan", params=params))


def summary(api: Api, client_id: str, **params: Any) -> Any:
    return api.ok(api.get(f"/v1/clients/{client_id}/summary", params=params))


def tell(api: Api, client_id: str, *acts: tuple[str, str], **fields: Any) -> str:
    role = str(build.opportunity(api, client_id, **fields)["id"])
    for kind, when in acts:
        build.interaction(api, role, kind, when)
    return role


class TestStayActive:
    def test_the_weekly_target_is_the_practices(self, api: Api, stranger: Api, client_id: str) -> None:
        for day in (10, 12):
            tell(api, client_id, ("application", f"2026-03-{day}T09:00:00Z"))
        found = plan(api, client_id)["stay_active"]
        assert (found["new_openings"], found["weekly_target"], found["live_openings"]) == (2, 5, 2)
        assert found["suggestion"]["code"] == "reach_target"
        assert found["suggestion"]["text"].startswith("2 of 5 new openings")
        api.ok(api.patch("/v1/practice", {"weekly_target": 2}, version=1))
        assert plan(api, client_id)["stay_active"]["suggestion"]["code"] == "keep_going"
        # A week is seven local days with today in it.
        assert plan(api, client_id, as_of="2026-03-17T12:00:00Z")["stay_active"]["new_openings"] == 1

    def test_one_job_that_takes_most_of_the_doing_is_named(self, api: Api, client_id: str) -> None:
        tell(api, client_id, ("application", "2026-03-14T09:00:00Z"))
        dream = (("application", "2026-03-01T09:00:00Z"), ("interview", "2026-03-04T09:00:00Z"))
        role = tell(api, client_id, *dream, title="Dream", company_name="Castle")
        assert plan(api, client_id)["stay_active"]["concentration"] is None  # three acts are too few
        for kind, day in (("thank_you", 5), ("note", 6), ("employer_message", 7), ("follow_up", 13)):
            build.interaction(api, role, kind, f"2026-03-{day:02}T09:00:00Z")
        found = plan(api, client_id)["stay_active"]
        named = {"opportunity_id": role, "title": "Dream", "company_name": "Castle"}
        assert found["concentration"] == {**named, "share": 0.8, "n": 5}
        assert found["suggestion"]["text"].startswith("Much hangs on Dream at Castle")

    def test_a_lead_that_is_struck_off_the_list_was_never_opened(self, api: Api, client_id: str) -> None:
        tell(api, client_id, ("application", "2026-03-02T09:00:00Z"))
        for kind in ("withdrawal", "decline", "position_closed", "rejection"):
            for _ in range(2):
                tell(api, client_id, (kind, "2026-03-14T09:00:00Z"))
        tell(api, client_id)
        tell(api, client_id, ("employer_message", "2026-03-13T09:00:00Z"), ("withdrawal", "2026-03-14T09:00:00Z"))
        found = plan(api, client_id)
        active = found["stay_active"]
        assert (active["live_openings"], active["leads"], active["new_openings"]) == (1, 1, 1)
        assert active["last_new_on"] == "2026-03-13"
        assert found["funnel"]["counts"]["openings"] == 2
        assert found["stay_confident"]["counts"]["losses"] == 4
        numbers = summary(api, client_id)
        assert (numbers["counts"]["closed"], numbers["activity"]["new_openings"]) == (9, 1)

    @pytest.mark.parametrize(
        ("employment", "kind", "advice"),
        [
            ("freelance", "gig", "open_something"),
            ("freelance", "contract", "open_something"),
            ("freelance", "permanent", "landed"),
            ("unemployed", "gig", "open_something"),
            ("unemployed", "contract", "landed"),
            ("student", "internship", "landed"),
        ],
    )
    def test_a_gig_is_no_end_of_a_search(self, api: Api, employment: str, kind: str, advice: str) -> None:
        person = build.client(api, employment_status=employment)["id"]
        taken = (("request", "2026-02-02T09:00:00Z"), ("acceptance", "2026-02-03T09:00:00Z"))
        tell(api, person, *taken, kind=kind)
        assert plan(api, person)["stay_active"]["suggestion"]["code"] == advice
        lines = api.walk("/v1/radar", scope="practice")
        assert [line["client"]["id"] for line in lines] == ([] if advice == "landed" else [person])

    def test_whoever_has_an_offer_need_not_wait_for_them(self, api: Api, client_id: str) -> None:
        role = tell(api, client_id, ("interview", "2026-03-09T09:00:00Z"), title="Dream", company_name="Castle")
        text = plan(api, client_id)["stay_active"]["suggestion"]["text"]
        assert text.endswith("before you hear from them.")
        build.interaction(api, role, "offer", "2026-03-13T09:00:00Z")
        found = plan(api, client_id)["stay_active"]["suggestion"]
        assert (found["code"], found["source"]) == ("spread_out", "norm")
        assert found["text"].startswith("With Dream at Castle the next step is yours")

    @pytest.mark.parametrize(
        "zone", ["Pacific/Kiritimati", "America/St_Johns", "Asia/Kathmandu", "Europe/Berlin", "America/Havana"]
    )
    def test_days_are_the_clients_from_midnight_to_midnight(self, api: Api, zone: str) -> None:
        """Asked on the 24th of November: a week from the 18th, 28 days from the 28th of October."""
        person = build.client(api, time_zone=zone)["id"]
        here = ZoneInfo(zone)

        def at(month: int, day: int, hour: int, minute: int, fold: int = 0) -> str:
            then = datetime(2025, month, day, hour, minute, tzinfo=here, fold=fold)
            return f"{then.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"

        for month, day in ((10, 28), (11, 18)):
            tell(api, person, ("application", at(month, day, 0, 0)), ("candidate_message", at(month, day, 0, 1)))
            before = date(2025, month, day) - timedelta(days=1)
            tell(api, person, ("outreach", at(before.month, before.day, 23, 59)))
        for hour, minute in ((0, 0), (12, 0), (23, 59)):
            when = at(11, 24, hour, minute)
            numbers = summary(api, person, as_of=when)
            assert (numbers["since"], numbers["activity"]["by_candidate"]) == ("2025-11-18", 2)
            assert numbers["activity"]["new_openings"] == 1
            assert plan(api, person, as_of=when)["stay_active"]["concentration"]["n"] == 5
        # Where the clock is set back at one in the morning, the hour after midnight comes twice: both are of the day.
        tell(api, person, ("outreach", at(11, 2, 0, 30)), ("candidate_message", at(11, 2, 0, 30, fold=1)))
        assert summary(api, person, as_of=at(11, 8, 12, 0))["activity"]["by_candidate"] == 2

    def test_what_is_deleted_or_somebody_elses_does_not_count(self, api: Api, client_id: str) -> None:
        tell(api, build.client(api)["id"], ("application", "2026-03-14T09:00:00Z"))
        gone = tell(api, client_id, ("application", "2026-03-14T09:00:00Z"))
        api.ok(api.delete(f"/v1/opportunities/{gone}"), 204)
        assert plan(api, client_id)["stay_active"]["live_openings"] == 0
        assert sum(summary(api, client_id)["counts"].values()) == 0


class TestStayConfident:
    def test_wins_come_before_losses_the_newest_first(self, api: Api, client_id: str) -> None:
        tell(api, client_id, ("interview", "2026-03-09T09:00:00Z"), ("rejection", "2026-03-12T09:00:00Z"))
        tell(api, client_id, ("application", "2026-02-02T09:00:00Z"), ("position_closed", "2026-03-13T09:00:00Z"))
        tell(api, client_id, ("interview", "2026-03-02T09:00:00Z"), ("withdrawal", "2026-03-03T09:00:00Z"))
        old = {"client_id": client_id, "title": "Old", "occurred_on": "2026-02-16"}
        api.ok(api.post("/v1/wins", old), 201)
        api.ok(api.post("/v1/wins", {**old, "title": "Slept well", "occurred_on": "2026-03-10"}), 201)
        found = plan(api, client_id)["stay_confident"]
        assert list(found) == ["since", "counts", "text", "wins", "losses"]
        assert [win["title"] for win in found["wins"]] == ["Slept well", "Reached an interview", "Reached an interview"]
        assert [(loss["kind"], loss["occurred_on"]) for loss in found["losses"]] == [
            ("position_closed", "2026-03-13"),
            ("rejected", "2026-03-12"),
        ]
        assert (found["since"], found["counts"]) == ("2026-02-17", {"wins": 3, "losses": 2})
        assert (
            found["text"]
            == "3 small wins in 4 weeks, beside 2 disappointments: the part that is in your hands is going well."
        )

    def test_without_any_it_asks_for_one(self, api: Api, client_id: str) -> None:
        assert plan(api, client_id)["stay_confident"]["text"].startswith("Quiet weeks")
        tell(api, client_id, ("application", "2026-02-01T09:00:00Z"), ("rejection", "2026-03-12T09:00:00Z"))
        assert plan(api, client_id)["stay_confident"]["text"].startswith("Hard weeks")


class TestCredentials:
    def test_what_is_under_way_is_not_suggested_and_what_is_finished_leads_on(self, api: Api, client_id: str) -> None:
        activity = {"client_id": client_id, "kind": "volunteering", "title": "Food bank", "hours_per_week": 3}
        made = api.ok(api.post("/v1/development-activities", {**activity, "status": "active"}), 201)
        found = plan(api, client_id)["credentials"]
        assert (found["hours_left"], [u["activity_id"] for u in found["under_way"]]) == (2, [made["id"]])
        assert {idea["kind"] for idea in found["suggestions"]} == {"portfolio"}
        path = f"/v1/development-activities/{made['id']}"
        api.ok(api.patch(path, {"status": "done", "finished_on": "2026-03-16"}, version=1))
        first = plan(api, client_id)["credentials"]["suggestions"][0]
        assert (first["id"], first["after_activity_id"]) == ("take_a_seat", made["id"])
        assert all(first[name] for name in ("why", "first_step", "title"))

    def test_what_was_finished_long_ago_neither_leads_on_nor_shuts_anything(self, api: Api, client_id: str) -> None:
        fresh = plan(api, client_id)["credentials"]
        for year, kind in enumerate(("course", "volunteering", "networking", "portfolio", "skill"), 2008):
            done = {
                "client_id": client_id,
                "kind": kind,
                "title": "T",
                "status": "done",
                "finished_on": f"{year}-05-04",
            }
            api.ok(api.post("/v1/development-activities", done), 201)
        assert plan(api, client_id)["credentials"] == fresh
        lately = {"client_id": client_id, "kind": "skill", "title": "T", "status": "done", "finished_on": "2024-10-01"}
        api.ok(api.post("/v1/development-activities", lately), 201)
        ideas = [idea["id"] for idea in plan(api, client_id)["credentials"]["suggestions"]]
        assert ideas[0] == "real_work_with_the_skill"
        assert "learn_free" not in ideas
        assert plan(api, client_id, as_of="2026-03-26T12:00:00Z")["credentials"] == fresh

    def test_an_empty_list_says_why(self, api: Api) -> None:
        def text(hours: int, **activity: Any) -> str:
            person = build.client(api, employment_status="student", hours_free_per_week=hours)["id"]
            if activity:
                body = {"client_id": person, "kind": "other", "title": "T", **activity}
                api.ok(api.post("/v1/development-activities", body), 201)
            found = plan(api, person)["credentials"]
            assert (found["suggestions"] == []) == (not found["text"].startswith("Choose one of these"))
            return str(found["text"])

        assert text(0).endswith("with 2 hours a week it can begin.")
        assert text(1).endswith("with 1 hour a week it can begin.")
        assert text(6, status="active", hours_per_week=6).startswith("What is under way takes the hours")
        assert text(6).startswith("Choose one of these")

    def test_one_that_was_given_up_counts_for_nothing(self, api: Api, client_id: str) -> None:
        before = plan(api, client_id)["credentials"]
        dropped = {"client_id": client_id, "kind": "skill", "title": "Piano", "status": "dropped"}
        api.ok(api.post("/v1/development-activities", dropped), 201)
        assert plan(api, client_id)["credentials"] == before


class TestWhoSees:
    def test_what_is_for_coaches_only_is_in_no_count_of_others(self, api: Api, client_id: str) -> None:
        role = tell(api, client_id, *[("outreach", f"2026-03-{day:02}T09:00:00Z") for day in range(10, 15)])
        build.interaction(api, role, "interview", "2026-03-15T09:00:00Z", visibility="coaches")
        seen = plan(api, client_id)
        assert (seen["stay_active"]["concentration"]["n"], seen["stay_confident"]["counts"]["wins"]) == (6, 2)
        assert summary(api, client_id)["activity"]["meetings"] == 1
        for reader in (api.as_role("assistant"), api.as_client(client_id)):
            hidden = plan(reader, client_id)
            assert (hidden["stay_active"]["concentration"]["n"], hidden["stay_confident"]["wins"]) == (5, [])
            assert summary(reader, client_id)["activity"]["meetings"] == 0

    @pytest.mark.parametrize("what", ["plan", "summary"])
    def test_somebody_elses_client_is_not_there(self, api: Api, stranger: Api, client_id: str, what: str) -> None:
        other = build.client(api)["id"]
        path = f"/v1/clients/{client_id}/{what}"
        assert stranger.get(path).status_code == api.as_client(other).get(path).status_code == 404
        assert api.as_client(client_id).get(path).status_code == 200
        assert api.get(path, params={"as_of": "1900-01-01T00:00:00Z"}).status_code == 200
        assert api.get(path, params={"as_of": "2200-12-31T00:00:00Z"}).status_code == 200
        assert api.get(path, params={"as_of": "2026-03-16"}).status_code == 422


class TestSummary:
    def test_counts_the_statuses_and_the_last_seven_days(self, api: Api, client_id: str) -> None:
        tell(api, client_id)
        tell(api, client_id, ("application", "2026-02-01T09:00:00Z"))
        met = (("application", "2026-03-09T23:00:00Z"), ("interview", "2026-03-11T09:00:00Z"))
        tell(api, client_id, *met, ("thank_you", "2026-03-12T09:00:00Z"), ("employer_message", "2026-03-13T09:00:00Z"))
        found = summary(api, client_id)
        assert {name: n for name, n in found["counts"].items() if n} == {"not_started": 1, "ghosted": 1, "waiting": 1}
        assert found["since"] == "2026-03-10"
        assert found["activity"] == {"new_openings": 0, "by_candidate": 1, "by_employer": 1, "meetings": 1}
        assert (found["win_count"], {win["kind"] for win in found["wins"]}) == (
            3,
            {"first_reply", "interview", "thank_you_on_time"},
        )
        later = summary(api, client_id, as_of="2026-06-01T00:00:00Z")
        assert {name: n for name, n in later["counts"].items() if n} == {"not_started": 1, "ghosted": 2}
        earlier = summary(api, client_id, as_of="2026-02-02T00:00:00Z")
        assert {name: n for name, n in earlier["counts"].items() if n} == {"waiting": 1}
        assert earlier["activity"] == {"new_openings": 1, "by_candidate": 1, "by_employer": 0, "meetings": 0}

    def test_counts_no_meeting_that_never_took_place(self, api: Api, client_id: str) -> None:
        tell(api, client_id, ("interview", "2026-03-11T09:00:00Z"), ("no_show", "2026-03-11T09:30:00Z"))
        struck = tell(api, client_id, ("application", "2026-02-10T09:00:00Z"), ("rejection", "2026-03-10T09:00:00Z"))
        build.interaction(api, struck, "meeting", "2026-03-12T09:00:00Z", arranged_at="2026-03-01T09:00:00Z")
        assert summary(api, client_id)["activity"]["meetings"] == 0
        tell(api, client_id, ("rejection", "2026-03-01T09:00:00Z"), ("interview", "2026-03-12T09:00:00Z"))
        later = tell(api, client_id, ("interview", "2026-03-12T09:00:00Z"), ("no_show", "2026-03-13T09:00:00Z"))
        build.interaction(api, later, "meeting", "2026-03-14T09:00:00Z", arranged_at="2026-03-13T09:00:00Z")
        build.interaction(api, later, "position_closed", "2026-03-14T09:00:00Z")
        assert summary(api, client_id)["activity"]["meetings"] == 3
        first = (("interview", "2026-03-15T09:00:00Z"), ("interview", "2026-03-15T14:00:00Z"))
        tell(api, client_id, *first, ("no_show", "2026-03-15T14:15:00Z"))
        assert summary(api, client_id)["activity"]["meetings"] == 4


@pytest.mark.parametrize("what", ["plan", "summary"])
def test_each_takes_two_statements_however_much_there_is(api: Api, client_id: str, what: str) -> None:
    for day in range(10, 14):
        tell(api, client_id, ("application", f"2026-03-{day}T09:00:00Z"))
    with sent(api.house) as seen:
        api.ok(api.get(f"/v1/clients/{client_id}/{what}"))
    assert len(seen) == 2, seen


class TestFunnel:
    def test_what_came_without_an_application_hides_no_leak(self, api: Api, client_id: str) -> None:
        for _ in range(20):
            tell(api, client_id, ("application", "2026-01-05T09:00:00Z"))
        asked = (("interview", "2026-01-12T09:00:00Z"), ("rejection", "2026-01-20T09:00:00Z"))
        tell(api, client_id, ("employer_message", "2026-01-05T09:00:00Z"), *asked, source="recruiter")
        tell(api, client_id, ("outreach", "2026-01-05T09:00:00Z"), *asked, source="networking")
        # A form that is filled in afterwards did not lead there either.
        tell(api, client_id, *asked, ("application", "2026-01-13T09:00:00Z"), source="recruiter")
        found = plan(api, client_id)["funnel"]
        check = found["checks"][0]
        assert (check["verdict"], check["n"], check["passed"]) == ("leak", 20, 0)
        assert (found["counts"]["openings"], found["counts"]["applied"], found["counts"]["interviewing"]) == (23, 20, 3)
        heard = tell(api, client_id, ("application", "2026-01-05T09:00:00Z"), *asked)
        check = plan(api, client_id)["funnel"]["checks"][0]
        assert (check["n"], check["passed"]) == (21, 1), heard

    def test_an_application_between_coaches_is_none_to_others(self, api: Api, client_id: str) -> None:
        role = tell(api, client_id, ("outreach", "2026-03-02T09:00:00Z"))
        build.interaction(api, role, "application", "2026-03-03T09:00:00Z", visibility="coaches")
        readers = (api, api.as_role("assistant"), api.as_client(client_id))
        assert [plan(who, client_id)["funnel"]["counts"]["applied"] for who in readers] == [1, 0, 0]

    @pytest.mark.parametrize("ending", ["acceptance", "decline"])
    def test_whoever_accepts_or_declines_had_an_offer(self, api: Api, client_id: str, ending: str) -> None:
        story = (("application", "2026-03-02T09:00:00Z"), ("interview", "2026-03-05T09:00:00Z"))
        for _ in range(4):
            tell(api, client_id, *story, (ending, "2026-03-12T09:00:00Z"))
        found = plan(api, client_id)
        check = found["funnel"]["checks"][2]
        assert (check["verdict"], check["n"], check["passed"]) == ("fine", 4, 4)
        assert (found["funnel"]["counts"]["offer"], found["funnel"]["points_to"]) == (4, [])
        assert [win["kind"] for win in found["stay_confident"]["wins"]].count("offer") == 4

    def test_an_acceptance_is_a_win_beside_a_loss(self, api: Api, client_id: str) -> None:
        tell(api, client_id, ("application", "2026-03-02T09:00:00Z"), ("acceptance", "2026-03-12T09:00:00Z"))
        tell(api, client_id, ("application", "2026-03-02T09:00:00Z"), ("rejection", "2026-03-13T09:00:00Z"))
        found = plan(api, client_id)
        assert found["stay_active"]["suggestion"]["code"] == "landed"
        assert found["stay_confident"]["counts"] == {"wins": 1, "losses": 1}
        assert found["stay_confident"]["text"].startswith("1 small win in 4 weeks")
