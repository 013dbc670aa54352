"""Reading a verdict: one look-up of a stored step, put into words for the local date of the client."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import Any
from uuid import UUID, uuid5

from app.assessments import repository
from app.assessments.schemas import (
    HistoryItem,
    HistoryOut,
)
from app.assessments.service.convert import policy_of, step_of
from app.db.scope import ScopedSession
from app.experience import service as experience
from app.ghosting import words
from app.ghosting.experience import Experiences
from app.ghosting.outlook import Outlook, outlook
from app.ghosting.policy import Policy
from app.ghosting.steps import WAITING_ON, Step, silent_days
from app.ghosting.vocabulary import Status, Wait
from app.kit.errors import NotFound
from app.kit.shapes import Tree
from app.kit.zones import zone

#: Any constant will do, but never another one: keys would change.
_VEIL = UUID("5d0cbe0e-0c3f-4a5e-9d5b-6d5a3c1b7f10")

#: Of a probability: what is told beyond that is noise.
_DIGITS = 4

_ON_HOLD = Status.ON_HOLD.value
_WAITS = {wait.value: wait for wait in Wait}
_WAITING_ON = {status.value: party.value for status, party in WAITING_ON.items()}

Chooser = Callable[[Sequence[UUID]], list[UUID]]


async def assess(session: ScopedSession, *, opportunity_id: UUID, as_of: datetime, sees_coaches_only: bool) -> Tree:
    """Return the verdict at an instant, the same for every reader save for ids the reader may not see."""
    known = await experience.known(session)
    row = await repository.find_step(session, opportunity_id=opportunity_id, at=as_of, **known.parameters)
    if row is None:
        raise NotFound
    learnt = experience.learnt(session, row["learnt"], known=known)
    choose: Chooser = list
    if not sees_coaches_only:
        seen = await repository.seen_ids(session, opportunity_id=opportunity_id)

        def choose(ids: Sequence[UUID]) -> list[UUID]:
            return [i for i in ids if i in seen]

    today = _today(row["time_zone"], as_of)
    return verdict(
        step_of(row),
        opportunity_id=opportunity_id,
        as_of=as_of,
        today=today,
        policy_version=row["rules_version"],
        choose=choose,
        outlook=prospects(row, as_of=as_of, today=today, learnt=learnt),
    )


def verdict(
    step: Step,
    *,
    opportunity_id: UUID,
    as_of: datetime,
    today: date,
    policy_version: int,
    choose: Chooser = list,
    outlook: Tree | None = None,
) -> Tree:
    """Return the answer that a step gives on the local date `today`, as a tree of `AssessmentOut`.

    `choose` drops ids that the reader may not see.
    """
    return {
        "as_of": as_of,
        "status": step.status.value,
        "since": step.status_since,
        "until": step.status_until,
        "stage": step.stage.value,
        "outcome": step.outcome and step.outcome.value,
        "waiting_on": step.waiting_on.value,
        "silent_since": step.silent_since,
        "silent_days": silent_days(step, today),
        "follow_up": {"used": step.follow_up_used, "opens_on": step.opens_on, "closes_on": step.closes_on},
        "reply_by": step.reply_by,
        "ghost_kind": step.ghost_kind and step.ghost_kind.value,
        "was_ghosted": step.was_ghosted,
        "possible_reasons": [{"code": code.value, "text": text} for code, text in words.possible_reasons(step)],
        "outlook": outlook,
        "policy_version": policy_version,
        "opportunity_id": opportunity_id,
        "next_action": next_action(step, today=today, choose=choose),
        "reasons": [
            {
                "code": reason.code.value,
                "text": words.reason_text(reason.code),
                "interaction_ids": choose(reason.interaction_ids),
            }
            for reason in step.reasons
        ],
    }


def next_action(step: Step, *, today: date, choose: Chooser = list) -> Tree | None:
    """Return the advice of a step on the local date `today`, as a tree of `NextAction`; `choose` as for `verdict`."""
    action = step.action
    if action is None:
        return None
    return {
        "kind": action.kind.value,
        "due_on": action.due_on,
        "reason": words.action_reason(step, today=today),
        "key": _shown(action.key),
        "source": action.source.value,
        "alternative": action.alternative and action.alternative.value,
        "interaction_ids": choose(action.interaction_ids),
    }


@lru_cache(maxsize=65_536)
def _shown(key: str) -> str:
    """Veil the id inside a key: the key is the same for every reader, and not all may see the interaction."""
    kind, _, raised_by = key.partition(":")
    return f"{kind}:{uuid5(_VEIL, raised_by)}" if raised_by else kind


@lru_cache(maxsize=1024)
def _today(time_zone: str, at: datetime) -> date:
    """Return the local date at an instant, which a whole page asks for."""
    return at.astimezone(zone(time_zone)).date()


def prospects(row: Mapping[Any, Any], *, as_of: datetime, today: date, learnt: Experiences) -> Tree | None:
    """Return the outlook of a silence at an instant, from the columns of its step; None where there is none."""
    if row["silent_on"] is None:
        return None
    days = max(0, (today - row["silent_on"]).days)
    company, client = str(row["company_id"]), str(row["client_id"])
    wait = _WAITS[row["wait"]]
    found = learnt.outlook(wait, days, company=company, client=client, at=as_of)
    return _told(found, wait, on_hold=row["status"] == _ON_HOLD)


def prospects_of(step: Step, *, today: date) -> Tree | None:
    """Return the outlook of a silence of nobody in particular: that of the published waits."""
    days = silent_days(step, today)
    if days is None or step.wait is None:
        return None
    return _told(outlook(step.wait, days), step.wait, on_hold=step.status is Status.ON_HOLD)


def _told(found: Outlook, wait: Wait, *, on_hold: bool) -> Tree:
    probability, text = round(found.probability, _DIGITS), found.text(wait, on_hold=on_hold)
    return {"text": text, "probability": probability, "n": found.n, "basis": found.basis.value}


def summary(row: Mapping[Any, Any], *, as_of: datetime, time_zone: str, learnt: Experiences) -> Tree:
    """Return the verdict in short from the columns of a stored step, as a tree of `AssessmentSummary`."""
    status, silent_on, action = row["status"], row["silent_on"], row["action_kind"]
    today = None if silent_on is None else _today(time_zone, as_of)
    return {
        "as_of": as_of,
        "status": status,
        "since": row["status_since"],
        "until": row["status_until"],
        "stage": row["stage"],
        "outcome": row["outcome"],
        "waiting_on": _WAITING_ON[status],
        "silent_days": None if today is None else max(0, (today - silent_on).days),
        "next_action": {"kind": action, "due_on": row["action_due_on"]} if action else None,
        "outlook": None if today is None else prospects(row, as_of=as_of, today=today, learnt=learnt),
    }


async def status_history(session: ScopedSession, *, opportunity_id: UUID) -> HistoryOut:
    """Return the whole step function of an opportunity, from when it first left `not_started`."""
    runs = await repository.runs(session, opportunity_id=opportunity_id)
    if not runs:
        raise NotFound
    return HistoryOut(
        items=[_item(r["status"], r["status_since"], r["status_until"]) for r in runs if r["status_since"]]
    )


async def policy_in_force(session: ScopedSession) -> tuple[int, Policy]:
    """Return the number of the policy that answers are computed with, and the policy."""
    found = await repository.current_policy(session)
    return found.number, policy_of(found.document)


def history_of(steps: Sequence[Step]) -> list[HistoryItem]:
    """Return the runs of equal status of computed steps."""
    runs = dict.fromkeys((s.status, s.status_since, s.status_until) for s in steps)
    return [_item(status, since, until) for status, since, until in runs if since is not None]


def _item(status: str, since: datetime, until: datetime | None) -> HistoryItem:
    return HistoryItem.model_construct(status=Status(status), starts_at=since, ends_at=until)
