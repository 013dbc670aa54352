"""The service about itself: is it well, and what are its closed lists."""

from enum import StrEnum

from app.coaching import vocabulary as coaching
from app.db import vocabulary as records
from app.db.head import SCHEMA_HEAD
from app.db.scope import ScopedSession
from app.ghosting import vocabulary as engine
from app.kit.errors import Unavailable
from app.kit.regions import regions
from app.meta import repository
from app.meta.schemas import LimitsOut, MetaOut

ENUMS: dict[str, type[StrEnum]] = {
    "action_kind": records.NextActionKind,
    "action_origin": records.ActionOrigin,
    "action_state": records.ActionState,
    "activity_kind": records.ActivityKind,
    "activity_status": records.ActivityStatus,
    "assignee": records.Assignee,
    "channel": records.Channel,
    "coach_access": records.CoachAccess,
    "contact_role": records.ContactRole,
    "draft_channel": coaching.DraftChannel,
    "draft_kind": coaching.DraftKind,
    "draft_tone": coaching.Tone,
    "employment_status": records.EmploymentStatus,
    "ghost_kind": engine.GhostKind,
    "import_state": records.ImportState,
    "interaction_kind": engine.Kind,
    "login_status": records.LoginStatus,
    "member_role": records.MemberRole,
    "opportunity_kind": records.OpportunityKind,
    "opportunity_source": records.OpportunitySource,
    "outcome": engine.Outcome,
    "possible_reason": engine.PossibleReason,
    "reason": engine.ReasonCode,
    "stage": engine.Stage,
    "status": engine.Status,
    "visibility": records.Visibility,
    "wait": engine.Wait,
    "waiting_on": engine.WaitingOn,
    "win_kind": engine.WinKind,
    "win_origin": records.WinOrigin,
}


async def check_ready(session: ScopedSession) -> None:
    """Raise Unavailable unless the schema is the one this code knows and the login is as poor as it must be."""
    state = await repository.state(session)
    if state["too_mighty"]:
        raise Unavailable("The login of the service may bypass row level security.")
    if state["revision"] != SCHEMA_HEAD:
        raise Unavailable("The schema of the database is not the one this version was made for.")


def describe(*, version: str, limits: LimitsOut) -> MetaOut:
    """Return the closed lists, the limits and the holiday regions."""
    enums = {name: [member.value for member in kind] for name, kind in sorted(ENUMS.items())}
    return MetaOut(version=version, enums=enums, limits=limits, regions=list(regions()))
