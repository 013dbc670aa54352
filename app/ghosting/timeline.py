from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from app.ghosting.vocabulary import Kind, Stage


@dataclass(frozen=True, slots=True)
class Interaction:
    """One thing that happened or is arranged (GHOSTING.md, section 2): instants aware and in UTC, dates local.

    `ends_at` and `arranged_at` count on meetings only, `stage` on the kinds of STAGE_KINDS only.
    """

    id: UUID
    kind: Kind
    occurred_at: datetime
    ends_at: datetime | None = None
    arranged_at: datetime | None = None
    reply_by: date | None = None
    stage: Stage | None = None


@dataclass(frozen=True, slots=True)
class Timeline:
    """All non-void interactions of one opportunity in any order, and whether it has a contact now."""

    interactions: tuple[Interaction, ...]
    has_contact: bool
