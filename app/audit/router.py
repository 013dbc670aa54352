"""The audit log over HTTP."""

from fastapi import APIRouter, Request, Response

from app.access.rights import Right
from app.audit.schemas import AuditEventPage, AuditEventQuery
from app.audit.service import listing
from app.http import reply
from app.http.deps import Calling, Query, ReadSession, Walking
from app.http.operation import operation

router = APIRouter()


@operation(
    router,
    "GET",
    "/v1/audit-events",
    id="listAuditEvents",
    tag="access",
    right=Right.READ_AUDIT,
    query=AuditEventQuery,
    answer=AuditEventPage,
)
async def list_audit_events(
    request: Request, query: Query[AuditEventQuery], walk: Walking, caller: Calling, session: ReadSession
) -> Response:
    """Read who did what.

    The newest first: one entry for every request that changed something, and for every export. Entries are never
    changed and never removed; each is chained to the one before.
    """
    page = await listing.search(session, query=query, after=walk.after, caller=caller)
    return reply.page(request, walk, page, answer=AuditEventPage)
