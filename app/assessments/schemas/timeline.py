"""What every room that takes interactions asks of them (API.md, interaction): the fields, and how they go together."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, ClassVar, NamedTuple, Self

from pydantic import Field, model_validator

from app.db.vocabulary import Channel, Visibility
from app.ghosting.vocabulary import MEETING_KINDS, STAGE_KINDS, Kind, Stage
from app.kit import shown
from app.kit.fields import Day, Id, Instant, Text
from app.kit.schema import Code, In, Out, rule_error

Summary = Annotated[str, Text(10_000)]


class Finding(NamedTuple):
    """One field that does not go with the others."""

    field: str
    code: Code
    words: str


def findings(
    *, kind: str, occurred_at: datetime, ends_at: datetime | None, arranged_at: datetime | None, stage: str | None
) -> Iterator[Finding]:
    """Give what is wrong with an interaction as a whole; nothing for a sound one.

    A field that the kind does not have is unknown with it, hence the code.
    """
    if kind not in MEETING_KINDS:
        words = "Only an interview or a meeting has this field."
        times = {"ends_at": ends_at, "arranged_at": arranged_at}
        yield from (Finding(name, "unknown-field", words) for name, value in times.items() if value is not None)
    else:
        if ends_at is not None and ends_at < occurred_at:
            yield Finding("ends_at", "order", "Must not lie before occurred_at.")
        if arranged_at is not None and arranged_at > occurred_at:
            yield Finding("arranged_at", "order", "Must not lie after occurred_at.")
    if stage is not None and kind not in STAGE_KINDS:
        yield Finding("stage", "unknown-field", "An interaction of this kind cannot set the stage.")


def arranged(*, kind: str, occurred_at: datetime, arranged_at: datetime | None, now: datetime) -> datetime | None:
    """Return when a meeting recorded at `now` counts as arranged: at the latest now, if it still lies ahead."""
    unsaid = kind in MEETING_KINDS and arranged_at is None
    return now if unsaid and occurred_at > now else arranged_at


def rearranged(recorded: Mapping[Any, Any], sent: Mapping[str, Any], *, now: datetime) -> dict[str, Any]:
    """Return the `arranged_at` of a corrected record: what recording it so in the first place would have set.

    `recorded` is the record as it stands, `sent` the fields to change; nothing for a change that moves no meeting.
    """
    if not sent.keys() & {"kind", "occurred_at", "arranged_at"}:
        return {}
    merged = {**recorded, **sent}
    meeting, said = merged["kind"] in MEETING_KINDS, merged["arranged_at"]
    own = "arranged_at" not in sent and said is not None and said == recorded["recorded_at"]
    if own and not (meeting and said <= merged["occurred_at"]):
        said = None  # the service's own mark goes when it fits no more; a caller's word is for the caller to mend
    unsaid = meeting and said is None and merged["occurred_at"] > now
    return {"arranged_at": recorded["recorded_at"] if unsaid else said}


class InteractionFields(In):
    """One thing that happened, or is arranged."""

    kind: Kind
    occurred_at: Instant = Field(description="When it happened or will; one to come counts from that instant on.")
    ends_at: Instant | None = Field(default=None, description="When a meeting ends; only with interview and meeting.")
    arranged_at: Instant | None = Field(
        default=None,
        description=(
            "When a meeting was agreed on; only with interview and meeting. One that lies ahead and does not say so"
            " counts as agreed on when it is recorded."
        ),
    )
    reply_by: Day | None = Field(
        default=None, description="By when the employer said it would answer, or by when it wants an answer."
    )
    stage: Stage | None = Field(default=None, description="The stage that the process is in from here on.")
    channel: Channel | None = None
    summary: Summary | None = None

    example: ClassVar[dict[str, Any]] = {
        "kind": "interview",
        "occurred_at": "2026-03-09T14:00:00Z",
        "ends_at": "2026-03-09T15:00:00Z",
        "arranged_at": "2026-03-03T09:30:00Z",
        "stage": "interviewing",
        "channel": "video",
        "summary": "Portfolio review with the design lead.",
    }

    @model_validator(mode="after")
    def _in_tune(self) -> Self:
        for found in findings(
            kind=self.kind,
            occurred_at=self.occurred_at,
            ends_at=self.ends_at,
            arranged_at=self.arranged_at,
            stage=self.stage,
        ):
            raise rule_error(found.code, found.words, found.field)
        return self


class InteractionIn(InteractionFields):
    """An interaction that is to be recorded."""

    id: Id | None = Field(default=None, description="An id of the caller's own, to work offline.")
    contact_id: Id | None = Field(default=None, description="Whom it was with; the opportunity's contacts stay as is.")
    visibility: Visibility = Field(
        default=Visibility.SHARED, description="`coaches` hides it, its id included, from assistants and client logins."
    )


class WarningCode(StrEnum):
    """What was recorded, because it is true, although it ought not to have happened."""

    FOLLOW_UP_USED = "follow-up-used"


class WarningOut(Out):
    """A word about what was recorded all the same."""

    code: WarningCode
    message: shown.Sentence
    interaction_id: Id | None = Field(description="The other interaction that it is about; null where that is hidden.")
    occurred_at: Instant | None = Field(description="When that one was.")

    example: ClassVar[dict[str, Any]] = {
        "code": "follow-up-used",
        "message": "A silence takes one follow-up, and this one has had more: only the first of them counts.",
        "interaction_id": "01981d3c-5f0e-7c3a-9b1e-6a1d2f3c4b5c",
        "occurred_at": "2026-03-09T09:00:00.000000Z",
    }
