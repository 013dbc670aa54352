"""Imports of job-search logs on the wire (API.md, import)."""

from app.imports.schemas.answers import Counts, ImportOut, ImportPage, RowOut, RowPage
from app.imports.schemas.inputs import ImportIn, ImportQuery, LogFormat, RowQuery

__all__ = [
    "Counts",
    "ImportIn",
    "ImportOut",
    "ImportPage",
    "ImportQuery",
    "LogFormat",
    "RowOut",
    "RowPage",
    "RowQuery",
]
