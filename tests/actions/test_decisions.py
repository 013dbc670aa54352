"""Accept, done, snooze, dismiss: decisions about actions, and how long they stand."""

from typing import Any, ClassVar

import pytest

from tests.access.callers import with_key
from tests.actions.test_manual import PATH, refused, task
from tests.guidance.test_queue import STORIES, opportunities, queue, tell
from tests.support import build
from tests.support.api import Api
from tests.support.database import Database

# The clock stands at Monday, 2026-03-16, noon UTC.
FOLLOW_UP_DUE = STORIES["follow_up_due"]


@pytest.fixture
def client_id(api: Api) -> str:
    return str(build.client(api)["id"])


@pytest.fixture
def opportunity(api: Api, client_id: str) -> str:
    return tell(api, client_id, FOLLOW_UP_DUE)


@pytest.fixture(params=["computed", "manual"])
def action(api: Api, client_id: str, opportunity: str, request: pytest.FixtureRequest) -> Any:
    if request.param == "computed":
        return advice(api, opportunity)
    return task(api, client_id, opportunity_id=opportunity, due_on="2026-03-16")


def advice(api: Api, opportunity: str) -> Any:
    return next(i for i in api.walk(PATH, opportunity_id=opportunity) if i["origin"] == "computed")


def decide(api: Api, action: Any, verb: str, body: Any = None) -> Any:
    return api.ok(api.post(f"{PATH}/{action['id']}/{verb}", body))


def state(api: Api, action: Any) -> str:
    return str(api.ok(api.get(f"{PATH}/{action['id']}"))["state"])


