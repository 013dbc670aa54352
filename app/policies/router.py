"""The policy over HTTP."""

import re
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from app.access.rights import Right
from app.assessments.schemas import PolicyDocument
from app.http import reply
from app.http.deps import Body, Calling, Match, Query, ReadSession, Walking, WriteSession
from app.http.operation import operation
from app.kit.errors import NotFound
from app.policies import service
from app.policies.schemas import PolicyOut, PolicyPage, PolicyVersionsQuery

router = APIRouter()
TAG = "policy"

_NUMBER = re.compile(r"[1-9][0-9]{0,9}")
_LAST = 2**31 - 1


def path_number(request: Request) -> int:
    """Return the number in the path; any text that is not one is simply not there."""
    text = request.path_params["number"]
    if not _NUMBER.fullmatch(text) or int(text) > _LAST:
        raise NotFound
    return int(text)


PathNumber = Annotated[int, Depends(path_number)]


@operation(
    router, "GET", "/v1/policy", id="getPolicy", tag=TAG, right=Right.READ_POLICY, answer=PolicyOut, versioned=True
)
async def get_policy(request: Request, session: ReadSession) -> Response:
    """Read the policy.

    The waiting periods in force; a new practice starts with the built-in ones as version 1.
    """
    policy = await service.read(session)
    return reply.item(request, policy, version=policy.version)


@operation(
    router,
    "PUT",
    "/v1/policy",
    id="replacePolicy",
    tag=TAG,
    right=Right.WRITE_POLICY,
    body=PolicyDocument,
    answer=PolicyOut,
    versioned=True,
)
async def replace_policy(
    request: Request, body: Body[PolicyDocument], if_match: Match, caller: Calling, session: WriteSession
) -> Response:
    """Replace the policy.

    Every status of the practice is computed anew before the answer leaves, or in the background when there are more
    than 2,000 opportunities: `policy_version` of an assessment tells under which version it stands. A document equal
    to the one in force makes no new version.
    """
    policy = await service.publish(session, caller=caller, document=body, if_match=if_match)
    return reply.item(request, policy, version=policy.version)


@operation(
    router,
    "GET",
    "/v1/policy/versions",
    id="listPolicyVersions",
    tag=TAG,
    right=Right.READ_POLICY,
    query=PolicyVersionsQuery,
    answer=PolicyPage,
)
async def list_policy_versions(
    request: Request, query: Query[PolicyVersionsQuery], walk: Walking, caller: Calling, session: ReadSession
) -> Response:
    """List the versions of the policy.

    All that the practice has ever had, the newest first.
    """
    page = await service.versions(session, query=query, after=walk.after, caller=caller)
    return reply.page(request, walk, page, answer=PolicyPage)


@operation(
    router,
    "GET",
    "/v1/policy/versions/{number}",
    id="getPolicyVersion",
    tag=TAG,
    right=Right.READ_POLICY,
    answer=PolicyOut,
    versioned=True,
)
async def get_policy_version(request: Request, number: PathNumber, session: ReadSession) -> Response:
    """Read one version of the policy.

    A version never changes once it has been published.
    """
    policy = await service.read_version(session, number=number)
    return reply.item(request, policy, version=policy.version)
