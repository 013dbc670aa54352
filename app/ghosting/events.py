"""The order of acts: GHOSTING.md, section 2."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from operator import itemgetter
from types import MappingProxyType
from uuid import UUID

from app.ghosting.calendar import Calendar
from app.ghosting.state import Act, Arranged, Event
from app.ghosting.timeline import Interaction
from app.ghosting.vocabulary import MEETING_KINDS, Kind

_INERT = frozenset({Kind.ACKNOWLEDGEMENT, Kind.NOTE})  # a robot is not a sign of life
_KINDS: tuple[Act, ...] = tuple(Kind)
_EARLY = _KINDS.index(Kind.REQUEST)  # an arrangement comes right before a request
_RANKS: Mapping[Act, int] = MappingProxyType(
    {act: rank for rank, act in enumerate((*_KINDS[:_EARLY], Arranged.ARRANGEMENT, *_KINDS[_EARLY:]))},
)

_Key = tuple[datetime, int, UUID, Act, Interaction]


def in_order(interactions: Iterable[Interaction], calendar: Calendar) -> list[Event]:
    """Give every act that can matter, meetings ahead twice, in the order in which they count."""
    keys = [key for interaction in interactions if interaction.kind not in _INERT for key in _keys(interaction)]
    keys.sort(key=itemgetter(0, 1, 2))
    return [_event(at, act, interaction, calendar) for at, _, _, act, interaction in keys]


def _keys(interaction: Interaction) -> Iterator[_Key]:
    kind, at = interaction.kind, interaction.occurred_at
    if _is_arranged(interaction) and interaction.arranged_at:
        act = Arranged.ARRANGEMENT
        yield interaction.arranged_at, _RANKS[act], interaction.id, act, interaction
    yield at, _RANKS[kind], interaction.id, kind, interaction


def _is_arranged(interaction: Interaction) -> bool:
    arranged_at = interaction.arranged_at
    return interaction.kind in MEETING_KINDS and arranged_at is not None and arranged_at < interaction.occurred_at


def _event(at: datetime, act: Act, interaction: Interaction, calendar: Calendar) -> Event:
    on = calendar.local_date(at)
    if act not in MEETING_KINDS:
        return Event(act, interaction, at, on, at, on)
    over_at = interaction.ends_at or at
    over_on = calendar.local_date(over_at)
    return Event(act, interaction, at, on, over_at, over_on, _is_arranged(interaction))