class TestBothOrigins:
    def test_done(self, api: Api, action: Any) -> None:
        answer = api.post(f"{PATH}/{action['id']}/done", {})
        done = api.ok(answer)
        assert answer.headers["etag"] == '"2"'
        now = "2026-03-16T12:00:00.000000Z"
        extra: dict[str, Any] = {"interaction_id": None, "warnings": []}
        assert done == {**action, "state": "done", "version": 2, "updated_at": now, **extra}
        assert decide(api, action, "done", {}) == done

    def test_dismissed_with_and_without_a_reason(self, api: Api, action: Any) -> None:
        gone = decide(api, action, "dismiss", {"reason": "Will call\ninstead"})
        assert (gone["state"], gone["dismiss_reason"], gone["version"]) == ("dismissed", "Will call\ninstead", 2)
        assert decide(api, action, "dismiss", {})["dismiss_reason"] is None
        assert api.ok(api.post(f"{PATH}/{action['id']}/dismiss"))["state"] == "dismissed"  # without any body
        assert refused(api.post(f"{PATH}/{action['id']}/dismiss", {"reason": "x" * 2001})) == [("/reason", "too-long")]

    def test_snoozed_until_the_clients_date(self, api: Api, action: Any) -> None:
        left = decide(api, action, "snooze", {"until": "2026-03-18"})
        assert (left["state"], left["snoozed_until"]) == ("snoozed", "2026-03-18")
        api.house.clock.forward(hours=35)
        assert state(api, action) == "snoozed"
        api.house.clock.forward(hours=1)
        woken = api.ok(api.get(f"{PATH}/{action['id']}"))
        assert (woken["state"], woken["snoozed_until"], woken["version"]) == ("open", None, 2)

    def test_snoozed_into_the_past_is_refused(self, api: Api, action: Any) -> None:
        path = f"{PATH}/{action['id']}/snooze"
        assert refused(api.post(path, {"until": "2026-03-15"})) == [("/until", "out-of-range")]
        assert refused(api.post(path, {})) == [("/until", "required")]
        assert decide(api, action, "snooze", {"until": "2026-03-16"})["state"] == "open"

    def test_accepted_by_a_member(self, api: Api, action: Any) -> None:
        answer = api.post(f"{PATH}/{action['id']}/accept")
        taken = api.ok(answer)
        assert taken["accepted_by"] == {"type": "member", "id": api.member_id}
        assert (taken["assignee"], taken["accepted_at"]) == ("coach", "2026-03-16T12:00:00.000000Z")
        api.house.clock.forward(hours=1)
        assert decide(api, action, "accept") == taken
        coach = api.as_role("coach")
        assert decide(coach, action, "accept")["accepted_by"]["id"] == coach.member_id

    def test_accepted_by_the_client(self, api: Api, client_id: str, action: Any) -> None:
        taken = decide(api.as_client(client_id), action, "accept")
        assert (taken["assignee"], taken["accepted_by"]) == ("client", {"type": "client", "id": client_id})

    @pytest.mark.parametrize(
        ("verb", "body"), [("done", {}), ("dismiss", {"reason": "No"}), ("snooze", {"until": "2026-04-01"})]
    )
    def test_the_next_decision_replaces_the_last_and_accept_reopens(
        self, api: Api, action: Any, verb: str, body: Any
    ) -> None:
        decide(api, action, verb, body)
        again = decide(api, action, "accept")
        assert (again["state"], again["dismiss_reason"], again["snoozed_until"]) == ("open", None, None)
        assert decide(api, action, "dismiss", {})["state"] == "dismissed"
        assert decide(api, action, "done", {})["state"] == "done"

    def test_honours_if_match(self, api: Api, action: Any) -> None:
        path = f"{PATH}/{action['id']}"
        for verb, body in (("done", {}), ("snooze", {"until": "2026-04-01"}), ("dismiss", {}), ("accept", None)):
            stale = api.post(f"{path}/{verb}", body, headers={"If-Match": '"7"'})
            assert (stale.status_code, stale.headers["etag"]) == (412, '"1"')
        good = api.post(f"{path}/done", {}, headers={"If-Match": '"1"'})
        assert api.ok(good)["version"] == 2

    def test_stays_out_of_the_queue(self, api: Api, opportunity: str, action: Any) -> None:
        def there(**params: Any) -> bool:
            return action["id"] in {item["action_id"] for item in queue(api, **params)["items"]}

        counts = queue(api)["counts"]
        assert there()
        decide(api, action, "done", {})
        assert not there()
        decide(api, action, "accept")
        assert there()
        decide(api, action, "dismiss", {})
        assert not there()
        decide(api, action, "snooze", {"until": "2026-03-18"})
        assert not there()
        assert not there(as_of="2026-03-17T23:59:59Z")
        assert there(as_of="2026-03-18T00:00:00Z")
        assert queue(api)["counts"] == counts


