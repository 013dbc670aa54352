"""The pages that the `type` of every problem leads to: what `openapi/problems.md` says, for people, as plain HTML."""

import re
from functools import cache
from html import escape
from typing import Final

from app.http.problems import problem_page, status_of
from app.kit.errors import AppError

MEDIA_TYPE: Final = "text/html"
# No style and no script: the page stands under the same strict policy as every answer.
_PAGE: Final = """<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>{code}: a problem of Crickets</title></head>
<body>
<h1><code>{code}</code></h1>
{facts}{prose}
<p><a href="/docs">The documentation</a></p>
</body>
</html>
"""


def page(code: str) -> str | None:
    """Return the page of a code as HTML, or None for a code that there is not."""
    # Only pages that there are may fill the cache.
    prose = problem_page(code)
    return None if prose is None else _page(code, prose)


@cache
def _page(code: str, prose: str) -> str:
    paragraphs = [" ".join(part.split()) for part in prose.split("\n\n")]
    kind = next((kind for kind in _kinds(AppError) if kind.code == code), None)
    facts = f"<p>Status {status_of(kind)}: {escape(kind.title)}.</p>\n" if kind else ""
    return _PAGE.format(code=code, facts=facts, prose="\n".join(f"<p>{_html(text)}</p>" for text in paragraphs))


def _html(text: str) -> str:
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(text, quote=False))


def _kinds(of: type[AppError]) -> list[type[AppError]]:
    return [kind for sub in of.__subclasses__() for kind in (sub, *_kinds(sub))]
