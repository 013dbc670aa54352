"""Recording what happened, correcting it, and taking it back; each recomputes where the opportunity stands."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from app.access.principal import Caller, Principal
from app.assessments import service as assessments
from app.assessments.schemas import InteractionIn, arranged, findings, rearranged
from app.db import keyset, ledger
from app.db.ids import new_id
from app.db.scope import Row, ScopedSession
from app.db.vocabulary import RecorderType, Visibility
from app.interactions import repository
from app.interactions.schemas import InteractionOut, InteractionPatch, InteractionQuery, RecordedOut
from app.interactions.service.once_only import warned_of
from app.interactions.service.views import fields_of, shown
from app.kit.errors import Conflict, Fault, NotAllowed, NotFound, RuleBroken, UnknownReference
from app.kit.pages import Page, Position
from app.kit.preconditions import IfMatch

#: What statuses derive from: other fields can change without anything to recompute.
_TIMELINE = {"kind", "occurred_at", "ends_at", "arranged_at", "reply_by", "stage"}


class Voided(Conflict):
    code = "voided"
    title = "The interaction has been voided"


async def record(session: ScopedSession, *, caller: Caller, opportunity_id: UUID, draft: InteractionIn) -> RecordedOut:
    """Record one interaction on an opportunity, whatever its state. Raise NotFound."""
    made = await record_along(session, caller=caller, opportunity_id=opportunity_id, draft=draft, at="")
    changed = draft.model_fields_set - {"id"}
    await _note(session, caller, "interaction.record", "interaction", made.id, changed)
    return made


async def record_along(
    session: ScopedSession, *, caller: Caller, opportunity_id: UUID, draft: InteractionIn, at: str
) -> RecordedOut:
    """Record one interaction as part of a change whose audit entry is its own; `at` points to it in the body."""
    _demand_visibility(caller.principal, {f"{at}/visibility": draft.visibility})
    (made,) = await _store(session, caller, opportunity_id, [draft], at=at)
    return made


async def record_many(
    session: ScopedSession, *, caller: Caller, opportunity_id: UUID, drafts: Sequence[InteractionIn]
) -> list[RecordedOut]:
    """Record interactions together, all or none, and recompute once. Raise NotFound."""
    sent = {f"/items/{n}/visibility": draft.visibility for n, draft in enumerate(drafts)}
    _demand_visibility(caller.principal, sent)
    made = await _store(session, caller, opportunity_id, drafts, at="/items/{n}")
    changed = frozenset().union(*(draft.model_fields_set for draft in drafts)) - {"id"}
    await _note(session, caller, "interaction.record", "opportunity", opportunity_id, changed)
    return made


async def read(session: ScopedSession, *, interaction_id: UUID) -> InteractionOut:
    """Return an interaction, a voided one too. Raise NotFound."""
    row = await repository.find(session, interaction_id=interaction_id)
    if row is None:
        raise NotFound
    return shown(row)


async def read_many(session: ScopedSession, *, caller: Caller, ids: Sequence[UUID]) -> dict[UUID, InteractionOut]:  # noqa: ARG001  # as other rooms have it
    """Return, by id, those of these interactions that the caller sees, voided ones too."""
    return {row["id"]: shown(row) for row in await repository.find_many(session, ids=ids)}


async def change(
    session: ScopedSession, *, caller: Caller, interaction_id: UUID, patch: InteractionPatch, if_match: IfMatch
) -> RecordedOut:
    """Correct an interaction and keep what it said before. Raise NotFound and Voided."""
    sent = patch.changes()
    _demand_visibility(caller.principal, {"/visibility": sent.get("visibility")})
    row = await _lock(session, caller, interaction_id, if_match)
    if row["voided_at"] is not None:
        raise Voided("Record the interaction again instead.")
    sent |= rearranged(row, sent, now=caller.now)
    changes = {name: value for name, value in sent.items() if row[name] != value}
    if not changes:
        return RecordedOut.model_construct(**fields_of(row))
    await _edit(session, caller, row, changes)
    await _note(session, caller, "interaction.update", "interaction", interaction_id, changes)
    after = {**row, **changes, "version": row["version"] + 1, "updated_at": caller.now}
    moved = [after] if changes.keys() & _TIMELINE else []
    warned = await warned_of(session, opportunity_id=row["opportunity_id"], rows=moved)
    return RecordedOut.model_construct(**fields_of(after), **warned.get(interaction_id, {}))


async def void(session: ScopedSession, *, caller: Caller, interaction_id: UUID, if_match: IfMatch) -> None:
    """Take an interaction back: the record stays, but counts for nothing. Once more changes nothing. Raise NotFound."""
    row = await _lock(session, caller, interaction_id, if_match)
    if row["voided_at"] is not None:
        return
    await repository.void(session, interaction_id=interaction_id, now=caller.now)
    await assessments.reassess(session, opportunity_ids=[row["opportunity_id"]], locked=True)
    await _note(session, caller, "interaction.void", "interaction", interaction_id, ["voided_at"])


async def timeline(
    session: ScopedSession, *, caller: Caller, opportunity_id: UUID, query: InteractionQuery, after: Position | None
) -> Page[InteractionOut]:
    """Return a page of an opportunity's interactions. Raise NotFound."""
    filters: dict[str, Any] = {} if query.include_voided else {"current": True}
    if query.kind:
        filters["kinds"] = list(query.kind)
    rows = await repository.list_interactions(
        session,
        opportunity_id=opportunity_id,
        filters=filters,
        descending=query.sort.startswith("-"),
        page=keyset.parameters(after, query.limit),
    )
    # Rows prove that the opportunity is there; only an empty page leaves the question open.
    if not rows and not await repository.opportunity_exists(session, opportunity_id=opportunity_id):
        raise NotFound
    return keyset.cut(rows, limit=query.limit, at=caller.now, item=shown)


