"""Pictures over HTTP."""

from fastapi import APIRouter, Request, Response

from app.access.rights import Right
from app.http import links, reply
from app.http.deps import Body, Calling, Held, PathId, Query, ReadSession
from app.http.operation import operation
from app.kit.errors import UnknownReference
from app.pictures import service
from app.pictures.schemas import Picture, PictureLinkIn, PictureLinkOut, PictureQuery

router = APIRouter()
TAG = "pictures"
_SVG = "image/svg+xml"


@operation(
    router,
    "GET",
    "/v1/opportunities/{id}/timeline.svg",
    id="getOpportunityTimelinePicture",
    tag=TAG,
    right=Right.READ_GUIDANCE,
    query=PictureQuery,
    answer=Picture,
    media_type=_SVG,
    linked=True,
)
async def get_timeline_picture(
    query: Query[PictureQuery], opportunity_id: PathId, caller: Calling, session: ReadSession
) -> Response:
    """See the timeline of an opportunity.

    What happened and on whose side, the status over time in colour, today, the window for the one follow-up, and from
    when the silence counts as ghosting. It reads in light and dark, and says all of it in words in its description.
    Only the latest 500 interactions that the reader may see are drawn; what stands close together is one mark with its
    number. A signed link opens it as well as a credential does.
    """
    svg = await service.timeline(session, caller=caller, opportunity_id=opportunity_id, as_of=query.as_of)
    return reply.picture(svg)


@operation(
    router,
    "GET",
    "/v1/clients/{id}/search.svg",
    id="getClientSearchPicture",
    tag=TAG,
    right=Right.READ_GUIDANCE,
    query=PictureQuery,
    answer=Picture,
    media_type=_SVG,
    linked=True,
)
async def get_search_picture(
    query: Query[PictureQuery], client_id: PathId, caller: Calling, session: ReadSession
) -> Response:
    """See a client's whole search.

    A flow from where openings came, through the stages that they reached, to what became of them: an outcome, silence,
    or still live. An opening counts in each stage up to the furthest that it was in. It reads in light and dark, and
    says all numbers in words in its description. A signed link opens it as well as a credential does.
    """
    return reply.picture(await service.search(session, caller=caller, client_id=client_id, as_of=query.as_of))


@operation(
    router,
    "POST",
    "/v1/picture-links",
    id="createPictureLink",
    tag=TAG,
    right=Right.READ_GUIDANCE,
    body=PictureLinkIn,
    answer=PictureLinkOut,
    raises=(UnknownReference,),
)
async def create_picture_link(
    request: Request, body: Body[PictureLinkIn], held: Held, session: ReadSession
) -> Response:
    """Get a link to a picture.

    For where a picture is shown and no header can be sent, such as an image of a page. The link is good for that one
    picture and instant, for ten minutes, and only as long as the credential it was made with still holds and still sees
    the record. Whoever has it sees the picture, so it is for the page of the one who asked. Nothing is stored.
    """
    path, parameters = await service.place(session, wanted=body)
    url = links.url(request, path=path, parameters=parameters, held=held)
    return reply.document(PictureLinkOut.model_construct(url=url, expires_at=held.expires_at))
