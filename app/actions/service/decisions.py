"""What people decide about actions, computed or set by hand: each decision replaces the one before."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from pydantic import MISSING

from app.access.principal import Caller
from app.access.rights import Right
from app.actions.repository import writes
from app.actions.repository.reads import DECIDED
from app.actions.schemas import ActionOut, DismissIn, DoneIn, DoneOut, SnoozeIn
from app.actions.service.manual import hold, record
from app.actions.service.rooms import Interactions
from app.actions.service.views import present
from app.db.scope import Row, ScopedSession
from app.db.vocabulary import ActionOrigin, ActionState, Assignee
from app.kit.errors import Conflict, Fault, RuleBroken
from app.kit.preconditions import IfMatch


async def finish(
    session: ScopedSession,
    *,
    interactions: Interactions,
    caller: Caller,
    action_id: UUID,
    body: DoneIn,
    if_match: IfMatch,
) -> DoneOut:
    """Note that an action was done, and record on the timeline what was, if that is told. Raise NotFound."""
    if body.interaction is not None:
        caller.demand(Right.WRITE_INTERACTIONS.value)
    row = await hold(session, caller=caller, action_id=action_id, if_match=if_match)
    recorded = body.interaction and await interactions.record_along(
        session, caller=caller, opportunity_id=_timeline(row), draft=body.interaction, at="/interaction"
    )
    also = ["interaction"] if recorded else []
    done = await _decide(session, caller, row, "done", {"state": ActionState.DONE}, also=also)
    return DoneOut.model_construct(
        **{name: getattr(done, name) for name in ActionOut.model_fields},
        interaction_id=recorded and recorded.id,
        warnings=list(recorded.warnings) if recorded and recorded.warnings is not MISSING else [],
    )


async def snooze(
    session: ScopedSession, *, caller: Caller, action_id: UUID, body: SnoozeIn, if_match: IfMatch
) -> ActionOut:
    """Leave an action alone until the client's local date says otherwise. Raise NotFound."""
    row = await hold(session, caller=caller, action_id=action_id, if_match=if_match)
    if body.until < row["today"]:
        words = "Must not lie before the client's own date."
        raise RuleBroken(faults=[Fault("body", "/until", "out-of-range", words)])
    values = {"state": ActionState.SNOOZED, "snoozed_until": body.until}
    return await _decide(session, caller, row, "snooze", values)


async def dismiss(
    session: ScopedSession, *, caller: Caller, action_id: UUID, body: DismissIn, if_match: IfMatch
) -> ActionOut:
    """Note that an action will not be done. Raise NotFound."""
    row = await hold(session, caller=caller, action_id=action_id, if_match=if_match)
    values = {"state": ActionState.DISMISSED, "dismiss_reason": body.reason}
    return await _decide(session, caller, row, "dismiss", values)


async def accept(session: ScopedSession, *, caller: Caller, action_id: UUID, if_match: IfMatch) -> ActionOut:
    """Put an action on the caller's own list, open again whatever was decided before. Raise NotFound."""
    row = await hold(session, caller=caller, action_id=action_id, if_match=if_match)
    who = caller.principal
    taken_on = (row["accepted_by_type"], row["accepted_by_id"]) == (who.recorder, who.id)
    values = {
        "state": ActionState.OPEN,
        "assignee": Assignee.CLIENT if who.is_client else Assignee.COACH,
        "accepted_at": row["accepted_at"] if taken_on else caller.now,
        "accepted_by_type": who.recorder,
        "accepted_by_id": who.id,
    }
    return await _decide(session, caller, row, "accept", values)


def _timeline(row: Row) -> UUID:
    """Return the opportunity on whose timeline an interaction that was sent along belongs."""
    opportunity_id: UUID | None = row["opportunity_id"]
    if opportunity_id is None:
        words = "The action is on no opportunity, so there is no timeline to record it on."
        raise RuleBroken(faults=[Fault("body", "/interaction", "unknown-field", words)])
    if row["state"] == ActionState.DONE:
        raise Conflict("The action is done already: record the interaction on its opportunity, or accept it anew.")
    return opportunity_id


async def _decide(
    session: ScopedSession,
    caller: Caller,
    row: Row,
    verb: str,
    values: Mapping[str, Any],
    *,
    also: list[str] | None = None,
) -> ActionOut:
    before = {name: row[name] for name in DECIDED} | {
        "state": row["state"] or ActionState.OPEN,
        "assignee": row["assignee"] or Assignee.CLIENT,
    }
    after = before | {"snoozed_until": None, "dismiss_reason": None} | dict(values)
    changed = [name for name in DECIDED if before[name] != after[name]]
    if not changed and not also:
        return present(row)
    await _store(session, caller, row, after)
    await record(session, caller, verb, row["id"], [*changed, *(also or [])])
    stamps = {"version": (row["version"] or 1) + 1, "updated_at": caller.now}
    return present({**row, **after, **stamps, "shown_state": _shown_state(after, row)})


async def _store(session: ScopedSession, caller: Caller, row: Row, after: Mapping[str, Any]) -> None:
    stamped = {**after, "updated_at": caller.now}
    if row["origin"] == ActionOrigin.MANUAL:
        await writes.update_action(session, action_id=row["id"], values=stamped)
    elif row["version"] is not None:
        await writes.update_decision(session, action_id=row["id"], values=stamped)
    else:
        named = {"id": row["id"], "opportunity_id": row["opportunity_id"], "action_key": row["action_key"]}
        # Version 1 was the action about which nothing had been decided.
        stamps = {"version": 2, "created_at": caller.now}
        await writes.insert_decision(session, values={**named, **stamped, **stamps})


def _shown_state(after: Mapping[str, Any], row: Row) -> ActionState:
    over = after["state"] == ActionState.SNOOZED and after["snoozed_until"] <= row["today"]
    return ActionState.OPEN if over else after["state"]
