"""GET /v1/queue: what is in it, in which order, and whose it is."""

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import uuid4

import pytest

from app.ghosting.vocabulary import Status
from app.guidance.service.ranking import why
from tests.support import build
from tests.support.api import Api

# The clock stands at Monday, 2026-03-16, noon UTC.
Story = tuple[tuple[str, str], ...]
STORIES: dict[str, Story] = {
    "your_move": (("request", "2026-03-13T10:00:00Z"),),
    "scheduled": (("interview", "2026-03-17T10:00:00Z"),),
    "thank_you": (("interview", "2026-03-15T10:00:00Z"),),
    "follow_up_due": (("employer_message", "2026-03-09T10:00:00Z"),),
    "follow_up_overdue": (("employer_message", "2026-03-02T10:00:00Z"),),
    "ghosted": (("employer_message", "2026-02-10T10:00:00Z"),),
    "find_contact": (("application", "2026-03-09T10:00:00Z"),),
}
IDLE: dict[str, Story] = {
    "not_started": (),
    "scheduled_later": (("interview", "2026-03-18T10:00:00Z"),),
    "waiting": (("employer_message", "2026-03-13T10:00:00Z"),),
    "applied_lately": (("application", "2026-03-10T10:00:00Z"),),
    "on_hold": (("hold", "2026-03-13T10:00:00Z"),),
    "in_their_court": (("employer_message", "2026-03-02T10:00:00Z"), ("follow_up", "2026-03-09T10:00:00Z")),
    "thanked": (("interview", "2026-03-15T10:00:00Z"), ("thank_you", "2026-03-15T12:00:00Z")),
    "long_ghosted": (("employer_message", "2026-02-05T10:00:00Z"),),
    "closed": (("application", "2026-03-02T10:00:00Z"), ("rejection", "2026-03-15T10:00:00Z")),
}


def tell(api: Api, client_id: str, story: Story, **fields: Any) -> str:
    opportunity = build.opportunity(api, client_id, **fields)["id"]
    for kind, when in story:
        build.interaction(api, opportunity, kind, when)
    return str(opportunity)


def queue(api: Api, **params: Any) -> Any:
    return api.ok(api.get("/v1/queue", params=params))


def opportunities(found: Any) -> list[str]:
    return [item["opportunity"]["id"] for item in found["items"]]


@pytest.fixture
def client_id(api: Api) -> str:
    return str(build.client(api, name="Mara Example")["id"])


