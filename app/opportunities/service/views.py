"""How a row becomes an answer."""

from datetime import datetime

from app.assessments import service as assessments
from app.db.scope import Row
from app.ghosting.experience import Experiences
from app.ghosting.vocabulary import Outcome, Stage
from app.opportunities.schemas import OpportunityOut

_STORED = tuple(
    name for name in OpportunityOut.model_fields if name not in {"stage", "outcome", "assessment"}
)  # what rows hold under the name of the answer


def present(row: Row, *, as_of: datetime, learnt: Experiences) -> OpportunityOut:
    """Return the answer that a row makes, with the assessment of the instant `as_of`."""
    return OpportunityOut.model_construct(
        **{name: row[name] for name in _STORED},
        stage=Stage(row["stage_now"]),
        outcome=Outcome(row["outcome_now"]) if row["outcome_now"] else None,
        assessment=assessments.summary(row, as_of=as_of, time_zone=row["time_zone"], learnt=learnt),
    )
