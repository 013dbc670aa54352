"""Wins: noted, derived from the timeline, and from what was learned."""

from typing import Any
from uuid import UUID, uuid4

import pytest

from tests.guidance.test_queue import tell
from tests.support import build
from tests.support.api import Api

# The clock stands at Monday, 2026-03-16, noon UTC.
PATH = "/v1/wins"
STORY = (
    ("application", "2026-02-02T10:00:00Z"),
    ("employer_message", "2026-02-04T10:00:00Z"),
    ("interview", "2026-02-09T10:00:00Z"),
    ("thank_you", "2026-02-10T10:00:00Z"),
    ("follow_up", "2026-02-17T10:00:00Z"),
)


@pytest.fixture
def client_id(api: Api) -> str:
    return str(build.client(api)["id"])


def note(api: Api, client_id: str, **fields: Any) -> Any:
    body = {"client_id": client_id, "title": "Slept well", "occurred_on": "2026-03-06", **fields}
    return api.ok(api.post(PATH, body), 201)


def told(api: Api, **params: Any) -> list[tuple[str, str]]:
    return [(item["kind"], item["occurred_on"]) for item in api.walk(PATH, **params)]


def refused(response: Any, code: str = "validation-failed") -> list[tuple[str, str]]:
    assert (response.status_code, response.json()["code"]) == (422, code), response.text
    return [(fault["pointer"], fault["code"]) for fault in response.json()["errors"]]


def plan_wins(api: Api, client_id: str, day: int) -> set[str]:
    """Return the kinds of wins that the plan tells late on a day of February."""
    when = {"as_of": f"2026-02-{day:02}T23:00:00Z"}
    found = api.ok(api.get(f"/v1/clients/{client_id}/plan", params=when))
    return {win["kind"] for win in found["stay_confident"]["wins"]}


