"""GET /v1/radar: who of the caseload needs a look, on what evidence, and what the coming week brings."""

from typing import Any

import pytest

from app.coaching.radar import THRESHOLDS, Signal
from tests.support import build
from tests.support.api import Api

# The clock stands at Monday, 2026-03-16, noon UTC.
GHOSTED = (("employer_message", "2026-02-05T10:00:00Z"),)  # since the 8th of March
Story = tuple[tuple[str, str], ...]


def tell(api: Api, client_id: str, story: Story, **fields: Any) -> str:
    opportunity = build.opportunity(api, client_id)["id"]
    for kind, when in story:
        build.interaction(api, opportunity, kind, when, **fields)
    return str(opportunity)


def radar(api: Api, **params: Any) -> Any:
    return api.ok(api.get("/v1/radar", params=params))


def signals(found: Any, client_id: str) -> dict[str, Any]:
    lines = [line for line in found["items"] if line["client"]["id"] == client_id]
    return {signal["code"]: signal for line in lines for signal in line["signals"]}


@pytest.fixture
def client_id(api: Api) -> str:
    return str(build.client(api, name="Mara Example")["id"])


class TestSignals:
    def test_nothing_but_beginning_is_missed_of_a_new_client(self, api: Api, client_id: str) -> None:
        (line,) = radar(api)["items"]
        assert line == {
            "rank": 1,
            "client": {"id": client_id, "name": "Mara Example"},
            "live_openings": 0,
            "signals": [
                {
                    "code": "no_live_opening",
                    "text": "There is no opportunity at all yet: plan the first steps together.",
                    "count": 0,
                    "since": "2026-03-16",
                    "opportunities": [],
                    "latest": None,
                }
            ],
        }

    def test_live_is_what_has_begun_and_is_neither_ghosted_nor_closed(self, api: Api, client_id: str) -> None:
        tell(api, client_id, ())
        tell(api, client_id, GHOSTED)
        tell(api, client_id, (("application", "2026-03-02T10:00:00Z"), ("rejection", "2026-03-10T10:00:00Z")))
        found = signals(radar(api), client_id)
        assert (found["no_live_opening"]["count"], found["no_live_opening"]["since"]) == (3, "2026-03-10")
        tell(api, client_id, (("application", "2026-03-15T10:00:00Z"),))
        later = radar(api)
        assert "no_live_opening" not in signals(later, client_id)
        # Of the time before it is known what is known now.
        assert "no_live_opening" in signals(radar(api, as_of="2026-03-15T09:59:59Z"), client_id)

    def test_three_ghosted_within_a_month_are_many(self, api: Api, client_id: str) -> None:
        ids = [tell(api, client_id, GHOSTED) for _ in range(2)]
        tell(api, client_id, (("employer_message", "2026-01-10T10:00:00Z"),))  # ghosted on the 10th of February
        assert "ghosted_lately" not in signals(radar(api), client_id)
        ids.append(tell(api, client_id, (("employer_message", "2026-02-12T10:00:00Z"),)))
        found = signals(radar(api), client_id)["ghosted_lately"]
        assert (found["count"], found["since"]) == (3, "2026-03-08")
        assert [o["id"] for o in found["opportunities"]] == [*sorted(ids[:2]), ids[2]]
        assert [o["on"] for o in found["opportunities"]] == ["2026-03-08", "2026-03-08", "2026-03-15"]
        assert "ghosted_lately" not in signals(radar(api, as_of="2026-04-08T12:00:00Z"), client_id)

    def test_a_promise_is_broken_once_its_date_and_a_little_patience_are_over(self, api: Api, client_id: str) -> None:
        broken = tell(api, client_id, (("hold", "2026-03-02T10:00:00Z"),), reply_by="2026-03-09")
        tell(api, client_id, (("hold", "2026-03-02T10:00:00Z"),), reply_by="2026-03-13")
        tell(api, client_id, (("hold", "2026-02-16T10:00:00Z"),))  # no date was named
        kept = tell(api, client_id, (("hold", "2026-03-02T10:00:00Z"),), reply_by="2026-03-09")
        build.interaction(api, kept, "employer_message", "2026-03-10T10:00:00Z")
        found = signals(radar(api), client_id)["promise_broken"]
        assert (found["count"], found["since"]) == (1, "2026-03-09")
        assert [(o["id"], o["on"]) for o in found["opportunities"]] == [(broken, "2026-03-09")]
        assert "promise_broken" not in signals(radar(api, as_of="2026-03-11T12:00:00Z"), client_id)

    @pytest.mark.parametrize("then", ["employer_message", "introduction", "request", "rejection"])
    def test_a_promise_stays_broken_in_the_past_whatever_came_later(self, api: Api, client_id: str, then: str) -> None:
        late = tell(api, client_id, (("interview", "2026-02-16T10:00:00Z"),), reply_by="2026-02-23")
        in_time = tell(api, client_id, (("interview", "2026-02-16T10:00:00Z"),), reply_by="2026-02-23")
        build.interaction(api, late, then, "2026-03-09T10:00:00Z")
        build.interaction(api, in_time, "employer_message", "2026-02-23T22:00:00Z")
        found = signals(radar(api, as_of="2026-03-03T12:00:00Z"), client_id)["promise_broken"]
        assert [o["id"] for o in found["opportunities"]] == [late]
        assert "promise_broken" not in signals(radar(api), client_id)

    def test_a_win_counts_for_three_weeks(self, api: Api, client_id: str) -> None:
        tell(api, client_id, (("application", "2026-02-20T10:00:00Z"),))
        found = signals(radar(api), client_id)["no_recent_win"]
        assert (found["count"], found["since"], found["latest"]) == (24, "2026-02-20", None)
        body = {"client_id": client_id, "title": "Told the story well", "occurred_on": "2026-02-24"}
        win = api.ok(api.post("/v1/wins", body), 201)["id"]
        assert "no_recent_win" not in signals(radar(api), client_id)
        found = signals(radar(api, as_of="2026-03-17T12:00:00Z"), client_id)["no_recent_win"]
        assert found["latest"] == {"kind": "win", "id": win, "on": "2026-02-24"}
        assert found["count"] == 21

    def test_what_was_a_win_until_lately_was_one_then(self, api: Api, client_id: str) -> None:
        met = (("meeting", "2026-01-05T10:00:00Z"), ("thank_you", "2026-01-05T18:00:00Z"))
        thanked = tell(api, client_id, met)
        build.interaction(api, thanked, "bounce", "2026-02-03T10:00:00Z")
        for then, latest in (("2026-02-01T10:00:00Z", "2026-01-05"), ("2026-02-04T10:00:00Z", None)):
            found = signals(radar(api, as_of=then), client_id)["no_recent_win"]["latest"]
            assert (found and found["on"]) == latest

    def test_its_latest_win_is_that_of_the_list(self, api: Api, client_id: str) -> None:
        told = (("employer_message", "2026-01-05T10:00:00Z"), ("interview", "2026-01-12T10:00:00Z"))
        for story in (told, (*told, ("interview", "2026-02-02T10:00:00Z")), (("application", "2026-01-03T10:00:00Z"),)):
            tell(api, client_id, story)
        newest = api.ok(api.get("/v1/wins", params={"client_id": client_id}))["items"][0]
        found = signals(radar(api), client_id)["no_recent_win"]
        same = {w["id"] for w in api.walk("/v1/wins", client_id=client_id) if w["occurred_on"] == newest["occurred_on"]}
        assert found["since"] == newest["occurred_on"]
        assert found["latest"]["id"] in same

    def test_a_plan_is_touched_by_deciding_setting_and_planning(self, api: Api, client_id: str) -> None:
        tell(api, client_id, (("request", "2026-03-01T10:00:00Z"),))
        found = signals(radar(api), client_id)["plan_untouched"]
        assert (found["count"], found["since"], found["latest"]) == (15, "2026-03-01", None)
        (action,) = api.walk("/v1/next-actions")
        planned = {"client_id": client_id, "kind": "course", "title": "Statistics"}
        touches = (
            ("decision", f"/v1/next-actions/{action['id']}/accept", None),
            ("action", "/v1/next-actions", {"client_id": client_id, "title": "Call a friend"}),
            ("activity", "/v1/development-activities", planned),
        )
        for kind, path, body in touches:
            made = api.post(path, body) if body else api.post(path)
            assert made.status_code in {200, 201}
            assert "plan_untouched" not in signals(radar(api), client_id)
            found = signals(radar(api, as_of="2026-04-30T12:00:00Z"), client_id)["plan_untouched"]
            assert found["latest"] == {"kind": kind, "id": made.json()["id"], "on": found["since"]}
            api.house.clock.forward(days=1)

    def test_who_has_found_something_is_not_pressed(self, api: Api, client_id: str) -> None:
        tell(api, client_id, (("offer", "2026-01-20T10:00:00Z"), ("acceptance", "2026-01-22T10:00:00Z")))
        assert signals(radar(api), client_id) == {}
        assert "no_live_opening" in signals(radar(api, as_of="2026-05-01T10:00:00Z"), client_id)

    def test_nor_do_the_silences_of_a_search_that_is_over_matter(self, api: Api, client_id: str) -> None:
        for _ in range(3):
            tell(api, client_id, GHOSTED)
        tell(api, client_id, (("hold", "2026-03-02T10:00:00Z"),), reply_by="2026-03-09")
        assert {"ghosted_lately", "promise_broken"} <= signals(radar(api), client_id).keys()
        tell(api, client_id, (("offer", "2026-03-10T10:00:00Z"), ("acceptance", "2026-03-12T10:00:00Z")))
        found = radar(api)
        assert (found["items"], found["counts"]["clients"]) == ([], 1)


