"""Between rows and the values of the engine, in both directions."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, fields
from functools import lru_cache
from operator import itemgetter
from types import MappingProxyType
from typing import Any
from uuid import UUID

from app.assessments.repository import Facts
from app.ghosting.calendar import Calendar
from app.ghosting.policy import Policy, WaitRule
from app.ghosting.steps import START, Action, Reason, Step
from app.ghosting.timeline import Interaction, Timeline
from app.ghosting.vocabulary import ActionKind, GhostKind, Kind, Outcome, ReasonCode, Source, Stage, Status, Wait
from app.ghosting.waits import Waited, waits
from app.ghosting.wins import wins
from app.kit.regions import public_holidays
from app.kit.zones import zone

_Numbers = tuple[tuple[str, Any], ...]

_PLAIN = tuple(name for name in Step._fields if name not in {"action", "reasons"})
_TYPED = {"status", "stage", "outcome", "wait", "ghost_kind"}
_UNTYPED = tuple(name for name in _PLAIN if name not in _TYPED)
_untyped = itemgetter(*_UNTYPED)
_ADVICE = ("kind", "due_on", "key", "interaction_ids", "alternative", "source")
_UNADVISED: Mapping[str, None] = MappingProxyType(dict.fromkeys(f"action_{name}" for name in _ADVICE))
# A call of the enumeration takes several times as long, and a page asks hundreds of times.
_KINDS = {one.value: one for one in Kind}
_STATUSES = {one.value: one for one in Status}
_STAGES = {one.value: one for one in Stage}
_OUTCOMES = {one.value: one for one in Outcome}
_WAITS = {one.value: one for one in Wait}
_GHOST_KINDS = {one.value: one for one in GhostKind}
_ACTIONS = {one.value: one for one in ActionKind}
_SOURCES = {one.value: one for one in Source}
_CODES = {one.value: one for one in ReasonCode}


@lru_cache(maxsize=4096)
def calendar_of(time_zone: str, region: str | None) -> Calendar:
    """Return the calendar of a client."""
    return Calendar(zone(time_zone), public_holidays(region))


def policy_of(document: Mapping[str, Any]) -> Policy:
    """Return the engine's policy of a stored document."""
    rows = tuple((name, tuple(row.items())) for name, row in document["waits"].items())
    return _policy(rows, tuple((name, number) for name, number in document.items() if name != "waits"))


@lru_cache(maxsize=64)
def _policy(rows: tuple[tuple[str, _Numbers], ...], numbers: _Numbers) -> Policy:
    """Return one policy for each document: what the engine remembers, it remembers by the policy itself."""
    return Policy(waits={Wait(name): WaitRule(**dict(row)) for name, row in rows}, **dict(numbers))


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
                _KINDS[i["kind"]],
                i["occurred_at"],
                i["ends_at"],
                i["arranged_at"],
                i["reply_by"],
                _STAGES[i["stage"]] if i["stage"] else None,
            )
            for i in facts.interactions
        ),
        has_contact=facts.has_contact,
    )


def row_of(step: Step, *, opportunity_id: UUID, seq: int, rules_version: int) -> dict[str, Any]:
    """Return the row that stores a step."""
    *plain, action, reasons = step
    return {
        **dict(zip(_PLAIN, plain, strict=True)),
        **(_advice(action) if action else _UNADVISED),
        "opportunity_id": opportunity_id,
        "seq": seq,
        "reasons": [{"code": code, "interaction_ids": [str(i) for i in ids]} for code, ids in reasons],
        "rules_version": rules_version,
    }


def _advice(action: Action) -> dict[str, Any]:
    return {
        "action_kind": action.kind,
        "action_due_on": action.due_on,
        "action_key": action.key,
        "action_interaction_ids": list(action.interaction_ids),
        "action_alternative": action.alternative,
        "action_source": action.source,
    }


def win_rows(facts: Facts, policy: Policy) -> list[dict[str, Any]]:
    """Return the rows that store the wins of an opportunity."""
    found = wins(timeline_of(facts), policy, calendar_of(facts.time_zone, facts.region))
    return [{**win._asdict(), "opportunity_id": facts.opportunity_id} for win in found]


def waits_of(facts: Facts) -> tuple[Waited, ...]:
    """Return the waits of an opportunity."""
    return waits(timeline_of(facts), calendar_of(facts.time_zone, facts.region))


def step_of(row: Mapping[Any, Any]) -> Step:
    """Return the step that a row stores."""
    outcome, wait, ghost_kind = row["outcome"], row["wait"], row["ghost_kind"]
    return Step(
        **dict(zip(_UNTYPED, _untyped(row), strict=True)),
        status=_STATUSES[row["status"]],
        stage=_STAGES[row["stage"]],
        outcome=_OUTCOMES[outcome] if outcome else None,
        wait=_WAITS[wait] if wait else None,
        ghost_kind=_GHOST_KINDS[ghost_kind] if ghost_kind else None,
        action=_action(row) if row["action_kind"] else None,
        reasons=tuple(_reasons(row["reasons"])),
    )


def _action(row: Mapping[Any, Any]) -> Action:
    alternative, raised_by = row["action_alternative"], row["action_key"].partition(":")[2]
    return Action(
        _ACTIONS[row["action_kind"]],
        row["action_due_on"],
        tuple(row["action_interaction_ids"]),
        _ACTIONS[alternative] if alternative else None,
        _SOURCES[row["action_source"]],
        None if raised_by == START else UUID(raised_by),
    )


def _reasons(stored: Iterable[Mapping[str, Any]]) -> Iterable[Reason]:
    for reason in stored:
        yield Reason(_CODES[reason["code"]], tuple(UUID(i) for i in reason["interaction_ids"]))
