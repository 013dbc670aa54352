"""Do the stored steps say what the engine says of the stored timelines?"""

import json
from typing import Any
from uuid import UUID

from app.assessments import repository
from app.assessments.service.convert import calendar_of, policy_of, row_of, timeline_of
from app.db.scope import Role, Scope, ScopedSession
from app.ghosting.history import history
from tests.support.api import House
from tests.support.database import Database

_COLUMNS = ", ".join(["opportunity_id", "seq", *(c.name for c in repository.STEP_COLUMNS)])
_STORED = f"select {_COLUMNS} from ghosting_step where practice_id = $1 order by opportunity_id, seq"
_ROLES = "select practice_id, array_agg(id order by id) as ids from opportunity group by practice_id"


def disagreements(house: House, database: Database) -> list[str]:
    """Recompute every opportunity of every practice and list those whose stored steps differ."""
    found: list[str] = []
    for practice in database.fetch(_ROLES):
        computed = house.within(Scope(Role.TENANT, practice_id=practice["practice_id"]), _computer(practice["ids"]))
        stored: dict[UUID, list[dict[str, Any]]] = {}
        for row in database.fetch(_STORED, practice["practice_id"]):
            stored.setdefault(row["opportunity_id"], []).append(_plain(row))
        found += [str(i) for i in practice["ids"] if computed.get(i) != stored.get(i)]
    return found


def _computer(ids: list[UUID]) -> Any:
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
            for facts in found
        }

    return compute


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    reasons = row["reasons"]
    parsed = json.loads(reasons) if isinstance(reasons, str) else reasons
    return {**row, "reasons": [{"code": str(r["code"]), "interaction_ids": r["interaction_ids"]} for r in parsed]}