class TestSpells:
    def test_a_decision_survives_recomputation(self, api: Api, opportunity: str) -> None:
        action = advice(api, opportunity)
        decide(api, action, "dismiss", {"reason": "She will call"})
        build.interaction(api, opportunity, "note", "2026-03-15T10:00:00Z")
        client = api.ok(api.get(f"/v1/opportunities/{opportunity}"))["client_id"]
        api.ok(api.patch(f"/v1/clients/{client}", {"time_zone": "Asia/Tokyo"}, version=1))
        policy = api.get("/v1/policy")
        document = {n: v for n, v in policy.json().items() if n not in {"version", "created_at", "created_by"}}
        document["undated_hold_days"] = 20
        api.ok(api.put("/v1/policy", document, headers={"If-Match": policy.headers["etag"]}))
        kept = advice(api, opportunity)
        assert (kept["id"], kept["state"], kept["dismiss_reason"]) == (action["id"], "dismissed", "She will call")

    def test_and_ends_with_what_it_answers(self, api: Api, opportunity: str) -> None:
        action = advice(api, opportunity)
        decide(api, action, "done", {})
        said = build.interaction(api, opportunity, "employer_message", "2026-03-16T11:00:00Z")
        assert advice(api, opportunity)["state"] == "open"
        api.ok(api.delete(f"/v1/interactions/{said['id']}"), 204)
        assert (advice(api, opportunity)["id"], advice(api, opportunity)["state"]) == (action["id"], "done")

    @pytest.mark.parametrize(
        ("begun", "kind"), [(FOLLOW_UP_DUE, "follow_up"), ((("interview", "2026-03-15T10:00:00Z"),), "thank_you")]
    )
    def test_a_nudge_or_thanks_done_but_never_arrived_are_asked_for_anew(
        self, api: Api, client_id: str, begun: Any, kind: str
    ) -> None:
        made = tell(api, client_id, begun)
        sent = {"kind": kind, "occurred_at": "2026-03-16T11:00:00Z"}
        first = advice(api, made)
        decide(api, first, "done", {"interaction": sent})
        build.interaction(api, made, "bounce", "2026-03-16T11:30:00Z")
        again = advice(api, made)
        assert (again["kind"], again["state"], again["version"]) == (f"send_{kind}", "open", 1)
        assert again["id"] != first["id"]
        assert made in opportunities(queue(api))
        decide(api, again, "done", {"interaction": {**sent, "occurred_at": "2026-03-16T11:45:00Z"}})
        assert made not in opportunities(queue(api))

    def test_what_was_recorded_with_it_and_voided_leaves_it_done(self, api: Api, opportunity: str) -> None:
        """A decision is a person's, and stands until a person takes it back: `accept` reopens it."""
        sent = {"kind": "follow_up", "occurred_at": "2026-03-16T11:00:00Z"}
        done = decide(api, advice(api, opportunity), "done", {"interaction": sent})
        assert api.delete(f"/v1/interactions/{done['interaction_id']}").status_code == 204
        assert (advice(api, opportunity)["id"], state(api, done)) == (done["id"], "done")
        assert decide(api, done, "accept")["state"] == "open"

    def test_another_kind_of_advice_is_another_action(self, api: Api, opportunity: str) -> None:
        decide(api, advice(api, opportunity), "dismiss", {})
        api.house.clock.forward(days=24)
        later = advice(api, opportunity)
        assert (later["kind"], later["state"]) == ("close_and_redirect", "open")


