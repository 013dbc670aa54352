"""The order of acts: GHOSTING.md, section 2."""

from collections.abc import Iterable, Mapping
from operator import itemgetter
from types import MappingProxyType
from typing import Final

from app.ghosting.calendar import Calendar
from app.ghosting.made import made
from app.ghosting.state import Act, Arranged, Event
from app.ghosting.timeline import Interaction
from app.ghosting.vocabulary import MEETING_KINDS, Kind

_INERT = frozenset({Kind.ACKNOWLEDGEMENT, Kind.NOTE})  # a robot is not a sign of life
_ARRANGEMENT: Final = Arranged.ARRANGEMENT
_KINDS: tuple[Act, ...] = tuple(Kind)
_EARLY = _KINDS.index(Kind.REQUEST)  # an arrangement comes right before a request
_RANKS: Mapping[Act, int] = MappingProxyType(
    {act: rank for rank, act in enumerate((*_KINDS[:_EARLY], _ARRANGEMENT, *_KINDS[_EARLY:])) if act not in _INERT},
)
_ARRANGEMENTS: Final = _RANKS[_ARRANGEMENT]
_ORDER = itemgetter(0, 1, 2)  # of an event: its instant, then the rank of its act, then the id


def in_order(interactions: Iterable[Interaction], calendar: Calendar) -> list[Event]:
    """Give every act that can matter, meetings ahead twice, in the order in which they count."""
    zone = calendar.zone
    events = []
    for interaction in interactions:
        kind, at, ident = interaction.kind, interaction.occurred_at, interaction.id
        if kind in _INERT:
            continue
        rank = _RANKS[kind]
        on = at.astimezone(zone).date()
        if kind in MEETING_KINDS:
            agreed, over_at = interaction.arranged_at, interaction.ends_at or at
            arranged = agreed is not None and agreed < at
            if agreed and arranged:
                then = agreed.astimezone(zone).date()
                arrangement = (agreed, _ARRANGEMENTS, ident, _ARRANGEMENT, interaction, then, agreed, then, False)
                events.append(made(Event, arrangement))
            over_on = over_at.astimezone(zone).date()
            events.append(made(Event, (at, rank, ident, kind, interaction, on, over_at, over_on, arranged)))
        else:
            events.append(made(Event, (at, rank, ident, kind, interaction, on, at, on, False)))
    events.sort(key=_ORDER)
    return events
