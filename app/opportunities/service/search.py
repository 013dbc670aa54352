"""Finding opportunities by what is known of them and by the verdict on them."""

from datetime import datetime
from typing import Any

from app.db import keyset
from app.db.scope import ScopedSession
from app.experience import service as experience
from app.kit.keys import search_key
from app.kit.pages import Page, Position
from app.kit.shapes import Tree
from app.opportunities.repository import lists
from app.opportunities.schemas import OpportunityQuery
from app.opportunities.service.views import present

_FILTERS = ("client_id", "company_id", "coach_id", "status", "stage", "outcome")


async def search(
    session: ScopedSession, *, query: OpportunityQuery, after: Position | None, now: datetime
) -> Page[Tree]:
    """Return a page of the opportunities that match; `now` is the instant of the walk's first page."""
    as_of = query.as_of or now
    known = await experience.known(session)
    rows = await lists.list_opportunities(
        session,
        filters=_filters(query),
        sort=query.sort,
        at=as_of,
        now=now,
        page=keyset.parameters(after, query.limit),
        **known.parameters,
    )
    learnt = experience.learnt(session, experience.told(rows), known=known)
    return keyset.cut(rows, limit=query.limit, at=now, item=lambda row: present(row, as_of=as_of, learnt=learnt))


def _filters(query: OpportunityQuery) -> dict[str, Any]:
    found = {name: value for name in _FILTERS if (value := getattr(query, name))}
    if query.q is not None:
        found["q"] = search_key(query.q)
    if query.client_id is None:
        found["current_clients"] = True
    return found
