"""Do the stored steps, wins and waits say what the engine says of the stored timelines?"""

import json
from dataclasses import asdict
from typing import Any
from uuid import UUID

from app.assessments import repository
from app.assessments.service.convert import calendar_of, policy_of, row_of, timeline_of, waits_of, win_rows
from app.db.scope import Role, Scope, ScopedSession
from app.ghosting.history import history
from tests.support.api import House
from tests.support.database import Database

_COLUMNS = ", ".join(["opportunity_id", "seq", *(c.name for c in repository.STEP_COLUMNS)])
_STORED = f"select practice_id, {_COLUMNS} from ghosting_step order by opportunity_id, seq"
_WON = (
    "select practice_id, opportunity_id, kind, interaction_id, stage, occurred_at, occurred_on, retracted_at "
    "from derived_win order by opportunity_id, kind, interaction_id"
)
_WAITED = (
    "select s.practice_id, s.opportunity_id, s.wait, s.started_at, s.started_on, s.promised_on, s.ended_at, "
    "s.ended_on, s.ending, s.handed_on, s.client_id = o.client_id and s.company_id = o.company_id as is_theirs "
    "from silence s join opportunity o on o.practice_id = s.practice_id and o.id = s.opportunity_id "
    "order by s.opportunity_id, s.seq"
)
_ROLES = "select practice_id, array_agg(id order by id) as ids from opportunity group by practice_id"


def disagreements(house: House, database: Database) -> list[str]:
    """Recompute every opportunity of every practice and list those whose stored steps differ."""
    found: list[str] = []
    hidden = {row["id"] for row in database.fetch("select id from opportunity where deleted_at is not null")}
    stored: dict[tuple[UUID, UUID], list[dict[str, Any]]] = {}
    steps = [{**row, "reasons": _parsed(row["reasons"])} for row in database.fetch(_STORED)]
    for row in (*steps, *database.fetch(_WON), *database.fetch(_WAITED)):
        stored.setdefault((row.pop("practice_id"), row["opportunity_id"]), []).append(row)
    for practice in database.fetch(_ROLES):
        where = practice["practice_id"]
        computed = house.within(Scope(Role.TENANT, practice_id=where), _computer(practice["ids"], hidden))
        found += [str(i) for i in practice["ids"] if computed.get(i) != stored.get((where, i))]
    return found


def _computer(ids: list[UUID], hidden: set[UUID]) -> Any:
    async def compute(session: ScopedSession) -> dict[UUID, list[dict[str, Any]]]:
        in_force, found = await repository.facts(session, opportunity_ids=ids)
        assert in_force is not None
        policy, number = policy_of(in_force.document), in_force.number
        return {
            facts.opportunity_id: [
                _plain(row_of(step, opportunity_id=facts.opportunity_id, seq=seq, rules_version=number))
                for seq, step in enumerate(
                    history(timeline_of(facts), policy, calendar_of(facts.time_zone, facts.region))
                )
            ]
            + sorted(win_rows(facts, policy), key=lambda win: (win["kind"], win["interaction_id"]))
            + [
                {"opportunity_id": facts.opportunity_id, **asdict(waited), "is_theirs": True}
                for waited in waits_of(facts)
                if facts.opportunity_id not in hidden
            ]
            for facts in found
        }

    return compute


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    return {**row, "reasons": _parsed(row["reasons"])}


def _parsed(reasons: Any) -> list[dict[str, Any]]:
    found = json.loads(reasons) if isinstance(reasons, str) else reasons
    return [{"code": str(r["code"]), "interaction_ids": r["interaction_ids"]} for r in found]