class TestTheOrder:
    def test_is_by_the_most_pressing_signal_then_by_how_much_it_rests_on(self, api: Api) -> None:
        idle = [build.client(api)["id"] for _ in range(2)]
        told = build.client(api)["id"]
        hold = (("hold", "2026-03-12T10:00:00Z"),)
        for number in range(3):
            promised = build.client(api)["id"]
            for _ in range(number + 1):
                tell(api, promised, (("hold", "2026-03-10T10:00:00Z"),), reply_by="2026-03-11")
            idle.append(promised)
        tell(api, told, hold)
        found = radar(api)
        assert [line["client"]["id"] for line in found["items"]] == [*sorted(idle[:2]), *reversed(idle[2:])]
        assert [line["rank"] for line in found["items"]] == [1, 2, 3, 4, 5]
        counts = {**dict.fromkeys((signal.value for signal in Signal), 0), "no_live_opening": 2, "promise_broken": 3}
        assert found["counts"] == {"clients": 6, **counts}
        for limit in (1, 2, 5):
            walked = api.walk("/v1/radar", limit=limit)
            assert walked == found["items"]

    def test_thresholds_cover_every_signal(self) -> None:
        assert set(THRESHOLDS) == set(Signal)


class TestTheWeekAhead:
    def test_tells_whose_window_opens_and_who_turns_ghosted(self, api: Api, stranger: Api, client_id: str) -> None:
        stories: tuple[Story, ...] = (
            (("employer_message", "2026-03-13T10:00:00Z"),),
            (("employer_message", "2026-02-20T10:00:00Z"),),
            (("application", "2026-03-15T10:00:00Z"),),
        )
        opens, silent, _ = [tell(api, client_id, story) for story in stories]
        gone = tell(api, client_id, stories[0])
        assert api.delete(f"/v1/opportunities/{gone}").status_code == 204
        tell(stranger, build.client(stranger)["id"], stories[0])
        found = radar(api)["week_ahead"]
        told = [
            (day["on"], i["opportunity"]["id"], i["from_status"], i["to_status"]) for day in found for i in day["items"]
        ]
        assert told == [
            ("2026-03-18", opens, "waiting", "follow_up_due"),
            ("2026-03-21", opens, "follow_up_due", "follow_up_overdue"),
            ("2026-03-23", silent, "follow_up_overdue", "ghosted"),
        ]
        assert [(day["follow_up_due"], day["follow_up_overdue"], day["ghosted"]) for day in found] == [
            (1, 0, 0),
            (0, 1, 0),
            (0, 0, 1),
        ]
        for day in found:
            for item in day["items"]:
                path = f"/v1/opportunities/{item['opportunity']['id']}/assessment"
                said = api.ok(api.get(path, params={"as_of": item["at"]}))
                assert (said["status"], said["since"]) == (item["to_status"], item["at"])
        assert radar(api, as_of="2026-03-21T00:00:00Z")["week_ahead"][0]["on"] == "2026-03-23"


