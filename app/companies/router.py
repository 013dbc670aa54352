"""Companies and contacts over HTTP."""

from fastapi import APIRouter, Request, Response

from app.access.rights import Right
from app.companies.schemas import (
    CompanyIn,
    CompanyOut,
    CompanyPage,
    CompanyPatch,
    CompanyQuery,
    ContactIn,
    ContactOut,
    ContactPage,
    ContactPatch,
    ContactQuery,
)
from app.companies.service import companies, contacts
from app.http import reply
from app.http.deps import Body, Calling, Match, PathId, Query, ReadSession, Walking, WriteSession
from app.http.operation import operation
from app.kit.errors import Duplicate, IdTaken, InUse, StaleVersion, UnknownReference

router = APIRouter()
TAG = "companies"


@operation(
    router,
    "GET",
    "/v1/companies",
    id="listCompanies",
    tag=TAG,
    right=Right.READ_PIPELINE,
    query=CompanyQuery,
    answer=CompanyPage,
)
async def list_companies(
    request: Request, query: Query[CompanyQuery], walk: Walking, caller: Calling, session: ReadSession
) -> Response:
    """List companies.

    By name unless asked otherwise.
    """
    page = await companies.search(session, query=query, after=walk.after, caller=caller)
    return reply.page(request, walk, page, answer=CompanyPage)


@operation(
    router,
    "POST",
    "/v1/companies",
    id="createCompany",
    tag=TAG,
    right=Right.WRITE_COMPANIES,
    body=CompanyIn,
    answer=CompanyOut,
    status=201,
    versioned=True,
    raises=(IdTaken, Duplicate),
)
async def create_company(body: Body[CompanyIn], caller: Calling, session: WriteSession) -> Response:
    """Enter a company.

    Names are one and the same whatever their case and spacing; `existing_id` tells which company has the name.
    """
    company = await companies.register(session, caller=caller, draft=body)
    return reply.created(company, location=f"/v1/companies/{company.id}", version=company.version)


@operation(
    router,
    "GET",
    "/v1/companies/{id}",
    id="getCompany",
    tag=TAG,
    right=Right.READ_PIPELINE,
    answer=CompanyOut,
    versioned=True,
)
async def get_company(request: Request, company_id: PathId, session: ReadSession) -> Response:
    """Read a company.

    A client login reads the companies of its own opportunities.
    """
    company = await companies.read(session, company_id=company_id)
    return reply.item(request, company, version=company.version)


@operation(
    router,
    "PATCH",
    "/v1/companies/{id}",
    id="updateCompany",
    tag=TAG,
    right=Right.WRITE_COMPANIES,
    body=CompanyPatch,
    answer=CompanyOut,
    versioned=True,
    raises=(Duplicate,),
)
async def update_company(
    request: Request,
    body: Body[CompanyPatch],
    company_id: PathId,
    if_match: Match,
    caller: Calling,
    session: WriteSession,
) -> Response:
    """Change a company.

    A new name shows at once on every opportunity of the company.
    """
    company = await companies.change(session, caller=caller, company_id=company_id, patch=body, if_match=if_match)
    return reply.item(request, company, version=company.version)


@operation(
    router,
    "DELETE",
    "/v1/companies/{id}",
    id="deleteCompany",
    tag=TAG,
    right=Right.WRITE_COMPANIES,
    answer=None,
    status=204,
    raises=(InUse, StaleVersion),
)
async def delete_company(company_id: PathId, if_match: Match, caller: Calling, session: WriteSession) -> Response:
    """Delete a company.

    Refused while an opportunity, also a deleted one that can be restored, or a contact refers to it.
    If-Match is honoured when sent.
    """
    await companies.remove(session, caller=caller, company_id=company_id, if_match=if_match)
    return reply.empty()


@operation(
    router,
    "GET",
    "/v1/contacts",
    id="listContacts",
    tag=TAG,
    right=Right.READ_PIPELINE,
    query=ContactQuery,
    answer=ContactPage,
)
async def list_contacts(
    request: Request, query: Query[ContactQuery], walk: Walking, caller: Calling, session: ReadSession
) -> Response:
    """List contacts.

    By name unless asked otherwise.
    """
    page = await contacts.search(session, query=query, after=walk.after, caller=caller)
    return reply.page(request, walk, page, answer=ContactPage)


@operation(
    router,
    "POST",
    "/v1/contacts",
    id="createContact",
    tag=TAG,
    right=Right.WRITE_COMPANIES,
    body=ContactIn,
    answer=ContactOut,
    status=201,
    versioned=True,
    raises=(IdTaken, UnknownReference),
)
async def create_contact(body: Body[ContactIn], caller: Calling, session: WriteSession) -> Response:
    """Enter a contact.

    A contact counts for follow-ups once it is among the `contact_ids` of an opportunity.
    """
    contact = await contacts.register(session, caller=caller, draft=body)
    return reply.created(contact, location=f"/v1/contacts/{contact.id}", version=contact.version)


@operation(
    router,
    "GET",
    "/v1/contacts/{id}",
    id="getContact",
    tag=TAG,
    right=Right.READ_PIPELINE,
    answer=ContactOut,
    versioned=True,
)
async def get_contact(request: Request, contact_id: PathId, caller: Calling, session: ReadSession) -> Response:
    """Read a contact.

    A client login reads the contacts linked to its own opportunities, without notes.
    """
    contact = await contacts.read(session, caller=caller, contact_id=contact_id)
    return reply.item(request, contact, version=contact.version)


@operation(
    router,
    "PATCH",
    "/v1/contacts/{id}",
    id="updateContact",
    tag=TAG,
    right=Right.WRITE_COMPANIES,
    body=ContactPatch,
    answer=ContactOut,
    versioned=True,
    raises=(UnknownReference,),
)
async def update_contact(
    request: Request,
    body: Body[ContactPatch],
    contact_id: PathId,
    if_match: Match,
    caller: Calling,
    session: WriteSession,
) -> Response:
    """Change a contact.

    Opportunities and interactions that name the contact show the change at once.
    """
    contact = await contacts.change(session, caller=caller, contact_id=contact_id, patch=body, if_match=if_match)
    return reply.item(request, contact, version=contact.version)


@operation(
    router,
    "DELETE",
    "/v1/contacts/{id}",
    id="deleteContact",
    tag=TAG,
    right=Right.WRITE_COMPANIES,
    answer=None,
    status=204,
    raises=(InUse, StaleVersion),
)
async def delete_contact(contact_id: PathId, if_match: Match, caller: Calling, session: WriteSession) -> Response:
    """Delete a contact.

    Refused while an opportunity or an interaction, also a deleted or void one, refers to it.
    If-Match is honoured when sent.
    """
    await contacts.remove(session, caller=caller, contact_id=contact_id, if_match=if_match)
    return reply.empty()
