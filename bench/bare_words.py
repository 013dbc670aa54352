"""What the answers of baseline (a) say, from rows of the driver straight to what orjson writes."""

from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid5

import orjson

from app.ghosting import words
from app.ghosting.steps import WAITING_ON, Action, Reason, Step
from app.ghosting.vocabulary import ActionKind, ReasonCode, Source, Stage, Status, Wait
from app.guidance.schemas import QueueCounts
from app.guidance.service import ranking
from app.kit.zones import zone
from bench.sql import instant

_VEIL = UUID("5d0cbe0e-0c3f-4a5e-9d5b-6d5a3c1b7f10")
_STATUS: dict[str, Status] = {str(one): one for one in Status}
_STAGE: dict[str, Stage] = {str(one): one for one in Stage}
_WAIT: dict[str, Wait] = {str(one): one for one in Wait}
_KIND: dict[str, ActionKind] = {str(one): one for one in ActionKind}
_SOURCE: dict[str, Source] = {str(one): one for one in Source}
_REASONS = {str(code): words.reason_text(code) for code in ReasonCode}
_ZERO = dict.fromkeys(QueueCounts.model_fields, 0)
_OWN = (
    *("id", "client_id", "company_id", "company_name", "title", "kind", "source", "url", "location"),
    *("requisition_id", "salary_min", "salary_max", "currency"),
)


def assessment(row: Any, ident: UUID, now: datetime, seen: Any) -> dict[str, Any]:
    """Return the answer of getAssessment."""
    today = now.astimezone(zone(row["time_zone"])).date()
    step = _step(row)
    return {
        "as_of": instant(now),
        "status": row["status"],
        "since": _at(row["status_since"]),
        "until": _at(row["status_until"]),
        "stage": row["stage"],
        "outcome": row["outcome"],
        "waiting_on": WAITING_ON[step.status],
        "silent_since": _at(row["silent_since"]),
        "silent_days": _days(row["silent_on"], today),
        "follow_up": {"used": row["follow_up_used"], "opens_on": row["opens_on"], "closes_on": row["closes_on"]},
        "reply_by": row["reply_by"],
        "ghost_kind": row["ghost_kind"],
        "was_ghosted": row["was_ghosted"],
        "possible_reasons": [{"code": code, "text": text} for code, text in words.possible_reasons(step)],
        "outlook": _outlook(row, now, today, seen),
        "policy_version": row["rules_version"],
        "opportunity_id": str(ident),
        "next_action": _action(row, step, today),
        "reasons": [
            {"code": r["code"], "text": _REASONS[r["code"]], "interaction_ids": r["interaction_ids"]}
            for r in orjson.loads(row["reasons"])
        ],
    }


def opportunity(row: Any, now: datetime, seen: Any) -> dict[str, Any]:
    """Return an item of listOpportunities."""
    found = {name: _plain(row[name]) for name in _OWN}
    today = now.astimezone(zone(row["time_zone"])).date() if row["silent_on"] else None
    action = {"kind": row["action_kind"], "due_on": row["action_due_on"]} if row["action_kind"] else None
    found["contact_ids"] = [str(i) for i in row["contact_ids"]]
    found["stage"], found["outcome"] = row["stage_now"], row["outcome_now"]
    found["last_activity_at"] = _at(row["last_activity_at"])
    found["assessment"] = {
        "as_of": instant(now),
        "status": row["status"],
        "since": _at(row["status_since"]),
        "until": _at(row["status_until"]),
        "stage": row["stage"],
        "outcome": row["outcome"],
        "waiting_on": WAITING_ON[_STATUS[row["status"]]],
        "silent_days": _days(row["silent_on"], today) if today else None,
        "next_action": action,
        "outlook": _outlook(row, now, today, seen) if today else None,
    }
    found["version"] = row["version"]
    found["created_at"], found["updated_at"] = instant(row["created_at"]), instant(row["updated_at"])
    return found


def work(row: Any, rank: int) -> dict[str, Any]:
    """Return an item of getQueue; actions set by hand are none of this benchmark's."""
    step, today = _step(row), row["today"]
    due_on = None if row["due"] == "infinity" else date.fromisoformat(row["due"])
    silent = _days(row["silent_on"], today)
    return {
        "rank": rank,
        "client": {"id": str(row["client_id"]), "name": row["client_name"]},
        "opportunity": {"id": str(row["id"]), "title": row["title"], "company_name": row["company_name"]},
        "status": row["status"],
        "since": _at(row["status_since"]),
        "silent_days": silent,
        "next_action": _action(row, step, today),
        "action_id": str(row["action_id"]),
        "overdue_days": max(0, (today - due_on).days) if due_on else 0,
        "why": ranking.why(
            place=row["bucket"], kind=row["action_kind"], due_on=due_on, today=today, silent_days=silent
        ),
    }


def queue(counts: dict[str, int], items: list[Any], cursor: str | None, now: datetime) -> dict[str, Any]:
    """Return the answer of getQueue."""
    return {"as_of": instant(now), "counts": {**_ZERO, **counts}, "items": items, "next_cursor": cursor}


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, UUID) else value


def _at(moment: datetime | None) -> str | None:
    return None if moment is None else instant(moment)


def _days(silent_on: date | None, today: date) -> int | None:
    return None if silent_on is None else max(0, (today - silent_on).days)


def _action(row: Any, step: Step, today: date) -> dict[str, Any] | None:
    if step.action is None:
        return None
    kind, _, raised_by = row["action_key"].partition(":")
    return {
        "kind": row["action_kind"],
        "due_on": row["action_due_on"],
        "reason": words.action_reason(step, today=today),
        "key": f"{kind}:{uuid5(_VEIL, raised_by)}" if raised_by else kind,
        "source": row["action_source"],
        "alternative": row["action_alternative"],
        "interaction_ids": [str(i) for i in row["action_interaction_ids"]],
    }


def _outlook(row: Any, now: datetime, today: date, seen: Any) -> dict[str, Any] | None:
    if row["silent_on"] is None:
        return None
    place = {"company": str(row["company_id"]), "client": str(row["client_id"])}
    wait = _WAIT[row["wait"]]
    found = seen.outlook(wait, max(0, (today - row["silent_on"]).days), **place, at=now)
    text = found.text(wait, on_hold=row["status"] == "on_hold")
    return {"text": text, "probability": round(found.probability, 4), "n": found.n, "basis": found.basis}


def _step(row: Any) -> Step:
    """Return what the engine's sentences ask for; the rest is left out."""
    action = None
    if row["action_kind"]:
        source, other = _SOURCE[row["action_source"]], _KIND.get(row["action_alternative"])
        action = Action(_KIND[row["action_kind"]], row["action_due_on"], (), other, source, None)
    return Step(
        starts_at=row["starts_at"],
        ends_at=row["ends_at"],
        status_since=None,
        status_until=None,
        was_ghosted=row["was_ghosted"],
        status=_STATUS[row["status"]],
        stage=_STAGE[row["stage"]],
        outcome=row["outcome"],
        wait=None,
        silent_since=row["silent_since"],
        silent_on=row["silent_on"],
        follow_up_used=row["follow_up_used"],
        opens_on=row["opens_on"],
        closes_on=row["closes_on"],
        ghosted_on=row["ghosted_on"],
        reply_by=row["reply_by"],
        ghost_kind=row["ghost_kind"],
        action=action,
        reasons=tuple(Reason(ReasonCode(reason["code"]), ()) for reason in orjson.loads(row["reasons"])),
    )
