"""What a caller may see of opportunities, and how a row becomes an answer."""

from datetime import datetime
from uuid import UUID

from app.access.principal import Caller
from app.assessments import service as assessments
from app.db.scope import Row
from app.db.vocabulary import Visibility
from app.ghosting.vocabulary import Outcome, Stage
from app.opportunities.schemas import OpportunityOut

_STORED = tuple(
    name for name in OpportunityOut.model_fields if name not in {"stage", "outcome", "assessment"}
)  # what rows hold under the name of the answer


def own_client(caller: Caller) -> UUID | None:
    """Return the client whose opportunities alone exist for the caller, None for a member."""
    return caller.principal.id if caller.principal.is_client else None


def visible(caller: Caller) -> list[str]:
    """Return the visibilities of the interactions that exist for the caller."""
    return list(Visibility) if caller.principal.sees_coaches_only else [Visibility.SHARED]


def present(row: Row, *, as_of: datetime) -> OpportunityOut:
    """Return the answer that a row makes, with the assessment of the instant `as_of`."""
    return OpportunityOut.model_construct(
        **{name: row[name] for name in _STORED},
        stage=Stage(row["stage_now"]),
        outcome=Outcome(row["outcome_now"]) if row["outcome_now"] else None,
        assessment=assessments.summary(row, as_of=as_of, time_zone=row["time_zone"]),
    )
