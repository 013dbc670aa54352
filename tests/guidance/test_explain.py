"""GET /v1/opportunities/{id}/assessment/explain: the account of a verdict, field by field, and who reads it."""

from typing import Any
from uuid import uuid4

import pytest

from tests.guidance.test_radar import tell
from tests.support import build
from tests.support.api import Api

# The clock stands at Monday, 2026-03-16, noon UTC.
MET = (("application", "2026-03-02T10:00:00Z"), ("interview", "2026-03-09T10:00:00Z"))


@pytest.fixture
def client_id(api: Api) -> str:
    return str(build.client(api)["id"])


def account(api: Api, opportunity: str, **params: Any) -> Any:
    return api.ok(api.get(f"/v1/opportunities/{opportunity}/assessment/explain", params=params))


def verdict(api: Api, opportunity: str, **params: Any) -> Any:
    return api.ok(api.get(f"/v1/opportunities/{opportunity}/assessment", params=params))


class TestFields:
    def test_the_verdict_is_the_assessments(self, api: Api, client_id: str) -> None:
        made = tell(api, client_id, MET)
        for as_of in ("2026-03-01T00:00:00Z", "2026-03-05T00:00:00Z", "2026-03-16T12:00:00Z", "2026-06-01T00:00:00Z"):
            told, said = account(api, made, as_of=as_of), verdict(api, made, as_of=as_of)
            same = ("opportunity_id", "as_of", "status", "since", "stage", "outcome", "waiting_on")
            assert {name: told[name] for name in same} == {name: said[name] for name in same}
            assert told["policy"]["version"] == said["policy_version"]
            assert (told["next"]["by_time"] or {"at": None})["at"] == said["until"]

    def test_each_act_tells_its_row_and_what_it_changed(self, api: Api, client_id: str) -> None:
        made = tell(api, client_id, (*MET, ("note", "2026-03-10T10:00:00Z"), ("follow_up", "2026-03-15T10:00:00Z")))
        listed = {i["kind"]: i["id"] for i in api.walk(f"/v1/opportunities/{made}/interactions")}
        told = account(api, made)
        acts = {act["act"]: act for act in told["acts"]}
        assert list(acts) == ["application", "interview", "follow_up"]  # a note never counts
        assert {kind: act["interaction_id"] for kind, act in acts.items()} == {kind: listed[kind] for kind in acts}
        assert acts["follow_up"]["at"] == "2026-03-15T10:00:00.000000Z"
        assert acts["follow_up"]["changes"] == [{"what": "follow_up_sent_on", "before": None, "after": "2026-03-15"}]
        changed = {change["what"]: (change["before"], change["after"]) for change in acts["interview"]["changes"]}
        assert changed == {
            "stage": ("applied", "interviewing"),
            "wait": ("application", "interviewing"),
            "silent_on": ("2026-03-02", "2026-03-09"),
        }
        assert all(act["when"]["text"] and act["effect"]["text"] for act in told["acts"])
        assert (told["rule"]["code"], told["earlier_acts"]) == ("follow_up_used", 0)

    def test_the_dates_and_the_policy_behind_them(self, api: Api, client_id: str) -> None:
        made = tell(api, client_id, MET)
        told, said = account(api, made), verdict(api, made)
        assert told["dates"] == {
            "silent_on": "2026-03-09",
            "promised_until": None,
            "counted_from": "2026-03-09",
            "follow_up_sent_on": None,
            "opens_on": said["follow_up"]["opens_on"],
            "closes_on": said["follow_up"]["closes_on"],
            "ghosted_on": "2026-04-09",
        }
        now = api.ok(api.get("/v1/policy"))
        used = told["policy"]
        assert (used["wait"], used["rule"]) == ("interviewing", now["waits"]["interviewing"])
        assert {name: used[name] for name in used if name in now} == {name: now[name] for name in used if name in now}
        build.interaction(api, made, "hold", "2026-03-16T11:00:00Z", reply_by="2026-03-20")
        held = account(api, made)["dates"]
        assert (held["promised_until"], held["counted_from"]) == ("2026-03-20", "2026-03-20")
        build.interaction(api, made, "rejection", "2026-03-16T11:30:00Z")
        over = account(api, made)
        assert (over["dates"], over["policy"]["wait"], over["policy"]["rule"]) == (None, None, None)
        assert (over["outcome"], over["next"]["by_time"]) == ("rejected", None)

    def test_nobody_is_said_to_have_named_a_date_who_did_not(self, api: Api, client_id: str) -> None:
        # Without a contact, so that there is no window after it.
        held = (("interview", "2026-03-09T10:00:00Z"), ("hold", "2026-03-10T10:00:00Z"))
        asked = tell(api, client_id, held, stage="applied")
        named = tell(api, client_id, held[1:], reply_by="2026-03-20")
        for as_of in ("2026-03-16T12:00:00Z", "2026-04-30T12:00:00Z"):
            ours, theirs = account(api, asked, as_of=as_of)["rule"], account(api, named, as_of=as_of)["rule"]
            assert ours["code"] == theirs["code"]
            assert "asked for" in ours["text"]
            assert not {"named", "promised"} & set(ours["text"].split())
            assert "asked for" not in theirs["text"]

    def test_what_would_change_it_by_time_and_by_an_act(self, api: Api, client_id: str) -> None:
        made = tell(api, client_id, (*MET, ("interview", "2026-03-20T10:00:00Z")))
        ahead = account(api, made)
        assert ahead["status"] == "scheduled"
        assert ahead["next"]["by_time"] == {
            "at": "2026-03-20T10:00:00.000000Z",
            "status": "waiting",
            "cause": "recorded",
        }
        alone = account(api, tell(api, client_id, MET))["next"]
        assert alone["by_time"]["cause"] == "time"
        by_act = {found["act"]: found for found in alone["by_act"]}
        assert by_act["follow_up"] == {
            "act": "follow_up",
            "status": "ball_in_their_court",
            "stage": "interviewing",
            "begins_silence": False,
            "uses_follow_up": True,
        }
        assert (by_act["offer"]["status"], by_act["rejection"]["status"]) == ("your_move", "closed")
        assert not {"note", "acknowledgement", "thank_you"} & by_act.keys()

    def test_of_a_long_timeline_the_latest_500_acts(self, api: Api, client_id: str) -> None:
        made = tell(api, client_id, ())
        for month in (1, 2):
            hours = ((day, hour) for day in range(1, 15) for hour in range(24))
            items = [
                {"kind": "employer_message", "occurred_at": f"2026-{month:02}-{day:02}T{hour:02}:00:00Z"}
                for day, hour in hours
            ]
            api.ok(api.post(f"/v1/opportunities/{made}/interactions/batch", {"items": items}), 201)
        told = account(api, made)
        assert (len(told["acts"]), told["earlier_acts"]) == (500, 172)
        assert told["acts"][-1]["at"] == "2026-02-14T23:00:00.000000Z"