class TestWhose:
    def test_it_is(self, api: Api, stranger: Api) -> None:
        colleague = api.as_role("coach")
        coaches = {"mine": [api.member_id], "theirs": [colleague.member_id], "nobodys": []}
        names = {build.client(api, coach_ids=ids)["id"]: name for name, ids in coaches.items()}
        build.client(stranger)
        former = build.client(api)
        api.ok(api.patch(f"/v1/clients/{former['id']}", {"archived": True}, version=1))

        def seen(who: Api, **params: Any) -> set[str]:
            found = radar(who, **params)
            assert found["counts"]["clients"] == len(found["items"])
            return {names[line["client"]["id"]] for line in found["items"]}

        assert seen(api) == seen(api, scope="mine") == {"mine"}
        assert seen(api, coach_id=colleague.member_id) == seen(colleague) == {"theirs"}
        assert seen(api.as_role("assistant"), scope="practice") == set(names.values())
        api.ok(api.patch("/v1/practice", {"coach_access": "assigned"}, version=1))
        assert seen(colleague, scope="practice") == {"theirs"}
        assert seen(colleague, coach_id=api.member_id) == set()

    def test_it_is_not(self, api: Api, client_id: str) -> None:
        assert api.as_client(client_id).get("/v1/radar").json()["code"] == "forbidden-role"
        both = api.get("/v1/radar", params={"scope": "mine", "coach_id": api.member_id})
        assert (both.status_code, both.json()["errors"][0]["code"]) == (422, "exactly-one")

    def test_a_win_between_coaches_is_no_win_to_an_assistant(self, api: Api, client_id: str) -> None:
        tell(api, client_id, (("application", "2026-02-02T10:00:00Z"),))
        tell(api, client_id, (("interview", "2026-03-10T10:00:00Z"),), visibility="coaches")
        assistant = radar(api.as_role("assistant"), scope="practice")
        assert "no_recent_win" not in signals(radar(api), client_id)
        assert signals(assistant, client_id)["no_recent_win"]["latest"] is None
