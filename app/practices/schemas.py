"""The caller and their practice on the wire."""

from typing import Annotated, Any, ClassVar

from pydantic import MISSING, Field

from app.access.rights import Scope
from app.db.vocabulary import ActorType, CallerRole, CoachAccess
from app.kit import shown
from app.kit.fields import Id, Instant, Line, Region, Whole, Zone
from app.kit.schema import Out, Patch
from app.kit.shown import Shown


class PracticeOut(Out):
    """The coaching business: the tenant, beyond which nothing is visible."""

    id: Id
    name: shown.Name
    time_zone: shown.Zone
    region: shown.Region | None
    coach_access: CoachAccess
    weekly_target: Annotated[int, Shown(Whole(0, 50))] = Field(
        description="How many new openings a week a client's plan asks for; 0 asks for none."
    )
    version: shown.Version
    created_at: Instant
    updated_at: Instant

    example: ClassVar[dict[str, Any]] = {
        "id": "01981d3c-5f0e-7c3a-9b1e-6a1d2f3c4b00",
        "name": "Example Coaching",
        "time_zone": "Europe/Berlin",
        "region": "DE-BE",
        "coach_access": "practice",
        "weekly_target": 5,
        "version": 1,
        "created_at": "2026-03-02T09:00:00.000000Z",
        "updated_at": "2026-03-02T09:00:00.000000Z",
    }


class PracticePatch(Patch):
    """What to change of the practice."""

    name: Annotated[str, Line(200)] | MISSING = MISSING
    time_zone: Zone | MISSING = MISSING
    region: Region | None | MISSING = MISSING
    coach_access: CoachAccess | MISSING = Field(
        default=MISSING, description="`assigned`: coaches and assistants see the clients they are assigned to only."
    )
    weekly_target: Annotated[int, Whole(0, 50)] | MISSING = Field(
        default=MISSING, description="New openings a week that a client's plan asks for; 0: none."
    )

    example: ClassVar[dict[str, Any]] = {"coach_access": "assigned", "region": None, "weekly_target": 3}


class PracticeName(Out):
    """A practice in short."""

    id: Id
    name: shown.Name


class MeOut(Out):
    """Who the credential stands for."""

    type: ActorType
    id: Id
    name: shown.Name
    role: CallerRole
    scopes: Annotated[list[Scope], Shown(maxItems=len(Scope))]
    practice: PracticeName

    example: ClassVar[dict[str, Any]] = {
        "type": "member",
        "id": "01981d3c-5f0e-7c3a-9b1e-6a1d2f3c4b01",
        "name": "Owner Example",
        "role": "owner",
        "scopes": ["clients:read", "clients:write"],
        "practice": {"id": "01981d3c-5f0e-7c3a-9b1e-6a1d2f3c4b00", "name": "Example Coaching"},
    }
