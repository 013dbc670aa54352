"""The latest of what should not be long ago: each client's last win, and when their plan was last touched."""

from typing import Any

from sqlalchemy import (
    CTE,
    Date,
    Select,
    Text,
    Uuid,
    and_,
    case,
    cast,
    func,
    literal,
    or_,
    select,
    true,
    union_all,
)
from sqlalchemy.dialects.postgresql import distinct_on

from app.access import visibility
from app.db.tables import action_decision, client, derived_win, development_activity, interaction, next_action, win
from app.db.vocabulary import ActivityStatus
from app.ghosting.vocabulary import Stage, WinKind
from app.guidance.repository.parts import AT, PRACTICE, Part, among, owner, part

_derived, _activity = derived_win.c, development_activity.c
_RANK = case({stage.value: stage.rank for stage in Stage}, value=_derived.stage)


def _today(client_id: Any) -> Any:
    theirs = (client.c.practice_id == PRACTICE, client.c.id == client_id)
    return cast(
        func.timezone(select(client.c.time_zone).where(*theirs).order_by(client.c.id).limit(1).scalar_subquery(), AT),
        Date,
    )


def wins(people: CTE) -> Any:
    """Return the latest win of each client that the caller may know of, by the rules of the list of wins."""
    chosen = select(people.c.id)
    its = owner(win.c.opportunity_id)
    noted = (
        select(win.c.client_id, win.c.id, win.c.occurred_on.label("on"))
        .select_from(win.outerjoin(its, true()))
        .where(
            win.c.practice_id == PRACTICE,
            among(win.c.client_id, chosen),
            win.c.occurred_on <= _today(win.c.client_id),
            or_(win.c.opportunity_id.is_(None), its.c.client_id.is_not(None)),
        )
    )
    learned = select(
        _activity.client_id,
        func.derived_id(_activity.practice_id, _activity.id, WinKind.DEVELOPMENT_DONE.value, type_=Uuid),
        _activity.finished_on,
    ).where(
        _activity.practice_id == PRACTICE,
        _activity.status == ActivityStatus.DONE.value,
        among(_activity.client_id, chosen),
        _activity.finished_on <= _today(_activity.client_id),
    )
    latest = union_all(noted, learned, _happened(chosen)).subquery("wins")
    return _latest(Part.WIN, latest, literal("win", Text), latest.c.on)


def _happened(chosen: Select[Any]) -> Select[Any]:
    its = owner(_derived.opportunity_id)
    # Looked up for each, where EXISTS would become a join.
    seen = select(interaction.c.id).where(
        interaction.c.practice_id == PRACTICE,
        interaction.c.id == _derived.interaction_id,
        visibility.interactions(interaction.c.visibility),
    )
    visible = seen.order_by(interaction.c.id).limit(1).scalar_subquery().is_not(None)
    before: dict[str, Any] = {
        "partition_by": (its.c.client_id, _derived.kind),
        "order_by": (_derived.occurred_at, _derived.opportunity_id, _RANK),
        "rows": (None, -1),
    }
    other = cast(_derived.opportunity_id, Text)
    found = (
        select(
            its.c.client_id,
            *(_derived[name] for name in ("id", "kind", "occurred_on")),
            other.label("own"),
            _RANK.label("rank"),
            func.max(_RANK).over(**before).label("farthest"),
            func.min(other).over(**before).label("one"),
            func.max(other).over(**before).label("another"),
        )
        .select_from(derived_win.join(its, true()))
        .where(
            _derived.practice_id == PRACTICE,
            _derived.occurred_at <= AT,
            or_(_derived.retracted_at.is_(None), _derived.retracted_at > AT),
            among(its.c.client_id, chosen),
            visible,
        )
        .cte("happened")
    )
    it = found.c
    further = and_(it.rank > it.farthest, or_(it.one != it.own, it.another != it.own))
    return select(it.client_id, it.id, it.occurred_on).where(or_(it.kind != WinKind.FURTHER_STAGE.value, further))


def _latest(of: Part, found: Any, kind: Any, when: Any) -> Select[Any]:
    """Return the latest of what was found for each client."""
    latest = (
        select(found.c.client_id, found.c.id, kind.label("kind"), when.label("when"))
        .ext(distinct_on(found.c.client_id))
        .order_by(found.c.client_id, when.desc(), found.c.id)
        .subquery(f"latest_{of.value}")
    )
    return part(of, latest.c.client_id, id=latest.c.id, kind=latest.c.kind, when=latest.c.when)


def touches(people: CTE) -> Select[Any]:
    """Return when each client's plan was last touched: advice decided on, an action set, an activity planned."""
    chosen = select(people.c.id)

    def when(table: Any) -> Any:
        return case((table.updated_at <= AT, table.updated_at), else_=table.created_at).label("when")

    its = owner(action_decision.c.opportunity_id)
    decided = (
        select(its.c.client_id, action_decision.c.id, literal("decision", Text).label("kind"), when(action_decision.c))
        .select_from(action_decision.join(its, true()))
        .where(
            action_decision.c.practice_id == PRACTICE,
            action_decision.c.created_at <= AT,
            among(its.c.client_id, chosen),
        )
    )
    rest = [
        select(table.c.client_id, table.c.id, literal(kind, Text), when(table.c)).where(
            table.c.practice_id == PRACTICE, table.c.created_at <= AT, among(table.c.client_id, chosen)
        )
        for kind, table in (("action", next_action), ("activity", development_activity))
    ]
    found = union_all(decided, *rest).subquery("touches")
    return _latest(Part.TOUCH, found, found.c.kind, found.c.when)
