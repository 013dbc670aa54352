"""The pages that the `type` of every problem leads to: what `openapi/problems.md` says, as plain text."""

from typing import Final

from app.http.problems import problem_page, status_of
from app.kit.errors import AppError

MEDIA_TYPE: Final = "text/plain"


def page(code: str) -> str | None:
    """Return the page of a code, or None for a code that there is not."""
    prose = problem_page(code)
    if prose is None:
        return None
    kind = next((kind for kind in _kinds(AppError) if kind.code == code), None)
    facts = f"Status {status_of(kind)}: {kind.title}.\n\n" if kind else ""
    return f"{code}\n{'=' * len(code)}\n\n{facts}{prose}\n"


def _kinds(of: type[AppError]) -> list[type[AppError]]:
    return [kind for sub in of.__subclasses__() for kind in (sub, *_kinds(sub))]
