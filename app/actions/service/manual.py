"""Actions that people set themselves, and who may be held to what."""

from collections.abc import Iterable
from uuid import UUID

from app.access.principal import Caller
from app.actions.repository import reads, writes
from app.actions.schemas import ActionIn, ActionOut, ActionPatch
from app.actions.service.lists import read
from app.actions.service.views import present
from app.db import ledger
from app.db.ids import is_derived, new_id
from app.db.scope import Row, ScopedSession
from app.db.vocabulary import ActionOrigin, ActionState
from app.kit.errors import Derived, Fault, IdTaken, NotFound, UnknownReference
from app.kit.preconditions import IfMatch


async def add(session: ScopedSession, *, caller: Caller, draft: ActionIn) -> ActionOut:
    """Set an action for a client."""
    if draft.opportunity_id is not None:
        # Nobody takes it away between the look at it and the answer.
        await writes.lock_opportunity(session, opportunity_id=draft.opportunity_id)
    await _demand_known(session, client_id=draft.client_id, opportunity_id=draft.opportunity_id)
    action_id = draft.id or new_id()
    if is_derived(action_id) and await writes.is_advised(session, action_id=action_id):
        raise IdTaken
    stamps = {"id": action_id, "created_at": caller.now, "updated_at": caller.now}
    values = {**draft.model_dump(exclude={"id", "kind"}), "state": ActionState.OPEN}
    await writes.insert_action(session, values={**values, **stamps})
    await record(session, caller, "create", action_id, draft.model_fields_set - {"id"})
    return await read(session, action_id=action_id, now=caller.now)


async def change(
    session: ScopedSession, *, caller: Caller, action_id: UUID, patch: ActionPatch, if_match: IfMatch
) -> ActionOut:
    """Change an action that was set by hand. Raise NotFound and Derived."""
    row = await _hold_manual(session, caller, action_id, if_match)
    changes = {name: value for name, value in patch.changes().items() if row[name] != value}
    if not changes:
        return present(row)
    if changes.get("opportunity_id") is not None:
        await _demand_known(session, client_id=row["client_id"], opportunity_id=changes["opportunity_id"])
    await writes.update_action(session, action_id=action_id, values={**changes, "updated_at": caller.now})
    await record(session, caller, "update", action_id, changes)
    return await read(session, action_id=action_id, now=caller.now)


async def remove(session: ScopedSession, *, caller: Caller, action_id: UUID, if_match: IfMatch) -> None:
    """Remove an action that was set by hand. Raise NotFound and Derived."""
    await _hold_manual(session, caller, action_id, if_match)
    await writes.remove(session, action_id=action_id)
    await record(session, caller, "delete", action_id)


async def hold(session: ScopedSession, *, caller: Caller, action_id: UUID, if_match: IfMatch) -> Row:
    """Return an action, locked until the transaction ends with the opportunity it is on. Raise NotFound."""
    found = await reads.find(session, action_id=action_id, at=caller.now)
    if found is None:
        raise NotFound
    if found["opportunity_id"] is not None:
        await writes.lock_opportunity(session, opportunity_id=found["opportunity_id"])
    await writes.lock(session, action_id=action_id)
    # Whoever held the lock may have moved the timeline, and the advice with it.
    row = await reads.find(session, action_id=action_id, at=caller.now)
    if row is None:
        raise NotFound
    if_match.check(row["version"] or 1)
    return row


async def record(
    session: ScopedSession, caller: Caller, verb: str, action_id: UUID, changed: Iterable[str] = ()
) -> None:
    """Leave the one audit entry of a change."""
    await ledger.record(
        session,
        by=caller.doer,
        now=caller.now,
        action=f"next_action.{verb}",
        resource_type="next_action",
        resource_id=action_id,
        changed_fields=changed,
    )


async def _hold_manual(session: ScopedSession, caller: Caller, action_id: UUID, if_match: IfMatch) -> Row:
    row = await hold(session, caller=caller, action_id=action_id, if_match=if_match)
    if row["origin"] != ActionOrigin.MANUAL:
        raise Derived("It is advised by the rules: accept, snooze or dismiss it, or say that it is done.")
    return row


async def _demand_known(session: ScopedSession, *, client_id: UUID, opportunity_id: UUID | None) -> None:
    known = await writes.known(session, client_id=client_id, opportunity_id=opportunity_id)
    faults = [] if known["client"] else [_unknown("client_id", "client")]
    if opportunity_id is not None and not known["opportunity"]:
        faults.append(_unknown("opportunity_id", "opportunity of the client"))
    if faults:
        raise UnknownReference(faults=faults)


def _unknown(field: str, what: str) -> Fault:
    return Fault("body", f"/{field}", "unknown-reference", f"No {what} has this id.")