class TestAsOf:
    def test_the_past_knows_what_had_happened_or_been_arranged(self, api: Api, client_id: str) -> None:
        made = tell(api, client_id, MET)
        before = account(api, made, as_of="2026-02-01T00:00:00Z")
        assert (before["status"], before["acts"], before["dates"]) == ("not_started", [], None)
        early = account(api, made, as_of="2026-03-05T00:00:00Z")
        assert [act["act"] for act in early["acts"]] == ["application"]

    def test_the_future_is_what_comes_if_nobody_writes(self, api: Api, client_id: str) -> None:
        late = account(api, tell(api, client_id, MET), as_of="2200-12-31T23:59:59Z")
        assert (late["status"], late["next"]["by_time"]) == ("ghosted", None)

    @pytest.mark.parametrize("as_of", ["yesterday", "2026-03-01", "2026-03-01T00:00:00", ""])
    def test_no_instant_is_refused(self, api: Api, client_id: str, as_of: str) -> None:
        path = f"/v1/opportunities/{tell(api, client_id, ())}/assessment/explain"
        assert api.get(path, params={"as_of": as_of}).status_code == 422


class TestReaders:
    def test_all_who_may_see_the_opportunity_read_the_same(self, api: Api, client_id: str) -> None:
        made = tell(api, client_id, MET)
        whole = account(api, made)
        readers = [api.as_role(role) for role in ("admin", "coach", "assistant")]
        for reader in (*readers, api.as_client(client_id)):
            assert account(reader, made) == whole

    def test_of_an_act_for_coaches_only_the_others_read_what_it_changed(self, api: Api, client_id: str) -> None:
        made = tell(api, client_id, MET)
        hidden = build.interaction(api, made, "request", "2026-03-15T10:00:00Z", visibility="coaches")["id"]
        told = account(api.as_role("assistant"), made)
        assert told["status"] == account(api, made)["status"] == "your_move"
        assert hidden not in str(told)
        last = told["acts"][-1]
        assert {name: last[name] for name in ("interaction_id", "act", "at", "when", "effect")} == dict.fromkeys(
            ("interaction_id", "act", "at", "when", "effect")
        )
        assert last["changes"] == account(api, made)["acts"][-1]["changes"]

    def test_what_is_not_there_or_not_theirs_is_not_found(self, api: Api, stranger: Api, client_id: str) -> None:
        made = tell(api, client_id, MET)
        path = "/v1/opportunities/{}/assessment/explain"
        other = api.as_client(build.client(api)["id"])
        assert stranger.get(path.format(made)).status_code == other.get(path.format(made)).status_code == 404
        assert api.get(path.format(uuid4())).status_code == api.get(path.format("me")).status_code == 404
        assert api.delete(f"/v1/opportunities/{made}").status_code == 204
        assert api.get(path.format(made)).status_code == 404
