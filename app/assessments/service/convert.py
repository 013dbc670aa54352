"""Between rows and the values of the engine, in both directions."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, fields
from functools import lru_cache
from operator import itemgetter
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
_TYPED = {"status", "stage", "outcome", "wait", "ghost_kind"}
_UNTYPED = tuple(name for name in _PLAIN if name not in _TYPED)
_untyped = itemgetter(*_UNTYPED)
# A call of the enumeration takes several times as long, and a page asks hundreds of times.
_STATUSES = {one.value: one for one in Status}
_STAGES = {one.value: one for one in Stage}
_OUTCOMES = {one.value: one for one in Outcome}
_WAITS = {one.value: one for one in Wait}
_ACTIONS = {one.value: one for one in ActionKind}
_SOURCES = {one.value: one for one in Source}
_CODES = {one.value: one for one in ReasonCode}


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


def step_of(row: Mapping[Any, Any], *, reasons: bool = True) -> Step:
    """Return the step that a row stores; without its `reasons` where nobody asks for them."""
    outcome, wait, ghost_kind = row["outcome"], row["wait"], row["ghost_kind"]
    return Step(
        **dict(zip(_UNTYPED, _untyped(row), strict=True)),
        status=_STATUSES[row["status"]],
        stage=_STAGES[row["stage"]],
        outcome=_OUTCOMES[outcome] if outcome else None,
        wait=_WAITS[wait] if wait else None,
        ghost_kind=GhostKind(ghost_kind) if ghost_kind else None,
        action=_action(row) if row["action_kind"] else None,
        reasons=tuple(_reasons(row["reasons"])) if reasons else (),
    )


def _action(row: Mapping[Any, Any]) -> Action:
    alternative = row["action_alternative"]
    return Action(
        _ACTIONS[row["action_kind"]],
        row["action_due_on"],
        row["action_key"],
        tuple(row["action_interaction_ids"]),
        _ACTIONS[alternative] if alternative else None,
        _SOURCES[row["action_source"]],
    )


def _reasons(stored: Iterable[Mapping[str, Any]]) -> Iterable[Reason]:
    for reason in stored:
        yield Reason(_CODES[reason["code"]], tuple(UUID(i) for i in reason["interaction_ids"]))
