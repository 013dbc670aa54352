"""Through the API in, assessment out: no difference to the engine asked directly.

`pytest tests/guidance/test_random_timelines.py --timelines=2000 -n auto` plays more of them; a failure names its seed.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import pytest

from app.ghosting import words
from app.ghosting.history import Step, at, silent_days
from app.ghosting.observed import summed
from app.ghosting.outlook import outlook
from app.ghosting.policy import DEFAULT_POLICY, Policy, WaitRule
from app.ghosting.vocabulary import Wait
from app.kit.fields import instant_text
from app.kit.zones import zone
from tests.guidance.player import Player
from tests.support.api import Api

IN_ONE_TEST = 5
TICK = timedelta(microseconds=1)
FIRST, LAST = datetime(1900, 1, 1, tzinfo=UTC), datetime(2200, 12, 31, tzinfo=UTC)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    many = int(metafunc.config.getoption("--timelines"))
    metafunc.parametrize("first", range(0, many, IN_ONE_TEST))


def test_assessment_and_history_are_the_engines_own(ageless: Api, first: int) -> None:
    api = ageless
    policy, number = _policy(api, Random(first))  # noqa: S311
    told: list[Player] = []
    for seed in range(first, first + IN_ONE_TEST):
        random = Random(seed)  # noqa: S311
        player = Player(api, random)
        player.play(random.randint(0, 12))
        told.append(player)
        steps = player.steps(policy)
        shown = api.ok(api.get(f"{player.path}/status-history"))["items"]
        assert shown == _runs(steps), f"seed {seed}"
        for instant in _instants(steps, player, random):
            found = api.ok(api.get(f"{player.path}/assessment", params={"as_of": instant_text(instant)}))
            expected = _expected(at(steps, instant), instant, player)
            assert found.pop("outlook") == _outlook(at(steps, instant), instant, told), f"seed {seed} at {instant}"
            found["next_action"] = found["next_action"] and {**found["next_action"], "key": ""}
            wanted = {**expected, "opportunity_id": player.opportunity["id"], "policy_version": number}
            assert found == wanted, f"seed {seed} at {instant}"


def _outlook(step: Step, instant: datetime, told: list[Player]) -> dict[str, Any] | None:
    """Work it out from all waits of the practice one by one, without anything remembered."""
    days = silent_days(step, told[-1].calendar().local_date(instant))
    if step.wait is None or days is None:
        return None
    everybody = summed(step.wait, [one for player in told for one in player.waits()], instant)
    own = summed(step.wait, told[-1].waits(), instant)  # each has an employer of their own
    found = outlook(step.wait, days, everybody.without(step.wait, days), own.without(step.wait, days))
    probability = pytest.approx(found.probability, abs=1e-4)
    text = found.text(step.wait, on_hold=step.status == "on_hold")
    return {"text": text, "probability": probability, "n": found.n, "basis": found.basis}


def _policy(api: Api, random: Random) -> tuple[Policy, int]:
    """Keep the default policy, or publish another one."""
    if random.random() < 0.5:
        return DEFAULT_POLICY, 1

    def rule() -> WaitRule:
        opens, more, rest = random.randint(0, 12), random.randint(0, 10), random.randint(1, 30)
        needs = random.random() < 0.5
        return WaitRule(7, opens, opens + more, opens + more + rest, follow_up_needs_contact=needs)

    numbers: dict[str, Any] = {
        "promise_grace_business_days": random.randint(0, 4),
        "held_window_business_days": random.randint(0, 4),
        "undated_hold_days": random.randint(1, 20),
        "follow_up_rest_days": random.randint(1, 12),
        "thank_you_due_days": random.randint(0, 2),
        "thank_you_until_days": random.randint(2, 5),
        "skip_weekends": random.random() < 0.5,
    }
    waits = {wait: rule() for wait in Wait}
    rows = {wait.value: {name: getattr(row, name) for name in WaitRule.__slots__} for wait, row in waits.items()}
    document = api.ok(api.put("/v1/policy", {"waits": rows, **numbers}, version=1))
    return Policy(waits=waits, **numbers), document["version"]


def _instants(steps: Sequence[Step], player: Player, random: Random) -> Iterator[datetime]:
    """Ask at boundaries and right before them, anywhere around, and far off in the past and in the future."""
    bounds = [step.starts_at for step in steps[1:] if FIRST < step.starts_at < LAST]
    for bound in random.sample(bounds, min(3, len(bounds))):
        yield bound
        yield bound - TICK
    yield player.moment()
    yield random.choice((FIRST, LAST))


def _runs(steps: Sequence[Step]) -> list[dict[str, Any]]:
    runs: list[dict[str, Any]] = []
    for step in steps[1:] if steps[0].status_since is None else steps:
        if not runs or runs[-1]["status"] != step.status:
            runs.append({"status": step.status, "starts_at": _wire(step.starts_at)})
        runs[-1]["ends_at"] = _wire(step.ends_at)
    while runs and runs[0]["status"] == "not_started":
        runs.pop(0)
    return runs


def _expected(step: Step, instant: datetime, player: Player) -> dict[str, Any]:
    time_zone = player.where["time_zone"]
    assert time_zone is not None
    today = instant.astimezone(zone(time_zone)).date()
    action = step.action
    return {
        "as_of": _wire(instant),
        "status": step.status,
        "since": _wire(step.status_since),
        "until": _wire(step.status_until),
        "stage": step.stage,
        "outcome": step.outcome,
        "waiting_on": step.waiting_on,
        "silent_since": _wire(step.silent_since),
        "silent_days": silent_days(step, today),
        "follow_up": {"used": step.follow_up_used, "opens_on": _day(step.opens_on), "closes_on": _day(step.closes_on)},
        "reply_by": _day(step.reply_by),
        "ghost_kind": step.ghost_kind,
        "was_ghosted": step.was_ghosted,
        "possible_reasons": [{"code": code, "text": text} for code, text in words.possible_reasons(step)],
        "next_action": action
        and {
            "kind": action.kind,
            "due_on": _day(action.due_on),
            "reason": words.action_reason(step, today=today),
            "key": "",
            "source": action.source,
            "alternative": action.alternative,
            "interaction_ids": [str(i) for i in action.interaction_ids],
        },
        "reasons": [
            {"code": r.code, "text": words.reason_text(r.code), "interaction_ids": [str(i) for i in r.interaction_ids]}
            for r in step.reasons
        ],
    }


def _wire(instant: datetime | None) -> str | None:
    return instant_text(instant) if instant else None


def _day(day: Any) -> str | None:
    return day and str(day.isoformat())