async def insert_interactions(
    session: ScopedSession, *, interactions: Sequence[Mapping[str, Any]], import_id: UUID, now: datetime
) -> None:
    """Store what an import found, with the ids that it brings; the audit entry and the statuses are the import's."""
    said_by = {"recorded_at": now, "recorded_by_type": RecorderType.IMPORT, "recorded_by_id": import_id}
    same = {"visibility": Visibility.SHARED, "version": 1, "created_at": now, "updated_at": now, **said_by}
    await repository.insert_imported(session, rows=[{**values, **same} for values in interactions])


async def erase_interactions(session: ScopedSession, *, ids: Sequence[UUID]) -> None:
    """Remove what an import stored, as if it had never been."""
    await repository.erase(session, ids=ids)


async def erase_timelines(session: ScopedSession, *, opportunity_ids: Sequence[UUID]) -> None:
    """Remove everything on opportunities that are about to be removed for good."""
    await repository.erase_timelines(session, opportunity_ids=opportunity_ids)


async def _store(
    session: ScopedSession, caller: Caller, opportunity_id: UUID, drafts: Sequence[InteractionIn], *, at: str
) -> list[RecordedOut]:
    if not await repository.lock_opportunity(session, opportunity_id=opportunity_id):
        raise NotFound
    named = {at.format(n=n) + "/contact_id": draft.contact_id for n, draft in enumerate(drafts)}
    await _demand_contacts(session, named)
    rows = [_row(draft, caller, opportunity_id) for draft in drafts]
    places = [at.format(n=n) + "/id" for n in range(len(rows))]
    await repository.insert_interactions(session, rows=rows, places=places)
    await assessments.reassess(session, opportunity_ids=[opportunity_id], locked=True)
    warned = await warned_of(session, opportunity_id=opportunity_id, rows=rows)
    return [RecordedOut.model_construct(**fields_of(row), **warned.get(row["id"], {})) for row in rows]


def _row(draft: InteractionIn, caller: Caller, opportunity_id: UUID) -> dict[str, Any]:
    now = caller.now
    return {
        **{name: getattr(draft, name) for name in InteractionIn.model_fields},
        "id": draft.id or new_id(),
        "opportunity_id": opportunity_id,
        "arranged_at": arranged(kind=draft.kind, occurred_at=draft.occurred_at, arranged_at=draft.arranged_at, now=now),
        "recorded_at": now,
        "recorded_by_type": caller.principal.recorder,
        "recorded_by_id": caller.principal.id,
        "voided_at": None,
        "version": 1,
        "created_at": now,
        "updated_at": now,
    }


async def _lock(session: ScopedSession, caller: Caller, interaction_id: UUID, if_match: IfMatch) -> Row:
    row = await repository.lock(session, interaction_id=interaction_id)
    if row is None:
        raise NotFound
    who = caller.principal
    made_it = (row["recorded_by_type"], row["recorded_by_id"]) == (RecorderType.CLIENT, who.id)
    if who.is_client and not made_it:
        raise NotAllowed("A client changes only the interactions that they recorded themselves.")
    if_match.check(row["version"])
    return row


async def _edit(session: ScopedSession, caller: Caller, row: Row, changes: Mapping[str, Any]) -> None:
    merged = {**row, **changes}
    _demand_sense(merged)
    if "contact_id" in changes:
        await _demand_contacts(session, {"/contact_id": changes["contact_id"]})
    former = {
        "interaction_id": row["id"],
        "version": row["version"],
        "former": shown(row).model_dump(mode="json", warnings=False),
        "replaced_at": caller.now,
        "replaced_by_type": caller.doer.type,
        "replaced_by_id": caller.doer.id,
    }
    await repository.keep_former(session, values=former)
    await repository.edit(session, interaction_id=row["id"], values=merged, now=caller.now)
    if changes.keys() & _TIMELINE:
        await assessments.reassess(session, opportunity_ids=[row["opportunity_id"]], locked=True)


def _demand_sense(merged: Mapping[Any, Any]) -> None:
    names = ("kind", "occurred_at", "ends_at", "arranged_at", "stage")
    found = list(findings(**{name: merged[name] for name in names}))
    if found:
        raise RuleBroken(faults=[Fault("body", f"/{one.field}", one.code, one.words) for one in found])


def _demand_visibility(who: Principal, sent: Mapping[str, Visibility | None]) -> None:
    if who.sees_coaches_only:
        return
    hidden = [pointer for pointer, visibility in sent.items() if visibility is Visibility.COACHES]
    if hidden:
        words = "Your role knows `shared` only."
        raise RuleBroken(faults=[Fault("body", pointer, "not-in-list", words) for pointer in hidden])


async def _demand_contacts(session: ScopedSession, named: Mapping[str, UUID | None]) -> None:
    wanted = {contact_id for contact_id in named.values() if contact_id is not None}
    if not wanted:
        return
    known = await repository.known_contacts(session, ids=sorted(wanted))
    missing = [pointer for pointer, contact_id in named.items() if contact_id in wanted - known]
    if missing:
        words = "No contact of the practice has this id."
        raise UnknownReference(faults=[Fault("body", pointer, "unknown-reference", words) for pointer in missing])


async def _note(
    session: ScopedSession, caller: Caller, action: str, kind: str, resource_id: UUID, changed: Iterable[str]
) -> None:
    await ledger.record(
        session,
        by=caller.doer,
        now=caller.now,
        action=action,
        resource_type=kind,
        resource_id=resource_id,
        changed_fields=changed,
    )