class TestWhatIsInIt:
    def test_each_kind_of_work_in_its_place(self, api: Api, stranger: Api, client_id: str) -> None:
        told = {name: tell(api, client_id, story) for name, story in reversed(STORIES.items())}
        for story in IDLE.values():
            tell(api, client_id, story)
        tell(stranger, build.client(stranger)["id"], STORIES["your_move"])
        found = queue(api)
        names = {opportunity: name for name, opportunity in told.items()}
        assert [names.get(i) for i in opportunities(found)] == list(STORIES)
        assert [item["rank"] for item in found["items"]] == [1, 2, 3, 4, 5, 6, 7]
        actions = [item["next_action"]["kind"] for item in found["items"]]
        assert actions == [
            *("reply", "prepare", "send_thank_you", "send_follow_up", "send_follow_up"),
            *("close_and_redirect", "find_contact"),
        ]
        assert [item["overdue_days"] for item in found["items"]] == [0, 0, 0, 0, 7, 3, 0]

    @pytest.mark.parametrize("story", [(("no_show", "2026-03-09T10:00:00Z"),), STORIES["find_contact"]])
    def test_an_item_gives_the_reason_that_the_assessment_gives(self, api: Api, client_id: str, story: Story) -> None:
        opportunity = tell(api, client_id, story)
        said = api.ok(api.get(f"/v1/opportunities/{opportunity}/assessment"))["next_action"]
        (item,) = queue(api)["items"]
        assert item["next_action"] == said
        assert ("did not come" in said["reason"]) == (story[0][0] == "no_show")

    def test_an_item_says_what_the_assessment_says(self, api: Api, client_id: str) -> None:
        opportunity = tell(api, client_id, STORIES["follow_up_overdue"], title="Head of Design", company_name="Works")
        (item,) = queue(api)["items"]
        said = api.ok(api.get(f"/v1/opportunities/{opportunity}/assessment"))
        (action,) = api.walk("/v1/next-actions")
        assert item == {
            "rank": 1,
            "client": {"id": client_id, "name": "Mara Example"},
            "opportunity": {"id": opportunity, "title": "Head of Design", "company_name": "Works"},
            **{name: said[name] for name in ("status", "since", "silent_days", "next_action")},
            "action_id": action["id"],
            "overdue_days": 7,
            "why": {
                "place": 5,
                "code": "follow_up_overdue",
                "text": "The window for the one follow-up has closed, and it is still unsent. It is 7 days late, and"
                " the longest late comes first. 14 days of silence so far.",
            },
        }

    def test_each_says_why_it_stands_there(self, api: Api, client_id: str) -> None:
        for story in (*reversed(STORIES.values()), (("offer", "2026-03-02T10:00:00Z"),)):
            tell(api, client_id, story)
        api.ok(api.post("/v1/next-actions", {"client_id": client_id, "title": "T", "due_on": "2026-03-15"}), 201)
        why = [(item["why"]["place"], item["why"]["code"]) for item in queue(api)["items"]]
        assert why == [
            *((1, "own_move"), (1, "own_move"), (2, "meeting_soon"), (3, "thanks_due")),
            *((4, "follow_up_due"), (5, "follow_up_overdue"), (6, "ghosted_lately")),
            *((7, "set_by_hand"), (7, "contact_to_find")),
        ]
        texts = [item["why"]["text"] for item in queue(api)["items"]]
        assert "due today" in texts[0]
        assert "no date" in texts[1]
        assert "due in 1 day" in texts[2]

    @pytest.mark.parametrize(
        ("kind", "code", "words"),
        [
            ("fix_contact", "own_move", "What the client sent never arrived"),
            ("reply", "own_move", "The other side waits for the client"),
            ("custom", "set_by_hand", "Somebody has set this"),
        ],
    )
    def test_nobody_is_said_to_wait_for_what_never_arrived(self, kind: str, code: str, words: str) -> None:
        said = why(place=1, kind=kind, due_on=None, today=date(2026, 3, 16), silent_days=None)
        assert (said["code"], said["text"].startswith(words)) == (code, True)

    def test_counts_cover_every_open_opportunity(self, api: Api, stranger: Api, client_id: str) -> None:
        for story in (*STORIES.values(), *IDLE.values()):
            tell(api, client_id, story)
        tell(stranger, build.client(stranger)["id"], ())
        found = queue(api, limit=1)
        assert found["counts"] == {
            "not_started": 1,
            "your_move": 1,
            "scheduled": 2,
            "waiting": 5,
            "on_hold": 1,
            "follow_up_due": 1,
            "follow_up_overdue": 1,
            "ball_in_their_court": 1,
            "ghosted": 2,
        }
        rest = api.ok(api.get("/v1/queue", params={"limit": 1, "cursor": found["next_cursor"]}))
        assert rest["counts"] == found["counts"]

    def test_an_empty_one_counts_nothing(self, api: Api) -> None:
        statuses = {status.value for status in Status} - {"closed"}
        assert queue(api) == {
            "as_of": "2026-03-16T12:00:00.000000Z",
            "counts": dict.fromkeys(statuses, 0),
            "items": [],
            "next_cursor": None,
        }

    def test_deleted_opportunities_and_archived_clients_leave_it(self, api: Api, client_id: str) -> None:
        kept = tell(api, client_id, STORIES["your_move"])
        gone = tell(api, client_id, STORIES["your_move"])
        former = build.client(api)
        tell(api, former["id"], STORIES["your_move"])
        assert len(queue(api)["items"]) == 3
        assert api.delete(f"/v1/opportunities/{gone}").status_code == 204
        api.ok(api.patch(f"/v1/clients/{former['id']}", {"archived": True}, version=1))
        found = queue(api)
        assert opportunities(found) == [kept]
        assert found["counts"]["your_move"] == 1


class TestTheLocalDate:
    def test_is_the_clients(self, api: Api) -> None:
        """At noon in UTC it is Tuesday on Kiritimati: a meeting on Wednesday is tomorrow's there, and not in UTC."""
        story = (("interview", "2026-03-17T22:30:00Z"),)
        told = {z: tell(api, build.client(api, time_zone=z)["id"], story) for z in ("Pacific/Kiritimati", "Asia/Tokyo")}
        assert opportunities(queue(api)) == [told["Pacific/Kiritimati"]]

    def test_ends_the_week_of_the_ghosted(self, api: Api, client_id: str) -> None:
        opportunity = tell(api, client_id, STORIES["ghosted"])
        assert opportunities(queue(api, as_of="2026-03-20T23:59:59Z")) == [opportunity]
        assert opportunities(queue(api, as_of="2026-03-21T00:00:00Z")) == []

    def test_of_the_past_and_of_the_future(self, api: Api, client_id: str) -> None:
        opportunity = tell(api, client_id, STORIES["follow_up_due"])
        for as_of, status in (
            ("2026-03-08T00:00:00Z", None),
            ("2026-03-13T23:59:59Z", None),
            ("2026-03-16T00:00:00Z", "follow_up_due"),
            ("2026-03-20T00:00:00Z", "follow_up_overdue"),
            ("2026-04-09T00:00:00Z", "ghosted"),
            ("2200-12-31T00:00:00Z", None),
        ):
            found = queue(api, as_of=as_of)
            assert found["as_of"] == as_of.replace("Z", ".000000Z")
            assert [(i["opportunity"]["id"], i["status"]) for i in found["items"]] == (
                [(opportunity, status)] if status else []
            )