class TestNoted:
    def test_answers_with_the_whole(self, api: Api, client_id: str) -> None:
        own, opportunity = str(uuid4()), build.opportunity(api, client_id)["id"]
        sent = {
            "id": own,
            "client_id": client_id,
            "opportunity_id": opportunity,
            "title": "Told it without notes",
            "note": "Twice\nrehearsed",
            "occurred_on": "2026-03-06",
        }
        response = api.post(PATH, sent)
        then = "2026-03-16T12:00:00.000000Z"
        nothing = dict.fromkeys(("interaction_id", "activity_id", "evidence_url", "credential"))
        stamps = {"version": 1, "created_at": then, "updated_at": then}
        assert api.ok(response, 201) == {**sent, **nothing, **stamps, "origin": "noted", "kind": "other"}
        assert (response.headers["location"], response.headers["etag"]) == (f"{PATH}/{own}", '"1"')
        assert api.ok(api.get(f"{PATH}/{own}")) == response.json() == api.walk(PATH)[0]

    @pytest.mark.parametrize(
        ("fields", "fault"),
        [
            ({"title": "x" * 201}, ("/title", "too-long")),
            ({"note": "x" * 2001}, ("/note", "too-long")),
            ({"occurred_on": None}, ("/occurred_on", "not-nullable")),
            ({"kind": "offer"}, ("/kind", "unknown-field")),
            ({"origin": "noted"}, ("/origin", "unknown-field")),
        ],
    )
    def test_refuses_nonsense(self, api: Api, client_id: str, fields: Any, fault: tuple[str, str]) -> None:
        body = {"client_id": client_id, "title": "T", "occurred_on": "2026-03-06", **fields}
        assert refused(api.post(PATH, body)) == [fault]

    def test_is_of_no_day_after_the_clients(self, api: Api) -> None:
        """At noon in UTC on the 16th it is the 17th on Kiritimati already, and everywhere else it is not."""
        east = note(api, build.client(api, time_zone="Pacific/Kiritimati")["id"], occurred_on="2026-03-17")
        west = note(api, build.client(api)["id"], occurred_on="2026-03-16")
        ahead = [("/occurred_on", "out-of-range")]
        for made, day in ((east, "2026-03-18"), (west, "2026-03-17")):
            assert refused(api.patch(f"{PATH}/{made['id']}", {"occurred_on": day}, version=1)) == ahead
            body = {"client_id": made["client_id"], "title": "T", "occurred_on": day}
            assert refused(api.post(PATH, body)) == ahead
        assert api.ok(api.patch(f"{PATH}/{east['id']}", {"title": "T"}, version=1))["occurred_on"] == "2026-03-17"

    def test_refuses_unknown_references(self, api: Api, stranger: Api, client_id: str) -> None:
        body = {"client_id": client_id, "title": "T", "occurred_on": "2026-03-06"}
        other = {"opportunity_id": build.opportunity(api)["id"]}
        assert refused(api.post(PATH, body | other), "unknown-reference") == [("/opportunity_id", "unknown-reference")]
        foreign = {"client_id": build.client(stranger)["id"]}
        assert refused(api.post(PATH, body | foreign), "unknown-reference") == [("/client_id", "unknown-reference")]

    def test_changes_and_goes(self, api: Api, client_id: str) -> None:
        made = note(api, client_id)
        path = f"{PATH}/{made['id']}"
        api.house.clock.forward(hours=1)
        change = {"title": "Slept very well", "note": "Nine hours", "occurred_on": "2026-03-07"}
        changed = api.ok(api.patch(path, change, version=1))
        assert changed == {**made, **change, "version": 2, "updated_at": "2026-03-16T13:00:00.000000Z"}
        same = api.patch(path, {"note": "Nine hours"}, version=2)
        assert (api.ok(same), same.headers["etag"]) == (changed, '"2"')
        assert api.patch(path, change).status_code == 428
        assert api.patch(path, change, version=1).status_code == 412
        assert api.delete(path, headers={"If-Match": '"1"'}).status_code == 412
        api.ok(api.delete(path), 204)
        assert api.get(path).status_code == 404

    def test_hides_with_its_opportunity(self, api: Api, client_id: str) -> None:
        opportunity = build.opportunity(api, client_id)["id"]
        made = note(api, client_id, opportunity_id=opportunity)
        api.ok(api.delete(f"/v1/opportunities/{opportunity}"), 204)
        assert (api.walk(PATH), api.get(f"{PATH}/{made['id']}").status_code) == ([], 404)
        assert api.patch(f"{PATH}/{made['id']}", {"title": "T"}, version=1).status_code == 404
        api.ok(api.post(f"/v1/opportunities/{opportunity}/restore"))
        assert api.walk(PATH) == [made]


