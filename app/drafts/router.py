"""Drafts over HTTP."""

from fastapi import APIRouter, Response

from app.access.rights import Right
from app.drafts import service
from app.drafts.schemas import DraftIn, DraftOut
from app.http import reply
from app.http.deps import Body, Calling, PathId, ReadSession
from app.http.operation import operation
from app.kit.errors import Conflict

router = APIRouter()
TAG = "drafts"


@operation(
    router,
    "POST",
    "/v1/opportunities/{id}/drafts",
    id="createDraft",
    tag=TAG,
    right=Right.READ_GUIDANCE,
    body=DraftIn,
    answer=DraftOut,
    raises=(service.FollowUpUsed, Conflict),
)
async def create_draft(body: Body[DraftIn], opportunity_id: PathId, caller: Calling, session: ReadSession) -> Response:
    """Draft a message.

    A brief nudge, a thank-you, an answer to a request, a closing note, or a note to whoever made an introduction, from
    a built-in text that is filled with what is known and reads on without the rest. Nothing is sent and nothing is
    stored. Only shared interactions are told of, whoever asks. A nudge is refused as `follow-up-used` once this silence
    has had its one; what makes no sense at present, such as thanks after the end, as `wrong-state`.
    """
    return reply.document(await service.draft(session, caller=caller, opportunity_id=opportunity_id, wanted=body))
