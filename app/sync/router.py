"""The change feed over HTTP."""

from fastapi import APIRouter, Request, Response

from app.access.rights import Right
from app.http import reply
from app.http.deps import Calling, Query, ReadSession
from app.http.house import house
from app.http.operation import operation
from app.kit.errors import InvalidCursor, SyncReset
from app.sync.schemas import ChangeQuery
from app.sync.service import following
from app.sync.service.kinds import Kinds


def router_of(kinds: Kinds) -> APIRouter:
    """Return the router that serves the changes of these types of records."""
    router = APIRouter()

    @operation(
        router,
        "GET",
        "/v1/changes",
        id="listChanges",
        tag="sync",
        right=Right.FOLLOW_CHANGES,
        query=ChangeQuery,
        answer=kinds.page,
        raises=(InvalidCursor, SyncReset),
    )
    async def list_changes(
        request: Request, query: Query[ChangeQuery], caller: Calling, session: ReadSession
    ) -> Response:
        """Follow what changes.

        Without a token: everything that you can read, page by page, then what has changed meanwhile. Keep `next_token`
        with what you stored of the page, ask again with it while `has_more` is true, and later for what is new.

        A change tells a record as reading it would answer you now, its assessment included, or that it is gone or no
        longer yours to read. The same may be told again; nothing is left out. Parts may come before what they belong
        to. A voided interaction is still a record, with `voided_at`. That only time has passed is not told: every
        assessment says until when it holds, and of actions and wins those are told that people have set or noted;
        what follows from timelines is to be listed. Nor is it told when an `outlook` moves because of what other
        opportunities taught the practice: it is as of the moment in which it was told, so read the opportunity again to
        have it fresh. Skip types that you do not know.

        A token that is older than 90 days, or from before a restore of the database, is refused with `sync-reset`:
        drop the copy and begin again. What is to be read is decided by your role and by this scope alone.
        """
        page = await following.page(session, caller=caller, kinds=kinds, signer=house(request).signer, query=query)
        return reply.document(page)

    return router