class TestDerived:
    def test_follow_from_the_timeline(self, api: Api, client_id: str) -> None:
        opportunity = tell(api, client_id, STORY, contact_ids=[build.contact(api)["id"]])
        acts = {act["kind"]: act["id"] for act in api.walk(f"/v1/opportunities/{opportunity}/interactions")}
        found = api.walk(PATH)
        assert [(item["kind"], item["occurred_on"], item["interaction_id"]) for item in found] == [
            ("followed_up_once", "2026-02-17", acts["follow_up"]),
            ("thank_you_on_time", "2026-02-10", acts["thank_you"]),
            ("interview", "2026-02-09", acts["interview"]),
            ("first_reply", "2026-02-04", acts["employer_message"]),
        ]
        for item in found:
            assert (item["origin"], item["client_id"], item["opportunity_id"]) == ("derived", client_id, opportunity)
            assert (item["version"], item["created_at"], item["note"]) == (1, None, None)
            assert item["title"]
            assert UUID(item["id"]).version == 8
            assert api.ok(api.get(f"{PATH}/{item['id']}")) == item

    def test_keep_their_ids_and_go_with_what_brought_them(self, api: Api, client_id: str) -> None:
        opportunity = tell(api, client_id, STORY[:3])
        before = api.walk(PATH)
        build.interaction(api, opportunity, "note", "2026-02-05T10:00:00Z")
        assert api.walk(PATH) == before
        (met,) = (item for item in before if item["kind"] == "interview")
        api.ok(api.delete(f"/v1/interactions/{met['interaction_id']}"), 204)
        assert told(api) == [("first_reply", "2026-02-04")]
        assert api.get(f"{PATH}/{met['id']}").status_code == 404

    def test_cannot_be_edited(self, api: Api, stranger: Api, client_id: str) -> None:
        tell(api, client_id, STORY[:2])
        path = f"{PATH}/{api.walk(PATH)[0]['id']}"
        for response in (api.patch(path, {"title": "T"}, version=1), api.delete(path)):
            assert (response.status_code, response.json()["code"]) == (409, "derived")
        assert api.patch(path, {"title": "T"}).status_code == 428
        assert api.patch(path, {"title": "T"}, version=2).status_code == 412
        assert stranger.delete(path).status_code == stranger.patch(path, {"title": "T"}, version=1).status_code == 404

    def test_come_when_their_time_has_come(self, api: Api, client_id: str) -> None:
        tell(api, client_id, (("interview", "2026-03-17T10:00:00Z"),))
        assert told(api) == []
        api.house.clock.forward(hours=22)
        assert told(api) == [("interview", "2026-03-17")]

    def test_are_told_of_the_past_as_they_stood_then(self, api: Api, client_id: str) -> None:
        known = {"contact_ids": [build.contact(api)["id"]]}
        nudged = tell(api, client_id, (("application", "2026-02-02T10:00:00Z"),), **known)
        build.interaction(api, nudged, "follow_up", "2026-02-10T10:00:00Z")
        thanked = tell(api, client_id, (("interview", "2026-02-09T10:00:00Z"), ("thank_you", "2026-02-09T18:00:00Z")))
        before = [plan_wins(api, client_id, day) for day in (9, 10, 11, 19)]
        assert before[3] == {"followed_up_once", "interview", "thank_you_on_time"}
        (thanks,) = (win for win in api.walk(PATH) if win["kind"] == "thank_you_on_time")
        build.interaction(api, nudged, "follow_up", "2026-02-20T10:00:00Z")
        build.interaction(api, thanked, "bounce", "2026-02-20T10:00:00Z")
        assert [plan_wins(api, client_id, day) for day in (9, 10, 11, 19)] == before
        assert plan_wins(api, client_id, 20) == {"interview"}
        assert told(api) == [("interview", "2026-02-09")]
        assert api.get(f"{PATH}/{thanks['id']}").status_code == 404

    def test_a_stage_further_than_on_any_opportunity_before(self, api: Api, client_id: str) -> None:
        def rise(stage: str, when: str, **fields: Any) -> str:
            opportunity = build.opportunity(api, client_id)["id"]
            build.interaction(api, opportunity, "employer_message", when, stage=stage, **fields)
            return str(opportunity)

        rise("screening", "2026-02-02T10:00:00Z")  # nothing was before it
        rise("screening", "2026-02-03T10:00:00Z")
        second = rise("interviewing", "2026-02-04T10:00:00Z")
        rise("interviewing", "2026-02-05T10:00:00Z")
        build.interaction(api, second, "employer_message", "2026-02-06T10:00:00Z", stage="offer")
        tell(api, build.client(api)["id"], (("interview", "2026-02-03T10:00:00Z"),))
        found = [item for item in api.walk(PATH) if item["kind"] == "further_stage"]
        assert [(item["occurred_on"], item["opportunity_id"]) for item in found] == [
            ("2026-02-06", second),
            ("2026-02-04", second),
        ]
        assert [item["title"].rpartition(": ")[2] for item in found] == ["an offer", "the interviews"]

    def test_of_what_was_learned(self, api: Api, client_id: str) -> None:
        body = {
            "client_id": client_id,
            "kind": "course",
            "title": "x" * 200,
            "status": "done",
            "finished_on": "2026-03-01",
            "evidence_url": "https://proof.example/1",
            "credential": "Certificate",
        }
        made = api.ok(api.post("/v1/development-activities", body), 201)
        api.ok(api.post("/v1/development-activities", {**body, "status": "active", "finished_on": None}), 201)
        (item,) = api.walk(PATH)
        assert (item["kind"], item["activity_id"], item["occurred_on"]) == (
            *("development_done", made["id"]),
            "2026-03-01",
        )
        assert (item["evidence_url"], item["credential"]) == ("https://proof.example/1", "Certificate")
        assert len(item["title"]) == 200
        assert api.delete(f"{PATH}/{item['id']}").json()["code"] == "derived"
        api.ok(api.patch(f"/v1/development-activities/{made['id']}", {"status": "dropped"}, version=1))
        assert api.walk(PATH) == []


