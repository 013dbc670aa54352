"""Between rows and the values of the engine, in both directions."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, fields
from functools import lru_cache
from typing import Any
from uuid import UUID

from app.assessments.repository import Facts
from app.ghosting.calendar import Calendar
from app.ghosting.policy import Policy, WaitRule
from app.ghosting.steps import Action, Reason, Step
from app.ghosting.timeline import Interaction, Timeline
from app.ghosting.vocabulary import ActionKind, GhostKind, Kind, Outcome, ReasonCode, Source, Stage, Status, Wait
from app.ghosting.waits import Waited, waits
from app.ghosting.wins import wins
from app.kit.regions import public_holidays
from app.kit.zones import zone

_PLAIN = tuple(f.name for f in fields(Step) if f.name not in {"action", "reasons"})


@lru_cache(maxsize=4096)
def calendar_of(time_zone: str, region: str | None) -> Calendar:
    """Return the calendar of a client."""
    return Calendar(zone(time_zone), public_holidays(region))


def policy_of(document: Mapping[str, Any]) -> Policy:
    """Return the engine's policy of a stored document."""
    waits = {Wait(name): WaitRule(**row) for name, row in document["waits"].items()}
    return Policy(**{**document, "waits": waits})


def document_of(policy: Policy) -> dict[str, Any]:
    """Return the document that stores a policy: the shape of `PolicyDocument`."""
    plain = {f.name: getattr(policy, f.name) for f in fields(policy)}
    return {**plain, "waits": {wait.value: asdict(rule) for wait, rule in policy.waits.items()}}


def timeline_of(facts: Facts) -> Timeline:
    """Return the engine's timeline of an opportunity."""
    return Timeline(
        tuple(
            Interaction(
                i["id"],
                Kind(i["kind"]),
                i["occurred_at"],
                i["ends_at"],
                i["arranged_at"],
                i["reply_by"],
                Stage(i["stage"]) if i["stage"] else None,
            )
            for i in facts.interactions
        ),
        has_contact=facts.has_contact,
    )


def row_of(step: Step, *, opportunity_id: UUID, seq: int, rules_version: int) -> dict[str, Any]:
    """Return the row that stores a step."""
    action = step.action
    return {
        **{name: getattr(step, name) for name in _PLAIN},
        "opportunity_id": opportunity_id,
        "seq": seq,
        "action_kind": action and action.kind,
        "action_due_on": action and action.due_on,
        "action_key": action and action.key,
        "action_interaction_ids": list(action.interaction_ids) if action else None,
        "action_alternative": action and action.alternative,
        "action_source": action and action.source,
        "reasons": [{"code": r.code, "interaction_ids": [str(i) for i in r.interaction_ids]} for r in step.reasons],
        "rules_version": rules_version,
    }


def win_rows(facts: Facts, policy: Policy) -> list[dict[str, Any]]:
    """Return the rows that store the wins of an opportunity."""
    found = wins(timeline_of(facts), policy, calendar_of(facts.time_zone, facts.region))
    return [{**asdict(win), "opportunity_id": facts.opportunity_id} for win in found]


def waits_of(facts: Facts) -> tuple[Waited, ...]:
    """Return the waits of an opportunity."""
    return waits(timeline_of(facts), calendar_of(facts.time_zone, facts.region))


def step_of(row: Mapping[Any, Any]) -> Step:
    """Return the step that a row stores."""
    typed: dict[str, Any] = {
        "status": Status(row["status"]),
        "stage": Stage(row["stage"]),
        "outcome": Outcome(row["outcome"]) if row["outcome"] else None,
        "wait": Wait(row["wait"]) if row["wait"] else None,
        "ghost_kind": GhostKind(row["ghost_kind"]) if row["ghost_kind"] else None,
    }
    return Step(
        **{name: row[name] for name in _PLAIN if name not in typed},
        **typed,
        action=_action(row) if row["action_kind"] else None,
        reasons=tuple(_reasons(row["reasons"])),
    )


def _action(row: Mapping[Any, Any]) -> Action:
    alternative = row["action_alternative"]
    return Action(
        ActionKind(row["action_kind"]),
        row["action_due_on"],
        row["action_key"],
        tuple(row["action_interaction_ids"]),
        ActionKind(alternative) if alternative else None,
        Source(row["action_source"]),
    )


def _reasons(stored: Iterable[Mapping[str, Any]]) -> Iterable[Reason]:
    for reason in stored:
        yield Reason(ReasonCode(reason["code"]), tuple(UUID(i) for i in reason["interaction_ids"]))
