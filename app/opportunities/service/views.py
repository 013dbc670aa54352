"""How a row becomes an answer."""

from datetime import datetime
from operator import itemgetter

from app.assessments import service as assessments
from app.db.scope import Row
from app.ghosting.experience import Experiences
from app.kit.shapes import Tree
from app.opportunities.schemas import OpportunityOut

#: What rows hold under another name than that of the answer; the status only keeps the place of the assessment.
_ELSEWHERE = {"stage": "stage_now", "outcome": "outcome_now", "assessment": "status"}
_NAMES = tuple(OpportunityOut.model_fields)
_stored = itemgetter(*(_ELSEWHERE.get(name, name) for name in _NAMES))


def present(row: Row, *, as_of: datetime, learnt: Experiences) -> Tree:
    """Return the answer that a row makes, with the assessment of the instant `as_of`: a tree of `OpportunityOut`."""
    tree = dict(zip(_NAMES, _stored(row), strict=True))
    tree["assessment"] = assessments.summary(row, as_of=as_of, time_zone=row["time_zone"], learnt=learnt)
    return tree
