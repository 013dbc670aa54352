"""What a stored interaction looks like."""

from collections.abc import Mapping
from typing import Any

from app.interactions.schemas import InteractionOut, RecordedBy

_PLAIN = tuple(name for name in InteractionOut.model_fields if name != "recorded_by")


def shown(row: Mapping[Any, Any]) -> InteractionOut:
    """Return the answer that a row makes."""
    return InteractionOut.model_construct(**fields_of(row))


def fields_of(row: Mapping[Any, Any]) -> dict[str, Any]:
    """Return the fields of that answer."""
    by = RecordedBy.model_construct(type=row["recorded_by_type"], id=row["recorded_by_id"])
    return {name: row[name] for name in _PLAIN} | {"recorded_by": by}
