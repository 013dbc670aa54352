"""The parts of an export, made of rows."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from pydantic import BaseModel

from app.assessments import service as assessments
from app.assessments.schemas import AssessmentSummary, HistoryItem
from app.db.scope import Row
from app.ghosting.experience import Experiences
from app.privacy import schemas

M = TypeVar("M", bound=BaseModel)
Grouped = Mapping[UUID, list[M]]


def part(model: type[M], row: Mapping[Any, Any], **more: Any) -> M:
    """Return the part that a row holds under the names of the model, with `more` that it does not."""
    return model.model_construct(**{name: row[name] for name in model.model_fields if name not in more}, **more)


def parts(model: type[M], rows: Iterable[Mapping[Any, Any]]) -> list[M]:
    """Return a part for each row."""
    return [part(model, row) for row in rows]


def imports_of(files: Iterable[Row], rows: Iterable[Row]) -> list[schemas.ExportedImport]:
    """Return imports with their rows."""
    own: dict[UUID, list[schemas.ExportedRow]] = {}
    for row in rows:
        own.setdefault(row["import_id"], []).append(part(schemas.ExportedRow, row))
    return [part(schemas.ExportedImport, file, rows=own.get(file["id"], [])) for file in files]


def timelines(rows: Iterable[Row], former: Iterable[Row]) -> Grouped[schemas.ExportedInteraction]:
    """Return the interactions with their former versions, by opportunity."""
    said: dict[UUID, list[schemas.ExportedFormer]] = {}
    for row in former:
        said.setdefault(row["interaction_id"], []).append(_former(row))
    found: dict[UUID, list[schemas.ExportedInteraction]] = {}
    for row in rows:
        by = schemas.ExportedRecorder.model_construct(type=row["recorded_by_type"], id=row["recorded_by_id"])
        made = part(schemas.ExportedInteraction, row, recorded_by=by, former=said.get(row["id"], []))
        found.setdefault(row["opportunity_id"], []).append(made)
    return found


def histories(runs: Iterable[Row]) -> Grouped[HistoryItem]:
    """Return the status histories, by opportunity."""
    found: dict[UUID, list[HistoryItem]] = {}
    for run in runs:
        item = HistoryItem.model_construct(
            status=run["status"], starts_at=run["status_since"], ends_at=run["status_until"]
        )
        found.setdefault(run["opportunity_id"], []).append(item)
    return found


def opportunity_of(
    row: Row,
    *,
    now: datetime,
    timeline: Grouped[schemas.ExportedInteraction],
    history: Grouped[HistoryItem],
    learnt: Experiences,
) -> schemas.ExportedOpportunity:
    """Return an opportunity with everything that hangs on it."""
    company = schemas.ExportedCompany.model_construct(
        id=row["company_id"], name=row["company_name"], domain=row["company_domain"]
    )
    return part(
        schemas.ExportedOpportunity,
        row,
        company=company,
        assessment=AssessmentSummary.model_validate(
            assessments.summary(row, as_of=now, time_zone=row["time_zone"], learnt=learnt)
        ),
        status_history=history.get(row["id"], []),
        interactions=timeline.get(row["id"], []),
    )


def ids_of(opportunities: Sequence[schemas.ExportedOpportunity]) -> list[UUID]:
    """Return the ids of opportunities and of their interactions."""
    return [i for found in opportunities for i in (found.id, *(act.id for act in found.interactions))]


def guided_ids(told: Mapping[str, Sequence[Any]]) -> list[UUID]:
    """Return the ids of the records that the guidance of a document tells of."""
    kinds = ("next_actions", "action_decisions", "wins", "development_activities")
    return [found.id for kind in kinds for found in told[kind]]


def _former(row: Row) -> schemas.ExportedFormer:
    by = schemas.ExportedEditor.model_construct(type=row["replaced_by_type"], id=row["replaced_by_id"])
    return part(schemas.ExportedFormer, row, said=row["former"], replaced_by=by)
