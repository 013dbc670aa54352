"""A coach's morning, by the client that openapi-python-client makes: journey.py BASE_URL KEY."""

import sys
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from crickets_client import AuthenticatedClient
from crickets_client.api.access import get_me
from crickets_client.api.clients import create_client, update_client
from crickets_client.api.guidance import get_assessment, get_queue
from crickets_client.api.imports import commit_import, create_import
from crickets_client.api.interactions import create_interaction
from crickets_client.api.sync import list_changes
from crickets_client.models import (
    ActionKind,
    AssessmentOut,
    ChangePage,
    Channel,
    ClientIn,
    ClientOut,
    ClientPatch,
    EmploymentStatus,
    ImportIn,
    ImportOut,
    ImportState,
    InteractionChange,
    InteractionIn,
    Kind,
    ListChangesPlace,
    MeOut,
    Op,
    OpportunityChange,
    Problem,
    QueueItem,
    QueuePage,
    QueueScope,
    RecordedOut,
    Status,
)
from crickets_client.types import UNSET, Response

Wanted = TypeVar("Wanted")


def taken(kind: type[Wanted], answer: Response[Wanted | Problem]) -> Wanted:
    """Return what was answered; a problem ends the journey."""
    if not isinstance(answer.parsed, kind):
        raise SystemExit(f"{answer.status_code}: {answer.parsed}")
    return answer.parsed


def a_log(today: datetime) -> str:
    """Return what a seeker keeps: applications of now and long ago, and two talks that nothing came of yet."""
    rows = [("Lighthouse", 1, None), ("Meridian", 20, 9), ("Northwind", 30, 11), ("Oldtown", 200, None)]
    lines = [f"{company},Analyst,{ago(today, applied)},{ago(today, talk)}" for company, applied, talk in rows]
    return "\n".join(["Company,Title,Date applied,Phone screen", *lines]) + "\n"


def ago(today: datetime, days: int | None) -> str:
    """Return the date so many days before, nothing for none."""
    return "" if days is None else str((today - timedelta(days=days)).date())


def queued(api: AuthenticatedClient, client_id: uuid.UUID) -> Iterator[QueueItem]:
    """Yield what is to be done for a client today, page by page."""
    cursor: str | None = None
    while True:
        answer = get_queue.sync_detailed(client=api, scope=QueueScope.PRACTICE, limit=2, cursor=cursor or UNSET)
        page = taken(QueuePage, answer)
        yield from (item for item in page.items if item.client.id == client_id)
        cursor = page.next_cursor
        if cursor is None:
            return


def followed(api: AuthenticatedClient, token: str | None) -> tuple[list[ChangePage], str]:
    """Return what changed since `token`, and the token for the next time."""
    pages: list[ChangePage] = []
    while True:
        place = ListChangesPlace(token=token) if token else UNSET
        page = taken(ChangePage, list_changes.sync_detailed(client=api, place=place, limit=3))
        pages.append(page)
        token = page.next_token
        if not page.has_more:
            return pages, token


def main(base_url: str, key: str) -> None:
    """Go through it; any surprise ends it."""
    now = datetime.now(UTC)
    with AuthenticatedClient(base_url, key) as api:
        me = taken(MeOut, get_me.sync_detailed(client=api))
        body = ClientIn("Ada Example", "America/Denver", EmploymentStatus.EMPLOYED, goals=["A role in research"])
        retry = str(uuid.uuid4())
        made = [create_client.sync_detailed(client=api, body=body, idempotency_key=retry) for _ in range(2)]
        client, again = (taken(ClientOut, answer) for answer in made)
        assert client == again
        assert client.coach_ids == [me.id]
        _, token = followed(api, None)

        preview = create_import.sync_detailed(client=api, body=ImportIn(client.id, content=a_log(now)))
        imported = taken(ImportOut, preview)
        assert imported.counts.create == 4
        committed = taken(ImportOut, commit_import.sync_detailed(imported.id, client=api))
        assert committed.state is ImportState.COMMITTED

        due = [item for item in queued(api, client.id) if item.next_action.kind is ActionKind.SEND_FOLLOW_UP]
        assert due
        assert due[0].opportunity is not None
        opportunity = due[0].opportunity.id
        nudge = InteractionIn(Kind.FOLLOW_UP, now, channel=Channel.EMAIL, summary="Is there news?")
        recorded = taken(RecordedOut, create_interaction.sync_detailed(opportunity, client=api, body=nudge))
        assert recorded.occurred_at == now
        after = taken(AssessmentOut, get_assessment.sync_detailed(opportunity, client=api))
        assert due[0].status in {Status.FOLLOW_UP_DUE, Status.FOLLOW_UP_OVERDUE}
        assert after.status not in {Status.FOLLOW_UP_DUE, Status.FOLLOW_UP_OVERDUE}
        assert opportunity not in {item.opportunity.id for item in queued(api, client.id) if item.opportunity}

        changes = [change for page in followed(api, token)[0] for change in page.changes]
        assert len({c.id for c in changes if isinstance(c, OpportunityChange) and c.op is Op.UPSERT}) == 4
        told = [c.data for c in changes if isinstance(c, InteractionChange) and c.data]
        assert recorded.id in [record.id for record in told]

        patch = ClientPatch(archived=True)
        late = update_client.sync_detailed(client.id, client=api, body=patch, if_match='"99"')
        assert isinstance(late.parsed, Problem)
        assert late.parsed.code == "version-mismatch"
        done = update_client.sync_detailed(client.id, client=api, body=patch, if_match=f'"{client.version}"')
        assert taken(ClientOut, done).archived


if __name__ == "__main__":
    main(*sys.argv[1:])
