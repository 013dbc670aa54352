"""Today's work across the caseload, in the order in which to do it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from app.access.principal import Caller, Principal
from app.assessments import service as assessments
from app.assessments.service import Chooser, step_of
from app.db.scope import Row, ScopedSession
from app.db.vocabulary import NextActionKind
from app.guidance import repository
from app.guidance.schemas import ByHand, QueueCounts, QueueQuery, QueueScope
from app.guidance.service import ranking
from app.kit.errors import Fault, NotAllowed, RuleBroken
from app.kit.pages import Page, Position
from app.kit.shapes import Tree

#: How the repository writes the date of what has none.
_NEVER = "infinity"
NO_COUNTS = dict.fromkeys(QueueCounts.model_fields, 0)


@dataclass(frozen=True, slots=True)
class Queue:
    """One page of the work as of an instant, and how many opportunities have each status."""

    as_of: datetime
    counts: Tree
    page: Page[Tree]


async def work(
    session: ScopedSession, *, caller: Caller, query: QueueQuery, after: Position | None, at: datetime
) -> Queue:
    """Return a page of the queue; `at` is the instant of the whole walk. Raise NotAllowed."""
    coach_id = coach_asked_for(caller.principal, query)
    as_of = query.as_of or at
    done, place = _place(after)
    rows = await repository.queue(session, coach_id=coach_id, at=as_of, take=query.limit + 1, **place)
    counts = {**NO_COUNTS, **(rows[0]["counts"] or {})}
    found = [row for row in rows if row["place_id"] is not None]
    kept = found[: query.limit]
    choose = await _chooser(session, caller.principal, kept)
    items = [present(row, rank=done + n, choose=choose) for n, row in enumerate(kept, 1)]
    last = _position(kept[-1], rank=done + len(kept), at=at) if len(found) > len(kept) else None
    return Queue(as_of, counts, Page(items, last))


def coach_asked_for(who: Principal, query: QueueQuery) -> UUID | None:
    """Return whose clients are asked for, None for all whom the caller sees."""
    if who.is_client:
        if query.scope is not None or query.coach_id is not None:
            raise NotAllowed("Your queue is your own: leave scope and coach_id out.")
        return None
    if query.scope is not None and query.coach_id is not None:
        raise RuleBroken(faults=[Fault("query", "scope", "exactly-one", "Give scope or coach_id, not both.")])
    if query.scope is QueueScope.PRACTICE:
        return None
    return query.coach_id or who.id


def _place(after: Position | None) -> tuple[int, dict[str, Any]]:
    """Read how many items came before and the last one's place."""
    if after is None:
        return 0, {}
    rank, bucket, due, patience = after.key.split("|")
    place = {"after_bucket": int(bucket), "after_due": due, "after_patience": int(patience), "after_id": after.id}
    return int(rank), place


def _position(row: Row, *, rank: int, at: datetime) -> Position:
    return Position(f"{rank}|{row['bucket']}|{row['due']}|{row['patience']}", str(row["place_id"]), at)


async def _chooser(session: ScopedSession, who: Principal, rows: Sequence[Row]) -> Chooser:
    if who.sees_coaches_only:
        return list
    named = {i for row in rows if row["task"] is None for i in row["action_interaction_ids"]}
    seen = await repository.seen_ids(session, ids=sorted(named)) if named else frozenset()
    return lambda ids: [i for i in ids if i in seen]


def present(row: Row, *, rank: int, choose: Chooser) -> Tree:
    """Return an item of the queue, as a tree of `QueueItem`; `choose` drops ids that the reader may not see."""
    step, today = step_of(row) if row["status"] else None, row["today"]
    known = {"id": row["id"], "title": row["title"], "company_name": row["company_name"]}
    action = _task(row)
    if action is None and step is not None:
        action = assessments.next_action(step, today=today, choose=choose)
    due_on = None if row["due"] == _NEVER else date.fromisoformat(row["due"])
    silent = assessments.silent_days(step, today) if step else None
    kind = action["kind"] if action else NextActionKind.CUSTOM
    return {
        "rank": rank,
        "client": {"id": row["client_id"], "name": row["client_name"]},
        "opportunity": known if row["id"] else None,
        "status": row["status"],
        "since": step and step.status_since,
        "silent_days": silent,
        "next_action": action,
        "action_id": row["action_id"],
        "overdue_days": max(0, (today - due_on).days) if due_on else 0,
        "why": ranking.why(place=row["bucket"], kind=kind, due_on=due_on, today=today, silent_days=silent),
    }


def _task(row: Row) -> Tree | None:
    """Return an action that was set by hand as the queue shows it; None for the advice of a step."""
    if row["task"] is None:
        return None
    return {
        "kind": NextActionKind.CUSTOM.value,
        "due_on": row["due"],
        "reason": row["task"],
        "key": f"{NextActionKind.CUSTOM}:{row['action_id']}",
        "source": ByHand.SET_BY_HAND.value,
        "interaction_ids": [],
        "alternative": None,
    }
