"""Imports over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from app.access.rights import Right
from app.http import reply
from app.http.deps import Body, Calling, Match, PathId, Query, ReadSession, Walking, WriteSession, filled
from app.http.operation import operation
from app.imports.schemas import ImportIn, ImportOut, ImportPage, ImportQuery, RowPage, RowQuery
from app.imports.service import commits, previews, undos
from app.imports.service import rooms as ports
from app.imports.service.reading import DateOrderIsNeeded
from app.imports.service.undos import ChangedSince
from app.kit.errors import Conflict, IdTaken, InUse, StaleVersion, UnknownReference

router = APIRouter()
TAG = "imports"


def _rooms(
    companies: Annotated[ports.Companies, Depends(filled(ports.COMPANIES))],
    opportunities: Annotated[ports.Opportunities, Depends(filled(ports.OPPORTUNITIES))],
    interactions: Annotated[ports.Interactions, Depends(filled(ports.INTERACTIONS))],
) -> ports.Rooms:
    return ports.Rooms(companies, opportunities, interactions)


Rooms = Annotated[ports.Rooms, Depends(_rooms)]


@operation(
    router,
    "GET",
    "/v1/imports",
    id="listImports",
    tag=TAG,
    right=Right.WRITE_IMPORTS,
    query=ImportQuery,
    answer=ImportPage,
)
async def list_imports(
    request: Request, query: Query[ImportQuery], walk: Walking, caller: Calling, session: ReadSession
) -> Response:
    """List imports.

    The newest first, whatever their state.
    """
    page = await previews.search(session, query=query, after=walk.after, caller=caller)
    return reply.page(request, walk, page, answer=ImportPage)


@operation(
    router,
    "POST",
    "/v1/imports",
    id="createImport",
    tag=TAG,
    right=Right.WRITE_IMPORTS,
    body=ImportIn,
    answer=ImportOut,
    status=201,
    versioned=True,
    raises=(IdTaken, UnknownReference, DateOrderIsNeeded),
)
async def create_import(body: Body[ImportIn], caller: Calling, session: WriteSession) -> Response:
    """Preview the import of a log.

    Reads the log of one client's search, up to 5,000 rows in up to 10 MiB, and reports row by row what a commit would
    make, match or skip, and why. Nothing but this report is stored. Dates alone are read as noon in the client's time
    zone. A mark such as "ghosted" becomes a note: the status is computed from the dates.
    """
    made = await previews.preview(session, caller=caller, body=body)
    return reply.created(made, location=f"/v1/imports/{made.id}", version=made.version)


@operation(
    router,
    "GET",
    "/v1/imports/{id}",
    id="getImport",
    tag=TAG,
    right=Right.WRITE_IMPORTS,
    answer=ImportOut,
    versioned=True,
)
async def get_import(request: Request, import_id: PathId, session: ReadSession) -> Response:
    """Read an import.

    Its `counts` tell what the preview announced and, after the commit, what was done.
    """
    found = await previews.read(session, import_id=import_id)
    return reply.item(request, found, version=found.version)


@operation(
    router,
    "GET",
    "/v1/imports/{id}/rows",
    id="listImportRows",
    tag=TAG,
    right=Right.WRITE_IMPORTS,
    query=RowQuery,
    answer=RowPage,
)
async def list_import_rows(
    request: Request,
    query: Query[RowQuery],
    walk: Walking,
    import_id: PathId,
    caller: Calling,
    session: ReadSession,
) -> Response:
    """Read the report of an import, row by row.

    By number. `problems` say what was guessed, left out or kept as a note, and why a row is skipped or an error.
    """
    page = await previews.rows(session, import_id=import_id, query=query, after=walk.after, caller=caller)
    return reply.page(request, walk, page, answer=RowPage)


@operation(
    router,
    "POST",
    "/v1/imports/{id}/commit",
    id="commitImport",
    tag=TAG,
    right=Right.WRITE_IMPORTS,
    answer=ImportOut,
    versioned=True,
    raises=(Conflict, StaleVersion),
)
async def commit_import(
    request: Request, import_id: PathId, if_match: Match, rooms: Rooms, caller: Calling, session: WriteSession
) -> Response:
    """Commit a previewed import.

    All or nothing. The rows are matched once more with what is there by now, so counts may differ from the preview;
    what the timelines have already is not made again.
    """
    done = await commits.commit(session, rooms=rooms, caller=caller, import_id=import_id, if_match=if_match)
    return reply.item(request, done, version=done.version)


@operation(
    router,
    "POST",
    "/v1/imports/{id}/undo",
    id="undoImport",
    tag=TAG,
    right=Right.WRITE_IMPORTS,
    answer=ImportOut,
    versioned=True,
    raises=(Conflict, ChangedSince, InUse, StaleVersion),
)
async def undo_import(
    request: Request, import_id: PathId, if_match: Match, rooms: Rooms, caller: Calling, session: WriteSession
) -> Response:
    """Undo a committed import.

    Removes what the commit made. Refused with `changed-since` once any of it was changed, or an opportunity of it got
    further interactions. Companies stay where something else refers to them.
    """
    done = await undos.undo(session, rooms=rooms, caller=caller, import_id=import_id, if_match=if_match)
    return reply.item(request, done, version=done.version)
