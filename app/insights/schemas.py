"""How employers and people there have answered, on the wire."""

from typing import Any, ClassVar

from pydantic import Field

from app.kit import shown
from app.kit.fields import Day, Id, Instant
from app.kit.schema import Out


class ShareOut(Out):
    """A share with its uncertainty; before anything is seen every share is as likely as any other."""

    count: shown.Count = Field(description="Of how many it is true.")
    n: shown.Count = Field(description="Of how many that is decided.")
    share: float = Field(description="The mean of the posterior, Beta(1 + count, 1 + n - count).")
    low: float = Field(description="Below which it is with 5 %.")
    high: float = Field(description="Above which it is with 5 %.")


class ReplyDaysOut(Out):
    """How many days the answers took that came."""

    n: shown.Count
    lower_quartile: float
    median: float
    upper_quartile: float


class RepeatSilenceOut(Out):
    """How often it has happened, and to how many."""

    silences: shown.Count
    clients: shown.Count


class ResponsivenessOut(Out):
    """How a company or a contact has answered the practice's clients within the last 24 months."""

    company_id: Id | None
    contact_id: Id | None
    as_of: Instant
    since: Day = Field(description="Waits that began before this day do not count any more.")
    suppressed: bool = Field(
        description="True for a reader who does not see every client of the practice, where fewer than five stand "
        "behind the numbers, or one to three of whom the reader knows nothing could be told by taking away the others: "
        "all of them are null then. By itself each number is null for such a reader where that holds of those clients "
        "on whom it rests."
    )
    clients: shown.Count | None = Field(description="How many clients have waited here.")
    waits: shown.Count | None = Field(description="How often; what never arrived does not count.")
    reply_days: ReplyDaysOut | None = Field(description="Null without an answer.")
    went_silent: ShareOut | None = Field(
        description="Waits of over a month (31 days, counted from the promised date where there is one) without an "
        "answer, among those that got there or were answered before. Null without any."
    )
    promises_kept: ShareOut | None = Field(
        description="Dates that the employer had named for its answer, and on which, or before, it came. Null without "
        "any that was kept or is over."
    )
    repeat_silence: RepeatSilenceOut | None

    example: ClassVar[dict[str, Any]] = {
        "company_id": "01981d3c-5f0e-7c3a-9b1e-6a1d2f3c4c01",
        "contact_id": None,
        "as_of": "2026-03-16T12:00:00.000000Z",
        "since": "2024-03-16",
        "suppressed": False,
        "clients": 6,
        "waits": 9,
        "reply_days": {"n": 4, "lower_quartile": 3.5, "median": 6.0, "upper_quartile": 11.0},
        "went_silent": {"count": 4, "n": 8, "share": 0.5, "low": 0.2514, "high": 0.7486},
        "promises_kept": {"count": 1, "n": 3, "share": 0.4, "low": 0.0976, "high": 0.7514},
        "repeat_silence": {"silences": 4, "clients": 3},
    }
