"""Which meetings took place, and how it stands with the thanks for the latest: GHOSTING.md, sections 3 and 6."""

from datetime import datetime
from typing import Final, NamedTuple
from uuid import UUID

from app.ghosting.calendar import Calendar
from app.ghosting.moments import Moment, moments
from app.ghosting.policy import Policy
from app.ghosting.state import Met
from app.ghosting.terms import terms_of
from app.ghosting.timeline import Interaction, Timeline


class Meetings(NamedTuple):
    """Those of the process that is running: a closing act ends what they are good for."""

    held: frozenset[UUID]  # without those that were struck from the diary, or to which nobody came
    latest: Met | None
    thanks: tuple[Interaction, ...]  # those for the latest that did not come back
    late_from: datetime | None  # from when on thanks for the latest come late


NONE: Final = Meetings(frozenset(), None, (), None)


def meetings(timeline: Timeline, policy: Policy, calendar: Calendar, *, at: datetime) -> Meetings:
    """Return the meetings of a timeline by an instant."""
    terms = terms_of(policy, calendar, timeline.has_contact)
    found = NONE
    for moment in moments(timeline, terms):
        if moment.event.at > at:
            break
        found = _after(moment, found)
    return found


def _after(moment: Moment, found: Meetings) -> Meetings:
    event, before, met = moment.event, moment.before.met, moment.after.met
    if met is None:
        return NONE
    if before is None or met.interaction is not before.interaction:
        late_from = moment.terms.thanking(met.over_on).until
        return Meetings(found.held | {met.interaction.id}, met, (), late_from)
    if met.stood_up and not before.stood_up and event.on == met.over_on:
        found = found._replace(held=found.held - {met.interaction.id})
    sent = (*found.thanks, event.interaction)
    return found._replace(latest=met, thanks=sent[: met.thanks])