class TestList:
    @pytest.fixture
    def made(self, api: Api, stranger: Api, client_id: str) -> list[Any]:
        for day in range(1, 5):
            note(api, client_id, occurred_on=f"2026-02-0{day}")
            note(api, client_id, occurred_on=f"2026-02-0{day}")
        tell(api, client_id, STORY)
        note(stranger, build.client(stranger)["id"])
        return list(api.walk(PATH))

    def test_is_newest_first_then_by_id(self, made: list[Any]) -> None:
        assert len(made) == 12
        days = [item["occurred_on"] for item in made]
        assert days == sorted(days, reverse=True)
        assert [item["id"] for item in made[-2:]] == sorted(item["id"] for item in made[-2:])

    def test_pages_deliver_each_once(self, api: Api, made: list[Any]) -> None:
        for limit in (1, 3, 12, 13):
            assert api.walk(PATH, limit=limit) == made, limit

    def test_filters_narrow(self, api: Api, client_id: str, made: list[Any]) -> None:
        other = note(api, build.client(api)["id"])
        assert api.walk(PATH, client_id=client_id) == made
        assert api.walk(PATH, client_id=other["client_id"]) == [other]
        within = [item for item in made if "2026-02-02" <= item["occurred_on"] < "2026-02-04"]
        assert api.walk(PATH, client_id=client_id, after="2026-02-02", before="2026-02-04") == within
        assert len(within) == 4

    def test_archived_clients_only_when_named(self, api: Api, client_id: str, made: list[Any]) -> None:
        api.ok(api.patch(f"/v1/clients/{client_id}", {"archived": True}, version=1))
        assert api.walk(PATH) == []
        assert api.walk(PATH, client_id=client_id) == made
        assert api.ok(api.get(f"{PATH}/{made[0]['id']}")) == made[0]


class TestWhoSeesWhat:
    @pytest.mark.parametrize("eyes", ["assistant", "client"])
    def test_what_rests_on_hidden_interactions_is_hidden_with_them(self, api: Api, client_id: str, eyes: str) -> None:
        opportunity = tell(api, client_id, STORY[:2])
        met = build.interaction(api, opportunity, "interview", "2026-02-09T10:00:00Z", visibility="coaches")
        who = api.as_client(client_id) if eyes == "client" else api.as_role(eyes)
        assert told(api) == [("interview", "2026-02-09"), ("first_reply", "2026-02-04")]
        (hidden, _) = api.walk(PATH)
        assert told(who) == [("first_reply", "2026-02-04")]
        assert met["id"] not in who.get(PATH).text
        missing, there = (who.delete(f"{PATH}/{i}").json() for i in (uuid4(), hidden["id"]))
        assert {**missing, "instance": ""} == {**there, "instance": ""}
        api.ok(api.patch(f"/v1/interactions/{met['id']}", {"visibility": "shared"}, version=1))
        assert told(who) == told(api)

    def test_a_client_keeps_their_own(self, api: Api, client_id: str) -> None:
        hers, other = api.as_client(client_id), build.client(api)["id"]
        foreign = note(api, other)
        tell(api, other, STORY)
        mine = note(hers, client_id)
        assert hers.walk(PATH) == [mine]
        assert hers.get(f"{PATH}/{foreign['id']}").status_code == 404
        body = {"client_id": other, "title": "T", "occurred_on": "2026-03-06"}
        assert refused(hers.post(PATH, body), "unknown-reference")
