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


@pytest.mark.parametrize("seed", range(3))
def test_holds_what_is_to_be_done_in_the_documented_order(api: Api, stranger: Api, seed: int) -> None:
    random = Random(seed)  # noqa: S311
    caseload = _caseload(api, random)
    _caseload(stranger, random, clients=1)
    for days in (-20, 0, 3, 11, 45):
        as_of = NOON + timedelta(days=days, hours=random.randint(-12, 12))
        standing = [(o["id"], _assessed(api, o["id"], as_of), zone(z)) for o, z in caseload]
        places = (_place(i, said, as_of.astimezone(where).date(), where) for i, said, where in standing)
        expected = sorted(place for place in places if place is not None)
        params = {"as_of": instant_text(as_of), "scope": "practice"}
        walked = api.walk("/v1/queue", **params, limit=7)
        assert [item["opportunity"]["id"] for item in walked] == [place[-1] for place in expected]
        verdicts = {i: said for i, said, _ in standing}
        for item in walked:
            said = verdicts[item["opportunity"]["id"]]
            shared = ("status", "since", "silent_days", "next_action")
            assert {name: item[name] for name in shared} == {name: said[name] for name in shared}
        counts = api.ok(api.get("/v1/queue", params=params))["counts"]
        assert +Counter(counts) == Counter(s["status"] for _, s, _ in standing if s["status"] != "closed")


def _caseload(api: Api, random: Random, clients: int = 4) -> list[tuple[dict[str, Any], str]]:
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


def _act(random: Random) -> dict[str, str]:
    when: datetime = NOON + timedelta(hours=random.randint(-45 * 24, 5 * 24))
    return {"kind": random.choice(KINDS), "occurred_at": instant_text(when)}


def _assessed(api: Api, opportunity_id: str, as_of: datetime) -> Any:
    params = {"as_of": instant_text(as_of)}
    return api.ok(api.get(f"/v1/opportunities/{opportunity_id}/assessment", params=params))


def _place(opportunity_id: str, said: Any, today: date, where: ZoneInfo) -> tuple[int, date, int, str] | None:
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
    return (kinds.index(True), due, -silent, opportunity_id) if True in kinds else None
