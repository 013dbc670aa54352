"""The account of a verdict, as far as its reader may know of it."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from uuid import UUID

from app.access.principal import Caller
from app.assessments import service as assessments
from app.assessments.schemas import WaitRuleDocument
from app.assessments.service import Explained
from app.db.scope import ScopedSession
from app.ghosting.explain import Explanation, Fired
from app.ghosting.steps import WAITING_ON
from app.guidance.repository import explain as repository
from app.guidance.schemas.explain import (
    ActOut,
    ChangeOut,
    CountedDates,
    ExplanationOut,
    NextByAct,
    NextByTime,
    NextOut,
    RuleOut,
    UsedPolicy,
)
from app.kit.errors import NotFound

_MOST_ACTS = 500
_NUMBERS = tuple(name for name in UsedPolicy.model_fields if name not in {"version", "wait", "rule"})


async def explain(
    session: ScopedSession, *, caller: Caller, opportunity_id: UUID, as_of: datetime | None
) -> ExplanationOut:
    """Return how the verdict of an instant, by default now, comes about. Raise NotFound."""
    at = as_of or caller.now
    judged = await repository.judged_by(session, opportunity_id=opportunity_id, at=at)
    if judged is None:
        raise NotFound
    found = await assessments.explained(session, opportunity_id=opportunity_id, document=judged["document"], at=at)
    account = found.explanation
    acts = list(_acts(account.acts, found))
    return ExplanationOut.model_construct(
        opportunity_id=opportunity_id,
        as_of=at,
        status=account.facts.status,
        since=account.since,
        stage=account.facts.stage,
        outcome=account.facts.outcome,
        waiting_on=WAITING_ON[account.facts.status],
        rule=_rule(account.rule),
        acts=acts[-_MOST_ACTS:],
        earlier_acts=max(0, len(acts) - _MOST_ACTS),
        dates=_dates(account),
        policy=_policy(found, judged["rules_version"]),
        next=_next(account),
    )


def _acts(fired: Sequence[Fired], found: Explained) -> Iterator[ActOut]:
    for act in fired:
        changes = [ChangeOut.model_construct(what=c.what, before=c.before, after=c.after) for c in act.changes]
        ident = act.event.interaction.id
        if ident in found.seen:
            yield ActOut.model_construct(
                interaction_id=ident,
                act=act.event.act,
                at=act.event.at,
                when=_rule(act.when),
                effect=_rule(act.effect),
                changes=changes,
            )
        elif changes:
            nothing = dict.fromkeys(("interaction_id", "act", "at", "when", "effect"))
            yield ActOut.model_construct(**nothing, changes=changes)


def _rule(said: tuple[str, str]) -> RuleOut:
    code, text = said
    return RuleOut.model_construct(code=code, text=text)


def _dates(account: Explanation) -> CountedDates | None:
    facts, dates = account.facts, account.dates
    if dates is None:
        return None
    return CountedDates.model_construct(
        silent_on=facts.silent_on,
        promised_until=dates.held_until,
        counted_from=account.base,
        follow_up_sent_on=dates.follow_up_on,
        opens_on=facts.opens_on,
        closes_on=facts.closes_on,
        ghosted_on=facts.ghosted_on,
    )


def _policy(found: Explained, version: int) -> UsedPolicy:
    wait = found.explanation.facts.wait
    rule = found.policy.waits[wait] if wait else None
    return UsedPolicy.model_construct(
        version=version,
        wait=wait,
        rule=rule
        and WaitRuleDocument.model_construct(
            **{name: getattr(rule, name) for name in WaitRuleDocument.model_fields},
        ),
        **{name: getattr(found.policy, name) for name in _NUMBERS},
    )


def _next(account: Explanation) -> NextOut:
    turned = account.by_time
    return NextOut.model_construct(
        by_time=turned and NextByTime.model_construct(at=turned.at, status=turned.to, cause=turned.cause),
        by_act=[
            NextByAct.model_construct(
                act=p.act,
                status=p.status,
                stage=p.stage,
                begins_silence=p.begins_silence,
                uses_follow_up=p.uses_follow_up,
            )
            for p in account.by_act
        ],
    )