class TestDoneWithAnInteraction:
    SENT: ClassVar = {
        "kind": "follow_up",
        "occurred_at": "2026-03-16T11:00:00Z",
        "channel": "email",
        "summary": "Short",
    }

    def test_records_it_in_the_same_breath(self, api: Api, opportunity: str, database: Database) -> None:
        action = advice(api, opportunity)
        assert action["interaction_kind"] == "follow_up"
        done = decide(api, action, "done", {"interaction": self.SENT})
        assert (done["id"], done["state"], done["warnings"]) == (action["id"], "done", [])
        recorded = api.ok(api.get(f"/v1/interactions/{done['interaction_id']}"))
        assert {name: recorded[name] for name in self.SENT if name != "occurred_at"} == {
            name: value for name, value in self.SENT.items() if name != "occurred_at"
        }
        assert recorded["opportunity_id"] == opportunity
        assert api.ok(api.get(f"/v1/opportunities/{opportunity}"))["assessment"]["status"] == "ball_in_their_court"
        assert advice(api, opportunity)["kind"] == "stay_active"
        assert api.get(f"{PATH}/{action['id']}").status_code == 404
        entries = "select changed_fields from audit_event where resource_id = $1"
        assert database.value(entries, action["id"]) == ["interaction", "state"]

    def test_all_or_nothing(self, api: Api, opportunity: str) -> None:
        action = advice(api, opportunity)
        path = f"{PATH}/{action['id']}/done"
        unknown = {**self.SENT, "contact_id": action["id"]}
        assert refused(api.post(path, {"interaction": unknown}), "unknown-reference") == [
            ("/interaction/contact_id", "unknown-reference")
        ]
        assert refused(api.post(path, {"interaction": {**self.SENT, "ends_at": self.SENT["occurred_at"]}})) == [
            ("/interaction/ends_at", "unknown-field")
        ]
        assert state(api, action) == "open"
        assert len(api.walk(f"/v1/opportunities/{opportunity}/interactions")) == 1

    def test_needs_the_right_to_record(self, api: Api, opportunity: str, database: Database) -> None:
        key = with_key(api, database, ["guidance:read", "guidance:write"])
        path = f"{PATH}/{advice(api, opportunity)['id']}/done"
        response = key.post(path, {"interaction": self.SENT})
        assert (response.status_code, response.json()["code"]) == (403, "insufficient-scope")
        assert key.ok(key.post(path, {}))["state"] == "done"

    def test_needs_a_timeline(self, api: Api, client_id: str) -> None:
        path = f"{PATH}/{task(api, client_id)['id']}/done"
        assert refused(api.post(path, {"interaction": self.SENT})) == [("/interaction", "unknown-field")]

    def test_of_one_done_already_is_refused(self, api: Api, client_id: str, opportunity: str) -> None:
        made = task(api, client_id, opportunity_id=opportunity)
        decide(api, made, "done", {})
        response = api.post(f"{PATH}/{made['id']}/done", {"interaction": self.SENT})
        assert (response.status_code, response.json()["code"]) == (409, "wrong-state")
        assert len(api.walk(f"/v1/opportunities/{opportunity}/interactions")) == 1

    def test_warns_of_a_second_follow_up(self, api: Api, client_id: str, opportunity: str) -> None:
        first = build.interaction(api, opportunity, "follow_up", "2026-03-16T10:00:00Z")
        made = task(api, client_id, opportunity_id=opportunity)
        (warning,) = decide(api, made, "done", {"interaction": self.SENT})["warnings"]
        assert (warning["code"], warning["interaction_id"]) == ("follow-up-used", first["id"])

    def test_a_client_may_on_their_own(self, api: Api, client_id: str, opportunity: str) -> None:
        hers = api.as_client(client_id)
        path = f"{PATH}/{advice(api, opportunity)['id']}/done"
        hidden = {**self.SENT, "visibility": "coaches"}
        assert refused(hers.post(path, {"interaction": hidden})) == [("/interaction/visibility", "not-in-list")]
        made = hers.ok(hers.post(path, {"interaction": self.SENT}))
        told = hers.ok(hers.get(f"/v1/interactions/{made['interaction_id']}"))
        assert told["recorded_by"] == {"type": "client", "id": client_id}


def test_manual_actions_stand_in_the_queue_when_they_are_due(api: Api, client_id: str) -> None:
    closed = tell(api, client_id, (("application", "2026-03-02T10:00:00Z"), ("rejection", "2026-03-15T10:00:00Z")))
    hidden = build.opportunity(api, client_id)["id"]
    first = task(api, client_id, title="Since Friday", due_on="2026-03-13")
    second = task(api, client_id, title="On a closed one", due_on="2026-03-16", opportunity_id=closed)
    task(api, client_id, due_on="2026-03-17")
    task(api, client_id)
    task(api, client_id, due_on="2026-03-10", opportunity_id=hidden)
    api.ok(api.delete(f"/v1/opportunities/{hidden}"), 204)
    late, today = queue(api)["items"]
    assert late == {
        "rank": 1,
        "client": late["client"],
        "opportunity": None,
        "status": None,
        "since": None,
        "silent_days": None,
        "next_action": {
            "kind": "custom",
            "due_on": "2026-03-13",
            "reason": "Since Friday",
            "key": f"custom:{first['id']}",
            "source": "set_by_hand",
            "interaction_ids": [],
            "alternative": None,
        },
        "action_id": first["id"],
        "overdue_days": 3,
        "why": late["why"],
    }
    assert late["why"]["code"] == "set_by_hand"
    assert (today["action_id"], today["status"], today["opportunity"]["id"]) == (second["id"], "closed", closed)
    assert opportunities({"items": [today]}) == [closed]
    assert [item["action_id"] for item in api.walk("/v1/queue", limit=1)] == [first["id"], second["id"]]
