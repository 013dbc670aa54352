"""Publishing the waiting periods of a practice, and reading those it has had."""

from app.access.principal import Caller
from app.assessments import service as assessments
from app.assessments.schemas import PolicyDocument, WaitRuleDocument, WaitsDocument
from app.db import ledger, queue
from app.db.scope import Row, ScopedSession
from app.kit.errors import NotFound
from app.kit.pages import Page, Position
from app.kit.preconditions import IfMatch
from app.policies import repository
from app.policies.schemas import PolicyOut, PolicyVersionsQuery


async def read(session: ScopedSession) -> PolicyOut:
    """Return the policy in force."""
    return _out(await repository.current(session))


async def read_version(session: ScopedSession, *, number: int) -> PolicyOut:
    """Return a version of the policy. Raise NotFound."""
    row = await repository.find(session, number=number)
    if row is None:
        raise NotFound
    return _out(row)


async def versions(
    session: ScopedSession, *, query: PolicyVersionsQuery, after: Position | None, caller: Caller
) -> Page[PolicyOut]:
    """Return a page of the versions, the newest first."""
    below = None if after is None else int(after.key)
    rows = await repository.list_versions(session, below=below, take=query.limit + 1)
    items = [_out(row) for row in rows[: query.limit]]
    if len(rows) <= query.limit:
        return Page(items, None)
    last = str(items[-1].version)
    return Page(items, Position(last, last, caller.now))


async def publish(session: ScopedSession, *, caller: Caller, document: PolicyDocument, if_match: IfMatch) -> PolicyOut:
    """Put a document in force; equal content is the version that is in force already.

    A small practice is computed anew at once, a large one by a job: until it comes to an opportunity, that one's
    answers say that they stand under the former version.
    """
    # First of all: whoever publishes at the same time waits here, and then finds that If-Match is out of date.
    small = await assessments.replace_policy(session)
    former = await repository.current(session)
    if_match.check(former["number"])
    new = document.model_dump(mode="json")
    changed = [name for name, value in new.items() if former["document"].get(name) != value]
    if not changed:
        return _out(former)
    await repository.insert_version(
        session,
        number=former["number"] + 1,
        document=new,
        created_at=caller.now,
        created_by=caller.principal.id,
    )
    if small:
        await assessments.reassess_outdated(session, at_most=assessments.BACKGROUND_FROM)
    else:
        await queue.enqueue(session, "rebuild")
    await ledger.record(
        session,
        by=caller.doer,
        now=caller.now,
        action="policy.publish",
        resource_type="policy",
        resource_id=None,
        changed_fields=changed,
    )
    return await read(session)


def _out(row: Row) -> PolicyOut:
    document = dict(row["document"])
    rules = {wait: WaitRuleDocument.model_construct(**rule) for wait, rule in document.pop("waits").items()}
    return PolicyOut.model_construct(
        waits=WaitsDocument.model_construct(None, **rules),
        **document,
        version=row["number"],
        created_at=row["created_at"],
        created_by=row["created_by"],
    )
