"""How employers and people there answer, over HTTP."""

from fastapi import APIRouter, Response

from app.access.rights import Right
from app.http import reply
from app.http.deps import Calling, PathId, ReadSession
from app.http.operation import operation
from app.insights import service
from app.insights.schemas import ResponsivenessOut

router = APIRouter()
TAG = "insights"


@operation(
    router,
    "GET",
    "/v1/companies/{id}/responsiveness",
    id="getCompanyResponsiveness",
    tag=TAG,
    right=Right.READ_GUIDANCE,
    answer=ResponsivenessOut,
)
async def get_company_responsiveness(company_id: PathId, caller: Calling, session: ReadSession) -> Response:
    """Read how a company answers.

    From the practice's own waits of the last 24 months: how long its answers took, how often it fell silent, whether it
    kept the dates it named, and whether it has been silent again and again. Numbers for coaching, with how many waits
    they rest on; they are nobody's rating. A reader who does not see every client of the practice gets numbers from
    five clients on, of whom none or at least four are unknown to them; each number by itself, too.
    """
    return reply.document(await service.company_responsiveness(session, caller=caller, company_id=company_id))


@operation(
    router,
    "GET",
    "/v1/contacts/{id}/responsiveness",
    id="getContactResponsiveness",
    tag=TAG,
    right=Right.READ_GUIDANCE,
    answer=ResponsivenessOut,
)
async def get_contact_responsiveness(contact_id: PathId, caller: Calling, session: ReadSession) -> Response:
    """Read how a recruiter or another contact answers.

    As of a company, from the waits of all opportunities in which the contact has part: those that name the contact, and
    those with an interaction that does. Suppressed too where these numbers and those of companies and other contacts,
    taken from one another, would tell of a person.
    """
    return reply.document(await service.contact_responsiveness(session, caller=caller, contact_id=contact_id))