class TestTheOrderOfEqualWork:
    def test_is_by_date_then_by_the_longer_silence_then_by_id(self, api: Api, client_id: str) -> None:
        def follow_up(when: str) -> str:
            return tell(api, client_id, (("employer_message", when),))

        # Silences that began on Sunday and Monday are both due on Monday the 16th.
        monday = sorted(follow_up("2026-03-09T10:00:00Z") for _ in range(3))
        sunday = follow_up("2026-03-08T10:00:00Z")
        assert opportunities(queue(api)) == [sunday, *monday]

    def test_puts_what_has_no_date_last(self, api: Api, client_id: str) -> None:
        undated = tell(api, client_id, (("offer", "2026-03-02T10:00:00Z"),))
        asked = tell(api, client_id, (("request", "2026-03-13T10:00:00Z"),))
        earlier = tell(api, client_id, (("request", "2026-03-05T10:00:00Z"),))
        found = queue(api)
        assert opportunities(found) == [earlier, asked, undated]
        assert [item["next_action"]["due_on"] for item in found["items"]] == ["2026-03-06", "2026-03-16", None]
        assert [item["overdue_days"] for item in found["items"]] == [10, 0, 0]


class TestPages:
    @pytest.fixture
    def told(self, api: Api, client_id: str) -> list[str]:
        stories = [*STORIES.values()] * 2 + [(("offer", "2026-03-02T10:00:00Z"),)] * 3
        return [tell(api, client_id, story) for story in stories]

    def test_deliver_each_item_once(self, api: Api, told: list[str]) -> None:
        whole = queue(api, limit=200)["items"]
        assert [item["rank"] for item in whole] == list(range(1, len(told) + 1))
        assert sorted(item["opportunity"]["id"] for item in whole) == sorted(told)
        for limit in (1, 2, 5, 16, 17):
            assert api.walk("/v1/queue", limit=limit) == whole, limit

    def test_stay_at_the_instant_of_the_first(self, api: Api, told: list[str]) -> None:
        first = queue(api, limit=10)
        api.house.clock.forward(days=2)
        rest = queue(api, limit=10, cursor=first["next_cursor"])
        assert rest["as_of"] == first["as_of"]
        assert sorted(opportunities(first) + opportunities(rest)) == sorted(told)

    def test_belong_to_their_filters_and_caller(self, api: Api, told: list[str]) -> None:
        cursor = queue(api, limit=1)["next_cursor"]
        colleague = api.as_role("coach")
        for who, more in ((api, {"scope": "practice"}), (api, {"as_of": "2026-03-16T12:00:00Z"}), (colleague, {})):
            response = who.get("/v1/queue", params={"limit": 1, "cursor": cursor, **more})
            assert (response.status_code, response.json()["code"]) == (400, "invalid-cursor")


class TestScope:
    @pytest.fixture
    def told(self, api: Api) -> Callable[[Any], set[str]]:
        """A client of the owner's, one of a colleague's, one of both, one of nobody's; names of those in a queue."""
        colleague = api.as_role("coach")
        api.made["colleague"] = colleague
        coaches = {"mine": [api.member_id], "theirs": [colleague.member_id], "nobodys": []}
        coaches["both"] = [colleague.member_id, api.member_id]
        names = {}
        for name, ids in coaches.items():
            names[tell(api, build.client(api, coach_ids=ids)["id"], STORIES["your_move"])] = name

        def seen(found: Any) -> set[str]:
            assert found["counts"]["your_move"] == len(found["items"])
            return {names[i] for i in opportunities(found)}

        return seen

    def test_is_the_callers_own_clients_by_default(self, api: Api, told: Callable[[Any], set[str]]) -> None:
        assert told(queue(api)) == told(queue(api, scope="mine")) == {"mine", "both"}
        assert told(queue(api.made["colleague"])) == {"theirs", "both"}
        assert told(queue(api.as_role("assistant"))) == set()

    def test_can_be_the_practice(self, api: Api, told: Callable[[Any], set[str]]) -> None:
        for role in ("admin", "coach", "assistant"):
            assert told(queue(api.as_role(role), scope="practice")) == {"mine", "theirs", "both", "nobodys"}

    def test_can_be_another_coach(self, api: Api, stranger: Api, told: Callable[[Any], set[str]]) -> None:
        assert told(queue(api, coach_id=api.made["colleague"].member_id)) == {"theirs", "both"}
        for unknown in (str(uuid4()), stranger.member_id):
            assert told(queue(api, coach_id=unknown)) == set()

    def test_cannot_be_both(self, api: Api) -> None:
        response = api.get("/v1/queue", params={"scope": "practice", "coach_id": api.member_id})
        assert response.status_code == 422
        assert [(e["in"], e["pointer"], e["code"]) for e in response.json()["errors"]] == [
            ("query", "scope", "exactly-one")
        ]


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("scope=all", "scope"),
        ("coach_id=me", "coach_id"),
        ("as_of=2026-03-16", "as_of"),
        ("as_of=2201-01-01T00:00:00Z", "as_of"),
        ("limit=0", "limit"),
        ("sort=due_on", "sort"),
    ],
)
def test_unknown_parameters_are_named(api: Api, query: str, name: str) -> None:
    response = api.get(f"/v1/queue?{query}")
    assert response.status_code == 422
    assert [error["pointer"] for error in response.json()["errors"]] == [name]
