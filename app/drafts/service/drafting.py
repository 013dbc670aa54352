"""Making a draft."""

from uuid import UUID

from app.access.principal import Caller
from app.assessments import service as assessments
from app.coaching.letters.drafting import TEMPLATES, TONES, day_in_words, render
from app.coaching.vocabulary import DraftKind
from app.db.scope import ScopedSession
from app.drafts import repository
from app.drafts.schemas import AddresseeOut, DraftIn, DraftOut, TemplateOut
from app.drafts.service.ground import Ground, ground_of
from app.drafts.service.kinds import FollowUpUsed, content
from app.kit.errors import NotFound


async def draft(session: ScopedSession, *, caller: Caller, opportunity_id: UUID, wanted: DraftIn) -> DraftOut:
    """Return words to send, as of now. Raise NotFound, FollowUpUsed, and Conflict where they would make no sense."""
    row = await repository.ground(session, opportunity_id=opportunity_id, at=caller.now)
    if row is None:
        raise NotFound
    meetings = await assessments.meetings_of(session, opportunity_id=opportunity_id, at=caller.now)
    ground = ground_of(row, meetings=meetings, now=caller.now)
    if wanted.kind is DraftKind.FOLLOW_UP and ground.step.follow_up_used:
        raise await _used(session, ground, opportunity_id)
    told = content(wanted.kind, ground)
    tone = wanted.tone or TONES[wanted.kind]
    template = TEMPLATES[wanted.kind, wanted.channel, tone]
    always = {
        "client": row["client_name"],
        "company": row["company_name"],
        "team": row["company_name"],
        "title": row["title"],
        "today": day_in_words(ground.today),
        "contact": told.to and told.to.name,
    }
    said = render(template, always | dict(told.facts))
    return DraftOut.model_construct(
        opportunity_id=opportunity_id,
        kind=wanted.kind,
        channel=wanted.channel,
        tone=tone,
        subject=said.subject,
        body=said.body,
        to=told.to and AddresseeOut.model_construct(contact_id=told.to.id, name=told.to.name, role=told.to.role),
        hold_until=told.hold_until,
        hint=told.hint,
        template=TemplateOut.model_construct(id=template.id, version=template.version),
    )


async def _used(session: ScopedSession, ground: Ground, opportunity_id: UUID) -> FollowUpUsed:
    """Say when the last one went out, on the client's local date, as far as the caller may know of it."""
    sent = await assessments.follow_up_sent(session, opportunity_id=opportunity_id, at=ground.now)
    if sent is None or sent.occurred_at is None:
        return FollowUpUsed("A silence takes one follow-up, and this one has had it: the ball is in their court.")
    on = ground.day(sent.occurred_at)
    return FollowUpUsed(
        f"A silence takes one follow-up, and the last went out on {on}: the ball is in their court.",
        extras={"sent_on": on.isoformat()},
    )
