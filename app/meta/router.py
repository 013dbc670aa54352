"""The service about itself, over HTTP and without a credential."""

from fastapi import APIRouter, Request, Response

from app.access.rights import Right
from app.http import problem_pages, reply
from app.http.guard import BODY_LIMIT
from app.http.house import house
from app.http.operation import operation
from app.kit.errors import NotFound
from app.kit.lists import MAX_BATCH, MAX_IMPORT_BYTES, MAX_IMPORT_ROWS, MAX_LIMIT
from app.meta import service
from app.meta.schemas import DocumentOut, HealthOut, LimitsOut, MetaOut, ProblemPage

router = APIRouter()
TAG = "service"
_LIMITS = LimitsOut(
    body_bytes=BODY_LIMIT,
    import_bytes=MAX_IMPORT_BYTES,
    import_rows=MAX_IMPORT_ROWS,
    page_items=MAX_LIMIT,
    batch_items=MAX_BATCH,
)


@operation(router, "GET", "/livez", id="getLiveness", tag=TAG, right=Right.PUBLIC, answer=HealthOut)
async def get_liveness() -> Response:
    """Check that the process answers.

    Touches nothing but the process itself.
    """
    return reply.document(HealthOut(status="ok"))


@operation(router, "GET", "/readyz", id="getReadiness", tag=TAG, right=Right.PUBLIC, answer=HealthOut)
async def get_readiness(request: Request) -> Response:
    """Check that the service can do its work.

    Answers 503 while the database is away, its schema is not the expected one, or the login holds too many rights.
    """
    async with house(request).look() as session:
        await service.check_ready(session)
    return reply.document(HealthOut(status="ok"))


@operation(router, "GET", "/v1/meta", id="getMeta", tag=TAG, right=Right.PUBLIC, answer=MetaOut)
async def get_meta(request: Request) -> Response:
    """Read the closed lists.

    Values of every enumeration, the limits, and the regions whose public holidays are known.
    """
    return reply.document(service.describe(version=request.app.version, limits=_LIMITS))


@operation(router, "GET", "/openapi.json", id="getOpenApi", tag=TAG, right=Right.PUBLIC, answer=DocumentOut)
async def get_openapi(request: Request) -> Response:
    """Read this document.

    OpenAPI 3.1, the same as the one kept with the source.
    """
    return Response(request.app.state.openapi, media_type="application/json")


@operation(
    router,
    "GET",
    "/problems/{code}",
    id="getProblemPage",
    tag=TAG,
    right=Right.PUBLIC,
    answer=ProblemPage,
    media_type=problem_pages.MEDIA_TYPE,
)
async def get_problem_page(request: Request) -> Response:
    """Read about a problem.

    The `type` of every problem is the address of such a page: what the code means, and what to do about it.
    """
    page = problem_pages.page(request.path_params["code"])
    if page is None:
        raise NotFound
    return Response(page, media_type=problem_pages.MEDIA_TYPE)
