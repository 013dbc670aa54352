"""The queue of a random caseload against the assessments of its opportunities, sorted by hand."""

from collections import Counter
from datetime import date, datetime, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from app.ghosting.vocabulary import Kind
from app.kit.fields import instant_text
from app.kit.zones import zone
from tests.ghosting.strategies import ZONES
from tests.support import build
from tests.support.api import NOON, Api

KINDS = [kind.value for kind in Kind]
NEVER = date.max
#: At which days from now each caseload is asked; every answer is held against all assessments of that instant.
DAYS = ((-20, 0, 11), (0, 3, 45), (0, 8, 30))


@pytest.mark.parametrize("seed", range(len(DAYS)))
def test_holds_what_is_to_be_done_in_the_documented_order(api: Api, stranger: Api, seed: int) -> None:
    random = Random(seed)  # noqa: S311
    caseload = _caseload(api, random)
    _caseload(stranger, random, clients=1)
    tasks = _tasks(api, random, caseload)
    decided = _decisions(api, random)
    for days in DAYS[seed]:
        as_of = NOON + timedelta(days=days, hours=random.randint(-12, 12))
        standing = [(o["id"], _assessed(api, o["id"], as_of), zone(z)) for o, z in caseload]
        today = {where: as_of.astimezone(where).date() for _, _, where in standing}
        places = [_place(i, said, today[where], where, decided.get(i)) for i, said, where in standing]
        silences = {i: said["silent_days"] for i, said, _ in standing}
        places += [_due(task, today[zone(z)], silences, decided.get(task["id"])) for task, z in tasks]
        expected = sorted(place for place in places if place is not None)
        params = {"as_of": instant_text(as_of), "scope": "practice"}
        walked = api.walk("/v1/queue", **params, limit=7)
        set_by_hand = {task["id"] for task, _ in tasks}
        ids = [i["action_id"] if i["action_id"] in set_by_hand else i["opportunity"]["id"] for i in walked]
        assert ids == [place[-1] for place in expected]
        verdicts = {i: said for i, said, _ in standing}
        for item in (item for item in walked if item["action_id"] not in set_by_hand):
            said = verdicts[item["opportunity"]["id"]]
            shared = ("status", "since", "silent_days", "next_action")
            assert {name: item[name] for name in shared} == {name: said[name] for name in shared}
        counts = api.ok(api.get("/v1/queue", params=params))["counts"]
        assert +Counter(counts) == Counter(s["status"] for _, s, _ in standing if s["status"] != "closed")


def _caseload(api: Api, random: Random, clients: int = 3) -> list[tuple[dict[str, Any], str]]:
    found = []
    for _ in range(clients):
        time_zone = random.choice(ZONES)
        client = build.client(api, time_zone=time_zone)
        for _ in range(7):
            opportunity = build.opportunity(api, client["id"])
            items = [_act(random) for _ in range(random.randint(0, 4))]
            if items:
                api.ok(api.post(f"/v1/opportunities/{opportunity['id']}/interactions/batch", {"items": items}), 201)
            found.append((opportunity, time_zone))
    return found


def _tasks(api: Api, random: Random, caseload: list[tuple[dict[str, Any], str]]) -> list[tuple[Any, str]]:
    """Set actions by hand, on opportunities and on none; return each with the zone of its client."""
    found = []
    for opportunity, time_zone in random.choices(caseload, k=12):
        due = NOON.date() + timedelta(days=random.randint(-20, 12))
        draft = {"client_id": opportunity["client_id"], "title": "Task", "due_on": random.choice([due, due, None])}
        on = {"opportunity_id": opportunity["id"]} if random.random() < 0.6 else {}
        body = {name: str(value) for name, value in {**draft, **on}.items() if value is not None}
        found.append((api.ok(api.post("/v1/next-actions", body), 201), time_zone))
    return found


def _decisions(api: Api, random: Random) -> dict[str, Any]:
    """Decide about some of the actions that there are now; return the decisions by the id of opportunity or task."""
    found = {}
    for action in api.walk("/v1/next-actions", limit=200):
        verb = random.choice(["done", "dismiss", "snooze", "accept", None, None])
        if verb is None:
            continue
        until = NOON.date() + timedelta(days=random.randint(2, 14))
        body = {"snooze": {"until": str(until)}, "accept": None}.get(verb, {})
        said = api.ok(api.post(f"/v1/next-actions/{action['id']}/{verb}", body))
        found[action["id"] if action["key"] is None else action["opportunity_id"]] = said
    return found


def _settled(decision: Any, key: str | None, today: date) -> bool:
    """Say whether a decision about the action of this key keeps it out of the queue on a date."""
    if decision is None or decision["key"] != key or decision["state"] == "open":
        return False
    return decision["state"] != "snoozed" or date.fromisoformat(decision["snoozed_until"]) > today


def _due(task: Any, today: date, silences: dict[str, Any], decision: Any) -> tuple[int, date, int, str] | None:
    """Place an action that was set by hand: what is due, beside the contacts to be found."""
    due = date.fromisoformat(task["due_on"]) if task["due_on"] else NEVER
    if due > today or _settled(decision, None, today):
        return None
    silent = silences.get(task["opportunity_id"])
    return 6, due, 1 if silent is None else -silent, task["id"]


def _act(random: Random) -> dict[str, str]:
    when: datetime = NOON + timedelta(hours=random.randint(-45 * 24, 5 * 24))
    return {"kind": random.choice(KINDS), "occurred_at": instant_text(when)}


def _assessed(api: Api, opportunity_id: str, as_of: datetime) -> Any:
    params = {"as_of": instant_text(as_of)}
    return api.ok(api.get(f"/v1/opportunities/{opportunity_id}/assessment", params=params))


def _place(
    opportunity_id: str, said: Any, today: date, where: ZoneInfo, decision: Any
) -> tuple[int, date, int, str] | None:
    """Place an opportunity by the words of API.md, read from its assessment alone."""
    action = said["next_action"] or {"kind": None, "due_on": None}
    due = date.fromisoformat(action["due_on"]) if action["due_on"] else NEVER
    since = datetime.fromisoformat(said["since"]).astimezone(where).date() if said["since"] else today
    silent = -1 if said["silent_days"] is None else said["silent_days"]
    kinds = (
        said["status"] == "your_move",
        said["status"] == "scheduled" and due <= today + timedelta(days=1),
        action["kind"] == "send_thank_you",
        said["status"] == "follow_up_due",
        said["status"] == "follow_up_overdue",
        said["status"] == "ghosted" and today - since <= timedelta(days=7),
        action["kind"] == "find_contact",
    )
    if True not in kinds or _settled(decision, action.get("key"), today):
        return None
    return kinds.index(True), due, -silent, opportunity_id
